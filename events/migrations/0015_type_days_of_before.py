from datetime import timedelta

from django.db import migrations
from django.db.models import Max, Min

# A month of counts at a time: they are partitioned by it.
_FILL = """
    INSERT INTO events_typeday (event_type_id, day, known_on, received_on, by_contact)
    SELECT counted.event_type_id, counted.day, counted.known_on, counted.known_on,
           kind.is_activity AND EXISTS (SELECT FROM events_activeday AS active WHERE active.day = counted.day)
    FROM (
        SELECT DISTINCT event_type_id, day, known_on FROM events_dailycount
        WHERE day >= %(first)s AND day < %(next)s AND count > 0
    ) AS counted JOIN events_eventtype AS kind ON kind.id = counted.event_type_id
    ON CONFLICT DO NOTHING
"""


def fill(apps, schema_editor):
    """Write the days of the events that are stored; counts do not say whose, so a day with active people is theirs."""
    counts = apps.get_model("events", "DailyCount").objects.aggregate(first=Min("day"), last=Max("day"))
    if counts["first"] is None:
        return
    first = counts["first"].replace(day=1)
    while first <= counts["last"]:
        following = (first + timedelta(days=32)).replace(day=1)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_FILL, {"first": first, "next": following})
        first = following


class Migration(migrations.Migration):
    """Safe to repeat, and beside traffic: it only reads counts, a month at a time."""

    atomic = False
    dependencies = [("events", "0014_type_days")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
