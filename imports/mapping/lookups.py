"""Looks up what a chunk of rows names (colleagues, teams, customers), and finds repeated rows."""

import hashlib
from collections.abc import Sequence

from django.db.models import Count, Min

from imports.kinds import customers, owner_columns
from imports.mapping.plan import Plan
from imports.mapping.schema import BAD, ImportContext, Row
from imports.models import Import, StagedRow
from imports.problems import Problem, shown


def settle(rows: Sequence[Row], plan: Plan, context: ImportContext) -> None:
    """Turn names into ids, and put the customer's id in its place. A few queries for all rows."""
    of_customers = plan.kind.name == "customers"
    if of_customers:
        customers.prefer_ours(rows)
    for _, column in plan.columns:
        if column.find is None:
            continue
        named_rows = [row for row in rows if isinstance(row.values.get(column.name), str)]
        ids = column.find({row.values[column.name] for row in named_rows}) if named_rows else {}
        for row in named_rows:
            name = row.named[column.name] = row.values[column.name]
            if name in ids:
                row.values[column.name] = ids[name]
            elif column.name == plan.kind.links and (context.coming is None or id_hash(name) in context.coming):
                row.values[column.name] = customers.PENDING
            else:
                row.problems.append(Problem(column.missing, column.name, {"got": shown(name)}))
    if of_customers:
        customers.settle(rows)
    else:
        owner_columns.settle(rows)


def id_hash(company_id: str) -> int:
    """Return 64 bits for an id, the same in every process: Python's own hash of a text differs between workers."""
    return int.from_bytes(
        hashlib.blake2b(company_id.encode(errors="replace"), digest_size=8).digest(), "little", signed=True
    )


def compare(rows: Sequence[Row], plan: Plan, context: ImportContext) -> None:
    """Set `becomes` of every row."""
    good = [row for row in rows if not row.problems]
    if good:
        plan.kind.compare(good, context)
    for row in rows:
        if row.problems:
            row.becomes = BAD


def find_repeats(rows: Sequence[Row], plan: Plan, job: Import) -> None:
    """Number the rows that are alike; where a name may occur once only, the later rows are wrong."""
    good = [row for row in rows if not row.problems]
    kinds = {row.number: plan.kind.identify(row) for row in good}
    for row in good:
        row.key = hashlib.blake2b(repr(kinds[row.number][0]).encode(), digest_size=16).digest()
    staged = StagedRow.objects.filter(of=job, key__in={row.key for row in good}).values_list("key")
    seen = {bytes(key): (count, first) for key, count, first in staged.annotate(Count("number"), Min("number"))}
    for row in good:
        assert row.key is not None
        count, first = seen.get(row.key, (0, row.number))
        # The number enters the id that is made for a row: two equal orders of one day are two.
        row.nth = count
        seen[row.key] = (count + 1, first)
        if count and kinds[row.number][1]:
            row.problems.append(Problem("repeated", params={"first": first}))
