from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0007_factor_kinds_are_kept_by_the_code"),
    ]

    operations = [
        migrations.AlterField(
            model_name="backtest",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("churned", "The customer churned"),
                    ("quiet", "No activity"),
                    ("revenue", "Monthly revenue fell"),
                ],
                max_length=10,
                verbose_name="outcome to predict",
            ),
        ),
        migrations.AlterField(
            model_name="backtest",
            name="judged",
            field=models.CharField(
                choices=[("health", "Health"), ("engagement", "Engagement")],
                max_length=10,
                verbose_name="what to evaluate",
            ),
        ),
    ]
