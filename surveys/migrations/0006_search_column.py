from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0005_guards_of_contacts_taken_over"),
    ]

    operations = [migrations.AddField("answer", "search", models.TextField(editable=False, null=True))]
