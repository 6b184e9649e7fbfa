from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0010_keys_of_old_rejected_events"),
    ]

    operations = [
        migrations.AlterField(
            "rejected",
            "message_hash",
            models.BinaryField(help_text="Of the message id, else of the whole message", max_length=16),
        ),
        migrations.AlterField("rejected", "last_at", models.DateTimeField(db_index=True, verbose_name="last")),
        migrations.AlterField("rejected", "received_at", models.DateTimeField(verbose_name="first")),
        migrations.AddConstraint(
            "rejected",
            models.UniqueConstraint(fields=("source", "message_hash"), name="rejected_once_per_message"),
        ),
    ]
