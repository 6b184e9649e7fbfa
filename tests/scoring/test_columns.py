"""The fast path against the plain-Python reference: the same bits, also at the limits."""

from random import Random

import numpy as np
import pytest

from scoring import engine
from scoring.vectorised import BatchEngine
from tests.scoring import worlds
from tests.scoring.worlds import AS_OF

WORLDS, SIZE = 200, 50


@pytest.mark.parametrize("seed", range(0, WORLDS, 20))
def test_the_fast_path_and_the_reference_agree_bit_for_bit(seed):
    """10,000 customers in all, by 200 models. Contributions add up for each."""
    for one in range(seed, seed + 20):
        batch_engine, customers = worlds.world(one, SIZE)
        known_on = AS_OF + Random(one).randint(-5, 2)
        fast = batch_engine.score(worlds.columns(customers, batch_engine.names), as_of=AS_OF, known_on=known_on)
        for row in fast.rows():
            facts = customers[row.customer]
            engagement, health = engine.score(batch_engine.model, facts, as_of=AS_OF, known_on=known_on)
            assert (row.engagement, row.engagement_band) == (engagement.total, engagement.band)
            assert (row.health, row.health_band, row.coverage) == (health.total, health.band, health.coverage)
            assert row.flagged == engine.is_flagged(batch_engine.model, facts, as_of=AS_OF, known_on=known_on)
            assert_adds_up(engagement, health)


def assert_adds_up(engagement, health):
    if engagement.total is not None:
        assert sum(line.contribution for line in engagement.lines) == engagement.total
    if health.total is not None:
        lines = sum(line.contribution for line in health.lines)
        assert lines + health.capped + (health.overridden or 0) == health.total


def test_what_was_read_in_another_order_or_beside_others_gives_the_same_digest():
    batch_engine, customers = worlds.world(7, 40)
    together = batch_engine.score(worlds.columns(customers, batch_engine.names), as_of=AS_OF, known_on=AS_OF)
    for pk, digest in zip(together.customers.tolist(), together.digests, strict=True):
        alone = worlds.columns({pk: customers[pk]}, batch_engine.names)
        assert batch_engine.score(alone, as_of=AS_OF, known_on=AS_OF).digests == [digest]


def test_the_largest_score_the_limits_allow_fits_and_is_exact():
    decay = tuple(engine.decay_table(730, None))
    weights = (engine.Weight(3, 100_000, 100_000, decay), engine.Weight(5, -100_000, 100_000, decay))
    bands = engine.Bands(0, 4000, 7000, 10_000, 5000, 7500)
    batch_engine = BatchEngine(engine.Model(1, 730, weights, (engine.Factor("engagement", 1, 0, 10_000),), bands, 40))
    counts = [engine.Count(kind, AS_OF - age, AS_OF, 10**9) for age in range(730) for kind in ((3,) if age else (3, 5))]
    columns = worlds.columns({1: engine.Facts(counts=counts, last_active_day=AS_OF)}, batch_engine.names)
    fast = batch_engine.score(columns, as_of=AS_OF, known_on=AS_OF)
    assert next(fast.rows()).engagement == 100_000 * 100_000 * 730 - 100_000 * 100_000


def test_scores_of_some_of_the_customers_are_those_rows():
    batch_engine, customers = worlds.world(3, 10)
    scores = batch_engine.score(worlds.columns(customers, batch_engine.names), as_of=AS_OF, known_on=AS_OF)
    mask = np.arange(10) % 2 == 0
    assert list(scores.only(mask).rows()) == list(scores.rows())[::2]
