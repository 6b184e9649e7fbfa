"""Keep a mark of each snooze that lasts: Today goes by marks."""

from django.db import migrations

_MARKS = """
    INSERT INTO customers_mark (customer_id, id, kind, reason, at, by_id, back_at, stood, health, model, ended_at)
    SELECT customer_id, gen_random_uuid(), kind, reason, at, by_id,
           greatest((until + 1)::timestamp AT TIME ZONE %s, at + interval '1 second'), NULL, health, NULL, NULL
    FROM customers_snooze WHERE until >= current_date - 1
"""


def keep_marks(apps, schema_editor):
    from core import days

    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_MARKS, [days.zone().key])


class Migration(migrations.Migration):
    dependencies = [("customers", "0027_today")]

    operations = [migrations.RunPython(keep_marks, migrations.RunPython.noop)]
