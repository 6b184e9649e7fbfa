import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

ORIGINS = [
    ("call", "Tracking call"),
    ("record", "Staff, file or another system"),
    ("listed", "A customer in their own right"),
    ("before", "From before memberships were kept"),
]
NO_LINK = models.Q(("linked_at", None), ("linked_hash", None))
A_LINK = models.Q(("kind", "anonymous"), ("linked_at__isnull", False), ("linked_hash__isnull", False))


class Migration(migrations.Migration):
    """`manage.py prepare` writes memberships and links of what stood before, in parts (customers.people.adopting)."""

    dependencies = [("customers", "0013_contacts_by_name")]

    operations = [
        migrations.CreateModel(
            "Membership",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contact_id", "from_at", "message_hash", blank=True, editable=False, primary_key=True,
                        serialize=False,
                    ),
                ),
                ("from_at", models.DateTimeField(verbose_name="from")),
                ("message_hash", models.BinaryField(max_length=16)),
                ("origin", models.CharField(choices=ORIGINS, max_length=10, verbose_name="origin")),
                (
                    "contact",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="memberships",
                        to="customers.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="customers.identity",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", [value for value, _ in ORIGINS])),
                        name="membership_origin_is_known",
                    )
                ],
            },
        ),
        migrations.AddField("identity", "linked_at", models.DateTimeField(null=True)),
        migrations.AddField("identity", "linked_hash", models.BinaryField(max_length=16, null=True)),
        AddConstraintNotValid(
            "identity", models.CheckConstraint(condition=NO_LINK | A_LINK, name="anonymous_ids_are_linked")
        ),
    ]  # fmt: skip
