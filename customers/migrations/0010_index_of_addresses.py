from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # made while others write

    dependencies = [
        ("customers", "0009_consent_of_addresses"),
    ]

    operations = [
        # What an earlier try left behind, invalid.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS contact_by_address", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="contact",
            index=models.Index(
                fields=["address"], condition=models.Q(("address__isnull", False)), name="contact_by_address"
            ),
        ),
    ]
