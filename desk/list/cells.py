"""The cells of the customer list, written here and not by templates.

A list of fifty rows has over five hundred cells. An include for each took most of the time of the page.
"""

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.icons import lucide
from core.templatetags.show import (
    NOTHING,
    day,
    day_and_month,
    days_ago,
    days_ahead,
    direction,
    money,
    near_day,
    number,
    percent,
    signed,
    whole,
)
from customers.models import Contact, Customer, Stage
from desk.list.attribute_values import wording
from desk.list.list_columns import Column
from desk.log.last_and_next import NOTHING as NEITHER
from desk.log.last_and_next import LastAndNext
from scoring.explain.trends import Trend
from scoring.models import CurrentScore, EngagementBand, HealthBand
from scoring.templatetags import scores


@dataclass(frozen=True, slots=True)
class Line:
    """A customer as the list shows it, with what is needed beside it."""

    customer: Customer
    score: CurrentScore | None
    today: date
    trend: Trend | None = None
    contact: Contact | None = None  # by whom it was found
    log: LastAndNext = NEITHER


def written(template: str, *values: object) -> SafeString:
    """Put values into HTML, escaped unless they are safe: as `format_html`, in half the time."""
    parts = [value if isinstance(value, SafeString) else html.escape(str(value)) for value in values]
    return SafeString(template.format(*parts))


DASH = written('<span class="text-secondary">{}</span>', NOTHING)
_ARROWS = {"up": "arrow-up-right", "down": "arrow-down-right"}
_HEALTH, _ENGAGEMENT = dict(HealthBand.choices), dict(EngagementBand.choices)
STAGES = dict(Stage.choices)


def cell(line: Line, column: Column) -> SafeString:
    """Return what stands in a cell."""
    if column.type:
        value = line.customer.attributes.get(column.key)
        return written("<bdi>{}</bdi>", wording(value, column.type))
    return CELLS[column.name](line)


def _text(text: str | None) -> SafeString:
    return written("<bdi>{}</bdi>", text or NOTHING)


def _time(value: date | None, words: str) -> SafeString:
    return SafeString(NOTHING) if value is None else written('<time datetime="{}">{}</time>', value.isoformat(), words)


def _icon(name: str) -> str:
    return lucide(name, size=14, aria_hidden="true")


def band(value: str | None, word: Any) -> SafeString:
    """As components/band.html."""
    return written('<span class="band band-{}">{}{}</span>', scores.tone(value), _icon(scores.band_icon(value)), word)


def _points(points: str, value: str | None, word: Any, look: str = "") -> SafeString:
    return written(
        '<span class="score{}"><strong class="score-points">{}</strong>{}</span>', look, points, band(value, word)
    )


def _not_scored() -> SafeString:
    return written('<span class="text-secondary">{}</span>', _("not scored yet"))


def _health(line: Line) -> SafeString:
    """As scoring/health.html."""
    score = line.score
    if score is None:
        return _not_scored()
    if score.health_band == HealthBand.NEW:
        shown = band(score.health_band, _HEALTH[score.health_band]) + _progress(score)
    elif score.health is None:
        shown = _points(NOTHING, "", _("Unknown"))
    else:
        shown = _points(whole(score.health), score.health_band, _HEALTH.get(score.health_band or ""))
    if score.coverage < 10_000:
        words = _("%(share)s of data") % {"share": percent(score.coverage)}
        shown += written('<span class="under">{}</span>', words)
    return shown


def _progress(score: CurrentScore) -> SafeString:
    progress = getattr(score, "progress", None)
    if not progress or not progress.of:
        return SafeString("")
    words = ngettext("%(done)s of %(all)s key action", "%(done)s of %(all)s key actions", progress.of)
    return written('<span class="under">{}</span>', words % {"done": progress.done, "all": progress.of})


def _engagement(line: Line) -> SafeString:
    """As scoring/engagement.html."""
    score = line.score
    if score is None:
        return _not_scored()
    if score.engagement is None:
        return _points(NOTHING, "", _("No data"), " score-plain")
    word = _ENGAGEMENT.get(score.engagement_band or "")
    return _points(whole(score.engagement), score.engagement_band, word, " score-plain")


def _change(name: str) -> Callable[[Line], SafeString]:
    """As components/change.html."""

    def change(line: Line) -> SafeString:
        hundredths = getattr(line.score, name, None)
        if hundredths is None:
            return DASH
        way = direction(hundredths)
        icon = _icon(_ARROWS[way]) if way in _ARROWS else ""
        return written('<span class="change change-{}">{}{}</span>', way, icon, signed(hundredths))

    return change


def _sparkline(drawn: Mapping[str, Any]) -> SafeString:
    """As components/sparkline.html."""
    if not drawn["lines"]:
        return DASH
    changes = _joined(
        "",
        '<line x1="{}" x2="{}" y1="0" y2="{}"><title>{}</title></line>',
        (
            (place, place, drawn["height"], _("Model changed on %(day)s") % {"day": of})
            for place, of in drawn["changes"]
        ),
    )
    lines = _joined("", '<polyline points="{}"></polyline>', ((points,) for points in drawn["lines"]))
    last = written('<circle cx="{}" cy="{}" r="2"></circle>', *drawn["last"]) if drawn["last"] else ""
    width, height = drawn["width"], drawn["height"]
    return written(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}{}{}</svg>',
        width, height, width, height, drawn["label"], changes, lines, last,
    )  # fmt: skip


def _renewal(line: Line) -> SafeString:
    on = getattr(line.customer, "renews_on", None)
    if on is None or line.score is None or not line.score.renews_soon:
        return _time(on, day(on))
    return written(
        '<time class="soon" datetime="{}" title="{}">{}{}</time>',
        on.isoformat(), day(on), _icon("calendar-clock"), days_ahead(on, line.today),
    )  # fmt: skip


def _last_active(line: Line) -> SafeString:
    on = line.score.last_active_on if line.score else None
    return _time(on, days_ago(on, line.today))


def _last_contact(line: Line) -> SafeString:
    last = line.log.last
    if last is None:
        return SafeString(NOTHING)
    return written('{}, <time datetime="{}">{}</time>', last.label, last.at.isoformat(), day_and_month(last.at))


def _next_task(line: Line) -> SafeString:
    task = line.log.next
    if task is None:
        return SafeString(NOTHING)
    if task.due_on is None:
        return _text(task.title)
    when = near_day(task.due_on, line.today)
    late = SafeString(' class="text-danger"') if task.due_on < line.today else ""
    return written('<bdi>{}</bdi>, <time datetime="{}"{}>{}</time>', task.title, task.due_on.isoformat(), late, when)


def _owner(line: Line) -> SafeString:
    owner = line.customer.owner
    return _text(owner.name) if owner else written('<span class="text-secondary">{}</span>', _("No owner"))


def _tags(line: Line) -> SafeString:
    tags = _joined(" ", '<span class="tag"><bdi>{}</bdi></span>', ((tag,) for tag in line.customer.tags))
    return tags or SafeString(NOTHING)


def _joined(between: str, template: str, rows: Iterable[tuple[object, ...]]) -> SafeString:
    return SafeString(between.join(written(template, *row) for row in rows))


def _escaped(text: str) -> SafeString:
    return written("{}", text)


CELLS: dict[str, Callable[[Line], SafeString]] = {
    "stage": lambda line: _escaped(str(STAGES[line.customer.stage])),
    "owner": _owner,
    "team": lambda line: _text(line.customer.team.name if line.customer.team else None),
    "health": _health,
    **{name: _change(name) for of in ("health", "engagement") for name in (f"{of}_change_7", f"{of}_change_30")},
    "health_trend": lambda line: _sparkline(scores.health_trend(line.trend)) if line.trend else DASH,
    "coverage": lambda line: _escaped(percent(line.score.coverage if line.score else None)),
    "engagement": _engagement,
    "engagement_trend": lambda line: _sparkline(scores.engagement_trend(line.trend)) if line.trend else DASH,
    "mrr": lambda line: _escaped(money(line.customer.mrr, line.customer.currency)),
    "monthly_value": lambda line: _escaped(money(line.score.monthly_value if line.score else None)),
    "mrr_then": lambda line: _escaped(money(getattr(line.customer, "value_then", None))),
    "plan": lambda line: _text(line.customer.plan),
    "seats": lambda line: _escaped(number(line.customer.seats)),
    "last_active": _last_active,
    "last_contact": _last_contact,
    "next_task": _next_task,
    "renewal": _renewal,
    "industry": lambda line: _text(line.customer.industry),
    "country": lambda line: _text(line.customer.country),
    "domain": lambda line: _text(line.customer.domain),
    "tags": _tags,
    "churned_on": lambda line: _time(line.customer.churned_on, day(line.customer.churned_on)),
}
