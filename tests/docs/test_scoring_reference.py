"""The example and the defaults in docs/understand/scoring-reference.md are those of the code."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from scoring import engine
from scoring.model_versions import default_model, versions
from scoring.models import ScoringModel
from scoring.risk import signals
from scoring.risk.at_risk import PastScore, RiskInputs

TODAY = date(2026, 6, 15).toordinal()
PAGE = (settings.BASE_DIR / "docs" / "understand" / "scoring-reference.md").read_text()

# What happened: event type → (age, count, value in thousandths)
HAPPENED = {
    "Meeting held": [(5, 1, 0), (15, 3, 0)],
    "Integration connected": [(5, 2, 0)],
    "Order completed": [(10, 2, 260_500)],
    "Signed in": [(5, 12, 0)],
    "Invoice paid": [(0, 1, 0)],
    "Feature used": [(5, 30, 0)],
    "Report created": [(30, 9, 0)],
    "Payment failed": [(15, 1, 0)],
}


def cells(line):
    return [cell.strip(" *") for cell in line.strip("|").split("|")]


def tables(heading):
    """Return the rows of the tables under a heading, by their first cell."""
    section = PAGE.split(f"# {heading}\n")[1].split("\n#")[0]
    rows = [cells(line) for line in section.splitlines() if line.startswith("| ")]
    return {row[0]: row[1:] for row in rows if not row[0].startswith("---")}


def hundredths(text):
    return int(Decimal(text.replace("−", "-")) * 100)


def weight(number, name):
    points, cap = default_model.POINTS[name]
    return engine.Weight(
        event_type=number,
        points=hundredths(points),
        daily_cap=cap,
        decay=tuple(engine.decay_table(30, 15)),
        unit=100_000 if name == "Order completed" else None,
        per_contact=name == "Feature used",
    )


@pytest.fixture
def model(begun):
    """The starter model as it is published, with the page's changes, its event types and its two factors only."""
    published = versions.load(ScoringModel.objects.get())
    weights = tuple(weight(number, name) for number, name in enumerate(HAPPENED))
    return engine.Model(
        version=1,
        window=published.window,
        weights=weights,
        factors=(
            engine.Factor("engagement", 70, 0, 100_00),
            engine.Factor("days_since_activity", 30, 45_00, 3_00),
        ),
        bands=published.bands,
        least_coverage=published.least_coverage,
    )


@pytest.fixture
def engagement(model):
    rows = [
        engine.Count(number, TODAY - age, TODAY, count, value)
        for number, happened in enumerate(HAPPENED.values())
        for age, count, value in happened
    ]
    contacts = [engine.Active(contact, TODAY - 5, TODAY) for contact in range(4)]
    return engine.engagement(model, rows, contacts, as_of=TODAY, known_on=TODAY, last_active_day=TODAY - 5)


@pytest.fixture
def health(model, engagement):
    return engine.health(model, {"engagement": engagement.total, "days_since_activity": 500})


def test_the_example_has_the_starter_models_points_and_caps():
    rows = tables("An example")
    for name in HAPPENED:
        points, cap = default_model.POINTS[name]
        assert hundredths(rows[name][0]) == hundredths(points)
        assert rows[name][1] == str(cap)


def test_the_contributions_of_the_example_are_the_engines(engagement):
    rows = tables("An example")
    lines = dict(zip(HAPPENED, engagement.lines, strict=True))
    assert {name: hundredths(rows[name][-1]) for name in HAPPENED} == {
        name: line.contribution for name, line in lines.items()
    }


def test_they_add_up_to_the_engagement_it_says(engagement):
    assert "| **Engagement** | | | | somewhat engaged | **42.41** |" in PAGE
    assert (engagement.total, engagement.band) == (4_241, "somewhat_engaged")


def test_the_health_of_the_example_is_the_engines(health):
    assert "| **Health** | | yellow, coverage 100 % | | **58.26** |" in PAGE
    assert (health.total, health.band, health.coverage) == (5_826, "yellow", 10_000)
    rows = tables("An example")
    assert hundredths(rows["Days since last activity"][-1]) == health.lines[1].contribution == 2_857
    assert "| Engagement | 42.41 | 42.41 | 70 | 29.69 |" in PAGE
    assert health.lines[0].contribution == 2_969
    assert "(45 − 5) / (45 − 3) = 95.238095" in rows["Days since last activity"]
    assert health.lines[1].points == 95_238_095


def test_the_urgency_of_the_example_is_what_the_list_is_ordered_by(health):
    assert "its revenue at risk is €1,200" in PAGE
    assert "**1,001.76**" in PAGE
    acme = RiskInputs(
        customer=1,
        is_followed=True,
        monthly_value=Decimal(1200),
        typical_value=None,
        renews_on=None,
        renews_soon=True,
        past={14: PastScore(None, 8_000)},
    )
    assert acme.urgency(health.total) == (Decimal("1001.76"), False)
    assert acme.is_at_risk("somewhat_engaged", health.total, health.band)
    assert "has fallen by 21.74" in PAGE
    assert 8_000 - health.total == 2_174


def test_the_page_has_the_starter_models_factors_and_bands(begun):
    published = ScoringModel.objects.get()
    said = {name: row for name, row in tables("Health").items() if name != "factor"}
    assert said == {str(factor.get_kind_display()): as_said(factor) for factor in published.factors.all()}
    pulse = published.factors.get(kind="pulse")
    assert (pulse.cap_from, pulse.cap_to) == (0, 30)
    loaded = versions.load(published)
    assert loaded.bands == engine.Bands(0, 4_000, 7_000, 10_000, yellow_from=5_000, green_from=7_500)
    assert loaded.least_coverage == 40


def as_said(factor):
    worst, best = (f"{bound:,.0f}".replace("-", "−") for bound in (factor.worst, factor.best))
    period = f"{factor.days} days" if engine.DEFINITIONS[factor.kind].period else ""
    return [factor.get_group_display(), str(factor.weight), worst, best, period]


def test_the_decays_the_page_quotes_are_those_of_the_table():
    table = engine.decay_table(30, 15)
    assert [table[age] for age in (0, 5, 10, 15)] == [1_000_000, 793_701, 629_961, 500_000]
    assert round(table[29] / 10_000) == 26


def test_gone_quiet_is_a_band_and_no_data_is_unknown(model):
    def score(last, *counts):
        return engine.engagement(model, counts, [], as_of=TODAY, known_on=TODAY, last_active_day=last)

    paid = engine.Count(list(HAPPENED).index("Invoice paid"), TODAY, TODAY, 1)
    failed = engine.Count(list(HAPPENED).index("Payment failed"), TODAY, TODAY, 1)
    assert (score(TODAY - 30, paid).total, score(TODAY - 30, paid).band) == (100, "gone_quiet")
    assert score(TODAY - 30, failed).band == "churn_risk"
    assert (score(None).total, score(None).band) == (None, None)
    assert engine.health(model, {"engagement": None, "days_since_activity": None}).total is None


IN_HUNDREDTHS = {"FALL", "GRAVE_FALL"}
ELSEWHERE = {"FURTHER_FALL"}  # imported: FALL is the same number


def test_the_thresholds_of_signals_are_those_of_the_code():
    values = {name: value for name, value in vars(signals).items() if isinstance(value, int | Decimal)}
    expected = {
        f"`{name}`": Decimal(value) / (100 if name in IN_HUNDREDTHS else 1)
        for name, value in values.items()
        if name.isupper() and name not in ELSEWHERE
    }
    rows = {name: Decimal(value.split()[0]) for name, (value, _) in tables("Signals").items() if name.startswith("`")}
    assert len(rows) == 14
    assert rows == expected
