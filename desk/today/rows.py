"""The rows of Today with all that they show. Its templates ask the database nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.days import business_day
from customers.models import Customer
from desk.log import last_and_next
from desk.log.last_and_next import NOTHING, LastAndNext
from desk.today import words
from desk.today.reasons import Entry, Reason, ReasonKind
from playbooks.models import Task
from scoring.explain.key_actions import load_progress
from scoring.explain.trends import Trend, load_trends
from scoring.models import CurrentScore
from scoring.risk import wording

CHANCES = 3  # shown when all is done


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    customer: Customer
    score: CurrentScore | None
    reasons: list[str]  # the first is the bold one
    since: date | None  # of the first one
    is_new: bool  # to the reader: it began since they looked last
    line: LastAndNext
    trend: Trend

    @property
    def first(self) -> Reason:
        return self.entry.reasons[0]

    @property
    def act(self) -> str:
        """Name what its button does: what the first reason asks for."""
        return _ACTS.get(self.first.kind, "log")

    @property
    def task(self) -> Task | None:
        """Return the task that is due, the oldest first."""
        return next((reason.subject for reason in self.entry.reasons if reason.kind is ReasonKind.TASK), None)


_ACTS = {ReasonKind.TASK: "finish", ReasonKind.ANSWER: "follow-up", ReasonKind.RENEWAL: "renewal"}


def load_rows(entries: Sequence[Entry], now: datetime, seen_before: date | None = None) -> list[Row]:
    """Return the rows of entries with reasons. At most nine queries, two more for newcomers."""
    today = business_day(now)
    ids = [entry.customer for entry in entries]
    customers = load_customers(ids)
    listed = [customers[pk] for pk in ids]
    scores = {customer.pk: getattr(customer, "score", None) for customer in listed}
    load_progress(scores.values())
    at_risk = [customers[entry.customer] for entry in entries if _kinds(entry) & {ReasonKind.AT_RISK}]
    risks = wording.reasons(at_risk, today=today) if at_risk else {}
    trends = load_trends(listed, today=today)
    lines = last_and_next.load(ids)
    return [
        Row(
            entry=entry,
            customer=customers[entry.customer],
            score=scores[entry.customer],
            reasons=words.sentences(entry.reasons, risks.get(entry.customer, []), today),
            since=entry.reasons[0].since,
            is_new=_is_new(entry, seen_before),
            line=lines.get(entry.customer, NOTHING),
            trend=trends[entry.customer],
        )
        for entry in entries
    ]


def load_customers(ids: Sequence[int]) -> dict[int, Customer]:
    """Return the customers with owner and score, without their wide fields. One query."""
    rows = Customer.objects.filter(pk__in=ids).select_related("owner", "score")
    return rows.defer("attributes", "set_at", "field_origins").in_bulk()


def load_chances(entries: Sequence[Entry], now: datetime) -> list[tuple[Customer, str]]:
    """Return the first customers with a chance, and what it is. One query."""
    some = [(entry, reason) for entry in entries for reason in entry.reasons if reason.kind.is_chance][:CHANCES]
    customers = load_customers([entry.customer for entry, _ in some])
    today = business_day(now)
    return [(customers[entry.customer], words.sentences([reason], [], today)[0]) for entry, reason in some]


def _is_new(entry: Entry, seen_before: date | None) -> bool:
    return seen_before is not None and any(reason.since and reason.since > seen_before for reason in entry.reasons)


def _kinds(entry: Entry) -> set[ReasonKind]:
    return {reason.kind for reason in entry.reasons}
