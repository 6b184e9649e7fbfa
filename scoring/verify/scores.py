"""Current scores and history against scores derived from the log, not from the stored counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from core.days import ONE_DAY, business_day
from core.models import Run
from customers.models import Act, Changed, Customer
from scoring.inputs import read
from scoring.inputs.last_seen import with_last_seen
from scoring.models import CurrentScore, ScoreHistory, ScoringModel
from scoring.runs import history, recompute, thinning
from scoring.vectorised import Row
from scoring.verify.engines import Engines
from scoring.verify.report import Difference, Report
from scoring.verify.tables import LOG

_FIELDS = (
    "engagement",
    "engagement_band",
    "health",
    "health_band",
    "coverage",
    "last_active_on",
    "flagged",
    "inputs_digest",
)


class Scores:
    """Compares scores."""

    def __init__(self, report: Report, engines: Engines) -> None:
        self.report = report
        self._engines = engines
        unfinished = Run.objects.filter(job=history.JOB, finished_at=None).values_list("period", flat=True)
        self._being_written = {date.fromisoformat(period) for period in unfinished}
        planned = Run.objects.filter(job=history.JOB).values_list("period", flat=True)
        closed = {date.fromisoformat(period) for period in planned} - self._being_written
        # By the last closed day: what a later thinning takes away cannot be missing yet.
        self.last_closed = max(closed, default=None)
        self._closed = {day for day in closed if thinning.is_kept(day, max(closed) + ONE_DAY)}

    def current(self, customers: Sequence[int]) -> None:
        """Compare current scores; customers that changed since are pending."""
        changed = set(Changed.objects.filter(customer__in=customers).values_list("customer", flat=True))
        groups: dict[tuple[int, date], dict[int, Row]] = defaultdict(dict)
        rows = CurrentScore.objects.filter(customer__in=customers).order_by("customer")
        for customer, model, as_of, *numbers in rows.values_list("customer", "model", "as_of", *_FIELDS):
            # Changed since it was scored: a difference is expected.
            if customer in changed:
                self.report.pending["customers changed and not scored yet"] += 1
            else:
                groups[model, as_of][customer] = _row(customer, numbers)
        for (model, as_of), stored in groups.items():
            batch_engine = self._engines.load(model)
            columns = read.current(batch_engine, list(stored), as_of=as_of, known_on=as_of, tables=LOG)
            scores = recompute.score(batch_engine, columns, as_of)
            scores = with_last_seen(scores, batch_engine, as_of, tables=LOG)
            derived = {row.customer: row for row in scores.rows()}
            self._compare("Current score", "current scores", as_of, stored, derived)
        self._unscored(customers, changed)

    def _unscored(self, customers: Sequence[int], changed: set[int]) -> None:
        """A followed customer without a score and without a row of the feed would wait for ever."""
        if not ScoringModel.objects.current():
            return
        waiting = Customer.objects.followed().filter(pk__in=customers, score=None)
        for customer in waiting.exclude(pk__in=changed).values_list("pk", flat=True):
            self.report.add(Difference("Current score", f"of customer {customer}", "none", "one"))

    def history(self, customers: Sequence[int]) -> None:
        """Compare every stored day with that day recomputed as known then, in the version each row names."""
        stored = self._stored(customers)
        current = ScoringModel.objects.current()
        if current is None:
            return
        acts, everybody = _acts(customers), _merged(stored)
        for i, version in enumerate(sorted(stored) or [current.pk]):
            batch_engine, of_days = self._engines.load(version), stored.get(version, {})
            window = batch_engine.reach
            # Once, whatever the number of versions: a closed day must have everybody who was followed.
            closed = self._closed if i == 0 else frozenset()
            # Not each day from first to last: between an old import and today may lie years without history.
            days = {*of_days, *closed}
            if not days:
                continue
            for day, scores in recompute.over_days(batch_engine, customers, min(days), max(days), LOG, only=days):
                mine = of_days.get(day, {})
                missing = day in closed
                derived = {
                    row.customer: row
                    for row in scores.rows()
                    if row.customer in mine or (missing and row.customer not in everybody.get(day, ()))
                }
                self._compare("History", "days of history", day, mine, derived, acts, window)

    def _stored(self, customers: Sequence[int]) -> dict[int, dict[date, dict[int, Row]]]:
        stored: dict[int, dict[date, dict[int, Row]]] = defaultdict(lambda: defaultdict(dict))
        rows = ScoreHistory.objects.filter(customer__in=customers)
        for customer, day, model, *numbers in rows.values_list("customer", "day", "model", *_FIELDS).iterator():
            if day in self._being_written:
                self.report.pending["days of history being written"] += 1
            else:
                stored[model][day][customer] = _row(customer, numbers)
        return stored

    def _compare(
        self,
        what: str,
        counted_as: str,
        day: date,
        stored: Mapping[int, Row],
        derived: Mapping[int, Row],
        acts: Mapping[int, Sequence[Act]] | None = None,
        window: int = 0,
    ) -> None:
        self.report.compared[counted_as] += len(stored)
        for customer in sorted({*stored, *derived}):
            first, other = stored.get(customer), derived.get(customer)
            if first != other:
                explained = _explanation((acts or {}).get(customer, ()), day, window)
                where = f"of customer {customer} on {day}"
                self.report.add(Difference(what, where, _in_words(first, other), _in_words(other, first), explained))


def _merged(stored: Mapping[int, Mapping[date, Mapping[int, Row]]]) -> dict[date, set[int]]:
    """Return who has a row on each day, in any version."""
    everybody: dict[date, set[int]] = defaultdict(set)
    for of_days in stored.values():
        for day, rows in of_days.items():
            everybody[day].update(rows)
    return everybody


def _row(customer: int, numbers: Sequence[Any]) -> Row:
    *rest, digest = numbers
    return Row._make([customer, *rest, bytes(digest)])


def _in_words(row: Row | None, other: Row | None) -> str:
    """Name the fields in which a row differs from the other."""
    if row is None:
        return "none"
    if other is None:
        return f"engagement {row.engagement}, health {row.health}"
    return ", ".join(
        f"{name} {value.hex() if isinstance(value, bytes) else value}"
        for name, value, its in zip(Row._fields, row, other, strict=True)
        if value != its
    )


def _acts(customers: Sequence[int]) -> Mapping[int, Sequence[Act]]:
    acts: dict[int, list[Act]] = defaultdict(list)
    for act in Act.objects.filter(customer__in=customers).order_by("pk"):
        acts[act.customer_id or 0].append(act)
    return acts


def _explanation(acts: Iterable[Act], day: date, window: int) -> str:
    """Name the act that rewrote a day this score looked at, as acts did before counts had signs."""
    for act in acts:
        if act.from_day is None or act.to_day is None:
            continue
        reached = act.from_day.toordinal() <= day.toordinal() < act.to_day.toordinal() + window
        if reached and business_day(act.at) > day:
            return f"changed by {act}"
    return ""
