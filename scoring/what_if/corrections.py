"""What scores would become if events were withdrawn or told again: by the engine that scores, over other counts."""

from collections.abc import Sequence
from datetime import date, datetime

from core import days
from customers.models import Customer
from events.corrections import lines
from events.models import Correction
from scoring.inputs import read
from scoring.inputs.read import STORED, Tables
from scoring.model_versions import assigned
from scoring.runs import recompute
from scoring.vectorised import BatchEngine

NONE = {"scored": 0, "lost": 0, "sum": 0, "largest": 0, "bands": 0}


def effect(job: Correction, customers: Sequence[int], now: datetime) -> dict[str, int]:
    """Return how the engagement scores of some customers would change, as of today.

    `scored`: of how many there is one before and after; `lost`: how many have none afterwards; `sum` and `largest` of
    the changes, in hundredths; `bands`: how many come into another band, or into none. Seven to fifteen queries for
    each published model.
    """
    models, today = assigned.load(), days.business_day(now)
    found = dict(NONE)
    if models is None:
        return found
    after = Tables(counts=lines.counts_after(job, today), actives=lines.actives_after(job, today))
    known = list(Customer.objects.known().filter(pk__in=customers).order_by("pk").values_list("pk", flat=True))
    for batch_engine, part in models.parts(known):
        _add(found, batch_engine, part, today, after)
    return found


def _add(
    found: dict[str, int], batch_engine: BatchEngine, customers: Sequence[int], today: date, after: Tables
) -> None:
    was, becomes = (_engagement(batch_engine, customers, today, tables) for tables in (STORED, after))
    for (score, band), (new_score, new_band) in zip(was, becomes, strict=True):
        found["bands"] += band != new_band
        found["lost"] += score is not None and new_score is None
        if score is None or new_score is None:
            continue
        found["scored"] += 1
        found["sum"] += new_score - score
        found["largest"] = max(found["largest"], new_score - score, key=abs)


def _engagement(
    batch_engine: BatchEngine, customers: Sequence[int], today: date, tables: Tables
) -> list[tuple[int | None, str | None]]:
    columns = read.current(batch_engine, customers, as_of=today, known_on=today, tables=tables)
    return [(row.engagement, row.engagement_band) for row in recompute.score(batch_engine, columns, today).rows()]
