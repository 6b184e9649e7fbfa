"""Who is asked, when, and once: at once, a share a day, after a ticket, after an event, before a renewal."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail

from core.jobs import rederiving
from core.models import Outgoing
from core.outbox import queue
from customers.consent import refusals
from customers.models import Contact, Segment
from events import ingest
from events.models import EventType
from records import contracts, tickets
from staff.models import Role, User
from surveys import lifecycle
from surveys.models import AddressGuard, Dropped, Invitation, InvitationState, Tally, Token, Via, Wave
from surveys.sending import dispatch, invitations, reminders, tokens
from tests.conftest import NOW
from tests.surveys.conftest import company, invited, people, running

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def wave(survey, by, rule="once", **fields):
    return Wave.objects.create(survey=survey, rule=rule, by=by, **{"starts_at": NOW - timedelta(minutes=1), **fields})


def invited_names(survey):
    return {row.contact.name for row in Invitation.objects.filter(survey=survey).select_related("contact")}


def test_everybody_is_asked_once_with_a_link_of_their_own_and_who_may_not_be_is_named(survey, lead):
    fine, opted_out, homeless, bounced, tired = people(5)
    Contact.objects.filter(pk=opted_out.pk).update(survey_opt_out=True)
    Contact.objects.filter(pk=homeless.pk).update(email="")
    rederiving.rederive(Contact.objects.all())
    refusals.note_bounce(bounced.address, now=NOW)
    AddressGuard.objects.create(address=tired.address, asked_at=NOW - 89 * DAY)
    rows = invited(survey, by=lead)
    assert [row.reason for row in rows] == [
        "", Dropped.OPTED_OUT, Dropped.NO_ADDRESS, Dropped.BOUNCED, Dropped.LATELY,
    ]  # fmt: skip
    assert Token.objects.count() == Outgoing.objects.count() == 1
    token = Outgoing.objects.get().payload["token"]
    assert len(token) == 27
    assert tokens.find(token, now=NOW).contact == fine
    steps = dict(Tally.objects.values_list("value", "count"))
    assert steps == {f"dropped:{why}": 1 for why in ("opted_out", "no_address", "bounced", "lately")}


def test_what_is_forecast_is_what_happens(survey, lead):
    people(3)
    Contact.objects.filter(name="Kim 1").update(survey_opt_out=True)
    forecast = dispatch.forecast(wave(survey, lead), now=NOW)
    assert forecast == {"asked": 2, "opted_out": 1}


def test_gone_through_twice_nobody_is_asked_twice(survey, lead):
    people(3)
    distribution = wave(survey, lead)
    assert dispatch.ask(distribution, now=NOW) == 3
    Wave.objects.update(after_contact=0)
    distribution.refresh_from_db()
    assert dispatch.ask(distribution, now=NOW) == 0
    assert Invitation.objects.count() == Token.objects.count() == Outgoing.objects.count() == 3


def test_many_are_gone_through_in_chunks(survey, lead, monkeypatch):
    monkeypatch.setattr(dispatch, "CHUNK", 4)
    people(10)
    assert dispatch.ask(wave(survey, lead), now=NOW) == 10


def test_a_sending_reaches_its_segment_its_role_and_nobody_its_author_does_not_see(survey, lead):
    people(1, customer=company("Red", plan="Pro"), role="Buyer")
    people(1, customer=company("Blue", plan="Pro"), start=1, role="Engineer")
    people(1, customer=company("Green", plan="Free"), start=2, role="Buyer")
    pro = Segment.objects.create(name="Pro", query={"plan": "Pro"}, owner=lead, created_at=NOW)
    dispatch.ask(wave(survey, lead, segment=pro, role="buy"), now=NOW)
    assert invited_names(survey) == {"Kim 0"}
    limited = User.objects.create_user("l@x.example", name="L", role=Role.CSM, is_limited=True)
    other = running()
    assert dispatch.ask(wave(other, limited), now=NOW) == 0


def test_a_sending_whose_author_is_gone_reaches_nobody(survey, lead):
    people(1)
    distribution = wave(survey, lead)
    lead.delete()
    distribution.refresh_from_db()
    assert dispatch.ask(distribution, now=NOW) == 0


def test_a_drip_asks_a_stable_share_each_day_and_everybody_in_the_end(survey, lead):
    people(200)
    distribution = wave(survey, lead, "drip", days=10)
    counts = [dispatch.ask(distribution, now=NOW + i * DAY) for i in range(10)]
    assert sum(counts) == 200
    assert all(5 <= count <= 40 for count in counts)
    distribution.refresh_from_db()
    assert distribution.ended_at == NOW + 9 * DAY


def test_a_drip_that_missed_a_day_catches_up(survey, lead):
    people(50)
    distribution = wave(survey, lead, "drip", days=2)
    assert dispatch.ask(distribution, now=NOW + DAY) == 50


def test_a_solved_ticket_leads_to_a_question_a_day_later_and_once(survey, lead):
    contact, _other = people(2)
    distribution = wave(survey, lead, "ticket", delay_hours=24)
    row = {"customer_id": contact.customer_id, "external_id": "t1", "subject": "Help", "contact_id": contact.pk,
           "opened_at": NOW, "solved_at": NOW + timedelta(hours=1)}  # fmt: skip
    tickets.write([row], now=NOW + timedelta(hours=1))
    assert dispatch.ask(distribution, now=NOW + timedelta(hours=24)) == 0
    assert dispatch.ask(distribution, now=NOW + timedelta(hours=26)) == 1
    assert dispatch.ask(distribution, now=NOW + timedelta(hours=27)) == 0
    assert invited_names(survey) == {contact.name}


def test_an_event_leads_to_a_question_once_for_each_time_it_happens(survey, lead, source):
    contact = people(1)[0]
    kind = EventType.objects.create(name="Onboarding done", channel="product", created_at=NOW)
    distribution = wave(survey, lead, "event", event_type=kind, delay_hours=2)
    message = {"type": "track", "event": "Onboarding done", "email": contact.email, "customer": contact.customer_id}
    ingest.record([{**message, "messageId": "m1", "timestamp": NOW.isoformat()}], source=source, now=NOW, internal=True)
    assert dispatch.ask(distribution, now=NOW + timedelta(hours=1)) == 0
    assert dispatch.ask(distribution, now=NOW + timedelta(hours=3)) == 1
    assert dispatch.ask(distribution, now=NOW + timedelta(hours=4)) == 0


def test_a_type_that_was_merged_leads_to_questions_as_the_other_does(survey, lead, source):
    contact = people(1)[0]
    kind, other = (EventType.objects.create(name=name, channel="product", created_at=NOW) for name in ("Old", "New"))
    EventType.objects.filter(pk=kind.pk).update(merged_into=other)
    distribution = wave(survey, lead, "event", event_type=EventType.objects.get(pk=kind.pk), delay_hours=2)
    message = {"type": "track", "event": "Old", "email": contact.email, "customer": contact.customer_id}
    ingest.record([{**message, "messageId": "m1", "timestamp": NOW.isoformat()}], source=source, now=NOW, internal=True)
    assert dispatch.ask(distribution, now=NOW + timedelta(hours=3)) == 1


def test_a_renewal_ahead_leads_to_a_question_once(survey, lead):
    contact = people(1)[0]
    today = NOW.date()
    distribution = wave(survey, lead, "renewal", before_days=60)
    row = {"customer_id": contact.customer_id, "external_id": "c", "name": "Annual", "currency": "EUR",
           "starts_on": today, "renews_on": today + 61 * DAY}  # fmt: skip
    contracts.sign([row], now=NOW)
    assert dispatch.ask(distribution, now=NOW) == 0
    assert dispatch.ask(distribution, now=NOW + DAY) == 1
    assert dispatch.ask(distribution, now=NOW + 2 * DAY) == 0


@pytest.mark.parametrize(("ends", "number"), [(59, 0), (60, 1)])
def test_a_contract_that_ends_before_it_would_renew_leads_to_none(survey, lead, ends, number):
    contact = people(1)[0]
    today = NOW.date()
    row = {"customer_id": contact.customer_id, "name": "Annual", "currency": "EUR", "starts_on": today}
    contracts.sign([{**row, "renews_on": today + 60 * DAY, "ends_on": today + ends * DAY}], now=NOW)
    assert dispatch.ask(wave(survey, lead, "renewal", before_days=60), now=NOW) == number


def test_each_sending_is_worked_once_in_its_period_whoever_rings(survey, lead):
    people(20)
    wave(survey, lead, "drip", days=2)
    first = dispatch.go_on(now=NOW)
    assert dispatch.go_on(now=NOW + timedelta(hours=1)) == 0
    assert first + dispatch.go_on(now=NOW + DAY) == 20
    assert dispatch.go_on(now=NOW + 3 * DAY) == 0


def test_a_sending_that_fails_keeps_no_other_waiting(survey, lead, monkeypatch):
    people(1)
    bad, _good = wave(survey, lead, "ticket"), wave(survey, lead)

    def broken(distribution, now):
        if distribution.pk == bad.pk:
            raise RuntimeError("no such word")
        return real(distribution, now)

    real = dispatch._in_turn
    monkeypatch.setattr(dispatch, "_in_turn", broken)
    assert dispatch.go_on(now=NOW) == 1


def test_a_survey_that_closed_asks_nobody(survey, lead):
    people(1)
    distribution = wave(survey, lead)
    lifecycle.close(survey, now=NOW)
    assert dispatch.go_on(now=NOW) == 0
    distribution.refresh_from_db()
    assert distribution.ended_at == NOW


def test_who_has_not_answered_is_reminded_once(lead):
    survey = running(reminder_days=5)
    people(2)
    silent, _quick = invited(survey, by=lead)
    queue.send(clock=lambda: NOW)
    Invitation.objects.filter(id=_quick.id).update(answered_at=NOW)
    assert reminders.go_on(now=NOW + 4 * DAY) == 0
    assert reminders.go_on(now=NOW + 5 * DAY) == 1
    assert reminders.go_on(now=NOW + 6 * DAY) == 0
    queue.send(clock=lambda: NOW + 5 * DAY)
    assert [message.to for message in mail.outbox[2:]] == [[silent.contact.email]]
    assert mail.outbox[2].subject == "Reminder: One question for you"
    assert Invitation.objects.get(id=silent.id).state == InvitationState.SENT


def test_who_was_handed_a_link_gets_no_reminder_by_mail(lead):
    survey = running(reminder_days=5)
    invitations.invite(survey, people(1), via=Via.LINK, now=NOW)
    assert reminders.go_on(now=NOW + 6 * DAY) == 0


def test_the_mail_speaks_the_contacts_language(survey, lead):
    people(1, locale="fr-CH")
    people(1, start=1, locale="pt")
    invited(survey, by=lead)
    queue.send(clock=lambda: NOW)
    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert "recommandiez" in bodies["kim0@acme.example"]
    assert "recommend" in bodies["kim1@acme.example"]


def test_names_of_links_are_as_random_as_those_made_one_by_one(survey, lead):
    people(100)
    invited(survey, by=lead)
    links = [row.payload["token"] for row in Outgoing.objects.all()]
    letters = Counter("".join(links))
    assert len(set(links)) == 100
    assert len(letters) == 64
    assert max(letters.values()) < 100  # 2,700 letters, 42 of each on average
