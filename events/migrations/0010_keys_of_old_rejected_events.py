from django.db import migrations

# What lies here already keeps a row of its own each: sixteen bytes that no message's hash will meet.
FILL = (
    "UPDATE events_rejected SET last_at = received_at, message_hash = decode(md5('rejected ' || id), 'hex')"
    " WHERE message_hash IS NULL"
)


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0009_rejected_once_per_message"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
