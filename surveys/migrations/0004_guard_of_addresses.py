"""The guard's row belongs to an address, no longer to a contact.

The old table stays one release, without its reference: the program that still runs during the upgrade writes to it,
and contacts can be deleted. The next release drops it.
"""

from django.db import migrations, models

UNTIE = "ALTER TABLE surveys_guard DROP CONSTRAINT IF EXISTS surveys_guard_contact_id_4384cc94_fk_customers_contact_id"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_consent_of_addresses"),
        ("surveys", "0003_choices_from_registries"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(UNTIE, migrations.RunSQL.noop)],
            state_operations=[migrations.DeleteModel("Guard")],
        ),
        migrations.CreateModel(
            name="AddressGuard",
            fields=[
                ("address", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "invitation_id",
                    models.UUIDField(help_text="The one it was asked by: its reminder may pass", null=True),
                ),
            ],
        ),
        migrations.AddField(
            model_name="invitation",
            name="sent_to",
            field=models.BinaryField(help_text="Keyed hash of the address it was sent to", max_length=32, null=True),
        ),
    ]
