"""Who was followed, and what came after: read from what was logged."""

import numpy as np

from scoring.backtest.outcomes import fell, lives

TRIAL, ACTIVE, CHURNED, ARCHIVED = 1, 2, 3, 4
ANN, BEN, CEM = 1, 5, 9
WHO = np.array([ANN, BEN, CEM])
TODAY = 100


def stages(*rows):
    return np.array(sorted(rows), dtype=[(name, np.int64) for name in ("customer", "known_on", "stage")])


def test_who_leaves_later_was_followed_then():
    found = lives(WHO, stages((ANN, 10, ACTIVE), (BEN, 10, ACTIVE), (BEN, 101, CHURNED), (CEM, 100, CHURNED)), TODAY)
    assert found.followed.tolist() == [True, True, False]
    assert found.churned.tolist() == [False, True, False]


def test_archived_without_churn_is_lost_from_sight():
    found = lives(WHO, stages((ANN, 10, TRIAL), (ANN, 120, ARCHIVED), (BEN, 10, ACTIVE), (BEN, 120, CHURNED)), TODAY)
    assert found.gone.tolist() == [True, False, False]
    assert found.churned.tolist() == [False, True, False]


def test_a_customer_is_followed_since_it_came_or_came_back():
    ann = (ANN, 10, TRIAL), (ANN, 40, ACTIVE), (ANN, 70, ACTIVE)
    ben = (BEN, 10, ACTIVE), (BEN, 20, CHURNED), (BEN, 90, ACTIVE)
    assert lives(WHO, stages(*ann, *ben), TODAY).since.tolist()[:2] == [10, 90]


def revenue(*rows):
    return np.array(list(rows), dtype=[(name, np.int64) for name in ("customer", "amount", "currency")])


def test_revenue_fell_by_so_much_and_what_is_not_known_did_not_fall():
    before = revenue((ANN, 1000, 7), (BEN, 1000, 7))
    after = revenue((ANN, 800, 7), (BEN, 900, 7), (CEM, 5, 7))
    assert [part.tolist() for part in fell(WHO, before, after, 20)] == [[True, False, False], [True, True, False]]
    assert fell(WHO, before, after, 0)[0].tolist() == [True, True, False]


def test_another_currency_is_no_fall():
    found, known = fell(WHO, revenue((ANN, 1000, 7)), revenue((ANN, 800, 8)), 0)
    assert not found.any() and not known.any()
