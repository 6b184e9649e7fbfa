from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_imports")]

    operations = [
        migrations.AddField(model_name="import", name="sheets", field=models.JSONField(default=list)),
    ]
