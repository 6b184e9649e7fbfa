import django.db.models.deletion
from django.db import migrations, models

# Counted again: a day on which a contact was active had a row, and now has a number.
COUNT_ACTIVE_DAYS = [
    "TRUNCATE events_activeday",
    "INSERT INTO events_activeday (customer_id, contact_id, day, known_on, count)"
    " SELECT customer_id, contact_id, day, known_on, count(*) FROM events_event"
    " WHERE is_activity AND contact_id IS NOT NULL GROUP BY 1, 2, 3, 4",
]


def act(help_text):
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        help_text=help_text,
        null=True,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="customers.act",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_change_feed_and_objections"),
        ("events", "0004_days_of_the_company"),
    ]

    operations = [
        migrations.AddField(
            "event",
            "void_on",
            models.DateField(help_text="The day from which on it is known not to hold. None: it holds", null=True),
        ),
        migrations.AddField("event", "void_act", act("What withdrew it")),
        migrations.AddField("event", "told_act", act("What told it again. None: it is as it came in")),
        migrations.AddConstraint(
            "event",
            models.CheckConstraint(
                condition=models.Q(("void_on__gte", models.F("known_on"))), name="event_is_withdrawn_once_known"
            ),
        ),
        migrations.RemoveConstraint("dailycount", "daily_count_is_positive"),
        migrations.AddField("activeday", "count", models.BigIntegerField(default=1)),
        migrations.RunSQL(COUNT_ACTIVE_DAYS, migrations.RunSQL.noop),
        # Without statistics of the new column PostgreSQL takes nearly every event for withdrawn.
        migrations.RunSQL("ANALYZE events_event", migrations.RunSQL.noop),
    ]
