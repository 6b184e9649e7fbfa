import os

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def make_key(apps, schema_editor):
    apps.get_model("customers", "AddressKey").objects.get_or_create(pk=1, defaults={"secret": os.urandom(32)})


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_acts_by_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AddressKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_key_of_addresses")],
            },
        ),
        migrations.CreateModel(
            name="AddressConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.BinaryField(help_text="Keyed hash of the folded address", max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[("opted_out", "no surveys"), ("bounced", "the address does not work")], max_length=10
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("person", "the person themselves"),
                            ("staff", "a colleague"),
                            ("file", "a file"),
                            ("api", "the API"),
                            ("sdk", "an identify call"),
                            ("provider", "the mail provider"),
                            ("contact", "said under an earlier address"),
                            ("before", "known from before"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("address", "kind"), name="one_consent_of_a_kind"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["opted_out", "bounced"])), name="consent_kind_is_known"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="contact",
            name="address",
            field=models.BinaryField(editable=False, max_length=32, null=True),
        ),
        migrations.AlterField(
            model_name="act",
            name="kind",
            field=models.CharField(
                choices=[
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
                    ("consent", "Surveys refused or allowed"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(make_key, migrations.RunPython.noop),
    ]
