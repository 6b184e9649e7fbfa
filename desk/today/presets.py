"""How long a row may be snoozed with one key: each preset names its day and hour, in the reader's zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.templatetags.show import time_of_day, weekday

MORNING = time(9)


@dataclass(frozen=True, slots=True)
class Preset:
    name: str  # as it is sent
    key: str
    back_at: datetime
    label: str


def presets(now: datetime) -> Sequence[Preset]:
    """Return tomorrow, next Monday and in two weeks, at nine."""
    today = timezone.localdate(now)
    monday = today + timedelta(days=7 - today.weekday())
    days = (
        ("tomorrow", today + timedelta(days=1), _("Tomorrow")),
        ("monday", monday, _("Next week")),
        ("weeks", today + timedelta(days=14), _("In 2 weeks")),
    )
    return [_preset(name, str(n), day, text) for n, (name, day, text) in enumerate(days, start=1)]


def preset(name: str, now: datetime) -> Preset | None:
    """Return the preset of the name; None where there is none."""
    return next((one for one in presets(now) if one.name == name), None)


def _preset(name: str, key: str, day: date, text: str) -> Preset:
    back_at = datetime.combine(day, MORNING, timezone.get_current_timezone())
    words = {"when": text, "day": weekday(day), "time": time_of_day(back_at)}
    return Preset(name, key, back_at, _("%(when)s, %(day)s %(time)s") % words)
