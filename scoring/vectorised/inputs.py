"""What the factors of health read, for many customers at once (scoring/engine/inputs.py says what each is)."""

from collections.abc import Callable

import numpy as np

from scoring import engine
from scoring.engine import COUNT_LIMIT, INPUT_LIMIT, PERIOD_VALUE_LIMIT, VALUE_LIMIT, Factor, Kind
from scoring.engine.inputs import LOGGED, OVERRIDE, log_name
from scoring.vectorised.shapes import NEVER, Columns, Known
from scoring.vectorised.sums import active_contacts, places, summed

FROM_SCORE = (Kind.ENGAGEMENT, Kind.ENGAGEMENT_TREND)  # read when the score is judged


class Inputs:
    """Reads the inputs of one day."""

    def __init__(
        self, model: engine.Model, names: tuple[str, ...], columns: Columns, as_of: int, known_on: int
    ) -> None:
        self.model, self.names, self.columns = model, names, columns
        self.as_of, self.known_on = as_of, known_on
        self.size = len(columns.customers)
        self.log = _Log(columns, len(names))
        self.by_kind: dict[str, Callable[[Factor], Known]] = {
            Kind.KEY_ACTIONS: self._key_actions,
            Kind.ACTIVE_CONTACTS: self._active_contacts,
            Kind.DAYS_SINCE_ACTIVITY: lambda factor: self._days_since(columns.last_active_day),
            Kind.DAYS_SINCE_TOUCH: lambda factor: self._days_since(columns.last_touch_day),
            Kind.PURCHASES: self._purchases,
            Kind.PURCHASE_VALUE: self._purchase_value,
            Kind.OLDEST_TICKET: self._oldest_ticket,
            Kind.MRR_CHANGE: self._mrr_change,
        }

    def all(self) -> dict[str, Known]:
        factors = [factor for factor in self.model.factors if factor.kind not in FROM_SCORE]
        return {
            factor.key: self._nobody()
            if factor.key in self.columns.silent
            else self.by_kind.get(factor.kind, self._number)(factor)
            for factor in factors
        }

    def override(self) -> Known:
        row = self._row(OVERRIDE, self.as_of)
        value = np.clip(_hundredths(row["number"]), 0, 10_000)
        return Known(value, (row["is_known"] == 1) & (row["mark"] >= self.as_of))

    def flagged(self) -> np.ndarray:
        counts, logged = self.columns.counts, self.columns.logged
        age = self.as_of - counts["day"]
        within = (counts["known_on"] <= self.known_on) & (age >= 0) & (age < self.model.reach)
        absurd = (counts["count"] > COUNT_LIMIT) | (np.abs(counts["value_sum"]) >= VALUE_LIMIT)
        said = (logged["known_on"] <= min(self.as_of, self.known_on)) & (logged["is_known"] == 1)
        beyond = (logged["number"] > INPUT_LIMIT) | (logged["number"] < -INPUT_LIMIT)
        flagged = np.zeros(self.size, dtype=bool)
        for rows in (counts[within & absurd], logged[said & beyond]):
            flagged[np.searchsorted(self.columns.customers, rows["customer"])] = True
        return flagged

    def _key_actions(self, factor: Factor) -> Known:
        rows = self._counts(factor, lambda weight: weight.is_key_action)
        different = np.unique(rows[["customer", "event_type"]])
        return Known(self._per_customer(different["customer"]) * 100, self.columns.last_active_day != NEVER)

    def _purchases(self, factor: Factor) -> Known:
        count, _ = self._bought(factor)
        return Known(count * 100, self.columns.last_active_day != NEVER)

    def _purchase_value(self, factor: Factor) -> Known:
        count, value = self._bought(factor)
        return Known(_rounded(value, 10 * np.maximum(count, 1)), count > 0)

    def _bought(self, factor: Factor) -> tuple[np.ndarray, np.ndarray]:
        """Return count and value of purchases in the factor's days; each day and type is clamped."""
        rows = self._counts(factor, lambda weight: weight.is_purchase)
        totals = np.zeros((2, self.size), dtype=np.int64)
        if len(rows):
            rows = rows[np.lexsort((rows["day"], rows["event_type"], rows["customer"]))]
            keys = np.column_stack([rows[name] for name in ("customer", "event_type", "day")])
            first = np.flatnonzero(np.any(np.diff(keys, axis=0, prepend=-1), axis=1))
            who = np.searchsorted(self.columns.customers, rows["customer"][first])
            np.add.at(totals[0], who, np.minimum(summed(rows["count"], first), COUNT_LIMIT))
            value = summed(rows["value_sum"], first)
            np.add.at(totals[1], who, np.clip(value, -PERIOD_VALUE_LIMIT, PERIOD_VALUE_LIMIT))
        return totals[0], totals[1]

    def _counts(self, factor: Factor, of: Callable[[engine.Weight], bool]) -> np.ndarray:
        """Return the counts of the factor's days whose types are so marked."""
        counts = self.columns.counts
        wanted = np.array([weight.event_type for weight in self.model.weights if of(weight)], dtype=np.int64)
        _, is_wanted = places(wanted, counts["event_type"])
        age = self.as_of - counts["day"]
        return counts[is_wanted & (counts["known_on"] <= self.known_on) & (age >= 0) & (age < factor.days)]

    def _per_customer(self, customers: np.ndarray) -> np.ndarray:
        return np.bincount(np.searchsorted(self.columns.customers, customers), minlength=self.size)

    def _active_contacts(self, factor: Factor) -> Known:
        contacts, known = self._number(factor)
        active = active_contacts(self.columns, factor.days, self.as_of, self.known_on)
        share = np.minimum(10_000, active * 10_000 // np.maximum(contacts // 100, 1))
        return Known(share, known & (contacts >= 100))

    def _days_since(self, day: np.ndarray) -> Known:
        return Known((self.as_of - day) * 100, day != NEVER)

    def _oldest_ticket(self, factor: Factor) -> Known:
        row = self._row(log_name(factor), self.as_of)
        waited = np.maximum(0, self.as_of - row["mark"]) * 100
        return Known(np.where(row["mark"] == 0, 0, waited), self._fresh(factor, row))

    def _mrr_change(self, factor: Factor) -> Known:
        row = self._row(LOGGED[Kind.MRR_CHANGE], self.as_of)
        before = self._row(LOGGED[Kind.MRR_CHANGE], self.as_of - factor.days)
        comparable = (before["is_known"] == 1) & (before["mark"] == row["mark"]) & (before["number"] > 0)
        then = np.clip(before["number"], 1, INPUT_LIMIT)
        now = np.clip(row["number"], -INPUT_LIMIT, INPUT_LIMIT)
        return Known(_rounded((now - then) * 10_000, then), comparable & self._said(factor, row))

    def _number(self, factor: Factor) -> Known:
        row = self._row(log_name(factor), self.as_of)
        return Known(_hundredths(row["number"]), self._said(factor, row))

    def _row(self, name: str | None, day: int) -> np.ndarray:
        assert name is not None
        return self.log.last(self.names.index(name), min(day, self.known_on))

    def _said(self, factor: Factor, row: np.ndarray) -> np.ndarray:
        fresh: np.ndarray = self._fresh(factor, row) & (row["is_known"] == 1)
        return fresh

    def _fresh(self, factor: Factor, row: np.ndarray) -> np.ndarray:
        fresh: np.ndarray = (row["known_on"] != NEVER) & (self.as_of - row["known_on"] <= factor.max_age)
        return fresh

    def _nobody(self) -> Known:
        return Known(np.zeros(self.size, dtype=np.int64), np.zeros(self.size, dtype=bool))


class _Log:
    """The log of inputs, in order, so that the last row before any day is found by bisection."""

    _FAR = 1 << 23  # beyond every ordinal

    def __init__(self, columns: Columns, names: int) -> None:
        who = np.searchsorted(columns.customers, columns.logged["customer"])
        key = (who * names + columns.logged["name"]) * self._FAR + columns.logged["known_on"]
        order = np.argsort(key, kind="stable")
        self._key, self._rows = key[order], columns.logged[order]
        self._who, self._names = np.arange(len(columns.customers)), names

    def last(self, name: int, day: int) -> np.ndarray:
        """Return each customer's last row of a name up to a day; all zero where there is none."""
        found = np.zeros(len(self._who), dtype=self._rows.dtype)
        if len(self._rows):
            least = (self._who * self._names + name) * self._FAR
            place = np.searchsorted(self._key, least + day, side="right") - 1
            there = (place >= 0) & (self._key[place] >= least)
            found[there] = self._rows[place[there]]
        return found


def _hundredths(thousandths: np.ndarray) -> np.ndarray:
    return _rounded(np.clip(thousandths, -INPUT_LIMIT, INPUT_LIMIT), 10)


def _rounded(part: np.ndarray, whole: np.ndarray | int) -> np.ndarray:
    """Divide by positive numbers, rounding half away from zero."""
    rounded: np.ndarray = np.sign(part) * ((np.abs(part) + whole // 2) // whole)
    return rounded
