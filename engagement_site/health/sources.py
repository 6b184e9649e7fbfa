"""Whether each source still sends as it is used to: no setting says how often it should, but its past does."""

from collections.abc import Collection
from datetime import date, timedelta
from itertools import pairwise

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from core.days import ONE_DAY
from events.models import Source, SourceDay

LOOKED_BACK = timedelta(days=35)
LEAST_DAYS = 5  # on which it sent something: of a source that sends less often, nothing can be expected
LATE = timedelta(days=60)  # events told later than this after they happened say nothing about today


def silent(*, today: date) -> dict[str, date]:
    """Return the sources that send nothing for longer than is usual for them: name → the last day. Two queries.

    Usual is twice the longest pause of the last five weeks. A source without a live key is meant to be silent.
    """
    live = Q(kind=Source.Kind.CONNECTOR) | Q(kind=Source.Kind.WRITE_KEY, keys__revoked_at=None, keys__isnull=False)
    names = dict(Source.objects.filter(live).values_list("pk", "name").distinct())
    rows = SourceDay.objects.filter(source__in=names, day__gt=today - LATE - LOOKED_BACK, events__gt=0)
    sent: dict[int, set[date]] = {}
    for source, day in rows.filter(known_on__gt=today - LOOKED_BACK).values_list("source", "known_on").distinct():
        sent.setdefault(source, set()).add(day)
    return {names[source]: max(known) for source, known in sorted(sent.items()) if is_silent(known, today)}


def is_silent(known: Collection[date], today: date) -> bool:
    """Tell whether a source that sent on these days should have sent again by now. Today may not be over."""
    if len(known) < LEAST_DAYS:
        return False
    ordered = sorted(known)
    longest = max(after - before for before, after in pairwise(ordered))
    return today - ordered[-1] - ONE_DAY > 2 * longest


def stored(*, since: date) -> int:
    """Return how many events came in by keys and connectors since a day. One query."""
    sources = Source.objects.filter(kind__in=[Source.Kind.WRITE_KEY, Source.Kind.CONNECTOR])
    rows = SourceDay.objects.filter(source__in=sources.values("pk"), day__gt=since - LATE, known_on__gte=since)
    return int(rows.filter(events__gt=0).aggregate(sum=Coalesce(Sum("events"), 0))["sum"])
