from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """In a transaction of its own: it reads the table while others write to it."""

    dependencies = [("customers", "0014_memberships")]

    operations = [ValidateConstraint("identity", "anonymous_ids_are_linked")]
