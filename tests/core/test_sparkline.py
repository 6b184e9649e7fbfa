from core.web.charts.sparkline import EDGE, HEIGHT, WIDTH, lines


def test_the_line_goes_from_edge_to_edge_and_from_low_to_high():
    assert lines([0, 100], low=0, high=100) == [[(EDGE, HEIGHT - EDGE), (WIDTH - EDGE, EDGE)]]


def test_an_unknown_day_is_a_gap_not_a_zero():
    first, second = lines([0, None, 100], low=0, high=100)
    assert first == [(EDGE, HEIGHT - EDGE)]
    assert second == [(WIDTH - EDGE, EDGE)]


def test_a_break_ends_a_line_and_begins_another():
    assert [len(line) for line in lines([1, 2, 3, 4], low=0, high=4, breaks=[2])] == [2, 2]
    assert [len(line) for line in lines([1, 2, None, 4], low=0, high=4, breaks=[2, 3])] == [2, 1]


def test_nothing_known_is_no_line_and_a_flat_one_stays_inside():
    assert lines([None, None], low=0, high=100) == []
    assert lines([5, 5], low=5, high=5) == [[(EDGE, HEIGHT - EDGE), (WIDTH - EDGE, HEIGHT - EDGE)]]
