import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    ("merge", "Merge"),
    ("unmerge", "Unmerge"),
    ("move", "Move"),
    ("correction", "Correction"),
    ("undone", "Correction undone"),
    ("record", "Record changed"),
    ("deletion", "Record deleted"),
    ("rate", "Exchange rate"),
    ("event_type", "Event type changed"),
    ("objection", "Not scored"),
    ("erasure", "Erasure"),
]
HAS_BOTH = models.Q(("from_day", None), ("to_day", None)) | models.Q(
    ("from_day__isnull", False), ("to_day__isnull", False)
)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_churn_is_the_present_one"),
        # It writes rows of the feed under its old name.
        ("scoring", "0003_changes_of_scores"),
    ]

    operations = [
        migrations.RenameModel("Touched", "Changed"),
        # What waits already waits for a score.
        migrations.AddField(
            "changed", "stage", models.CharField(default="score", max_length=20), preserve_default=False
        ),
        migrations.AddField("changed", "contact", models.BigIntegerField(null=True)),
        migrations.AddField("changed", "day", models.DateField(null=True)),
        migrations.AddIndex("changed", models.Index(fields=["stage", "id"], name="changed_by_stage")),
        migrations.AddField(
            "customer",
            "merged_into",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                help_text="The customer its history belongs to, once its person is known to be of another",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddIndex(
            "customer",
            models.Index(
                "merged_into",
                condition=models.Q(("merged_into", None), _negated=True),
                name="customer_by_merged_into",
            ),
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField()),
                (
                    "to_on",
                    models.DateField(help_text="The first day on which it counts again. None: it holds", null=True),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="exclusions",
                        to="customers.contact",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_on__gte", models.F("from_on"))), name="exclusion_days_in_order"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_on", None)),
                        fields=("contact",),
                        name="one_exclusion_of_a_contact_holds",
                    ),
                ]
            },
        ),
        migrations.AlterField("act", "kind", models.CharField(choices=KINDS, max_length=12)),
        migrations.AlterField(
            "act",
            "customer",
            models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="acts",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            "act",
            "part_of",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="customers.act"
            ),
        ),
        migrations.AlterField(
            "act",
            "from_day",
            models.DateField(help_text="First day it rewrote. None: it rewrote none, as acts do now", null=True),
        ),
        migrations.AlterField("act", "to_day", models.DateField(null=True)),
        migrations.AlterField(
            "act",
            "by",
            models.ForeignKey(
                help_text="None: ingestion, or another system",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="staff.user",
            ),
        ),
        migrations.AddConstraint("act", models.CheckConstraint(condition=HAS_BOTH, name="act_has_both_days_or_none")),
    ]
