"""Scores by the API: what a customer's score is made of adds up, and every past day stands as it was known."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from customers.models import Contact
from events.models import EventType
from scoring.models import HealthBand, ScoreHistory, ScoringModel
from scoring.runs import run
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def scored(acme):
    cast.counted(acme, "Report created", 1, 2, 3, count=2)
    cast.counted(acme, "Order cancelled", 4)
    EventType.objects.create(name="Dance", channel="web", created_at=NOW)
    cast.counted(acme, "Dance", 5)
    cast.known_for(60)
    run.score_everyone(now=NOW)
    return acme


def test_contributions_add_up_to_the_score(api, scored):
    said = api.get(f"customers/{scored.pk}/score/").json()
    assert said["engagement"] == str(sum(Decimal(line["contribution"]) for line in said["contributions"]))
    assert said["health"] == str(sum(Decimal(factor["contribution"]) for factor in said["factors"]))
    assert said["stored"]["engagement"] == said["engagement"]
    assert len(said["stored"]["inputs_digest"]) == 32
    assert said["model"]["version"] == ScoringModel.objects.get().pk
    assert said["as_of"] == "2026-06-15"
    assert said["not_weighed"] == [{"event_type": "Dance", "count": 1}]
    line = next(line for line in said["contributions"] if line["event_type"] == "Report created")
    assert (line["count"], line["channel"]) == (6, "product")


def test_revenue_at_risk_is_what_they_pay_and_urgency_only_orders(api, maya):
    worried = cast.at_risk("Worried", mrr=Decimal(1000), pays="1000", urgency=Decimal(1600), renews_soon=True)
    cast.at_risk("Unknown", pays=None, urgency=Decimal(50), value_is_typical=True)
    first, second = api.rows("at-risk/")
    assert (first["stake"]["value_at_stake"], first["stake"]["share"]) == ("1600.00", "80.00")
    assert first["customer"]["id"] == worried.pk
    assert first["risk"] == {
        "at_risk": True,
        "monthly_value": "1000.00",
        "currency": "EUR",
        "revenue_at_risk": "1000.00",
        "renews_soon": True,
        "value_is_typical": False,
    }
    assert (second["risk"]["value_is_typical"], second["risk"]["revenue_at_risk"]) == (True, None)
    assert api.get("at-risk/totals/").json() == {
        "customers": 2,
        "value_unknown": 1,
        "revenue_at_risk": "1000.00",
        "currency": "EUR",
    }


def test_reasons_are_said_in_the_askers_language(api, maya):
    cast.at_risk("Worried")
    [said] = api.get("at-risk/", **{"Accept-Language": "en"}).json()["results"]
    assert said["reasons"] == ["health is low at 20"]
    [dit] = api.get("at-risk/", **{"Accept-Language": "fr"}).json()["results"]
    assert dit["reasons"] != said["reasons"]


def test_before_the_first_model_there_is_no_score(api, acme):
    ScoringModel.objects.filter(status="published").update(status="retired")
    assert api.get(f"customers/{acme.pk}/score/").status_code == 404


def test_past_days_are_listed_newest_first_as_they_were_known(api, acme):
    model = ScoringModel.objects.get()
    for n in range(1, 5):
        ScoreHistory.objects.create(
            customer=acme, day=NOW.date() - timedelta(days=n), model=model, health=n * 1000 + 25,
            health_band=HealthBand.RED, coverage=5_000, inputs_digest=b"\1" * 16,
        )  # fmt: skip
    path = f"customers/{acme.pk}/history/"
    rows = api.rows(path)
    assert [(row["day"], row["health"], row["engagement"]) for row in rows[:2]] == [
        ("2026-06-14", "10.25", None),
        ("2026-06-13", "20.25", None),
    ]
    assert [row["day"] for row in api.rows(f"{path}?since=2026-06-12&until=2026-06-13")] == ["2026-06-13", "2026-06-12"]
    for bad in ("?since=yesterday", "?from=2026-06-12"):
        assert api.get(f"{path}{bad}").status_code == 400


def test_history_pages_through_every_day_once(api, acme, monkeypatch):
    monkeypatch.setattr("core.api.views.PAGE", 2)
    for n in range(1, 6):
        ScoreHistory.objects.create(
            customer=acme, day=date(2026, 6, n), model=ScoringModel.objects.get(), coverage=0, inputs_digest=b""
        )
    days, cursor = [], ""
    while cursor is not None:
        page = api.get(f"customers/{acme.pk}/history/{cursor and f'?cursor={cursor}'}").json()
        days += [row["day"] for row in page["results"]]
        cursor = page["next_cursor"]
    assert days == [f"2026-06-0{n}" for n in range(5, 0, -1)]


def test_events_are_listed_newest_first_and_filtered(api, acme):
    ann = Contact.objects.create(customer=acme, name="Ann", created_at=NOW)
    cast.happened(
        acme, "Report created", NOW - timedelta(days=1), ann, value=12_345, properties={"name": "Q2"}, flags=5
    )
    cast.happened(acme, "Email opened", NOW - timedelta(days=3))
    path = f"customers/{acme.pk}/events/"
    first, second = api.rows(path)
    assert (first["type"], first["value"], first["properties"]) == ("Report created", "12.345", {"name": "Q2"})
    assert (first["flags"], first["contact_id"], second["value"]) == (["future", "no_rate"], ann.pk, None)
    for query, found in [
        ("type=Email opened", [second]),
        ("channel=product", [first]),
        (f"contact={ann.pk}", [first]),
        ("until=2026-06-12", [second]),
        ("since=2026-06-12", [first, second]),
        ("since=2026-06-13&until=2026-06-14", [first]),
        ("type=Nothing", []),
    ]:
        assert api.rows(f"{path}?{query}") == found, query
    for bad in ("channel=pigeon", "contact=x", "since=1.1.", "typ=x"):
        assert api.get(f"{path}?{bad}").status_code == 400


def test_event_types_say_what_they_mean(api):
    [kind] = api.rows("event-types/?channel=product&q=report")
    assert (kind["name"], kind["is_activity"], kind["is_key_action"]) == ("Report created", True, True)
    assert api.get(f"event-types/{kind['id']}/").json() == kind
