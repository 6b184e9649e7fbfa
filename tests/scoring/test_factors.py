"""Each factor of health, each null rule, cap, age and override, with numbers a reader can redo."""

import pytest

from scoring import engine
from scoring.engine import Active, Bands, Count, Factor, Facts, Logged, Model, Weight

DAY = 1_000
BANDS = Bands(0, 40_00, 70_00, 100_00, 50_00, 75_00)
FLAT = tuple(engine.decay_table(30, None))
# Type 1 is a key action worth 10, type 2 a purchase worth 1, type 3 a call by staff worth nothing, type 4 a key action.
WEIGHTS = (
    Weight(1, 10_00, 100, FLAT, is_key_action=True),
    Weight(2, 1_00, 100, FLAT, is_purchase=True),
    Weight(3, 0, 1, FLAT, is_activity=False, is_touch=True),
    Weight(4, 0, 1, FLAT, is_key_action=True),
)


def model(*factors, **settings):
    return Model(1, 30, WEIGHTS, factors, BANDS, **{"least_coverage": 0, **settings})


def judged(factor, facts, **settings):
    """Return what a factor read and its points (0 to 100), and the whole health."""
    one = model(factor, **settings)
    engagement, health = engine.score(one, facts, as_of=DAY, known_on=DAY)
    reading = engine.readings(one, facts, engagement, as_of=DAY, known_on=DAY)[factor.key]
    points = health.lines[0].points
    return reading.value, None if points is None else points / engine.POINT, health


def said(name, number, days_ago=0, mark=0):
    return Logged(name, DAY - days_ago, number, mark)


ACTIVE = {"last_active_day": DAY, "first_known": DAY - 400}


# A factor of each kind, what is known, what it reads of that in hundredths, and the points that gives.
EXAMPLES = [
    # 3 key actions of 10 points are 30, of 0 to 100
    (Factor("engagement", 1, 0, 100_00), Facts(counts=[Count(1, DAY, DAY, 3)], **ACTIVE), 30_00, 30),
    # 30 now; 10 points from day −20 stood in both windows, 20 more from today: +20 of −50 to +50 is 70
    (
        Factor("engagement_trend", 1, -50_00, 50_00, days=10),
        Facts(counts=[Count(1, DAY - 20, DAY - 20, 1), Count(1, DAY, DAY, 2)], **ACTIVE),
        20_00,
        70,
    ),
    # Two different key actions of four wanted, however often
    (
        Factor("key_actions", 1, 0, 4_00),
        Facts(counts=[Count(1, DAY, DAY, 9), Count(4, DAY - 29, DAY, 1), Count(2, DAY, DAY, 1)], **ACTIVE),
        2_00,
        50,
    ),
    # Two of eight contacts were active in seven days: 25 %
    (
        Factor("active_contacts", 1, 0, 50_00, days=7),
        Facts(
            actives=[
                Active(1, DAY, DAY),
                Active(1, DAY - 1, DAY),
                Active(2, DAY - 6, DAY),
                Active(3, DAY - 7, DAY),
            ],
            logged=[said("contacts", 8_000)],
        ),
        25_00,
        50,
    ),
    # 24 days is halfway from 45 (worst) to 3 (best)
    (Factor("days_since_activity", 1, 45_00, 3_00), Facts(last_active_day=DAY - 24), 24_00, 50),
    (Factor("days_since_touch", 1, 90_00, 10_00), Facts(last_touch_day=DAY - 30), 30_00, 75),
    # 4 purchases in 90 days of 0 to 8
    (
        Factor("purchases", 1, 0, 8_00, days=90),
        Facts(counts=[Count(2, DAY - 89, DAY, 3), Count(2, DAY, DAY, 1), Count(2, DAY - 90, DAY, 5)], **ACTIVE),
        4_00,
        50,
    ),
    # 100 + 50 over 4 purchases are 37.50
    (
        Factor("purchase_value", 1, 0, 100_00, days=30),
        Facts(counts=[Count(2, DAY, DAY, 3, 100_000), Count(2, DAY - 1, DAY, 1, 50_000)], **ACTIVE),
        37_50,
        37.5,
    ),
    (Factor("pulse", 1, 0, 100_00), Facts(logged=[said("pulse", 50_000)]), 50_00, 50),
    (Factor("nps", 1, 0, 10_00), Facts(logged=[said("nps", 7_250)]), 7_25, 72.5),
    (Factor("csat", 1, 1_00, 5_00), Facts(logged=[said("csat", 4_000)]), 4_00, 75),
    (Factor("effort", 1, 1_00, 7_00), Facts(logged=[said("effort", 5_500)]), 5_50, 75),
    (Factor("open_tickets", 1, 5_00, 0), Facts(logged=[said("open_tickets", 2_000)]), 2_00, 60),
    (
        Factor("oldest_ticket", 1, 30_00, 0),
        Facts(logged=[said("oldest_open_ticket", None, 3, DAY - 12)]),
        12_00,
        60,
    ),
    (Factor("oldest_ticket", 1, 30_00, 0), Facts(logged=[said("oldest_open_ticket", None, 3)]), 0, 100),
    (Factor("first_response", 1, 48_00, 0), Facts(logged=[said("first_response_wait", 12_000)]), 12_00, 75),
    (Factor("overdue", 1, 1_000_00, 0), Facts(logged=[said("overdue", 250_000)]), 250_00, 75),
    # From 1,000 to 900 is −10 %, halfway from −20 to 0
    (
        Factor("mrr_change", 1, -20_00, 0, days=90),
        Facts(logged=[said("mrr", 1_000_000, 100, 7), said("mrr", 900_000, 5, 7)]),
        -10_00,
        50,
    ),
    (Factor("attribute", 1, 0, 200_00, name="seats"), Facts(logged=[said("attribute:seats", 50_000)]), 50_00, 25),
]


@pytest.mark.parametrize(
    ("factor", "facts", "value", "points"),
    EXAMPLES,
    ids=lambda value: value.key if isinstance(value, Factor) else "",
)
def test_a_factor_reads_its_input_and_maps_it_between_worst_and_best(factor, facts, value, points):
    assert judged(factor, facts)[:2] == (value, points)


@pytest.mark.parametrize("kind", engine.DEFINITIONS)
def test_every_factor_has_an_example(kind):
    assert kind in {factor.kind for factor, *_ in EXAMPLES}, f"Add {kind} to EXAMPLES in tests/scoring/test_factors.py."


@pytest.mark.parametrize(
    ("factor", "facts"),
    [
        (Factor("engagement", 1, 0, 1_00), Facts()),
        (Factor("engagement_trend", 1, 0, 1_00, days=10), Facts(last_active_day=DAY, first_known=DAY - 9)),
        (Factor("key_actions", 1, 0, 1_00), Facts()),
        (Factor("active_contacts", 1, 0, 1_00), Facts(actives=[Active(1, DAY, DAY)], logged=[said("contacts", 0)])),
        (Factor("days_since_activity", 1, 1_00, 0), Facts()),
        (Factor("days_since_touch", 1, 1_00, 0), Facts(last_active_day=DAY)),
        (Factor("purchases", 1, 0, 1_00), Facts()),
        (Factor("purchase_value", 1, 0, 1_00), Facts(last_active_day=DAY)),
        (Factor("nps", 1, 0, 1_00), Facts(logged=[said("nps", None)])),
        (Factor("nps", 1, 0, 1_00), Facts(logged=[said("csat", 1_000)])),
        (Factor("oldest_ticket", 1, 1_00, 0), Facts()),
        (Factor("oldest_ticket", 1, 1_00, 0), Facts(logged=[said("oldest_open_ticket", 0, 3)])),
        # another currency; nothing before; from nothing
        (Factor("mrr_change", 1, 0, 1_00), Facts(logged=[said("mrr", 1_000, 40, 7), said("mrr", 2_000, 0, 8)])),
        (Factor("mrr_change", 1, 0, 1_00), Facts(logged=[said("mrr", 1_000, 29)])),
        (Factor("mrr_change", 1, 0, 1_00), Facts(logged=[said("mrr", 0, 40), said("mrr", 5_000)])),
    ],
    ids=lambda value: value.key if isinstance(value, Factor) else "",
)
def test_what_nobody_knows_is_unknown_and_never_zero(factor, facts):
    value, points, health = judged(factor, facts)
    assert (value, points, health.total, health.coverage) == (None, None, None, 0)


@pytest.mark.parametrize(
    ("null_points", "points", "total"),
    [(None, None, 80_00), (0, 0, 40_00), (50_00, 50, 65_00), (20_50, 20.5, 50_25)],
    ids=["skip: the other shares its weight", "worst", "neutral", "fixed at 20.50"],
)
def test_each_null_rule_counts_as_it_says(null_points, points, total):
    known = Factor("pulse", 1, 0, 100_00)
    unknown = Factor("nps", 1, 0, 10_00, null_points)
    health = engine.health(model(known, unknown), {"pulse": 80_00})
    assert (health.total, health.coverage) == (total, 50_00)
    assert health.lines[1].points == (None if points is None else points * engine.POINT)


def test_an_input_is_believed_on_its_last_day_and_too_old_the_day_after():
    factor = Factor("nps", 1, 0, 10_00, max_age=90)
    assert judged(factor, Facts(logged=[said("nps", 9_000, 90)]))[0] == 9_00
    too_old = Facts(logged=[said("nps", 9_000, 91)])
    assert judged(factor, too_old)[0] is None
    engagement, _ = engine.score(model(factor), too_old, as_of=DAY, known_on=DAY)
    assert engine.readings(model(factor), too_old, engagement, as_of=DAY, known_on=DAY)["nps"].why == "old"


def test_the_last_thing_said_counts_and_what_is_said_later_does_not():
    rows = [said("nps", 2_000, 5), said("nps", 9_000, 1), said("nps", 4_000, -1)]
    assert judged(Factor("nps", 1, 0, 10_00), Facts(logged=rows))[0] == 9_00


def test_a_factor_whose_source_is_silent_for_everybody_is_not_believed():
    factor = Factor("pulse", 1, 0, 100_00)
    facts = Facts(logged=[said("pulse", 50_000)], silent=frozenset({"pulse"}))
    value, _, health = judged(factor, facts)
    assert (value, health.total) == (None, None)


def test_a_red_pulse_caps_the_whole_at_thirty_and_the_cap_is_a_line_of_its_own():
    pulse = Factor("pulse", 10, 0, 100_00, cap_from=0, cap_to=30_00)
    nps = Factor("nps", 90, 0, 10_00)
    health = engine.health(model(pulse, nps), {"pulse": 0, "nps": 10_00})
    assert (health.total, health.band, health.capped, health.capped_by) == (30_00, "red", -60_00, pulse)
    assert [line.contribution for line in health.lines] == [0, 90_00]
    assert engine.health(model(pulse, nps), {"pulse": 1_00, "nps": 10_00}).capped == 0
    assert engine.health(model(pulse, nps), {"pulse": 0, "nps": 1_00}).capped_by is None, "it was lower already"


def test_a_value_that_stands_in_for_an_unknown_one_caps_nothing():
    pulse = Factor("pulse", 10, 0, 100_00, null_points=0, cap_from=0, cap_to=30_00)
    health = engine.health(model(pulse, Factor("nps", 90, 0, 10_00)), {"nps": 10_00})
    assert (health.total, health.capped) == (90_00, 0)


def test_an_override_stands_over_all_until_its_last_day_is_over():
    facts = Facts(logged=[said("nps", 2_000), said("override", 80_000, 3, DAY)])
    assert judged(Factor("nps", 1, 0, 10_00), facts)[2].total == 80_00
    assert judged(Factor("nps", 1, 0, 10_00), facts)[2].overridden == 60_00
    over = Facts(logged=[said("nps", 2_000), said("override", 80_000, 3, DAY - 1)])
    assert judged(Factor("nps", 1, 0, 10_00), over)[2].total == 20_00
    taken_back = Facts(logged=[said("nps", 2_000), said("override", 80_000, 3, DAY + 9), said("override", None, 0)])
    assert judged(Factor("nps", 1, 0, 10_00), taken_back)[2].overridden is None


def test_an_override_gives_a_health_where_there_was_none():
    health = judged(Factor("nps", 1, 0, 10_00), Facts(logged=[said("override", 55_000, 0, DAY)]))[2]
    assert (health.total, health.band, health.overridden, health.coverage) == (55_00, "yellow", 55_00, 0)


def test_a_model_may_ask_for_history_before_it_judges():
    factor, facts = Factor("nps", 1, 0, 10_00), {"logged": [said("nps", 9_000)]}
    young = judged(factor, Facts(**facts, first_known=DAY - 88), least_history=90)[2]
    assert (young.total, young.is_young) == (None, True)
    assert judged(factor, Facts(**facts, first_known=DAY - 89), least_history=90)[2].total == 90_00
    assert judged(factor, Facts(**facts), least_history=90)[2].total is None


@pytest.mark.parametrize(("least", "total"), [(40, 50_00), (41, None)])
def test_coverage_decides_whether_there_is_a_health_at_all(least, total):
    factors = Factor("pulse", 40, 0, 100_00), Factor("nps", 60, 0, 10_00, null_points=50_00)
    health = engine.health(model(*factors, least_coverage=least), {"pulse": 50_00})
    assert (health.total, health.coverage) == (total, 40_00)


def test_thirds_are_shared_out_so_that_they_add_up():
    factors = [Factor(kind, 1, 0, 100_00) for kind in ("pulse", "nps", "csat")]
    health = engine.health(model(*factors), {"pulse": 100_00, "nps": 0, "csat": 100_00})
    assert (health.total, [line.contribution for line in health.lines]) == (66_67, [33_34, 0, 33_33])


@pytest.mark.parametrize(
    "facts",
    [
        Facts(counts=[Count(1, DAY, DAY, engine.COUNT_LIMIT + 1)]),
        Facts(counts=[Count(1, DAY, DAY, 1, engine.VALUE_LIMIT)]),
        Facts(logged=[said("mrr", -engine.INPUT_LIMIT - 1)]),
    ],
    ids=["a count", "a value", "a number of the log"],
)
def test_data_beyond_counting_are_clamped_and_flagged(facts):
    one = model(Factor("engagement", 1, 0, 100_00))
    assert engine.is_flagged(one, facts, as_of=DAY, known_on=DAY)
    assert not engine.is_flagged(one, facts, as_of=DAY - 1, known_on=DAY)
