from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_search_and_lists")]

    operations = [
        migrations.AddField(
            model_name="snooze",
            name="health",
            field=models.SmallIntegerField(
                editable=False,
                help_text="Hundredths, when it was handled; a further fall ends the rest. None: unknown, or snoozed",
                null=True,
            ),
        ),
    ]
