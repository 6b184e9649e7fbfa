from django.db import migrations, models

# Imports and the API took a day of churn for active customers, too; it meant nothing.
CLEAR = "UPDATE customers_customer SET churned_on = NULL WHERE stage IN ('trial', 'active') AND churned_on IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_words_of_snoozes_and_segments"),
    ]

    operations = [
        migrations.RunSQL(CLEAR, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["trial", "active"]), _negated=True) | models.Q(("churned_on", None)),
                name="who_is_followed_has_not_churned",
                violation_error_message="A customer on trial or active has not churned.",
            ),
        ),
    ]
