"""The customer's page prepares a call: next steps, what moved, people, money, tickets, notes, family, timeline."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from core import pagination
from core.models import CurrencyRate
from customers import attention, lifecycle
from customers.models import Contact, InputLog
from events.models import ActiveDay, EventType
from records.models import Contract, Invoice, Note, Ticket
from scoring.models import ScoreHistory, ScoringModel
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

TODAY = cast.TODAY


def at(customer, tab=""):
    return f"/customers/{customer.pk}/{tab}"


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def acme(maya):
    return cast.customer("Acme", owner=maya)


def part(seen, start, end="</section>"):
    found = seen[seen.index(f'id="{start}"') :]
    return found[: found.index(end)]


def test_what_moved_adds_up_to_the_difference(page, acme):
    cast.counted(acme, "Order completed", 0, count=2)  # 20.00 now
    cast.counted(acme, "Meeting held", 14, count=2)  # 16.00 then; now 16 × 2^(−14/15) = 8.38
    moved = part(page(at(acme)), "moved")
    cells = re.findall(r'<td class="number (?:text-danger|text-success)">([+−][\d.]+)</td>', moved)
    assert cells == ["+20.00", "−7.62"]
    assert "Engagement 16 → 28" in moved
    assert re.search(r"Together</th> <td[^>]*>\+12\.38</td>", moved)
    whole = part(page(at(acme, "score/")), "moved")
    assert re.search(r"Engagement</th>.*?16\.00.*?28\.38.*?\+12\.38</td>", whole)


def test_thirty_days_can_be_chosen_and_nonsense_means_fourteen(page, acme):
    assert "What changed in 30 days" in page(at(acme), against="30")
    assert "What changed in 14 days" in page(at(acme), against="x")


def test_many_small_moves_are_one_line_and_it_still_adds_up(page, acme):
    weighed = EventType.objects.filter(weights__points__gt=0).order_by("name")[:12]
    for kind in weighed:
        cast.counted(acme, kind.name, 0)
    moved = part(page(at(acme, "score/")), "moved")
    cells = re.findall(r'<td class="number (?:text-danger|text-success)">([+−])([\d.]+)</td>', moved)
    total = re.findall(r'<td class="number">([+−])([\d.]+)</td>', moved)[0]
    assert "4 other event types" in moved
    assert len(cells) == 9
    assert sum(Decimal(number) for _sign, number in cells) == Decimal(total[1])
    short = part(page(at(acme)), "moved")
    assert "9 other changes" in short
    numbers = re.findall(r'<td class="number[^"]*">\+([\d.]+)</td>', short)
    assert sum(map(Decimal, numbers[:-1])) == Decimal(numbers[-1]) == Decimal(total[1])


def test_money_is_said_in_its_currency_and_in_the_base_currency(page, maya):
    CurrencyRate.objects.create(currency="USD", day=ago(400), rate=Decimal("0.5"))
    acme = cast.customer("Acme", owner=maya, mrr=Decimal(1000), currency="USD")
    Contract.objects.create(
        customer=acme, name="Annual", starts_on=ago(300), renews_on=ago(-65), monthly_value=1000, currency="USD"
    )
    invoice = {"customer": acme, "issued_on": ago(40), "currency": "USD"}
    Invoice.objects.create(**invoice, number="I-1", amount=300, due_on=ago(10))
    Invoice.objects.create(**invoice, number="I-2", amount=700, due_on=ago(10), paid_on=ago(12))
    seen = page(at(acme))
    for said in (
        "$1,000",
        "€500",
        "€150 overdue",
        "overdue, was due 10 days ago",
        "Ask about €150 overdue for 10 days.",
    ):
        assert said in seen
    assert "renews 19 Aug 2026, in 65 days" in seen
    assert seen.index("I-1") < seen.index("I-2")


def test_without_a_rate_nothing_is_made_up(page, maya):
    acme = cast.customer("Acme", owner=maya, mrr=Decimal(1000), currency="USD")
    assert "no exchange rate" in page(at(acme))


def test_people_say_how_active_they_are_and_who_went_silent(page, acme):
    ann = Contact.objects.create(customer=acme, name="Ann", created_at=NOW)
    zoe = Contact.objects.create(customer=acme, name="Zoe", created_at=NOW)
    active = [(ann, days) for days in range(40, 60)] + [(zoe, 1), (zoe, 2)]
    ActiveDay.objects.bulk_create(
        ActiveDay(customer=acme, contact=who, day=ago(days), known_on=ago(days)) for who, days in active
    )
    seen = page(at(acme))
    assert "1 of 2 active in 30 days" in seen
    assert "on 2 of 30 days" in seen
    assert "Ann, the most active contact, has been inactive for 40 days: get in touch." in seen


def test_open_tickets_stand_with_their_age_and_solved_ones_do_not(page, acme):
    Ticket.objects.create(customer=acme, subject="Slow page", opened_at=NOW - timedelta(days=9))
    Ticket.objects.create(
        customer=acme, subject="Wrong totals", opened_at=NOW - timedelta(days=9), solved_at=NOW - timedelta(days=1)
    )
    tickets = part(page(at(acme)), "tickets")
    assert "Slow page" in tickets
    assert "9 days ago" in tickets
    assert "Wrong totals" not in tickets


def test_notes_stand_newest_first_and_only_their_author_may_change_them(page, acme, maya):
    other = cast.colleague("Jonas", Role.LEAD)
    mine = Note.objects.create(customer=acme, text="Mine <b>", at=NOW, author=maya, pulse="red")
    theirs = Note.objects.create(customer=acme, text="Theirs", at=NOW - timedelta(days=1), author=other)
    notes = part(page(at(acme)), "notes")
    assert notes.index("Mine &lt;b&gt;") < notes.index("Theirs")
    assert f"/notes/{mine.id}/" in notes
    assert f"/notes/{theirs.id}/" not in notes
    page(f"{at(acme)}notes/{theirs.id}/", 403)


def test_all_notes_can_be_read_page_by_page(page, acme, maya, monkeypatch):
    monkeypatch.setattr(pagination.page, "__defaults__", (4,))
    for number in range(9):
        Note.objects.create(customer=acme, text=f"no. {number}!", at=NOW, author=maya)
    seen, found = page(f"{at(acme)}notes/"), []
    while True:
        found += re.findall(r"no\. (\d)!", seen)
        query = re.search(r'rel="next" href="([^"]*)"', seen)
        if query is None:
            break
        seen = page(f"{at(acme)}notes/" + query.group(1).replace("&amp;", "&"))
    assert sorted(map(int, found)) == list(range(9))


def test_changes_by_colleagues_are_said_in_words(page, acme, maya):
    jonas = cast.colleague("Jonas")
    lifecycle.edit({acme.pk: {"owner_id": jonas.pk, "plan": "Team", "stage": "churned"}}, now=NOW, by=maya)
    changes = part(page(at(acme)), "changes")
    for said in ("Maya", "owner", "Jonas", "plan", "Team", "Churned", "15 Jun 2026"):
        assert said in changes


def test_score_and_money_that_disagree_are_called_so(page, maya):
    acme = cast.at_risk("Acme", owner=maya, mrr=Decimal(1200))
    then = ago(90)
    InputLog.objects.create(customer=acme, name="mrr", known_on=then, number=1_000_000, text="EUR")
    ScoreHistory.objects.create(
        customer=acme,
        day=then,
        model=ScoringModel.objects.get(),
        health=7_000,
        health_band="yellow",
        coverage=10_000,
        inputs_digest=b"",
    )
    assert "revenue rose by 20% while health fell from 70 to 20" in page(at(acme))


def test_a_rest_is_said_with_its_reason_and_can_be_ended_there(page, client, maya):
    acme = cast.at_risk("Acme", owner=maya)
    attention.snooze(acme, until=TODAY + timedelta(days=3), reason="On <i>holiday", now=NOW, by=maya)
    seen = page(at(acme))
    assert "Snoozed until 18 Jun 2026" in seen
    assert "On &lt;i&gt;holiday" in seen
    answer = client.post("/at-risk/wake/", {"customers": acme.pk, "next": at(acme)})
    assert answer["Location"] == at(acme)
    assert "Snoozed until" not in page(at(acme))


def test_the_same_thing_again_and_again_is_said_once(page, acme):
    ann = Contact.objects.create(customer=acme, name="Ann Li", created_at=NOW)
    for minute in range(14):
        cast.happened(acme, "Page viewed", NOW - timedelta(minutes=minute), ann, properties={"name": "Pricing"})
    cast.happened(acme, "Page viewed", NOW - timedelta(minutes=3), ann, properties={"name": "Blog"})
    timeline = part(page(at(acme, "timeline/")), "timeline")
    assert "14 times" in timeline
    assert timeline.count('<li class="event">') == 2


def test_the_timeline_answers_by_channel_type_person_and_day(page, acme):
    ann = Contact.objects.create(customer=acme, name="Ann", created_at=NOW)
    cast.happened(acme, "Page viewed", NOW, ann, properties={"name": "Pricing"})
    cast.happened(acme, "Meeting held", NOW - timedelta(days=1), properties={"meeting": "Kick-off"})
    cast.counted(acme, "Meeting held", 1)
    meeting = EventType.objects.get(name="Meeting held")
    asked = [
        ({"channel": "web"}, "Pricing", "Kick-off"),
        ({"type": str(meeting.pk)}, "Kick-off", "Pricing"),
        ({"person": str(ann.pk)}, "Pricing", "Kick-off"),
        ({"since": "2026-06-15"}, "Pricing", "Kick-off"),
        ({"until": "2026-06-14"}, "Kick-off", "Pricing"),
    ]
    for query, found, left_out in asked:
        events = part(page(at(acme, "timeline/"), **query), "timeline")
        assert found in events, query
        assert left_out not in events, query


@pytest.mark.parametrize(
    "query", [{"channel": "x"}, {"person": "999"}, {"person": "9" * 40}, {"since": "x"}, {"chanel": "web"}]
)
def test_a_bad_question_shows_no_event_and_says_so(page, acme, query):
    cast.happened(acme, "Feature used", NOW, properties={"n": "one"})
    timeline = part(page(at(acme, "timeline/"), **query), "timeline")
    assert "so no events are shown" in timeline
    assert "n: one" not in timeline


def test_a_person_of_another_customer_cannot_be_asked_for(page, acme):
    other = Contact.objects.create(customer=cast.customer("Other"), name="Secret", created_at=NOW)
    assert "There is no such contact here." in page(at(acme, "timeline/"), person=str(other.pk))


def test_a_viewer_sees_all_of_it_and_no_button(client, acme, begun):
    client.force_login(cast.colleague("Vera", Role.VIEWER))
    seen = client.get(at(acme)).content.decode()
    assert "What changed" in seen
    for address in ("/edit/", "/notes/new/", "/contacts/new/", "/contracts/new/", "/at-risk/snooze/"):
        assert address not in seen
