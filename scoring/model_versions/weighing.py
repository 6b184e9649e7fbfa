"""Event types that came and are not weighed yet, and taking one of them in with one click.

A click writes to a draft: what a type is worth moves the scores of everybody, so it is published by somebody who has
seen what differs. Any number of clicks share the draft, and one publication.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from events.models import EventType, TypeDay
from scoring.model_versions import versions
from scoring.models import ScoringModel, Status, Weight

DAYS = 7
SHOWN = 12


class Worth(TextChoices):
    """What a type is worth, as somebody says who has not thought about points yet."""

    LOT = "lot", _("A lot")
    MEDIUM = "medium", _("Medium")
    LITTLE = "little", _("A little")
    NOTHING = "nothing", _("Nothing")


# Points and daily cap, on the scale of the starter: Integration connected, Report created, Signed in, Email opened.
POINTS = {
    Worth.LOT: (Decimal(8), 2),
    Worth.MEDIUM: (Decimal(2), 5),
    Worth.LITTLE: (Decimal("0.5"), 10),
    Worth.NOTHING: (Decimal(0), 1),
}


class NothingPublished(Exception):
    """No version is published that a draft could begin with."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The types that came lately and are worth nothing, because nobody said what."""

    types: Sequence[EventType]  # at most SHOWN, by name, each with `in_draft`: its points there, or None
    count: int  # of all
    draft: ScoringModel | None  # that goes on from the current version
    taken: int  # of all, how many the draft weighs

    @property
    def choices(self) -> list[tuple[Worth, Decimal]]:
        """What can be said of a type, with its points."""
        return [(worth, points) for worth, (points, _cap) in POINTS.items()]


def waiting(today: date) -> Waiting:
    """Return what waits to be weighed. Two queries."""
    draft = _drafts().first()
    rows = list(with_state(today).filter(seen=True, points=None).annotate(in_draft=_points(draft)).order_by("name"))
    return Waiting(rows[:SHOWN], len(rows), draft, sum(row.in_draft is not None for row in rows))


def with_state(today: date) -> QuerySet[Any, Any]:
    """Return the types with `seen` (came for one of the last 7 days) and `points` in the current version, or None."""
    days = TypeDay.objects.filter(event_type=OuterRef("pk"), day__gt=today - timedelta(days=DAYS), day__lte=today)
    # One version at most is published for everybody; a segment's own may be published beside it.
    weights = Weight.objects.filter(event_type=OuterRef("pk"), model__status=Status.PUBLISHED, model__segment=None)
    return EventType.objects.offered().annotate(seen=Exists(days), points=Subquery(weights.values("points")))


@transaction.atomic
def take_in(event_type: EventType, worth: Worth, *, now: datetime) -> ScoringModel:
    """Weigh a type in the draft that goes on from the current version, made when there is none; return the draft.

    Asked again, the later word counts. Raises NothingPublished.
    """
    # Locked: two clicks at once would make two drafts, and a publication in between would leave this one behind.
    current = ScoringModel.objects.select_for_update().filter(status=Status.PUBLISHED, segment=None).first()
    if current is None:
        raise NothingPublished
    draft = _drafts().select_for_update(of=("self",)).first() or versions.draft_from(current, now=now)
    points, cap = POINTS[worth]
    Weight.objects.update_or_create(model=draft, event_type=event_type, defaults={"points": points, "daily_cap": cap})
    return draft


def _drafts() -> QuerySet[ScoringModel]:
    """Return drafts for everybody that go on from the current version, the latest first.

    Another one would take back what was published since it was made.
    """
    current = ScoringModel.objects.filter(status=Status.PUBLISHED, segment=None).values("pk")
    return ScoringModel.objects.drafts().filter(segment=None, copied_from__in=current).order_by("-pk")


def _points(draft: ScoringModel | None) -> Subquery:
    return Subquery(Weight.objects.filter(model=draft, event_type=OuterRef("pk")).values("points"))
