from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("records", "0005_keys_and_days_ahead")]

    operations = [
        migrations.AddField(
            "note",
            "purpose",
            models.CharField(
                blank=True,
                choices=[("service", "Service"), ("selling", "Selling")],
                db_default="",
                default="",
                max_length=7,
                verbose_name="purpose",
            ),
        ),
        migrations.AlterField(
            "note",
            "kind",
            models.CharField(
                choices=[("note", "Note"), ("call", "Call"), ("meeting", "Meeting"), ("mail", "E-mail")],
                default="note",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.RemoveConstraint("note", "note_kind_is_known"),
        AddConstraintNotValid(
            "note",
            models.CheckConstraint(
                condition=Q(kind__in=["note", "call", "meeting", "mail"]), name="note_kind_is_known"
            ),
        ),
        AddConstraintNotValid(
            "note",
            models.CheckConstraint(condition=Q(purpose__in=["", "service", "selling"]), name="note_purpose_is_known"),
        ),
    ]
