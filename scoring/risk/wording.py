"""Why a customer is in danger, in words: what fell, what went silent, what went wrong. Pure.

`scoring.risk.signals` gathers the numbers for a page of customers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from core.templatetags.show import number, whole
from events.models import Channel
from scoring.models import EngagementBand, HealthBand

MOST = 3
RECENT = 30  # days in which what went wrong is worth saying
BEFORE = 14  # how old CurrentScore's figures "before" are
FALL = 1_000  # hundredths: a smaller fall of engagement or health is noise
SLIGHT = Decimal(5)  # points an event type must have cost to be worth a sentence
GRAVE = Decimal(10)  # points an event type must have cost to come before silence
SHORTEST_SILENCE = 14
HABIT = 3  # a silence is telling when it lasts this many usual gaps

# The silent channels worth a sentence, the most telling first. (Not asking for support is no bad sign.)
SILENT = {
    Channel.PURCHASE: ngettext_lazy("no purchase for %(days)s day", "no purchase for %(days)s days", "count"),
    Channel.PRODUCT: ngettext_lazy("product not used for %(days)s day", "product not used for %(days)s days", "count"),
    Channel.MOBILE: ngettext_lazy("app not used for %(days)s day", "app not used for %(days)s days", "count"),
    Channel.WEB: ngettext_lazy(
        "no visit to the website for %(days)s day", "no visit to the website for %(days)s days", "count"
    ),
    Channel.IN_PERSON: ngettext_lazy("no meeting for %(days)s day", "no meeting for %(days)s days", "count"),
    Channel.EMAIL: ngettext_lazy(
        "no reaction to e-mail for %(days)s day", "no reaction to e-mail for %(days)s days", "count"
    ),
    Channel.SOCIAL: ngettext_lazy(
        "silent on social media for %(days)s day", "silent on social media for %(days)s days", "count"
    ),
}


@dataclass(frozen=True, slots=True)
class Habit:
    """How a channel was used: on `days` days, `gap` days apart on average, and not for `silence` days."""

    silence: int
    gap: int
    days: int

    @property
    def is_broken(self) -> bool:
        return self.days > 1 and self.silence >= max(SHORTEST_SILENCE, HABIT * self.gap)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Events of a type with negative points, of late."""

    name: str
    count: int
    cost: Decimal  # points, positive


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a customer that may worry. Scores in hundredths; None is unknown."""

    engagement: int | None = None
    engagement_before: int | None = None
    engagement_band: str | None = None
    health: int | None = None
    health_before: int | None = None
    health_band: str | None = None
    quiet_days: int | None = None
    habits: Mapping[Channel, Habit] = field(default_factory=dict)
    troubles: Sequence[Trouble] = ()


def sentences(signs: Signs) -> list[str]:
    """Return the most telling reasons in the reader's language, most telling first."""
    found = [*_falls(signs), *_troubles(signs, grave=True), *_silences(signs), *_troubles(signs, grave=False)]
    return (found or _standing(signs))[:MOST]


def _falls(signs: Signs) -> list[str]:
    falls = []
    if _fell(signs.engagement_before, signs.engagement):
        falls.append(
            _("engagement %(before)s → %(now)s in %(days)s days") % _change(signs.engagement_before, signs.engagement)
        )
    elif _fell(signs.health_before, signs.health):
        falls.append(_("health %(before)s → %(now)s in %(days)s days") % _change(signs.health_before, signs.health))
    return falls


def _fell(before: int | None, now: int | None) -> bool:
    return before is not None and now is not None and before - now >= FALL


def _change(before: int | None, now: int | None) -> dict[str, object]:
    return {"before": whole(before), "now": whole(now), "days": BEFORE}


def _silences(signs: Signs) -> list[str]:
    broken = [(channel, signs.habits[channel]) for channel in SILENT if channel in signs.habits]
    broken = [(channel, habit) for channel, habit in broken if habit.is_broken]
    if signs.quiet_days is not None and signs.quiet_days >= SHORTEST_SILENCE:
        # Everything is silent: one sentence for all, and the purchase if that was missed even longer.
        broken = [pair for pair in broken if pair[0] == Channel.PURCHASE and pair[1].silence > signs.quiet_days]
        return [_quiet(signs.quiet_days), *(_silence(*pair) for pair in broken)]
    return [_silence(channel, habit) for channel, habit in broken]


def _quiet(days: int) -> str:
    return ngettext("no activity for %(days)s day", "no activity for %(days)s days", days) % {"days": number(days)}


def _silence(channel: Channel, habit: Habit) -> str:
    said = SILENT[channel] % {"count": habit.silence, "days": number(habit.silence)}
    return f"{said} ({_usual(habit.gap)})"


def _usual(gap: int) -> str:
    if gap == 1:
        return _("usually daily")
    return ngettext("usually every %(days)s day", "usually every %(days)s days", gap) % {"days": number(gap)}


def _troubles(signs: Signs, *, grave: bool) -> list[str]:
    worst_first = sorted(signs.troubles, key=lambda trouble: (-trouble.cost, trouble.name))
    return [
        _("%(event)s: %(count)s in %(days)s days") % {"event": t.name, "count": number(t.count), "days": RECENT}
        for t in worst_first
        if t.cost >= SLIGHT and (t.cost >= GRAVE) is grave
    ]


def _standing(signs: Signs) -> list[str]:
    """Return what can be said when nothing changed: where the customer stands."""
    if signs.health_band == HealthBand.RED:
        return [_("health is low at %(score)s") % {"score": whole(signs.health)}]
    if signs.engagement_band in EngagementBand.in_danger():
        return [_("engagement is low at %(score)s") % {"score": whole(signs.engagement)}]
    return []
