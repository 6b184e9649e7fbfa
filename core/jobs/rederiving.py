"""Derived columns brought to follow from their rows: after an upgrade, after new rules, and once a week.

While an installation is upgraded, the program of the release before may still write rows whose derived columns it does
not know. Each shard is a range of ids (of customers, where those are part of the key), done once a week.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Max, Model, QuerySet

from core.db import bulk, derived
from core.jobs import periodic
from core.names import folding

JOB = "rederive"
SHARD = 20_000  # ids
CHUNK = 2_000  # rows that are written in one transaction


def go_on(*, now: datetime) -> bool:
    """Go through the next rows of this week's pass; False when it is done. Harmless to repeat."""
    year, week, _day = now.isocalendar()
    for model in models():
        job, period = f"{JOB} {model._meta.db_table}"[:40], f"{folding.VERSION} of {year}-W{week:02}"
        if not periodic.is_planned(job, period):
            periodic.drop_others(job, period)
            periodic.plan(job, period, range(_last(model) // SHARD + 1))
        if (run := periodic.claim(job, now=now, period=period)) is not None:
            key, begin = _shard_key(model), run.shard * SHARD
            rederive(model._default_manager.filter(**{f"{key}__gte": begin, f"{key}__lt": begin + SHARD}))
            periodic.finish(run, now=now)
            return True
    return False


def models() -> list[type[Model]]:
    return [model for model in apps.get_models() if derived.fields_of(model)]


def rederive(rows: QuerySet[Any]) -> int:
    """Write the derived columns of those rows where they do not follow; return how many. Harmless to repeat."""
    fields, pks = derived.fields_of(rows.model), differing(rows)
    for at in range(0, len(pks), CHUNK):
        _write(rows.model, pks[at : at + CHUNK], fields)
    return len(pks)


def differing(rows: QuerySet[Any]) -> list[Any]:
    """Return the keys of the rows whose derived columns do not follow. One query."""
    fields = derived.fields_of(rows.model)
    return [row.pk for row in rows.only(*_read(fields)).order_by().iterator(CHUNK) if _differs(row, fields)]


@transaction.atomic
def _write(model: type[Model], pks: Sequence[Any], fields: Sequence[derived.DerivedField]) -> None:
    # Read again under lock: somebody may have changed them since.
    rows = model._default_manager.filter(pk__in=pks).select_for_update(no_key=True).order_by("pk").only(*_read(fields))
    bulk.update(list(rows), [str(field.column) for field in fields])


def _read(fields: Sequence[derived.DerivedField]) -> set[str]:
    return {name for field in fields for name in (field.attname, *field.sources)}


def _differs(row: Model, fields: Sequence[derived.DerivedField]) -> bool:
    return any(getattr(row, field.attname) != field.derive(row) for field in fields)


def _shard_key(model: type[Model]) -> str:
    return "pk" if len(model._meta.pk_fields) == 1 else "customer_id"


def _last(model: type[Model]) -> int:
    return int(model._default_manager.aggregate(last=Max(_shard_key(model)))["last"] or 0)
