import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0015_links_are_checked"), ("events", "0011_rejected_key")]

    operations = [
        migrations.AddField(
            "event",
            "device",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="The anonymous id it was sent with, also beside a user id",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="customers.identity",
            ),
        ),
    ]
