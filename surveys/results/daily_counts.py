"""Daily counts that results are made of: the stored ones of all customers, or those of the customers somebody sees."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol, Self

from django.db.models import F, Max, Min, QuerySet, Sum
from django.db.models.functions import Trunc

from core import days
from core.days import business_day
from staff.models import User
from surveys.answering.tallies import STEP, Step, answer_counts
from surveys.models import Answer, Invitation, InvitationState, Tally

Total = tuple[str, str, int, date, date]  # name, value, count, first and last day


class DailyCounts(Protocol):
    """Counts by day, name and value, as tallies hold them."""

    def only(self, name: str) -> Self:
        """Keep what has this name."""

    def between(self, first: date, last: date) -> Self:
        """Keep these days."""

    def none(self) -> Self:
        """Keep nothing."""

    def totals(self) -> Iterable[Total]:
        """Sum over days. One query at most."""

    def periods(self, unit: str) -> Iterable[tuple[date, str, int]]:
        """Sum by value over the days of each unit: day, week, month or quarter. One query at most."""


@dataclass(frozen=True, slots=True)
class StoredCounts:
    """Tallies, summed by the database."""

    rows: "QuerySet[Tally]"

    def only(self, name: str) -> Self:
        return type(self)(self.rows.filter(name=name))

    def between(self, first: date, last: date) -> Self:
        return type(self)(self.rows.filter(day__range=(first, last)))

    def none(self) -> Self:
        return type(self)(self.rows.none())

    def totals(self) -> Iterable[Total]:
        return self.rows.order_by().values_list("name", "value").annotate(Sum("count"), Min("day"), Max("day"))

    def periods(self, unit: str) -> Iterable[tuple[date, str, int]]:
        by_value = self.rows.order_by().annotate(period=Trunc(F("day"), unit)).values_list("period", "value")
        return by_value.annotate(Sum("count"))


@dataclass(frozen=True, slots=True)
class DayCount:
    day: date
    name: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class OwnCounts:
    """Counts of the customers somebody sees, made from the answers themselves: tallies do not know customers."""

    rows: Sequence[DayCount]

    def only(self, name: str) -> Self:
        return type(self)([row for row in self.rows if row.name == name])

    def between(self, first: date, last: date) -> Self:
        return type(self)([row for row in self.rows if first <= row.day <= last])

    def none(self) -> Self:
        return type(self)([])

    def totals(self) -> Iterable[Total]:
        found: defaultdict[tuple[str, str], list[DayCount]] = defaultdict(list)
        for row in self.rows:
            found[row.name, row.value].append(row)
        for (name, value), rows in found.items():
            told = [row.day for row in rows]
            yield name, value, sum(row.count for row in rows), min(told), max(told)

    def periods(self, unit: str) -> Iterable[tuple[date, str, int]]:
        return [(first_of(unit, row.day), row.value, row.count) for row in self.rows]


def first_of(unit: str, day: date) -> date:
    """Return the first day of the day's week, month or quarter."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1, month=day.month if unit == "month" else day.month - (day.month - 1) % 3)


def of_customers_seen(user: User, surveys: Iterable[int], since: date | None, until: date | None) -> OwnCounts:
    """Count the answers and invitations of the customers a colleague sees. Two queries, a row for each.

    For a colleague who sees their own customers, few of all. Of what could not be delivered or was not asked, no time
    is known but that of the invitation.
    """
    surveys = [*surveys]
    rows = [*_answers(user, surveys, since, until), *_steps(user, surveys)]
    first, last = since or date.min, until or date.max
    return OwnCounts([row for row in rows if first <= row.day <= last])


def _answers(user: User, surveys: Sequence[int], since: date | None, until: date | None) -> Iterator[DayCount]:
    answers = Answer.objects.visible_to(user).filter(days.within("answered_at", since, until), survey__in=surveys)
    for survey, at, score, marks in answers.values_list("survey", "answered_at", "score", "marks"):
        day = business_day(at)
        yield DayCount(day, STEP, Step.ANSWERED, 1)
        for (_survey, _day, name, value), count in answer_counts(survey, day, score, marks).items():
            yield DayCount(day, name, value, count)


def _steps(user: User, surveys: Sequence[int]) -> Iterator[DayCount]:
    invitations = Invitation.objects.visible_to(user).filter(survey__in=surveys)
    columns = ("state", "reason", "created_at", "sent_at", "delivered_at", "opened_at", "started_at", "answered_at")
    for row in invitations.values(*columns):
        for step, at in _reached(row):
            yield DayCount(business_day(at), STEP, str(step), 1)


def _reached(row: dict[str, Any]) -> Iterator[tuple[str, datetime]]:
    """Yield the steps of an invitation, and when."""
    asked_at = row["sent_at"] or row["created_at"]
    reached = {
        Step.SENT: row["sent_at"],
        Step.DELIVERED: row["delivered_at"],
        Step.OPENED: row["opened_at"],
        Step.STARTED: row["started_at"],
        Step.REPLIED: row["answered_at"] if row["sent_at"] else None,
        Step.FAILED: asked_at if row["state"] == InvitationState.FAILED else None,
        f"dropped:{row['reason']}": asked_at if row["state"] == InvitationState.DROPPED else None,
    }
    yield from ((step, at) for step, at in reached.items() if at is not None)
