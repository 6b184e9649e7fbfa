"""What the scores of several days need, each as known then: the rows of all of them are read once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from django.db.models import Q, Sum

from events.models import DailyCount
from scoring import engine
from scoring.inputs import read
from scoring.inputs.newness import Newness
from scoring.inputs.silence import Silence
from scoring.vectorised import NEVER, BatchEngine, Columns, netted


def days_as_known_then(
    batch_engine: BatchEngine, customers: Sequence[int], days: Sequence[date]
) -> Iterator[tuple[date, Columns]]:
    """Yield what the score of each day needs, as known at its close: the rows of all days are read once.

    Two to seven queries, two more for each day, by what the model looks at.
    """
    last = max(days)
    rows = read.rows_of(batch_engine, customers, as_of=last, known_on=last, earlier=days)
    silence = Silence(batch_engine.model, until=last, known_on=last)
    newness = Newness(batch_engine.model, rows.customers, first=min(days), until=last, known_on=last)
    for day in days:
        number = day.toordinal()
        since = read.days_before(day, batch_engine.reach).toordinal()
        age = rows.counts["day"]
        then = replace(
            rows,
            counts=rows.counts[(age > since) & (age <= number) & (rows.counts["known_on"] <= number)],
            first_known=np.where(rows.first_known > number, NEVER, rows.first_known),
            silent=silence.on(number, number),
            within_new_days=newness.on(number, number),
        )
        then = netted(then, number)
        lookups = [read.Lookup(types, day, day) for types in (read.activity(batch_engine), read.touches(batch_engine))]
        active, touched = (read.last_days(then, lookup, read.STORED) for lookup in lookups)
        yield day, replace(then, last_active_day=active, last_touch_day=touched)


def two_days_of_one(
    batch_engine: BatchEngine, customer: int, *, as_of: date, known_on: date, before: date
) -> tuple[engine.Facts, engine.Facts]:
    """Read what the scores of one customer need: on a day, and on an earlier one as it was known then.

    Both come from the same rows: two to eight queries, by what the model looks at.
    """
    columns = read.rows_of(batch_engine, [customer], as_of=as_of, known_on=known_on, earlier=[before])
    moments = [(as_of, known_on), (before, before)]
    both = [read.activity(batch_engine), read.touches(batch_engine)]
    lookups = [read.Lookup(types, *moment) for moment in moments for types in both]
    last = [int(read.within_reach(columns, lookup)[0]) for lookup in lookups]
    if any(lookup.types and day == NEVER for lookup, day in zip(lookups, last, strict=True)):
        last = [day or older for day, older in zip(last, _older_days(customer, lookups), strict=True)]
    silence = Silence(batch_engine.model, until=as_of, known_on=max(known_on, before))
    newness = Newness(batch_engine.model, columns.customers, first=before, until=as_of, known_on=max(known_on, before))
    # The rows once for both: they are most of it.
    facts, first = read.facts_of_one(columns, batch_engine.names), int(columns.first_known[0])
    one, other = (
        replace(
            facts,
            last_active_day=read.day_or_none(active),
            last_touch_day=read.day_or_none(touched),
            first_known=read.day_or_none(NEVER if first > day.toordinal() else first),
            silent=silence.on(day.toordinal(), known.toordinal()),
            within_new_days=bool(newness.on(day.toordinal(), known.toordinal())[0]),
        )
        for (day, known), active, touched in zip(moments, last[::2], last[1::2], strict=True)
    )
    return one, other


def _older_days(customer: int, lookups: Sequence[read.Lookup]) -> list[int]:
    """Return the last day of each lookup for one customer, whatever its age. One query."""
    counts = {
        f"count_{place}": Sum(
            "count", filter=Q(event_type__in=lookup.types, day__lte=lookup.as_of, known_on__lte=lookup.known_on)
        )
        for place, lookup in enumerate(lookups)
    }
    rows = list(DailyCount.objects.filter(customer=customer).values_list("day").annotate(**counts))
    return [
        max((day.toordinal() for day, *sums in rows if (sums[place] or 0) > 0), default=NEVER)
        for place in range(len(lookups))
    ]
