"""Rows per second of an import, beside a plain COPY of the same rows into the same tables and indexes.

    .venv/bin/python -m bench.imports [--customers 100000]

A CSV file of new customers is checked and imported by one worker, then imported again, which finds nothing to do.
COPY then puts what stands in the tables into empty ones with the same indexes.
"""

import argparse
import csv
import io
import random
from collections.abc import Iterator

from bench.scratch import database, timed

TABLES = ("customers_customer", "customers_identity", "customers_inputlog", "customers_changed")
HEADERS = ("Company id", "Name", "Domain", "Stage", "Plan", "Seats", "Monthly revenue", "Currency", "Country", "Region")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=100_000)
    args = parser.parse_args()
    with database():
        run(args.customers)


def run(customers: int) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    from customers.models import Customer
    from imports import lifecycle
    from imports.jobs import work
    from imports.models import Import, State
    from imports.reading import upload
    from staff.models import User

    person = User.objects.create_user("bench@example.com", name="Bench", role="admin")
    body = file(customers)
    times: dict[str, float] = {}
    for which in ("new", "the same again"):
        with timed(f"{customers:,} customers ({which}): uploaded, {len(body) / 1e6:.1f} MB", times):
            job = upload.receive(SimpleUploadedFile("bench.csv", body), "customers", by=person, now=timezone.now())
            lifecycle.check(job, [*job.mapping[:-1], "+"], history=False, chosen={})
        with timed(f"{customers:,} customers ({which}): checked", times):
            until(State.CHECKED, job, lambda: work.go_on(clock=timezone.now))
        lifecycle.start(job)
        with timed(f"{customers:,} customers ({which}): imported", times):
            until(State.DONE, job, lambda: work.go_on(clock=timezone.now))
        print(f"{'':>9}    {Import.objects.get(pk=job.pk).written}")
    stored = Customer.objects.count()
    assert stored == customers, f"{stored} of {customers} customers stand in the table"
    checked, imported = list(times.values())[1:3]
    copied = copy(times)
    print(f"\n{customers / imported:>9,.0f} customers a second imported, {customers / checked:,.0f} checked")
    print(f"{customers / copied:>9,.0f} customers a second by COPY")
    print(f"{copied / imported:>9.3f} of COPY's speed ({copied / (checked + imported):.3f} with the check)")


def until(state: object, job: object, go_on: object) -> None:
    from imports.models import Import

    while Import.objects.get(pk=job.pk).state != state:  # type: ignore[attr-defined]
        go_on()  # type: ignore[operator]


def file(customers: int) -> bytes:
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(HEADERS)
    rows.writerows(lines(customers))
    return out.getvalue().encode()


def lines(customers: int) -> Iterator[tuple[object, ...]]:
    chance = random.Random(1)
    for i in range(customers):
        stage, plan = chance.choice(("trial", "active")), chance.choice(("Pro", "Free"))
        country, seats, revenue = chance.choice(("France", "Spain")), chance.randrange(500), chance.randrange(10_000)
        yield f"c{i}", f"Company {i}", f"c{i}.example", stage, plan, seats, f"{revenue}.50", "EUR", country, "North"


def copy(times: dict[str, float]) -> float:
    """Return the seconds COPY takes for the rows of all tables that the import wrote."""
    from django.db import connection

    before = len(times)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
            with cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as out:  # noqa: S608
                rows = b"".join(bytes(block) for block in out)
            with timed(f"COPY of {table}", times), cursor.copy(f"COPY bench_{table} FROM STDIN") as into:
                into.write(rows)
    return sum(list(times.values())[before:])


if __name__ == "__main__":
    main()
