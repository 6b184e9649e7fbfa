"""The chart of a year's scores draws the bands of the version that scored, not those of another."""

from datetime import date, timedelta
from itertools import pairwise

from scoring.engine import Bands
from scoring.explain.score_history import History, Point
from scoring.explain.score_history_chart import WIDTH, levels
from scoring.templatetags.scores import history_chart

TODAY = date(2026, 6, 15)
BANDS = {
    1: Bands(0, 40_00, 70_00, 100_00, yellow_from=60_00, green_from=80_00),
    2: Bands(-5_00, 40_00, 70_00, 90_00, yellow_from=60_00, green_from=82_50),
}


def history(*versions):
    """Return four days of a version each, the last one yesterday."""
    days = [TODAY - timedelta(days=ago) for ago in range(len(versions), 0, -1)]
    points = [Point(day, 50_00, 70_00, version) for day, version in zip(days, versions, strict=True)]
    changes = [(after.day, after.version) for before, after in pairwise(points) if before.version != after.version]
    return History(points, changes, [], BANDS)


def drawn(of_course, name):
    return {level.label: (level.start, level.end) for level in levels(of_course, TODAY, name, low=-10_00, high=100_00)}


def test_the_lines_are_the_versions_own_bands():
    across = ("0.0", str(float(WIDTH)))
    assert drawn(history(1, 1), "health") == dict.fromkeys(["0", "100", "60", "80"], across)
    assert drawn(history(1, 1), "engagement") == dict.fromkeys(["0", "40", "70", "100"], across)


def test_a_line_ends_where_a_version_with_another_bound_begins():
    lines = drawn(history(1, 1, 2, 2), "health")
    assert lines["60"] == lines["0"] == ("0.0", str(float(WIDTH))), "both versions draw it: one line"
    assert lines["80"][0] == "0.0"
    assert lines["82.5"] == (lines["80"][1], str(float(WIDTH)))


def test_a_bound_outside_the_chart_is_not_drawn():
    labels = {level.label for level in history_chart(history(2, 2), TODAY, "engagement")["levels"]}
    assert labels == {"0", "40", "70", "90"}, "-5 lies below what the chart shows"


def test_a_course_without_days_has_only_the_ends_of_the_scale():
    assert set(drawn(history(), "health")) == {"0", "100"}
