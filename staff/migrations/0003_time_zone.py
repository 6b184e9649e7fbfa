from django.db import migrations, models

import staff.models.user


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0002_secret_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="time_zone",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Times are shown in it. Empty: the company’s.",
                max_length=60,
                validators=[staff.models.user.is_zone],
                verbose_name="time zone",
            ),
            preserve_default=False,
        ),
    ]
