"""The fast path against the plain-Python reference: the same bits, also at the limits."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import engine, explain
from scoring.columns import ACTIVE_COLUMNS, COUNT_COLUMNS, NEVER, Arithmetic

AS_OF = 740_000
CUSTOMERS = (1, 2, 7)
DAYS = st.integers(AS_OF - 740, AS_OF + 2)
KNOWN = st.integers(AS_OF - 20, AS_OF + 2)
BIG = st.one_of(st.integers(0, 5), st.sampled_from([99_999, 100_000, 10**6, 2**40]))
VALUES = st.one_of(st.integers(-20_000, 20_000), st.sampled_from([-(9 * 10**18), 10**12, 9 * 10**18]))
WINDOWS = st.one_of(st.integers(1, 730), st.sampled_from([1, 2, 729, 730]))
HALF_LIVES = st.one_of(st.none(), st.integers(1, 730))


@st.composite
def models(draw):
    window = draw(WINDOWS)
    weights = tuple(
        engine.Weight(
            event_type=event_type,
            points=draw(st.one_of(st.integers(-100_000, 100_000), st.sampled_from([-100_000, 100_000]))),
            daily_cap=draw(st.one_of(st.integers(1, 10), st.sampled_from([100_000]))),
            decay=tuple(engine.decay_table(draw(WINDOWS), draw(HALF_LIVES))),
            unit=draw(st.one_of(st.none(), st.integers(1, 20_000))),
            per_contact=draw(st.booleans()),
            is_activity=draw(st.booleans()),
        )
        for event_type in (3, 5, 9)
    )
    factors = tuple(
        engine.Factor(kind, draw(st.integers(1, 1000)), worst, best, draw(st.one_of(st.none(), st.integers(0, 10_000))))
        for kind, worst, best in (
            ("engagement", draw(st.integers(-5000, 0)), draw(st.integers(1, 50_000))),
            ("days_since_activity", draw(st.integers(1000, 9000)), draw(st.integers(0, 999))),
        )
    )
    bands = engine.Bands(0, 4000, 7000, 10_000, 5000, 7500)
    return engine.Model(1, window, weights, factors, bands, draw(st.integers(0, 100)))


ROWS = st.lists(
    st.tuples(st.sampled_from(CUSTOMERS), st.sampled_from([3, 5, 9, 11]), DAYS, KNOWN, BIG, VALUES),
    max_size=30,
)
ACTIVES = st.lists(st.tuples(st.sampled_from(CUSTOMERS), st.integers(1, 4), DAYS, KNOWN), max_size=15)
EVER = st.lists(st.one_of(st.just(NEVER), st.integers(AS_OF - 800, AS_OF)), min_size=3, max_size=3)


def array(rows, names):
    return np.array(rows, dtype=[(name, np.int64) for name in names])


@settings(max_examples=300, deadline=None)
@given(models(), ROWS, ACTIVES, EVER, st.integers(AS_OF - 5, AS_OF + 2))
def test_the_fast_path_and_the_reference_agree_bit_for_bit(model, rows, actives, ever, known_on):
    fast = Arithmetic(model).score(
        np.array(CUSTOMERS, dtype=np.int64),
        array(rows, COUNT_COLUMNS),
        array(actives, ACTIVE_COLUMNS),
        np.array(ever, dtype=np.int64),
        as_of=AS_OF,
        known_on=known_on,
    )
    for customer, last, row in zip(CUSTOMERS, ever, fast.rows(), strict=True):
        ever_active = None if last == NEVER else last
        engagement = engine.engagement(
            model,
            [engine.Count(*r[1:]) for r in rows if r[0] == customer],
            [engine.Active(*r[1:]) for r in actives if r[0] == customer],
            as_of=AS_OF,
            known_on=known_on,
            ever_active=ever_active,
        )
        health = engine.health(model, explain.inputs(engagement, ever_active, AS_OF))
        assert (row.engagement, row.engagement_band) == (engagement.total, engagement.band)
        assert (row.health, row.health_band, row.coverage) == (health.total, health.band, health.coverage)
        if engagement.total is not None:
            assert sum(line.contribution for line in engagement.lines) == engagement.total
        if health.total is not None:
            assert sum(line.contribution for line in health.lines) == health.total


def test_the_largest_score_the_limits_allow_fits_and_is_exact():
    decay = tuple(engine.decay_table(730, None))
    weights = (engine.Weight(3, 100_000, 100_000, decay), engine.Weight(5, -100_000, 100_000, decay))
    bands = engine.Bands(0, 4000, 7000, 10_000, 5000, 7500)
    model = engine.Model(1, 730, weights, (engine.Factor("engagement", 1, 0, 10_000),), bands, 40)
    rows = [(1, kind, AS_OF - age, AS_OF, 10**9, 0) for age in range(730) for kind in ((3,) if age else (3, 5))]
    fast = Arithmetic(model).score(
        np.array([1]), array(rows, COUNT_COLUMNS), array([], ACTIVE_COLUMNS), np.array([AS_OF]),
        as_of=AS_OF, known_on=AS_OF,
    )  # fmt: skip
    assert next(fast.rows()).engagement == 100_000 * 100_000 * 730 - 100_000 * 100_000
