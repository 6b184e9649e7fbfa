"""The page of a contact, and what it keeps to itself."""

import uuid
from datetime import timedelta

import pytest

from customers.models import Affiliation, Contact, Exclusion, Identity, IdentityKind, Membership
from desk.contacts.activity import HEIGHT, LEAST, STEP, bars
from desk.contacts.companies import companies_of
from events.models import ActiveDay
from records.models import Note, Ticket
from surveys.models import Answer, Invitation, Survey
from surveys.models.invitation import Dropped, InvitationState, Via
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def ann(maya):
    acme = cast.customer("Acme")
    made = Contact.objects.create(
        customer=acme, name="Ann", email="ann@acme.example", role="Buyer", traits={"beta": True, "plan": "pro"},
        joined_at=NOW - timedelta(days=100), created_at=NOW,
    )  # fmt: skip
    Identity.objects.create(kind=IdentityKind.USER, value="u-17", contact=made)
    Identity.objects.create(kind="crm", value="c-9", contact=made)
    return made


def active(contact, customer, *days_ago):
    for ago in days_ago:
        day = cast.TODAY - timedelta(days=ago)
        ActiveDay.objects.create(customer=customer, contact=contact, day=day, known_on=day, count=2)
        cast.happened(customer, "Feature used", NOW - timedelta(days=ago), contact, properties={"ago": ago})


def belongs(contact, customer, days_ago):
    since = NOW - timedelta(days=days_ago)
    Membership.objects.create(
        contact=contact, customer=customer, from_at=since, message_hash=bytes([days_ago]) * 16, origin="call"
    )


def test_customers_stand_with_their_times_the_latest_first(ann, maya):
    birch, cedar = cast.customer("Birch"), cast.customer("Cedar")
    for customer, days_ago in ((birch, 90), (cedar, 60), (birch, 40), (ann.customer, 10), (ann.customer, 5)):
        belongs(ann, customer, days_ago)
    with_events = cast.customer("Dogwood")
    Affiliation.objects.create(contact=ann, customer=with_events)
    rows = [(row.customer.name, row.since, row.until) for row in companies_of(ann, maya)]
    ago = {days: NOW - timedelta(days=days) for days in (90, 60, 40, 10)}
    assert rows == [
        ("Acme", ago[10], None),
        ("Birch", ago[40], ago[10]),
        ("Cedar", ago[60], ago[40]),
        ("Birch", ago[90], ago[60]),
        ("Dogwood", None, None),
    ]


def answer(contact, survey, **fields):
    rest = {"customer": contact.customer, "kind": "nps", "score": 9, "group": "promoter", "via": Via.EMAIL}
    return Answer.objects.create(contact=contact, survey=survey, answered_at=NOW, **{**rest, **fields})


def invited(contact, survey, **fields):
    rest = {"customer": contact.customer, "state": InvitationState.SENT, "sent_at": NOW, "created_at": NOW}
    return Invitation.objects.create(id=uuid.uuid4(), contact=contact, survey=survey, **{**rest, **fields})


def survey(name, **fields):
    return Survey.objects.create(name=name, kind="nps", created_at=NOW, **fields)


def test_it_says_who_they_are_where_and_by_what_names(page, ann):
    seen = page(f"/contacts/{ann.pk}/")
    for words in ("Ann", "Buyer", "ann@acme.example", "User id", "u-17", "crm", "c-9", "since 7 Mar 2026", "plan"):
        assert words in seen
    assert f'href="/customers/{ann.customer_id}/contacts/{ann.pk}/"' in seen, "edited by the form of the customer"


def test_what_they_did_is_drawn_and_told_for_the_last_active_days(page, ann):
    active(ann, ann.customer, 0, 1, 5, 89, 90, 200)
    seen = page(f"/contacts/{ann.pk}/")
    assert "Active on 4 of the last 90 days, 8 events." in seen
    assert seen.count(": 2</title></rect>") == 4
    assert all(f"ago: {ago}" in seen for ago in (0, 1, 5))
    assert "ago: 89" not in seen
    assert f'href="/customers/{ann.customer_id}/timeline/?person={ann.pk}"' in seen


def test_a_long_silence_and_none_at_all_are_said(page, ann):
    assert "No activity in the past year." in page(f"/contacts/{ann.pk}/")
    active(ann, ann.customer, 200)
    assert "Nothing in the last 90 days. The last time was on 27 Nov 2025." in page(f"/contacts/{ann.pk}/")


def test_who_is_not_scored_has_no_activity_and_the_page_says_why(page, ann):
    Contact.objects.filter(pk=ann.pk).update(stop_scoring=True, survey_opt_out=True)
    Exclusion.objects.create(contact=ann, from_on="2026-06-01")
    Exclusion.objects.create(contact=ann, from_on="2026-01-01", to_on="2026-01-05")
    seen = page(f"/contacts/{ann.pk}/")
    assert "does not want to be scored" in seen
    assert "Not scored since 1 Jun 2026" in seen
    assert "Not scored from 1 Jan 2026 until 5 Jan 2026" in seen
    assert '<span>Surveys by e-mail</span> <span class="number"> refused </span>' in seen


def test_answers_and_mails_are_shown_and_those_of_confidential_surveys_say_nothing_of_the_answer(page, ann):
    plain, secret = survey("Open survey"), survey("Secret survey", is_confidential=True)
    answer(ann, plain, comment="Quite good")
    answer(ann, secret, comment="Not at all")
    invited(ann, plain, answered_at=NOW)
    invited(ann, secret, answered_at=NOW, opened_at=NOW)
    invited(ann, plain, state=InvitationState.DROPPED, reason=Dropped.LATELY, sent_at=None)
    invited(ann, plain, via=Via.LINK, answered_at=NOW, sent_at=None)
    seen = page(f"/contacts/{ann.pk}/")
    assert "Quite good" in seen and "Not at all" not in seen
    mails = seen[seen.index('id="asked"') : seen.index('id="consent"')]
    assert mails.count("answered 15 Jun 2026") == 1
    assert mails.count("sent; confidential") == 1
    assert "Not sent: asked recently" in mails
    assert mails.count("<li>") == 3, "an answer by a link was no mail"


def test_notes_and_tickets_that_name_them_are_shown_and_others_are_not(page, ann, maya):
    other = Contact.objects.create(customer=ann.customer, name="Bob", created_at=NOW)
    for who, word in ((ann, "hers"), (other, "his"), (None, "nobody's")):
        Note.objects.create(customer=ann.customer, text=f"Note {word}", at=NOW, author=maya, contact=who)
        Ticket.objects.create(customer=ann.customer, subject=f"Ticket {word}", opened_at=NOW, contact=who)
    seen = page(f"/contacts/{ann.pk}/")
    assert "Note hers" in seen and "Ticket hers" in seen
    assert not any(f"{kind} {word}" in seen for kind in ("Note", "Ticket") for word in ("his", "nobody"))


@pytest.fixture
def lou(ann):
    """A colleague who sees Acme, and not Globex, where Ann was before."""
    lou = cast.colleague("Lou", is_limited=True)
    ann.customer.owner = lou
    ann.customer.save()
    globex = cast.customer("Globex")
    Affiliation.objects.create(contact=ann, customer=globex)
    active(ann, globex, 3)
    made = survey("Open survey")
    answer(ann, made, customer=globex, comment="Said at Globex")
    invited(ann, made, customer=globex, answered_at=NOW)
    Note.objects.create(customer=globex, text="Noted at Globex", at=NOW, contact=ann)
    Ticket.objects.create(customer=globex, subject="Asked at Globex", opened_at=NOW, contact=ann)
    return lou


ELSEWHERE = ("Globex", "ago: 3", "Said at Globex", "Open survey", "Noted at Globex", "Asked at Globex")


def test_what_they_did_elsewhere_is_shown_to_who_sees_that_customer(page, ann, lou):
    seen = page(f"/contacts/{ann.pk}/")
    assert [words for words in ELSEWHERE if words not in seen] == []
    assert "Active on 1 of the last 90 days, 2 events." in seen
    assert "Their last active days, at Globex" in seen
    timeline = page(f"/customers/{Affiliation.objects.get().customer_id}/timeline/", person=str(ann.pk))
    assert "ago: 3" in timeline


def test_what_they_did_elsewhere_is_hidden_from_who_does_not_see_that_customer(client, ann, lou):
    client.force_login(lou)
    seen = client.get(f"/contacts/{ann.pk}/").content.decode()
    assert "Ann" in seen
    assert [words for words in ELSEWHERE if words in seen] == []
    assert "No activity in the past year." in seen


def test_a_contact_of_others_is_not_found_even_where_they_were_before(client, ann):
    lou = cast.colleague("Lou", is_limited=True)
    Affiliation.objects.create(contact=ann, customer=cast.customer("Own", owner=lou))
    client.force_login(lou)
    assert client.get(f"/contacts/{ann.pk}/").status_code == 404
    assert client.get("/contacts/999999/").status_code == client.get(f"/contacts/{10**18}/").status_code == 404


def test_a_visitor_without_a_name_has_a_page_and_cannot_be_edited(page, maya):
    visitor = Contact.objects.create(customer=cast.customer("Acme"), created_at=NOW)
    seen = page(f"/contacts/{visitor.pk}/")
    assert "Unknown person" in seen
    assert f"/customers/{visitor.customer_id}/contacts/{visitor.pk}/" not in seen, "no form would find them again"


def test_traits_are_text_whatever_they_hold(page, ann):
    Contact.objects.filter(pk=ann.pk).update(traits={"<b>": "<script>", "list": [1, {"a": None}], "long": "x" * 500})
    seen = page(f"/contacts/{ann.pk}/")
    assert "&lt;script&gt;" in seen and "<script>" not in seen.replace("<script src", "")
    assert "x" * 200 not in seen


def test_bars_stand_on_their_days_and_the_smallest_can_be_seen():
    first = cast.TODAY - timedelta(days=89)
    low, high = bars({cast.TODAY: 100, first: 1}, first)
    assert (low.x, low.y, low.height) == (0, HEIGHT - LEAST, LEAST)
    assert (high.x, high.y, high.height) == (89 * STEP, 0, HEIGHT)
    assert bars({}, first) == []
