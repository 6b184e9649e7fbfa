from django.db import migrations, models

TOLD = {
    "editable": False,
    "help_text": "Part → how often it was told, and what stands (records/telling/). None: written before it was kept",
    "null": True,
}
NEXT_ON = {"editable": False, "help_text": "The next day on which time alone changes what it says", "null": True}
KINDS = ("contract", "invoice", "note", "ticket")


def columns(kind):
    """Add the columns. Rows that stand have told nothing that is known: null, while new ones begin with {}."""
    yield migrations.AddField(kind, "told", models.JSONField(**TOLD))
    yield migrations.AlterField(kind, "told", models.JSONField(default=dict, **TOLD))
    yield migrations.AddField(kind, "next_on", models.DateField(**NEXT_ON))
    yield migrations.AddIndex(
        kind,
        models.Index(
            models.F("next_on"), condition=models.Q(("next_on", None), _negated=True), name=f"{kind}_by_next_day"
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_change_feed_and_objections"),
        ("records", "0003_ticket_by_solution"),
    ]

    operations = [
        *(operation for kind in KINDS for operation in columns(kind)),
        migrations.AddIndex(
            "invoice",
            models.Index(
                models.F("paid_on"),
                condition=models.Q(("paid_on", None), _negated=True),
                name="invoice_by_payment_day",
            ),
        ),
        migrations.CreateModel(
            "RecordKey",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(help_text="contract, invoice, ticket or note", max_length=10)),
                ("external_id", models.CharField(max_length=200)),
                ("record", models.UUIDField()),
                (
                    "customer",
                    models.ForeignKey(on_delete=models.DO_NOTHING, related_name="+", to="customers.customer"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "external_id"), name="record_of_one_customer")]
            },
        ),
    ]
