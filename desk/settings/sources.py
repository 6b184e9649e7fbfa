"""Where data comes in, and since when each source is silent."""

from datetime import date

from django.db.models import F, Max, OuterRef, Subquery

from events.models import Source, SourceDay

SHOWN = 8
MANY = 1000  # rejected messages, from which on they are not counted


def latest(today: date) -> list[Source]:
    """Return the sources that were heard of last, each with `last_on` and `key_used_at`. One query.

    `last_on`: the latest day, until today, of which it sent events; `key_used_at`: when one of its keys was last used,
    to the minute. None of either is invented for a source that has none.
    """
    days = SourceDay.objects.filter(source=OuterRef("pk"), day__lte=today).order_by("-day").values("day")[:1]
    heard = Source.objects.exclude(kind=Source.Kind.RECORDS).annotate(
        last_on=Subquery(days), key_used_at=Max("keys__last_used_at")
    )
    latest_first = heard.order_by(F("last_on").desc(nulls_last=True), F("key_used_at").desc(nulls_last=True), "name")
    return [*latest_first[:SHOWN]]
