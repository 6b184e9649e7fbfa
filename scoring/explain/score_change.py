"""What changed between two scores, as contributions that add up to the difference of the scores. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from events.models import EventType
from scoring import engine
from scoring.models import FactorKind

TELLING = 3
SHOWN = 8  # lines; a fold of one would save nothing
CAUSE = 50  # hundredths: less is no cause by itself, and told as small changes together

Scored = tuple[engine.Engagement, engine.Health]
NOTHING: Scored = engine.Engagement((), None, None, None), engine.Health((), None, None, 0)  # before any version


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One event type or factor: what it contributed then and now, in hundredths."""

    name: str
    before: int
    now: int
    count_before: int | None = None  # events in the window; None for factors
    count: int | None = None

    @property
    def difference(self) -> int:
        return self.now - self.before


class ChangeSummary(NamedTuple):
    """The largest differences, and what all others come to: together the difference of the score."""

    parts: Sequence[ChangeLine]
    others: int
    rest: int  # of so many others, in hundredths
    are_small: bool  # all others


def summarise(lines: Sequence[ChangeLine]) -> ChangeSummary:
    """Return the differences that are shown in one line; `lines` come with the largest first."""
    shown = _named(lines, TELLING)
    others = lines[len(shown) :]
    return ChangeSummary(shown, len(others), sum(line.difference for line in others), _are_small(others))


def _named(lines: Sequence[ChangeLine], most: int) -> Sequence[ChangeLine]:
    """Return the first lines that are told by name: none too small to be a cause, and one more rather than a fold."""
    causes = [line for line in lines if abs(line.difference) >= CAUSE]
    return causes if len(causes) <= most + 1 else causes[:most]


def _are_small(lines: Sequence[ChangeLine]) -> bool:
    return all(abs(line.difference) < CAUSE for line in lines)


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """Two days by one version, each as it was known then, or one day by two. Scores in hundredths; None is unknown.

    The differences of `lines` add up to that of engagement, an unknown one counting as 0; those of `factors` to that
    of health, where both are known (else there are none).
    """

    day: date
    days: int
    engagement_before: int | None
    engagement: int | None
    lines: list[ChangeLine]
    health_before: int | None
    health: int | None
    factors: list[ChangeLine]

    @property
    def shown(self) -> Sequence[ChangeLine]:
        """The lines that changed most."""
        return _named(self.lines, SHOWN)

    @property
    def others(self) -> ChangeLine | None:
        """All other lines in one, so that what is shown still adds up."""
        rest = self.lines[len(self.shown) :]
        counts = sum(line.count_before or 0 for line in rest), sum(line.count or 0 for line in rest)
        return _together(rest, *counts)

    @property
    def other_count(self) -> int:
        return len(self.lines) - len(self.shown)

    @property
    def others_are_small(self) -> bool:
        return _are_small(self.lines[len(self.shown) :])

    @property
    def shown_factors(self) -> Sequence[ChangeLine]:
        return _named(self.factors, len(self.factors))

    @property
    def small_factors(self) -> ChangeLine | None:
        """All factors that changed too little to be named, in one."""
        return _together(self.factors[len(self.shown_factors) :])

    @property
    def engagement_difference(self) -> int:
        return (self.engagement or 0) - (self.engagement_before or 0)

    @property
    def engagement_summary(self) -> ChangeSummary:
        return summarise(self.lines)

    @property
    def health_summary(self) -> ChangeSummary:
        return summarise(self.factors)

    @property
    def health_distance(self) -> int:
        return abs(self.health_difference or 0)

    @property
    def telling(self) -> list[ChangeLine]:
        """The factors that changed health most, in the direction it went."""
        way = self.health_difference or 0
        return [factor for factor in self.shown_factors if factor.difference * way > 0][:TELLING]

    @property
    def health_difference(self) -> int | None:
        if self.health is None or self.health_before is None:
            return None
        return self.health - self.health_before


def _together(lines: Sequence[ChangeLine], *counts: int) -> ChangeLine | None:
    if not lines:
        return None
    return ChangeLine("", sum(line.before for line in lines), sum(line.now for line in lines), *counts)


def compare(then: Scored, now: Scored, types: Mapping[int, EventType], day: date, days: int) -> ScoreChange:
    """Compare two scores, by one version or by two: what only one of them has contributes 0 to the other."""
    (engagement_before, health_before), (engagement, health) = then, now
    lines = _lines(engagement_before, engagement, types)
    is_known = health_before.total is not None and health.total is not None
    factors = _factors(health_before, health) if is_known else []
    return ScoreChange(
        day=day,
        days=days,
        engagement_before=engagement_before.total,
        engagement=engagement.total,
        lines=sorted(lines, key=_by_size),
        health_before=health_before.total,
        health=health.total,
        factors=sorted(factors, key=_by_size),
    )


def _lines(then: engine.Engagement, now: engine.Engagement, types: Mapping[int, EventType]) -> list[ChangeLine]:
    old, new = ({line.weight.event_type: line for line in side.lines} for side in (then, now))
    lines = []
    for pk in {**new, **old}:
        was, becomes = old.get(pk), new.get(pk)
        contributions = (0 if line is None else line.contribution for line in (was, becomes))
        counts = (0 if line is None else line.count for line in (was, becomes))
        lines.append(ChangeLine(types[pk].name, *contributions, *counts))
    return [line for line in lines if line.difference]


def _factors(then: engine.Health, now: engine.Health) -> list[ChangeLine]:
    old, new = ({line.factor.key: line for line in side.lines} for side in (then, now))
    lines = []
    for key, scored in {**old, **new}.items():
        name = scored.factor.name or str(FactorKind(scored.factor.kind).label)
        lines.append(ChangeLine(name, *(side[key].contribution if key in side else 0 for side in (old, new))))
    lines.append(ChangeLine(_("a cap"), then.capped, now.capped))
    lines.append(ChangeLine(_("an override"), then.overridden or 0, now.overridden or 0))
    return [line for line in lines if line.difference]


def _by_size(line: ChangeLine) -> tuple[int, str]:
    return -abs(line.difference), line.name
