from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf


class Migration(migrations.Migration):
    atomic = False  # as making an index beside writers needs
    dependencies = [
        ("customers", "0012_wrong_ids"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="contact",
            index=models.Index(
                Coalesce(NullIf("name", Value("")), NullIf("email", Value(""))),
                models.F("id"),
                name="contact_by_name",
            ),
        ),
    ]
