"""The portfolio's table: its figures by owner, segment, plan, industry, country or team."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from core.filters import UNASSIGNED
from core.names.folding import fold
from customers.models.customer import CustomerQuerySet
from desk.list.past_filter import within
from desk.portfolio import figures, overdue
from desk.portfolio.figures import Figures
from desk.portfolio.filters import PortfolioFilter
from desk.portfolio.links import Links
from scoring.models import PastDay

MOST = 100  # rows on the page; the file has all
MOST_SEGMENTS = 20  # a query for each
TEXTS = ("plan", "industry", "country")


@dataclass(frozen=True, slots=True)
class Group:
    """A row of the table. `owner` is whose book it is, where the table is by owner: "none" for nobody's."""

    label: str
    figures: Figures
    links: Links
    overdue_tasks: int
    owner: str = ""


def split(by: str) -> dict[str, Any]:
    """Return how `figures.load` is to split the customers."""
    if by in TEXTS:
        return {"group": F(by), "label": by}
    return {"group": F(f"{by}_id")} if by in ("owner", "team") else {}


def overdue_tasks(filterset: PortfolioFilter, today: date) -> Mapping[Any, int]:
    """Return how many tasks are overdue for each group, of all together where the table is by segment. One query."""
    by = filterset.split
    return overdue.count(filterset.qs, today, by="" if by == "segment" else by, alike=_alike(by))


def groups(
    filterset: PortfolioFilter,
    loaded: Figures,
    late: Mapping[Any, int],
    links: Links,
    past_day: PastDay | None,
    today: date,
) -> list[Group]:
    """Return the rows, the most revenue at risk first; `late` is of `overdue_tasks`. Two queries for each segment."""
    by = filterset.split
    if by == "segment":
        rows = list(_by_segment(filterset, links, past_day, today))
    else:
        # As the list's filter compares: however a label is spelt, so that each row opens what it counts.
        parts = loaded.by_group(_alike(by)).items()
        rows = [_group(filterset, by, key, part, links, late.get(key, 0)) for key, part in parts]
    return sorted(rows, key=lambda row: (-row.figures.at_risk.revenue, -row.figures.now().revenue, row.label))


def _alike(by: str) -> Callable[[Any], Any] | None:
    return fold if by in TEXTS else None


def _by_segment(filterset: PortfolioFilter, links: Links, past_day: PastDay | None, today: date) -> Iterator[Group]:
    customers: CustomerQuerySet = filterset.qs
    chosen = filterset.cleaned_data["segment"]
    for pk, segment in list(filterset.segments.items())[:MOST_SEGMENTS]:
        if not chosen or pk == chosen:
            inside = within(segment, customers)
            part = figures.load(inside, past_day, today)
            late = sum(overdue.count(inside, today).values())
            yield Group(segment.name, part, links.within({"segment": pk}), late)


def _group(filterset: PortfolioFilter, by: str, key: Any, part: Figures, links: Links, late: int) -> Group:
    if by in TEXTS:
        label = min((cell.label for cell in part.cells if cell.label), default="")
        return Group(label or _WITHOUT[by](), part, links.within({by: label} if label else {"without": by}), late)
    value = UNASSIGNED if key is None else str(key)
    names: Mapping[str, Any] = dict(filterset.filters[by].extra["choices"])
    label = str(names.get(value, value))
    if by == "owner":
        return Group(label, part, links.within({"primary_owner": value}), late, owner=value)
    return Group(label, part, links.within({by: value}), late)


_WITHOUT = {"plan": lambda: _("No plan"), "industry": lambda: _("No industry"), "country": lambda: _("No country")}
