from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0006_purpose_and_mail")]

    operations = [
        ValidateConstraint("note", "note_kind_is_known"),
        ValidateConstraint("note", "note_purpose_is_known"),
    ]
