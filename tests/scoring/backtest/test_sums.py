"""The sums that weights are fitted to are the engine's own."""

import numpy as np
import pytest

from scoring import engine
from scoring.backtest import sums
from scoring.engine import Weight, decay_table
from tests.scoring import worlds
from tests.scoring.worlds import AS_OF


@pytest.mark.parametrize("seed", range(60))
def test_points_times_sums_are_the_engagement_but_for_rounding(seed):
    batch_engine, customers = worlds.world(seed, 20)
    weights = batch_engine.model.weights
    plain = {pk: facts for pk, facts in customers.items() if all(abs(row.value_sum) < 2**50 for row in facts.counts)}
    read = worlds.columns(plain, batch_engine.names)
    decay = np.zeros((1, len(weights), max(weight.window for weight in weights)))
    for i, weight in enumerate(weights):
        decay[0, i, : weight.window] = np.array(weight.decay) / 1e6
    found = sums.decayed(read, weights, decay, AS_OF)[0] @ [weight.points for weight in weights]
    facts = batch_engine.facts(read, as_of=AS_OF, known_on=AS_OF)
    exact = facts.sums.totals(batch_engine.points)[0]
    np.testing.assert_allclose(found, exact, rtol=1e-9, atol=len(weights))  # of each weight, half a hundredth


def test_each_half_life_has_its_decay_and_a_weights_own_one_stays():
    weights = (Weight(3, 100, 10, tuple(decay_table(60, 15))), Weight(5, 100, 10, tuple(decay_table(60, 20))))
    table = sums.decays(weights, frozenset({5}), [30, sums.NO_HALF_LIFE])
    assert table[0, 0, 30] == 0.5 and table[1, 0, 59] == 1
    assert table[0, 1, 20] == table[1, 1, 20] == 0.5
    counts = [engine.Count(3, AS_OF - 30, AS_OF, 4), engine.Count(5, AS_OF - 20, AS_OF, 2)]
    read = worlds.columns({1: engine.Facts(counts=counts)}, ())
    assert sums.decayed(read, weights, table, AS_OF)[:, 0].tolist() == [[2, 1], [4, 1]]
