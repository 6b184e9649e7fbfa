"""Nobody's answer can be told from what is shown, nor from the difference of two things that are shown."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from surveys.results.confidence import LEAST, blocks, tellable

TODAY = date(2026, 6, 15)


def days(*counts):
    """Return the counts of the days before today, the last one yesterday's."""
    return {TODAY - timedelta(days=len(counts) - i): count for i, count in enumerate(counts)}


def test_days_are_put_together_until_five_have_answered():
    full = blocks(days(2, 3, 6, 1, 1), TODAY)
    assert [((TODAY - block.first).days, (TODAY - block.last).days) for block in full] == [(5, 4), (3, 3)]


def test_today_is_in_no_block_because_it_still_grows():
    assert blocks({TODAY: 100}, TODAY) == []


@given(st.lists(st.integers(0, 9), max_size=40), st.lists(st.integers(0, 9), max_size=10))
def test_who_looks_again_later_sees_at_least_five_more_or_the_same(before, later):
    counts = days(*before, *later)
    early = blocks(counts, TODAY - timedelta(days=len(later)))
    late = blocks(counts, TODAY)
    assert late[: len(early)] == early
    assert all(sum(counts.get(d, 0) for d in counts if block.first <= d <= block.last) >= LEAST for block in late)


@given(st.dictionaries(st.integers(0, 15), st.integers(1, 9)), st.lists(st.sets(st.integers(0, 15)), max_size=6))
def test_no_two_groups_shown_differ_by_one_to_four_answers(sizes, groups):
    members = {str(i): frozenset(cells & set(sizes)) for i, cells in enumerate(groups)}
    shown = [members[name] for name in tellable(members, sizes)] + [frozenset(sizes)]

    def size(cells):
        return sum(sizes[cell] for cell in cells)

    assert all(size(group) >= LEAST for group in shown[:-1])
    for group, other in combinations(shown, 2):
        assert not 0 < size(group - other) < LEAST
        assert not 0 < size(other - group) < LEAST
