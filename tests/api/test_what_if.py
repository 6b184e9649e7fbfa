"""What-if by the API: the page's answer, and no answer to a bad question."""

from decimal import Decimal

import pytest

from scoring.model_versions import versions
from scoring.models import Factor, Prepared, ScoringModel
from scoring.what_if import ask, prepare
from scoring.what_if.prepare import cache
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.test_models import portfolio  # noqa: F401


@pytest.fixture
def draft(portfolio):  # noqa: F811
    cache.clear()
    yield versions.draft_from(ScoringModel.objects.current(), now=NOW)
    cache.clear()


@pytest.fixture
def path(draft):
    return f"scoring-models/{draft.pk}/what-if/"


def reports(draft):
    return draft.weights.get(event_type__name="Report created").event_type_id


def test_it_answers_as_the_page_does(api, client, draft, path):
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    asked = f"?points-{reports(draft)}=20"
    page = client.get(f"/models/{draft.pk}/what-if/{asked}").context
    said = api.get(path + asked).json()
    assert said["day"] == str(ask.last_day()) == str(NOW.date())
    assert said["model"]["version"] == draft.pk
    assert said["customers"] == 10
    assert said["changes"]["all"]["customers"] == page["everybody"].customers > 0
    assert Decimal(said["changes"]["all"]["monthly_value"]) == 100 * page["everybody"].customers
    assert [row["customer_id"] for row in said["results"]] == [row.customer.pk for row in page["rows"]]
    for side in ("before", "after"):
        assert sum(band[side]["customers"] for band in said["health"]) == 10
        assert sum(band[side]["customers"] for band in said["engagement"]) == 10


def test_the_parts_of_why_add_up_to_the_difference_of_health(api, draft, path):
    [first, *_] = api.rows(f"{path}?points-{reports(draft)}=20&which=better")
    parts = sum(Decimal(part["difference"]) for part in first["why"]["health"])
    assert parts == Decimal(first["health"]) - Decimal(first["health_before"]) != 0
    assert [part["name"] for part in first["why"]["engagement"]] == ["Report created"]


def test_which_and_page_say_whom_to_list(api, draft, path):
    asked = f"{path}?points-{reports(draft)}=20"
    everybody = api.get(asked).json()
    assert (everybody["page"], everybody["pages"]) == (1, 1)
    assert api.rows(f"{asked}&which=red") == []
    assert api.rows(f"{asked}&page=2") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("points-999999=1", "points-999999"),
        ("color=red", "color"),
        ("yellow_from=abc", "yellow_from"),
        ("green_from=60&green_from=70", "green_from"),
        ("which=everybody", "which"),
        ("page=0", "page"),
        ("yellow_from=90&green_from=80", ""),
    ],
)
def test_an_unknown_name_or_a_bad_value_gets_no_answer(api, path, query, field):
    answer = api.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


def test_a_large_portfolio_is_prepared_first_and_then_answered(api, path, monkeypatch):
    monkeypatch.setattr(ask, "DIRECT", 0)
    refused = api.get(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "to_be_prepared")
    begun = api.post(f"{path}prepare/")
    assert begun.status_code == 202
    assert begun.json() == {"day": str(NOW.date()), "parts": Prepared.objects.get().shards, "ready": 0}
    assert api.get(path).json()["code"] == "being_prepared"
    while prepare.work(clock=lambda: NOW):
        pass
    assert api.get(path).status_code == 200


def test_what_cannot_be_published_is_refused_with_the_reason(api, draft, path):
    Factor.objects.filter(model=draft).delete()
    for answer in (api.get(path), api.post(f"{path}prepare/")):
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert answer.json()["message"]


def test_a_version_that_is_published_has_no_what_if(api, portfolio):  # noqa: F811
    assert api.get(f"scoring-models/{ScoringModel.objects.current().pk}/what-if/").status_code == 404


def test_preparing_is_for_leads_and_admins_also_by_key(make_key, path):
    roles = {Role.CSM: 403, Role.VIEWER: 403, Role.LEAD: 202, Role.ADMIN: 202}
    for role, status in roles.items():
        key = make_key(colleague=cast.colleague(role, role))
        assert key.post(f"{path}prepare/").status_code == status


def test_a_limited_colleague_is_told_of_their_own_customers_alone(make_key, draft, path, portfolio):  # noqa: F811
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    cast.Customer.objects.filter(pk__in=portfolio[-3:]).update(owner=lou)
    said = make_key(colleague=lou).get(f"{path}?points-{reports(draft)}=20").json()
    assert said["customers"] == 3
    assert {row["customer_id"] for row in said["results"]} <= set(portfolio[-3:])
