from django.db import migrations, models

COLUMNS = {
    "customer": ("search", "labels"),
    "contact": ("search", "role_words"),
    "identity": ("search",),
}


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0021_shared_ids"),
    ]

    operations = [
        migrations.AddField(model, name, models.TextField(editable=False, null=True))
        for model, names in COLUMNS.items()
        for name in names
    ]
