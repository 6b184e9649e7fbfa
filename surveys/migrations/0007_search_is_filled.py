"""What is searched in, of answers that stand: the words of their comments."""

from django.db import migrations, transaction

from core.db import bulk
from core.db.search import lines

CHUNK = 2_000


def fill(apps, schema_editor):
    """Fill the column, a chunk in each transaction, where a run that was cut off has not."""
    answers = apps.get_model("surveys", "Answer")._default_manager.filter(search=None).only("comment")
    last = None
    while True:
        with transaction.atomic():
            empty = answers if last is None else answers.filter(pk__gt=last)
            chunk = list(empty.select_for_update(no_key=True).order_by("pk")[:CHUNK])
            for row in chunk:
                row.search = lines(row.comment)
            bulk.update(chunk, ["search"])
        if not chunk:
            return
        last = chunk[-1].pk


class Migration(migrations.Migration):
    atomic = False  # in batches, each of which may be repeated

    dependencies = [
        ("surveys", "0006_search_column"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
