from core.web.charts.scale import Scale, polyline


def test_values_stand_between_the_ends_in_proportion():
    across = Scale(0, 10, 20, 120)
    assert [across.place(value) for value in (0, 2.5, 10, 12)] == [20, 45, 120, 140]


def test_a_height_counts_downwards():
    upwards = Scale(-100, 100, 96, 4)
    assert [upwards.place(value) for value in (-100, 0, 100)] == [96, 50, 4]


def test_what_lies_outside_stands_at_the_edge_when_clamped():
    assert [Scale(0, 1, 6, 154).clamped(value) for value in (-0.2, 0.5, 1.2)] == [6, 80, 154]


def test_a_scale_without_extent_puts_everything_at_its_start():
    assert Scale(5, 5, 21, 3).place(5) == 21


def test_places_are_rounded():
    assert (Scale(0, 3, 0, 10).place(1), Scale(0, 3, 0, 10, digits=2).place(1)) == (3.3, 3.33)


def test_points_are_text_with_a_decimal_point():
    assert polyline([(3, 20.5), (48.0, 3.0)]) == "3,20.5 48.0,3.0"
