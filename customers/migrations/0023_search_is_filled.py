"""What is searched in, of rows that stand. Before the indexes, which are then made of whole rows at once."""

from django.db import migrations, transaction

from core.db import bulk
from core.db.search import lines
from core.names.folding import fold, fold_id

CHUNK = 2_000
NOT_SEARCHED = ("rapport", "anonymous", "email", "part")


def of_customer(row):
    row.search = lines(row.name, row.domain)
    texts = [("plan", row.plan), ("industry", row.industry), ("country", row.country)]
    texts += [("tag", tag) for tag in row.tags]
    row.labels = "".join(f"\n{kind}={fold(text)}\n" for kind, text in texts if text)


def of_contact(row):
    row.search, row.role_words = lines(row.name, row.email), lines(row.role)


def of_identity(row):
    row.search = fold_id(row.value)


def fill(rows, derive, columns):
    """Fill the columns, a chunk in each transaction, where a run that was cut off has not."""
    last = 0
    while True:
        with transaction.atomic():
            empty = rows.filter(pk__gt=last, search=None).select_for_update(no_key=True)
            chunk = list(empty.order_by("pk")[:CHUNK])
            for row in chunk:
                derive(row)
            bulk.update(chunk, columns)
        if not chunk:
            return
        last = chunk[-1].pk


def fill_all(apps, schema_editor):
    def rows(model, *columns):
        return apps.get_model("customers", model)._default_manager.only(*columns)

    customers = rows("Customer", "name", "domain", "plan", "industry", "country", "tags")
    fill(customers, of_customer, ["search", "labels"])
    fill(rows("Contact", "name", "email", "role"), of_contact, ["search", "role_words"])
    fill(rows("Identity", "value").exclude(kind__in=NOT_SEARCHED), of_identity, ["search"])


class Migration(migrations.Migration):
    atomic = False  # in batches, each of which may be repeated

    dependencies = [
        ("customers", "0022_search_columns"),
    ]

    operations = [migrations.RunPython(fill_all, migrations.RunPython.noop)]
