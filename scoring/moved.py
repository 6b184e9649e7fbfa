"""What moved between two days, as contributions that add up to the difference of the scores. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from events.models import EventType
from scoring import engine
from scoring.models import FactorKind

TELLING = 3
SHOWN = 8  # lines; a fold of one would save nothing

Scored = tuple[engine.Engagement, engine.Health]


@dataclass(frozen=True, slots=True)
class Move:
    """One event type or factor: what it contributed then and now, in hundredths."""

    name: str
    before: int
    now: int
    count_before: int | None = None  # events in the window; None for factors
    count: int | None = None

    @property
    def difference(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Moved:
    """Both days by the same version of the model, each as it was known then. Scores in hundredths; None is unknown.

    The differences of `lines` add up to that of engagement, an unknown one counting as 0; those of `factors` to that
    of health, where both are known (else there are none).
    """

    day: date
    days: int
    engagement_before: int | None
    engagement: int | None
    lines: list[Move]
    health_before: int | None
    health: int | None
    factors: list[Move]

    @property
    def shown(self) -> list[Move]:
        """The lines that moved most."""
        return self.lines if len(self.lines) <= SHOWN + 1 else self.lines[:SHOWN]

    @property
    def others(self) -> Move | None:
        """All other lines in one, so that what is shown still adds up."""
        rest = self.lines[len(self.shown) :]
        if not rest:
            return None
        counts = sum(line.count_before or 0 for line in rest), sum(line.count or 0 for line in rest)
        return Move("", sum(line.before for line in rest), sum(line.now for line in rest), *counts)

    @property
    def other_count(self) -> int:
        return len(self.lines) - len(self.shown)

    @property
    def engagement_difference(self) -> int:
        return (self.engagement or 0) - (self.engagement_before or 0)

    @property
    def health_distance(self) -> int:
        return abs(self.health_difference or 0)

    @property
    def telling(self) -> list[Move]:
        """The factors that moved health most, the way it went."""
        way = self.health_difference or 0
        return [factor for factor in self.factors if factor.difference * way > 0][:TELLING]

    @property
    def health_difference(self) -> int | None:
        if self.health is None or self.health_before is None:
            return None
        return self.health - self.health_before


def moved(then: Scored, now: Scored, types: Mapping[int, EventType], day: date, days: int) -> Moved:
    (engagement_before, health_before), (engagement, health) = then, now
    lines = [
        Move(types[new.weight.event_type].name, old.contribution, new.contribution, old.count, new.count)
        for old, new in zip(engagement_before.lines, engagement.lines, strict=True)
        if old.contribution != new.contribution
    ]
    factors: list[Move] = []
    if health_before.total is not None and health.total is not None:
        factors = [
            Move(new.factor.name or str(FactorKind(new.factor.kind).label), old.contribution, new.contribution)
            for old, new in zip(health_before.lines, health.lines, strict=True)
            if old.contribution != new.contribution
        ]
        over = (
            (_("a cap"), health_before.capped, health.capped),
            (
                _("a colleague’s judgement"),
                health_before.overridden or 0,
                health.overridden or 0,
            ),
        )
        factors += [Move(name, before, now) for name, before, now in over if before != now]
    return Moved(
        day=day,
        days=days,
        engagement_before=engagement_before.total,
        engagement=engagement.total,
        lines=sorted(lines, key=_by_size),
        health_before=health_before.total,
        health=health.total,
        factors=sorted(factors, key=_by_size),
    )


def _by_size(move: Move) -> tuple[int, str]:
    return -abs(move.difference), move.name
