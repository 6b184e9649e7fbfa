from django.db import migrations, models


def flag(default):
    return models.BooleanField(
        default=default,
        help_text="A factor that counts events is unknown, not 0, until the first such event of any customer.",
        verbose_name="what nobody ever sent is unknown",
    )


class Migration(migrations.Migration):
    """Versions of before take what nobody ever sent as 0, as their scores did; new ones do not."""

    dependencies = [("scoring", "0013_newcomers_checked")]

    operations = [
        migrations.AddField("scoringmodel", "unsent_is_unknown", flag(default=False)),
        migrations.AlterField("scoringmodel", "unsent_is_unknown", flag(default=True)),
    ]
