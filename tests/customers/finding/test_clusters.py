from hypothesis import given
from hypothesis import strategies as st

from customers.finding.clusters import clusters

PAIRS = st.sets(st.tuples(st.integers(1, 6), st.integers(1, 6)).filter(lambda pair: pair[0] < pair[1]))


def test_all_are_one_cluster_until_somebody_tells_two_apart():
    assert clusters([3, 1, 2], ()) == [[1, 2, 3]]


def test_who_was_told_apart_from_the_first_is_compared_with_the_others():
    assert clusters([1, 2, 3], {(1, 2)}) == [[1, 3]]
    assert clusters([1, 2, 3], {(1, 2), (1, 3)}) == [[2, 3]]
    assert clusters([1, 2], {(1, 2)}) == []


@given(PAIRS)
def test_there_is_a_cluster_as_long_as_a_pair_is_left(apart):
    """As the query that forms the groups has it: n (n - 1) / 2 pairs, less those told apart."""
    found = clusters(range(1, 7), apart)
    assert bool(found) == (len(apart) < 15)
    for first, *others in found:
        assert not any((first, other) in apart for other in others)
