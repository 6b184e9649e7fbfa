"""What lists sort by: changes over 7 and 30 days, value and renewal. Everybody is scored once more to fill them in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_search_and_lists"),
        ("scoring", "0002_published_versions_never_change"),
    ]

    operations = [
        migrations.AddField(
            model_name="currentscore",
            name="engagement_change_30",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="currentscore",
            name="engagement_change_7",
            field=models.BigIntegerField(help_text="engagement − history of 7 days before as_of", null=True),
        ),
        migrations.AddField(
            model_name="currentscore",
            name="health_change_30",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="currentscore",
            name="health_change_7",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="currentscore",
            name="monthly_value",
            field=models.DecimalField(decimal_places=2, help_text="BASE_CURRENCY", max_digits=20, null=True),
        ),
        migrations.AddField(
            model_name="currentscore",
            name="renews_on",
            field=models.DateField(help_text="The next renewal on as_of, while followed", null=True),
        ),
        migrations.AddIndex(
            model_name="currentscore",
            index=models.Index(models.F("health_change_7"), models.F("customer"), name="score_by_health_change_7"),
        ),
        migrations.AddIndex(
            model_name="currentscore",
            index=models.Index(models.F("health_change_30"), models.F("customer"), name="score_by_health_change_30"),
        ),
        migrations.AddIndex(
            model_name="currentscore",
            index=models.Index(
                models.F("engagement_change_7"), models.F("customer"), name="score_by_engagement_change_7"
            ),
        ),
        migrations.AddIndex(
            model_name="currentscore",
            index=models.Index(
                models.F("engagement_change_30"), models.F("customer"), name="score_by_engagement_change_30"
            ),
        ),
        migrations.AddIndex(
            model_name="currentscore",
            index=models.Index(models.F("monthly_value"), models.F("customer"), name="score_by_monthly_value"),
        ),
        migrations.AddIndex(
            model_name="currentscore",
            index=models.Index(models.F("renews_on"), models.F("customer"), name="score_by_renews_on"),
        ),
        migrations.AddIndex(
            model_name="currentscore",
            index=models.Index(models.F("last_active_on"), models.F("customer"), name="score_by_last_active_on"),
        ),
        migrations.RunSQL(
            "INSERT INTO customers_touched (customer_id) SELECT id FROM customers_customer WHERE NOT provisional",
            migrations.RunSQL.noop,
        ),
    ]
