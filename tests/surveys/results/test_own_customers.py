"""A colleague who sees their own customers only gets the figures of these: on pages, by the API, in files."""

from datetime import timedelta

import pytest

from core.jobs import rederiving
from customers.models import Contact, Customer
from staff import api_keys
from staff.models import Role, User
from surveys.answering import answers
from surveys.models import Invitation, InvitationState, Tally
from surveys.results import daily_counts, measures, voice
from surveys.sending import guard
from surveys.sending.mails import Invitations
from tests.api.conftest import Api
from tests.conftest import NOW
from tests.pages import cast
from tests.surveys.conftest import company, invited, people, running
from tests.surveys.results.conftest import answered

TODAY = NOW.date()
EVERYTHING = User(role=Role.LEAD)


@pytest.fixture
def lou(begun):
    return cast.colleague("Lou", is_limited=True)


def api_of(colleague):
    return Api(api_keys.create("CRM", ["surveys:read"], now=NOW, colleague=colleague)[1])


def own(survey, lou, since=None, until=None):
    counts = daily_counts.of_customers_seen(lou, [survey.pk], since, until)
    return measures.survey_results(survey, own=counts, today=TODAY)


def test_who_sees_each_customer_as_their_own_gets_the_figures_of_all(begun, lou, lead):
    """The answers themselves say what the stored counts say: answers over weeks, a changed one, each step."""
    survey = running("support-effort", now=NOW - timedelta(days=90))
    answered(survey, {"score": 7, "waiting": 2}, {"score": 2, "waiting": 4, "wrong": "Long"}, {"score": 6}, ago=40)
    answered(survey, *[7] * 9, *[1] * 4, ago=3, start=50)
    asked = people(5, start=100)
    rows = [row for row in invited(survey, by=lead) if row.contact in asked]
    for row in rows[:3]:
        Invitations().sent({"customer": row.customer_id, "invitation": str(row.id)}, now=NOW - timedelta(days=1))
    Invitations().given_up({"customer": rows[3].customer_id, "invitation": str(rows[3].id)}, now=NOW, is_refused=False)
    row = Invitation.objects.select_related("survey").get(id=rows[0].id)
    answers.submit(row, {"score": ["5"]}, now=NOW)
    answers.submit(row, {"score": ["3"]}, now=NOW)
    answers.note_started(rows[1], now=NOW)
    Customer.objects.update(owner=lou)
    for per in ("", "week", "quarter"):
        stored = measures.survey_results(survey, per=per, today=TODAY)
        counts = daily_counts.of_customers_seen(lou, [survey.pk], None, None)
        assert measures.survey_results(survey, own=counts, per=per, today=TODAY) == stored
    assert (stored.n, stored.way.sent, stored.way.replied, stored.way.failed) == (17, 3, 1, 1)
    since = TODAY - timedelta(days=5)
    late = measures.survey_results(survey, tallies=Tally.objects.filter(survey=survey, day__gte=since), today=TODAY)
    assert own(survey, lou, since) == late


def test_only_their_own_count(survey, lou, django_assert_num_queries):
    answered(survey, 10, 10, customer=company("Own", owner_id=lou.pk))
    answered(survey, 0, 0, 0, customer=company("Of others"), start=50)
    with django_assert_num_queries(2):
        found = own(survey, lou)
    assert (found.n, found.score.value, found.way.answered) == (2, 100, 2)


def test_page_api_and_list_say_the_same(client, survey, lou):
    answered(survey, 10, 10, customer=company("Own", owner_id=lou.pk))
    answered(survey, 0, 0, 0, customer=company("Of others"), start=50)
    path = f"surveys/{survey.pk}/results/"
    api, everything = api_of(lou), api_of(None)
    assert (api.get(path).json()["n"], api.get(path).json()["score"]["value"]) == (2, 100)
    assert everything.get(path).json()["n"] == 5
    client.force_login(lou)
    page = client.get(f"/{path}").content.decode()
    assert "Of your customers" in page and "From 2 answers" in page
    assert client.get("/surveys/").context["running"] == [(survey, 2)]
    client.force_login(cast.colleague("Lea", Role.LEAD))
    page = client.get(f"/{path}").content.decode()
    assert "Of your customers" not in page and "From 5 answers" in page
    assert client.get("/surveys/").context["running"] == [(survey, 5)]


def test_in_confidence_few_customers_have_no_figures(client, begun, lou):
    """One customer more, and the difference would be a single answer."""
    survey = running(is_confidential=True)
    answered(survey, *[10] * 6, customer=company("Own", owner_id=lou.pk), ago=3)
    assert measures.survey_results(survey, today=TODAY).n == 6
    assert (own(survey, lou).n, own(survey, lou).way) == (0, measures.Funnel())
    api = api_of(lou)
    assert api.get(f"surveys/{survey.pk}/results/").json()["n"] == 0
    assert api.get(f"surveys/{survey.pk}/results/by/plan/").json()["groups"] == []
    client.force_login(lou)
    assert "shown to colleagues who see all customers" in client.get(f"/surveys/{survey.pk}/results/").content.decode()
    assert b"".join(client.get(f"/surveys/{survey.pk}/answers.csv")).decode().count("\n") == 1


def test_the_voice_is_of_their_own_customers(survey, lou, lead, client, django_assert_num_queries):
    mine, others = company("Own", owner_id=lou.pk), company("Of others")
    answered(survey, 10, 10, customer=mine)
    answered(survey, 0, 0, customer=others, start=50)
    answered(running("csat"), 5, customer=mine, start=20)
    answered(running("csat", is_confidential=True), *[1] * 6, customer=mine, start=70, ago=2)
    Contact.objects.filter(customer=mine).update(email="")
    rederiving.rederive(Contact.objects.all())
    [asked] = people(1, customer=mine, start=90)
    [invitation] = [row for row in invited(running(), by=lead) if row.contact == asked]
    guard.admit(invitation, now=NOW)
    with django_assert_num_queries(2):
        found = voice.customer_voice(lou, today=TODAY)
    assert (found.loyalty.value, found.satisfaction.value, found.awareness.value) == (100, 1, 1)
    assert voice.customer_voice(EVERYTHING, today=TODAY).loyalty.value == 0
    client.force_login(lou)
    assert "Of your customers" in client.get("/surveys/voice/").content.decode()


def test_who_was_not_asked_is_counted_with_the_reason(survey, lou, lead):
    mine = company("Own", owner_id=lou.pk)
    people(2, customer=mine, survey_opt_out=True)
    people(3, customer=company("Of others"), start=10, survey_opt_out=True)
    invited(survey, by=lead)
    assert Invitation.objects.filter(state=InvitationState.DROPPED).count() == 5
    assert own(survey, lou).way.dropped == {"opted_out": 2}
