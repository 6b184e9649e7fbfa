"""The arithmetic, with numbers a reader can redo."""

from scoring import engine
from scoring.engine import Active, Bands, Count, Factor, Model, Weight

BANDS = Bands(0, 40_00, 70_00, 100_00, 50_00, 75_00)
HALVING = tuple(engine.decay_table(30, 10))
FLAT = tuple(engine.decay_table(30, None))
FACTORS = (
    Factor("engagement", 70, 0, 100_00),
    Factor("days_since_activity", 30, 45_00, 3_00),
)


def model(*weights, factors=FACTORS, least_coverage=40):
    return Model(1, 30, weights, factors, BANDS, least_coverage)


def score(weights, counts, actives=(), as_of=100, known_on=100, last_active_day=100):
    return engine.engagement(
        model(*weights), counts, actives, as_of=as_of, known_on=known_on, last_active_day=last_active_day
    )


def test_an_event_ten_days_old_counts_half_with_a_half_life_of_ten():
    weight = Weight(1, 10_00, 100, HALVING)
    assert score([weight], [Count(1, 90, 90, 1)]).total == 5_00


def test_the_last_day_of_the_window_counts_and_the_one_before_does_not():
    weight = Weight(1, 10_00, 100, FLAT)
    assert score([weight], [Count(1, 71, 71, 1)]).total == 10_00
    assert score([weight], [Count(1, 70, 70, 1)], last_active_day=70).total == 0


def test_what_was_not_known_then_does_not_count():
    weight = Weight(1, 10_00, 100, FLAT)
    counts = [Count(1, 90, 90, 1), Count(1, 90, 95, 2)]
    assert score([weight], counts, known_on=94).total == 10_00
    assert score([weight], counts, known_on=95).total == 30_00


def test_a_day_counts_at_most_its_cap_however_it_became_known():
    weight = Weight(1, 10_00, 3, FLAT)
    assert score([weight], [Count(1, 90, 90, 2), Count(1, 90, 95, 2)]).total == 30_00


def test_values_count_in_whole_units_of_the_day_and_losses_are_never_negative_quantities():
    weight = Weight(1, 1_00, 100, FLAT, unit=10_000)
    assert score([weight], [Count(1, 90, 90, 1, 19_999), Count(1, 90, 95, 1, 1)]).total == 2_00
    assert score([weight], [Count(1, 90, 90, 1, -50_000)]).total == 0


def test_negative_points_lower_the_score_into_churn_risk():
    weights = [Weight(1, 10_00, 9, FLAT), Weight(2, -15_00, 9, FLAT)]
    result = score(weights, [Count(1, 99, 99, 1), Count(2, 99, 99, 1)])
    assert (result.total, result.band) == (-5_00, "churn_risk")


def test_halves_round_away_from_zero_on_both_sides():
    assert engine.contribution(1, 500_000, 1) == 1
    assert engine.contribution(-1, 500_000, 1) == -1
    assert engine.contribution(1, 499_999, 1) == 0


def test_a_weight_per_contact_divides_by_those_active_in_its_window():
    weight = Weight(1, 10_00, 100, FLAT, per_contact=True)
    actives = [Active(1, 95, 95), Active(2, 96, 96), Active(2, 97, 97), Active(3, 60, 60)]
    result = score([weight], [Count(1, 95, 95, 3)], actives)
    assert (result.total, result.lines[0].contacts) == (15_00, 2)


def test_contributions_add_up_to_the_score():
    weights = [Weight(1, 3_33, 9, HALVING), Weight(2, -1_11, 9, HALVING), Weight(3, 7_77, 9, FLAT)]
    counts = [Count(t, day, day, 2) for t in (1, 2, 3) for day in range(72, 100)]
    result = score(weights, counts)
    assert sum(line.contribution for line in result.lines) == result.total


def test_gone_quiet_is_a_known_zero_and_no_data_is_unknown():
    weight = Weight(1, 10_00, 100, FLAT)
    quiet = score([weight], [], last_active_day=50)
    assert (quiet.total, quiet.band) == (0, "gone_quiet")
    nothing = score([weight], [], last_active_day=None)
    assert (nothing.total, nothing.band) == (None, None)


def test_band_edges_belong_to_the_band_the_design_says():
    def band(total):
        return engine.engagement_band(total, BANDS, quiet=False)

    assert [band(t) for t in (-1, 0, 40_00, 40_01, 70_00, 70_01, 100_00, 100_01)] == [
        "churn_risk",
        "very_disengaged",
        "very_disengaged",
        "somewhat_engaged",
        "somewhat_engaged",
        "highly_engaged",
        "highly_engaged",
        "power_user",
    ]
    assert [engine.health_band(t, BANDS) for t in (49_99, 50_00, 74_99, 75_00)] == [
        "red",
        "yellow",
        "yellow",
        "green",
    ]


def test_health_is_the_weighted_mean_of_its_factors():
    health = engine.health(model(), {"engagement": 50_00, "days_since_activity": 24_00})
    assert (health.total, health.band, health.coverage) == (50_00, "yellow", 100_00)
    assert [line.contribution for line in health.lines] == [35_00, 15_00]


def test_an_unknown_factor_hands_its_weight_to_the_others():
    health = engine.health(model(), {"engagement": 80_00, "days_since_activity": None})
    assert (health.total, health.coverage) == (80_00, 70_00)


def test_health_is_unknown_below_the_least_coverage():
    health = engine.health(model(), {"engagement": None, "days_since_activity": 3_00})
    assert (health.total, health.band, health.coverage) == (None, None, 30_00)


def test_a_null_rule_stands_in_without_adding_coverage():
    factors = (
        Factor("engagement", 50, 0, 100_00),
        Factor("days_since_activity", 50, 45_00, 3_00, null_points=0),
    )
    health = engine.health(model(factors=factors), {"engagement": 80_00})
    assert (health.total, health.coverage) == (40_00, 50_00)


def test_shares_add_up_to_health_and_ties_go_to_the_first():
    assert engine.shared_out([5, 5, 5], 10, 2) == [1, 1, 0]
    assert sum(engine.shared_out([333, 333, 334], 10, 100)) == 100
