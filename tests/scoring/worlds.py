"""Random models and customers, limits included: what the fast path and the reference must agree on."""

from dataclasses import replace
from random import Random

import numpy as np

from scoring import engine
from scoring.engine import DEFINITIONS, Unit
from scoring.vectorised import ACTIVE_COLUMNS, COUNT_COLUMNS, LOG_COLUMNS, NEVER, BatchEngine, Columns

AS_OF = 740_000
TYPES = (3, 5, 9, 12)
# Worst and best values, in hundredths, that random inputs of a unit fall between and beyond.
SPANS = {
    Unit.NUMBER: (0, 100_00), Unit.WHOLE_NUMBER: (5_00, 0), Unit.POINTS_CHANGE: (-50_00, 20_00),
    Unit.PERCENT: (-20_00, 80_00), Unit.DAYS: (45_00, 3_00), Unit.HOURS: (48_00, 2_00), Unit.MONEY: (10_000_00, 0),
}  # fmt: skip


def model(random: Random) -> engine.Model:
    kinds = random.sample(sorted(DEFINITIONS), random.randint(1, len(DEFINITIONS)))
    return engine.Model(
        version=random.randint(1, 99),
        window=random.choice([1, 2, 30, 90, 729, 730]),
        weights=tuple(_weight(random, one) for one in TYPES[: random.randint(1, len(TYPES))]),
        factors=tuple(_factor(random, kind) for kind in kinds),
        bands=engine.Bands(0, 40_00, 70_00, 100_00, 50_00, 75_00),
        least_coverage=random.choice([0, 40, 100]),
        least_history=random.choice([0, 0, 0, 30]),
    )


def _weight(random: Random, event_type: int) -> engine.Weight:
    half_life = random.choice([None, 1, 15, 730])
    return engine.Weight(
        event_type=event_type,
        points=random.choice([random.randint(-100_000, 100_000), random.randint(-20_00, 20_00), 100_000, -100_000]),
        daily_cap=random.choice([1, 3, 10, 100_000]),
        decay=tuple(engine.decay_table(random.choice([1, 2, 30, 365, 730]), half_life)),
        unit=random.choice([None, None, 1, 1_000, 20_000]),
        per_contact=random.random() < 0.3,
        is_activity=random.random() < 0.7,
        is_key_action=random.random() < 0.5,
        is_touch=random.random() < 0.4,
        is_purchase=random.random() < 0.4,
        is_grave=random.random() < 0.1,
    )


def _factor(random: Random, kind: str) -> engine.Factor:
    worst, best = random.choice([SPANS[DEFINITIONS[kind].unit], (-(10**10), 10**10)])
    if random.random() < 0.2:
        worst, best = best, worst
    capping = random.random() < 0.2
    return engine.Factor(
        kind=kind,
        weight=random.choice([1, 7, 30, 1_000]),
        worst=worst,
        best=best,
        null_points=random.choice([None, None, 0, 50_00, 33_33]),
        max_age=random.choice([1, 30, 365]),
        days=random.choice([1, 7, 30, 90, 365]),
        name="seats" if kind == "attribute" else "",
        cap_from=random.choice([0, 50_00, 100_00]) if capping else None,
        cap_to=random.choice([0, 30_00, 100_00]) if capping else 0,
    )


def facts(random: Random, names: tuple[str, ...], fed: list[str]) -> engine.Facts:
    """Make a customer: mostly ordinary, every tenth one absurd."""
    absurd = random.random() < 0.1
    return engine.Facts(
        counts=_with_withdrawn(random, [_count(random, absurd) for _ in range(random.randint(0, 12))]),
        actives=_with_withdrawn(
            random,
            [
                engine.Active(random.randint(1, 4), _day(random), _known(random), random.choice([1, 1, 3]))
                for _ in range(random.randint(0, 6))
            ],
        ),
        logged=list(
            {(row.name, row.known_on): row for row in (_row(random, names, absurd) for _ in range(12))}.values()
        ),
        last_active_day=random.choice([None, AS_OF - random.randint(0, 800), AS_OF]),
        last_touch_day=random.choice([None, AS_OF - random.randint(0, 800)]),
        first_known=random.choice([None, AS_OF, AS_OF - random.randint(0, 800)]),
        silent=frozenset(fed),
        within_new_days=random.random() < 0.2,
    )


def _with_withdrawn(random, rows):
    """Withdraw some of the rows of every third customer: all of a row, as it was, on the same day or later."""
    if random.random() < 0.67:
        return rows
    gone = [row for row in rows if random.random() < 0.4]
    back = [
        replace(
            row,
            known_on=row.known_on + random.choice([0, 0, 1, 9]),
            **{name: -getattr(row, name) for name in ("count", "value_sum") if hasattr(row, name)},
        )
        for row in gone
    ]
    return rows + back


def _count(random: Random, absurd: bool) -> engine.Count:
    return engine.Count(
        random.choice((*TYPES, 99)), _day(random), _known(random),
        random.choice([1, 2, 5, 99_999, 10**6, *([2**40, 2**62] if absurd else [])]),
        random.choice([0, 1, 19_999, -5_000, 10**12, *([9 * 10**18, -9 * 10**18] if absurd else [])]),
    )  # fmt: skip


def _row(random: Random, names: tuple[str, ...], absurd: bool) -> engine.Logged:
    number = random.choice([None, 0, 5, 9_000, 50_000, -4_321, 10**14, *([2**62, -(2**62)] if absurd else [])])
    mark = random.choice([0, 0, AS_OF - 40, AS_OF, AS_OF + 9, 4_543_826])
    return engine.Logged(random.choice(names), _known(random, 400), number, mark)


def _day(random: Random) -> int:
    return AS_OF - random.choice([-2, 0, 1, 2, 29, 30, 31, random.randint(0, 1_500)])


def _known(random: Random, back: int = 20) -> int:
    return AS_OF + 2 - random.randint(0, back)


def columns(customers: dict[int, engine.Facts], names: tuple[str, ...]) -> Columns:
    """Put customers into columns, rows in no order."""
    ids = sorted(customers)

    def array(rows, names):
        return np.array([tuple(row) for row in rows], dtype=[(name, np.int64) for name in names])

    def days(name):
        return np.array([getattr(customers[pk], name) or NEVER for pk in ids], dtype=np.int64)

    return Columns(
        customers=np.array(ids, dtype=np.int64),
        counts=array(
            (
                (pk, c.event_type, c.day, c.known_on, c.count, c.value_sum)
                for pk in reversed(ids)
                for c in customers[pk].counts
            ),
            COUNT_COLUMNS,
        ),
        actives=array(
            ((pk, a.contact, a.day, a.known_on, a.count) for pk in ids for a in customers[pk].actives), ACTIVE_COLUMNS
        ),
        logged=array(
            (
                (pk, names.index(row.name), row.known_on, row.number is not None, row.number or 0, row.mark)
                for pk in ids
                for row in customers[pk].logged
            ),
            LOG_COLUMNS,
        ),
        last_active_day=days("last_active_day"),
        last_touch_day=days("last_touch_day"),
        first_known=days("first_known"),
        silent=customers[ids[0]].silent if ids else frozenset(),
        within_new_days=np.array([customers[pk].within_new_days for pk in ids], dtype=bool),
    )


def world(seed: int, size: int) -> tuple[BatchEngine, dict[int, engine.Facts]]:
    random = Random(seed)
    batch_engine = BatchEngine(model(random))
    fed = [factor.key for factor in batch_engine.model.factors if random.random() < 0.05]
    return batch_engine, {pk: facts(random, batch_engine.names, fed) for pk in range(1, 3 * size, 3)}
