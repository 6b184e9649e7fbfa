"""Which factors there are is kept by the code alone: adding one needs no migration."""

from django.db import migrations, models

import scoring.models.factor


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_touches_and_purchases"),
        ("scoring", "0006_what_if_prepared"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="factor",
            name="factor_kind_is_known",
        ),
        migrations.AlterField(
            model_name="factor",
            name="kind",
            field=models.CharField(choices=scoring.models.factor.kinds, max_length=30, verbose_name="factor"),
        ),
        migrations.AddConstraint(
            model_name="factor",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__regex", "^[a-z][a-z_]*$")), name="factor_kind_is_a_plain_name"
            ),
        ),
    ]
