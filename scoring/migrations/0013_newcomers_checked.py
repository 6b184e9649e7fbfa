from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scoring", "0012_newcomers")]

    operations = [
        ValidateConstraint("currentscore", "current_health_has_a_band_or_is_new"),
        ValidateConstraint("scorehistory", "history_health_has_a_band_or_is_new"),
    ]
