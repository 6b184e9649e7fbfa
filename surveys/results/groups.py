"""A survey's figure by plan, industry, owner, segment: one aggregate over the answers for each breakdown."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Q, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from core.intervals import Estimate
from customers import segments
from customers.models import Customer, Segment
from staff.models import User
from surveys import kinds
from surveys.models.answer import AnswerQuerySet
from surveys.results import confidence

PATHS = {
    "plan": "customer__plan",
    "industry": "customer__industry",
    "owner": "customer__owner__name",
    "channel": "via",
    "language": "language",
}
LABELS = {
    "segment": _("Segment"),
    "plan": _("Plan"),
    "industry": _("Industry"),
    "owner": _("Owner"),
    "channel": _("Channel"),
    "language": _("Language"),
}
MOST_SEGMENTS, MOST_GROUPS = 10, 40


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """A group: `name` as stored, "" for unknown. `estimate` None where the survey has no score."""

    name: str
    n: int
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class Groups:
    rows: Sequence[GroupFigure]  # the most answers first
    hidden: int  # how many groups are too small to be shown
    rest: GroupFigure | None  # those hidden and those beyond the most, together


def by(what: str, answers: AnswerQuerySet, kind: str, *, is_confidential: bool) -> Groups:
    """Return the groups of one of PATHS. One query. Small groups of a confidential survey stand together."""
    rows = answers.order_by().values_list(PATHS[what], "score").annotate(Count("id"))
    counts: defaultdict[str, Counter[int | None]] = defaultdict(Counter)
    for name, score, count in rows:
        counts[name or ""][score] += count
    ordered = sorted(counts, key=lambda name: (-counts[name].total(), name))
    shown = ordered[: _tellable(counts, ordered)] if is_confidential else ordered
    rest = Counter[int | None]()
    for name in ordered[len(shown[:MOST_GROUPS]) :]:
        rest.update(counts[name])
    small = len(ordered) - len(shown)
    return Groups([_row(n, counts[n], kind) for n in shown[:MOST_GROUPS]], small, _rest(rest, kind, is_confidential))


def _tellable(counts: Mapping[str, Counter[int | None]], ordered: Sequence[str]) -> int:
    """Return how many of the largest groups can be shown: each, and all others together, have five answers or none."""
    sizes = [counts[name].total() for name in ordered]
    cut = sum(1 for size in sizes if size >= confidence.LEAST)
    while cut and 0 < sum(sizes[cut:]) < confidence.LEAST:
        cut -= 1
    return cut


def _rest(counts: Counter[int | None], kind: str, is_confidential: bool) -> GroupFigure | None:
    if not counts.total() or (is_confidential and counts.total() < confidence.LEAST):
        return None
    return _row("", counts, kind)


def _row(name: str, counts: Counter[int | None], kind: str) -> GroupFigure:
    scores = {score: count for score, count in counts.items() if score is not None}
    return GroupFigure(name, sum(scores.values()) or counts.total(), kinds.get(kind).estimate(scores))


def by_segment(answers: AnswerQuerySet, kind: str, user: User, *, is_confidential: bool) -> Groups:
    """Return the colleague's segments and the shared ones, the first ten; they overlap. One query of answers."""
    views = list(Segment.objects.visible_to(user)[:MOST_SEGMENTS])
    by_mask = _cells(answers, views, user)
    sizes = {cell: counts.total() for cell, counts in enumerate(by_mask.values())}
    members = {
        str(i): frozenset(cell for cell, mask in enumerate(by_mask) if mask[i] == "1") for i in range(len(views))
    }
    shown = confidence.tellable(members, sizes) if is_confidential else {*members}
    every = list(by_mask.values())
    rows = [_row(views[int(i)].name, _sum(every[c] for c in members[i]), kind) for i in shown if members[i]]
    hidden = sum(1 for i, cells in members.items() if cells and i not in shown)
    return Groups(sorted(rows, key=lambda row: (-row.n, row.name)), hidden, None)


def _cells(answers: AnswerQuerySet, views: Sequence[Segment], user: User) -> dict[str, Counter[int | None]]:
    """Return which views an answer's customer is in, as "0110" → score → count."""
    if not views:
        return {}
    visible = Customer.objects.visible_to(user).known()
    bits: list[Any] = [
        Case(
            When(Q(customer__in=segments.among(view, visible).order_by().values("pk")), then=Value("1")),
            default=Value("0"),
        )
        for view in views
    ]
    mask = Concat(*bits, Value("")) if bits else Value("")
    by_mask: defaultdict[str, Counter[int | None]] = defaultdict(Counter)
    for bits_set, score, count in (
        answers.order_by().annotate(mask=mask).values_list("mask", "score").annotate(Count("id"))
    ):
        by_mask[bits_set][score] += count
    return dict(by_mask)


def _sum(counts: Any) -> Counter[int | None]:
    total = Counter[int | None]()
    for part in counts:
        total.update(part)
    return total
