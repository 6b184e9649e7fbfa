import django.db.models.deletion
from django.db import migrations, models

VIEWS = [
    "CREATE VIEW events_countnow AS"
    " SELECT customer_id, event_type_id, day, sum(count)::bigint AS count, sum(value_sum) AS value_sum"
    " FROM events_dailycount GROUP BY 1, 2, 3 HAVING sum(count) > 0",
    "CREATE VIEW events_activenow AS"
    " SELECT customer_id, contact_id, day FROM events_activeday GROUP BY 1, 2, 3 HAVING sum(count) > 0",
]
DROP = ["DROP VIEW events_countnow", "DROP VIEW events_activenow"]


def key(*columns):
    return models.CompositePrimaryKey(*columns, blank=True, editable=False, primary_key=True, serialize=False)


def link(to):
    return models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=to)


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0005_withdrawn_events"),
    ]

    operations = [
        migrations.RunSQL(VIEWS, DROP),
        migrations.CreateModel(
            name="CountNow",
            fields=[
                ("pk", key("customer_id", "event_type_id", "day")),
                ("day", models.DateField()),
                ("count", models.BigIntegerField()),
                (
                    "value_sum",
                    models.DecimalField(decimal_places=0, help_text="Thousandths", max_digits=30),
                ),
                ("customer", link("customers.customer")),
                ("event_type", link("events.eventtype")),
            ],
            options={"db_table": "events_countnow", "managed": False},
        ),
        migrations.CreateModel(
            name="ActiveNow",
            fields=[
                ("pk", key("customer_id", "contact_id", "day")),
                ("day", models.DateField()),
                ("customer", link("customers.customer")),
                ("contact", link("customers.contact")),
            ],
            options={"db_table": "events_activenow", "managed": False},
        ),
    ]
