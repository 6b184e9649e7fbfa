"""What moved: differences of contributions that add up to the differences of the scores. Pure."""

from dataclasses import replace
from datetime import date

from events.models import EventType
from scoring import engine
from scoring.explain.score_change import NOTHING, SHOWN, compare, summarise

TYPES = {number: EventType(pk=number, name=f"Type {number:02}") for number in range(1, 21)}
BANDS = engine.Bands(0, 40_00, 70_00, 100_00, 50_00, 75_00)
DAY = date(2026, 6, 1)


def model(types):
    decay = tuple(engine.decay_table(30, 15))
    weights = tuple(engine.Weight(number, 100 * number, 10, decay) for number in range(1, types + 1))
    factors = (engine.Factor("engagement", 70, 0, 100_00), engine.Factor("days_since_activity", 30, 45_00, 3_00))
    return engine.Model(1, 30, weights, factors, BANDS, 40)


def scored(a_model, counts, as_of, silence=0):
    rows = [engine.Count(number, day, day, count) for number, day, count in counts]
    engagement = engine.engagement(a_model, rows, [], as_of=as_of, known_on=as_of, last_active_day=as_of - silence)
    inputs = {"engagement": engagement.total, "days_since_activity": silence * 100}
    return engagement, engine.health(a_model, inputs)


def test_differences_add_up_for_engagement_and_for_health():
    one = model(3)
    counts = [(1, 90, 3), (2, 95, 2), (3, 110, 4), (2, 112, 1)]
    then, now = scored(one, counts, 100, silence=5), scored(one, counts, 114, silence=2)
    found = compare(then, now, TYPES, DAY, 14)
    assert sum(line.difference for line in found.lines) == found.engagement_difference
    assert found.engagement_difference == now[0].total - then[0].total
    assert sum(factor.difference for factor in found.factors) == found.health_difference
    assert found.health_difference == now[1].total - then[1].total


def test_the_largest_comes_first_and_what_stayed_is_left_out():
    one = model(3)
    then, now = scored(one, [(1, 100, 1), (3, 100, 5)], 100), scored(one, [(1, 114, 1), (2, 114, 1)], 114)
    assert [(line.name, line.difference) for line in compare(then, now, TYPES, DAY, 14).lines] == [
        ("Type 03", -15_00),
        ("Type 02", 2_00),
    ]


def test_many_small_ones_are_one_line_that_keeps_the_sum():
    many = model(20)
    then, now = scored(many, [], 100), scored(many, [(number, 114, 1) for number in range(1, 21)], 114)
    found = compare(then, now, TYPES, DAY, 14)
    assert len(found.shown) == SHOWN
    assert found.other_count == 12
    assert sum(line.difference for line in found.shown) + found.others.difference == 210_00
    assert found.others.count == 12


def test_what_is_below_half_a_point_is_told_together():
    one = model(3)
    small = (replace(one.weights[0], points=49), replace(one.weights[1], points=50), replace(one.weights[2], points=20))
    one = replace(one, weights=small)
    now = scored(one, [(number, 114, 1) for number in (1, 2, 3)], 114)
    found = compare(scored(one, [], 100), now, TYPES, DAY, 14)
    assert [(line.name, line.difference) for line in found.shown] == [("Type 02", 50)]
    assert (found.others.difference, found.other_count, found.others_are_small) == (69, 2, True)
    summary = summarise(found.lines)
    assert ([part.name for part in summary.parts], summary.others, summary.rest) == (["Type 02"], 2, 69)
    assert summary.are_small
    assert (
        sum(factor.difference for factor in found.shown_factors)
        + (found.small_factors.difference if found.small_factors else 0)
        == found.health_difference
    )


def test_one_more_than_fits_is_shown_rather_than_folded():
    nine = model(SHOWN + 1)
    now = scored(nine, [(number, 114, 1) for number in range(1, SHOWN + 2)], 114)
    found = compare(scored(nine, [], 100), now, TYPES, DAY, 14)
    assert (len(found.shown), found.others) == (SHOWN + 1, None)


def test_where_health_was_unknown_no_factor_is_said_to_have_moved_it():
    one = model(1)
    silent = engine.engagement(one, [], [], as_of=100, known_on=100, last_active_day=None), engine.health(one, {})
    found = compare(silent, scored(one, [(1, 114, 2)], 114), TYPES, DAY, 14)
    assert (found.health_difference, found.factors) == (None, [])
    assert found.engagement_difference == 2_00


def test_two_versions_differ_by_what_each_has_alone_as_well():
    before, after = model(2), model(3)
    counts = [(1, 100, 1), (2, 100, 1), (3, 100, 4)]
    found = compare(scored(before, counts, 100), scored(after, counts, 100), TYPES, DAY, 0)
    assert [(line.name, line.before, line.now) for line in found.lines] == [("Type 03", 0, 12_00)]
    back = compare(scored(after, counts, 100), scored(before, counts, 100), TYPES, DAY, 0)
    assert [(line.name, line.before, line.now) for line in back.lines] == [("Type 03", 12_00, 0)]
    assert sum(factor.difference for factor in back.factors) == back.health_difference != 0


def test_in_brief_three_are_told_and_the_rest_is_one_number():
    one = model(6)
    found = compare(scored(one, [], 100), scored(one, [(n, 100, 1) for n in range(1, 7)], 100), TYPES, DAY, 0)
    parts, others, rest, _ = found.engagement_summary
    assert [part.difference for part in parts] == [6_00, 5_00, 4_00]
    assert (others, rest) == (3, 3_00 + 2_00 + 1_00)


def test_before_the_first_version_everything_is_new():
    one = model(1)
    found = compare(NOTHING, scored(one, [(1, 100, 2)], 100), TYPES, DAY, 0)
    assert [(line.before, line.now) for line in found.lines] == [(0, 2_00)]
    assert (found.health_before, found.factors) == (None, [])
