from django.db import migrations

# Partial: of a log in which little was withdrawn they hold little, and a new event is in none of them, but when it
# waits for a rate.
MAKE = [
    "CREATE INDEX events_event_void_act ON events_event (void_act_id, message_hash) WHERE void_act_id IS NOT NULL",
    "CREATE INDEX events_event_told_act ON events_event (told_act_id, message_hash) WHERE told_act_id IS NOT NULL",
    "CREATE INDEX events_event_waiting ON events_event (upper(properties ->> 'currency'), day)"
    " WHERE flags & 4 <> 0 AND void_on IS NULL",
]
DROP = [
    "DROP INDEX events_event_void_act",
    "DROP INDEX events_event_told_act",
    "DROP INDEX events_event_waiting",
]


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0007_corrections"),
    ]

    operations = [migrations.RunSQL(MAKE, DROP)]
