"""The timeline shows what holds; what was withdrawn is folded under the act that did it, in its place in time."""

import re
from datetime import timedelta

import pytest
from django.utils import translation

from core import pagination
from customers import lifecycle
from customers.models import Act, Contact
from desk.timeline import act_words, acts
from events import ingest
from events.log import resettling
from events.models import Event
from records import contacts
from tests.conftest import NOW
from tests.events.people import group, identify, track
from tests.pages import cast
from tests.pages.test_customer_360 import at, part


@pytest.fixture
def acme(maya):
    return cast.customer("Acme", owner=maya)


def done(customer, what, /, *, hours=0, by=None, part_of=None, **detail):
    when = NOW - timedelta(hours=hours)
    return Act.objects.create(kind=what, customer=customer, at=when, by=by, part_of=part_of, detail=detail)


def withdrawn(customer, act, *hours, contact=None):
    for ago in hours:
        cast.happened(
            customer, "Report created", NOW - timedelta(hours=ago), contact, void_on=cast.TODAY, void_act=act
        )  # fmt: skip
    days = sorted((NOW - timedelta(hours=ago)).date() for ago in hours)
    act.detail |= {"events": len(hours), "first": days[0].isoformat(), "last": days[-1].isoformat()}
    act.save()


def timeline(page, customer, **query):
    return part(page(at(customer, "timeline/"), **query), "timeline")


SENTENCES = [
    ("owner", {"owner_name": "Maya"}, "Assigned to Maya"),
    ("owner", {}, "Owner removed"),
    ("merge", {"events": 3}, "Merged with another customer: 3 events withdrawn"),
    ("unmerge", {}, "Merge undone"),
    (
        "merge",
        {"of": "customer", "gone_name": "Acme Ltd", "kept_name": "Acme", "events": 3},
        "Merged with Acme Ltd: 3 events",
    ),
    ("merge", {"of": "contact", "gone_name": "Annie", "kept_name": "Ann"}, "Annie merged into Ann"),
    ("unmerge", {"of": "contact", "gone_name": "Annie", "kept_name": "Ann"}, "Merge of Annie into Ann undone"),
    ("reassign", {"gone_name": "Ann", "to": 2, "to_name": "Acme"}, "Ann moved to Acme"),
    ("removal", {"gone_name": "Ann", "events": 2}, "Ann deleted: 2 events withdrawn"),
    ("release", {"gone_name": "Ann"}, "Ids of Ann released"),
    ("undo", {"gone_name": "Ann", "to": 2, "to_name": "Acme"}, "Move of Ann to Acme undone"),
    ("undo", {"gone_name": "Ann", "reason": "A test"}, "Deletion of Ann undone"),
    ("move", {"from_customer": 99, "contact": 7, "events": 12}, "Moved here from an unknown visitor: 12 events"),
    (
        "move",
        {"from_customer": 1, "contact": 7, "events": 1},
        "An unknown visitor turned out to be Ann: 1 event told again",
    ),
    (
        "part",
        {"id": "null", "kind": "device", "came": False, "events": 3},
        "People who shared the id “null” were parted: 3 events told again",
    ),
    (
        "part",
        {"id": "null", "kind": "device", "came": True, "events": 1},
        "Moved here, as people who shared the id “null” were parted: 1 event",
    ),
    ("correction", {"kind": "withdraw", "events": 2114}, "Corrected: 2,114 events withdrawn"),
    ("correction", {"kind": "remap", "events": 14}, "Corrected: 14 events told again"),
    ("undone", {"events": 2}, "Correction undone: 2 events told again"),
    ("record", {"model": "invoice", "name": "INV-77", "events": 1}, "INV-77 changed: 1 event withdrawn"),
    ("record", {"name": "INV-77", "to": 5}, "INV-77 moved to another customer"),
    ("record", {"model": "note", "name": "call", "events": 1}, "A note changed: 1 event withdrawn"),
    ("deletion", {"name": "INV-77", "events": 2}, "INV-77 deleted: 2 events withdrawn"),
    ("deletion", {}, "A record deleted"),
    ("rate", {"currency": "USD", "events": 3}, "Exchange rate of USD added: 3 events told again"),
    ("rate", {}, "Exchange rate"),
    ("event_type", {"kind": "retell", "events": 3}, "Event type changed: 3 events told again"),
    ("event_type", {"kind": "merge", "events": 3}, "Event type merged into another: 3 events told again"),
    (
        "objection",
        {"contact": 7, "objects": True, "from": "2026-06-03"},
        "Ann is not scored from 3 Jun 2026 on",
    ),
    ("objection", {"contact": 8, "objects": False}, "Unknown person is scored again from 15 Jun 2026 on"),
    ("erasure", {"events": 4}, "A person was erased"),
    ("consent", {"contact": 7, "what": "opted_out", "origin": "file"}, "Ann wants no surveys (a file)"),
    (
        "consent",
        {"contact": 7, "what": "lifted", "origin": "person"},
        "Ann may be sent surveys again (the person themselves)",
    ),
    (
        "consent",
        {"contact": 8, "what": "bounced", "origin": "provider"},
        "Mail to Unknown person comes back, so no surveys are sent (the mail provider)",
    ),
]


@pytest.mark.parametrize(("kind", "detail", "words"), SENTENCES)
def test_each_kind_of_act_says_in_plain_words_what_was_done(kind, detail, words):
    with translation.override("en-gb"):
        assert act_words.sentence(Act(kind=kind, customer_id=1, at=NOW, detail=detail), {7: "Ann"}) == words


def test_no_kind_is_without_words():
    assert {kind for kind, *_ in SENTENCES} == set(Act.Kind.values)


def test_what_is_withdrawn_stands_under_its_act_and_nowhere_else(page, acme, maya):
    cast.happened(acme, "Feature used", NOW - timedelta(hours=1), properties={"n": "holds"})
    act = done(acme, "correction", hours=2, by=maya)
    withdrawn(acme, act, 30, 31)
    seen = timeline(page, acme)
    assert "Corrected: 2 events withdrawn" in seen
    assert "by Maya" in seen
    assert "n: holds" in seen
    assert "Report created" not in seen.partition("</form>")[2]
    folded = page(f"{at(acme)}acts/{act.pk}/")
    assert folded.count("<s>") == folded.count("Report created") == 2


def test_the_part_under_the_act_says_how_many_more_there_are(client, page, acme):
    act = done(acme, "correction")
    withdrawn(acme, act, *range(25))
    answer = client.get(f"{at(acme)}acts/{act.pk}/", headers={"HX-Request": "true"})
    seen = answer.content.decode()
    assert (seen.count("<s>"), "and 5 more" in seen, "<html" in seen) == (20, True, False)
    assert page(f"{at(acme)}acts/{act.pk}/").count("<s>") == 25


def test_an_act_of_many_says_for_each_customer_who_did_it_and_to_how_many(page, acme, maya):
    of_all = done(None, "correction", by=maya, kind="withdraw", events=2_114, customers=31)
    done(acme, "correction", part_of=of_all, events=14)
    seen = timeline(page, acme)
    assert "Corrected: 14 events withdrawn" in seen
    assert "by Maya" in seen


def test_acts_of_others_are_not_shown_and_not_found(page, acme):
    other = done(cast.customer("Other"), "deletion", name="INV-1")
    assert "INV-1" not in timeline(page, acme)
    page(f"{at(acme)}acts/{other.pk}/", 404)


def test_each_act_stands_beside_one_page_of_events_and_costs_none_of_its_rows(page, acme, monkeypatch):
    monkeypatch.setattr(pagination.page, "__defaults__", (4,))
    for i in range(11):
        cast.happened(acme, "Feature used", NOW - timedelta(hours=1 + i // 3), properties={"n": f"no. {i}!"})
    for hours in (0, 1, 2, 2.5, 3, 4, 9):
        done(acme, "deletion", hours=hours, name=f"act {hours}!")
    seen, events, acts, pages = page(at(acme, "timeline/")), [], [], 0
    while True:
        pages += 1
        events += re.findall(r"no\. (\d+)!", seen)
        acts += re.findall(r"act ([\d.]+)!", part(seen, "timeline"))
        query = re.search(r'rel="next" href="([^"]*)"', seen)
        if query is None:
            break
        seen = page(at(acme, "timeline/") + query.group(1).replace("&amp;", "&"))
    assert (pages, sorted(map(int, events))) == (3, list(range(11)))
    assert acts == ["0", "1", "2", "2.5", "3", "4", "9"]


def test_an_act_of_a_day_without_events_has_its_day(page, acme):
    cast.happened(acme, "Feature used", NOW - timedelta(days=3))
    done(acme, "deletion", hours=24, name="INV-1")
    seen = timeline(page, acme)
    assert re.findall(r'class="day">(\w+),', seen) == ["Sunday", "Friday"]


def test_of_very_many_acts_the_last_are_shown_and_days_lead_to_the_others(page, acme, monkeypatch):
    monkeypatch.setattr(acts, "MOST", 2)
    for n in range(1, 4):
        done(acme, Act.Kind.RECORD, hours=24 * n, name=f"INV-{n}")
    seen = timeline(page, acme)
    assert [f"INV-{n}" in seen for n in range(1, 4)] == [True, True, False]
    assert "Only the last 2 changes made beside these events are shown. Choose days to see the others." in seen
    seen = timeline(page, acme, until="2026-06-13")
    assert [f"INV-{n}" in seen for n in range(1, 4)] == [False, True, True]
    assert "Only the last" not in seen


def test_acts_are_of_days_but_of_no_channel_type_or_person(page, acme):
    ann = Contact.objects.create(customer=acme, name="Ann", created_at=NOW)
    kind = cast.happened(acme, "Feature used", NOW, ann).event_type
    cast.counted(acme, "Feature used", 0)
    done(acme, "deletion", hours=24, name="INV-1")
    for query in ({"channel": "product"}, {"type": str(kind.pk)}, {"person": str(ann.pk)}, {"since": "2026-06-15"}):
        assert "INV-1" not in timeline(page, acme, **query), query
    for query in ({"until": "2026-06-14"}, {"since": "2026-06-14"}, {}):
        assert "INV-1" in timeline(page, acme, **query), query


def test_events_of_who_is_not_scored_are_marked_and_the_people_agree(page, maya, source):
    acme = lifecycle.upsert([{"company_id": "acme", "name": "Acme"}], now=NOW)["acme"]
    for name in ("ann", "bob"):
        contacts.write([{"customer_id": acme, "user_id": name, "name": name.title()}], now=NOW)
        ingest.record([track(1, "Signed in", userId=name)], source=source, now=NOW)
    contacts.write([{"customer_id": acme, "user_id": "ann", "stop_scoring": True}], now=NOW, by=maya)
    seen = page(f"/customers/{acme}/timeline/")
    assert part(seen, "timeline").count("Not counted: Ann does not want to be scored") == 1
    assert "Not counted: Bob" not in seen
    assert "Ann is not scored from 15 Jun 2026 on" in seen
    people = part(page(f"/customers/{acme}/"), "people")
    assert "1 of 1 active in 30 days" in people
    assert people.count("not scored") == 1


def test_a_visitor_who_turned_out_to_be_somebody_is_told_of(page, source):
    acme = lifecycle.upsert([{"company_id": "acme", "name": "Acme"}], now=NOW)["acme"]
    visits = [track(n + 1, anonymousId="x", messageId=f"v{n}") for n in range(3)]
    ingest.record([group("acme", 2, userId="ann", traits={}), *visits], source=source, now=NOW)
    contacts.write([{"customer_id": acme, "user_id": "ann", "name": "Ann"}], now=NOW)
    ingest.record([identify(userId="ann", anonymousId="x")], source=source, now=NOW)
    resettling.settle_all(now=NOW)
    seen = page(f"/customers/{acme}/timeline/")
    assert "Moved here from an unknown visitor: 3 events" in seen
    assert "What was withdrawn" not in seen
    assert Event.objects.live().filter(customer=acme).count() == 3
