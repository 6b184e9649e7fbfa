from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # a table of millions of rows stays writable meanwhile

    dependencies = [("customers", "0016_merged_moved_deleted")]

    operations = [
        AddIndexConcurrently(
            "contact",
            models.Index("merged_into", condition=~models.Q(merged_into=None), name="contact_by_merged_into"),
        ),
        AddIndexConcurrently("act", models.Index("id", condition=models.Q(kind="removal"), name="act_of_removal")),
    ]
