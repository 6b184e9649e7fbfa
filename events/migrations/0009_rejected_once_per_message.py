import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0008_indexes_of_what_is_told_again"),
    ]

    operations = [
        migrations.AddField("rejected", "message_hash", models.BinaryField(max_length=16, null=True)),
        migrations.AddField("rejected", "last_at", models.DateTimeField(null=True, verbose_name="last")),
        migrations.AddField("rejected", "count", models.BigIntegerField(db_default=1, default=1, verbose_name="times")),
        migrations.AddField(
            "rejected", "is_cut", models.BooleanField(db_default=False, default=False, verbose_name="cut")
        ),
        migrations.AlterModelOptions(
            "rejected",
            options={
                "ordering": ["-last_at", "-pk"],
                "verbose_name": "rejected event",
                "verbose_name_plural": "rejected events",
            },
        ),
        migrations.CreateModel(
            name="RejectedDropped",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("day", models.DateField()),
                ("count", models.BigIntegerField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="events.source"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "day"), name="rejected_dropped_once_a_day")],
            },
        ),
    ]
