"""The SDKs themselves, as their makers publish them, against a real server: everything arrives, once, and belongs."""

import pytest
from django.db import OperationalError
from rudderstack.analytics import client as rudderstack
from rudderstack.analytics import request as rudderstack_http
from segment.analytics import client as segment
from segment.analytics import request as segment_http

from customers.models import Contact, Customer
from events import ingest
from events.door import application
from events.models import Event, Rejected
from events.wire import body
from tests.events.checks import counts_are_those_of_the_log, nothing_hangs_in_the_air
from tests.events.people import company, user

SDKS = {"Segment": (segment, segment_http), "RudderStack": (rudderstack, rudderstack_http)}


@pytest.fixture(params=SDKS)
def sdk(request, served_front, monkeypatch, failures):
    """Return what makes a client of the SDK that notes what it reports to on_error."""
    module, http = SDKS[request.param]
    # Else a connection kept open keeps the server's connection to the test database open.
    monkeypatch.setitem(http._session.headers, "Connection", "close")
    made = []

    def note(error, batch):
        failures.append((error.status, error.code, [message["event"] for message in batch]))

    def make(key, **options):
        made.append(module.Client(key, host=served_front, on_error=note, **options))
        return made[-1]

    yield make
    for client in made:
        client.shutdown()


@pytest.fixture
def failures():
    return []


@pytest.fixture
def client(sdk, key):
    return sdk(key)


@pytest.fixture
def requests_made(monkeypatch):
    """Count the requests whose bodies reach the door."""
    seen, real = [], body.inflated

    def inflated(raw, encoding):
        seen.append(encoding.decode() or None)
        return real(raw, encoding)

    monkeypatch.setattr(body, "inflated", inflated)
    return seen


def stored():
    events = Event.objects.select_related("event_type", "customer", "contact").order_by("id")
    return [(one.event_type.name, one.customer.name, one.contact.name, one.properties) for one in events]


@pytest.mark.parametrize("gzip", [True, False], ids=["gzip", "plain"])
def test_every_call_arrives_once_and_belongs_to_its_customer_and_contact(sdk, key, failures, gzip, requests_made):
    client = sdk(key, gzip=gzip)
    client.identify("ann", {"name": "Ann Archer", "email": "ann@acme.example", "team": "red"})
    client.group("ann", "acme", {"name": "Acme", "plan": "Pro"})
    client.track("ann", "Report created", {"pages": 12, "value": 3.5})
    client.page("ann", "Docs", "Pricing", {"path": "/pricing"})
    client.screen("ann", "App", "Home")
    client.track(anonymous_id="a1", event="Signed in")
    client.track("bob", "Signed in", context={"groupId": "birch"})
    client.flush()

    assert failures == []
    assert set(requests_made) == {"gzip" if gzip else None}
    assert not Rejected.objects.exists()
    page = {"path": "/pricing", "name": "Pricing", "category": "Docs"}
    by_ann = [entry for entry in stored() if entry[2]]
    assert by_ann == [
        ("Report created", "Acme", "Ann Archer", {"pages": 12, "value": 3.5}),
        ("Page viewed", "Acme", "Ann Archer", page),
        ("Screen viewed", "Acme", "Ann Archer", {"name": "Home", "category": "App"}),
    ]
    assert [entry[:2] for entry in stored() if not entry[2]] == [("Signed in", "a1"), ("Signed in", "birch")]
    ann, acme = user("ann"), company("acme")
    assert (ann.customer, ann.email, ann.traits) == (acme, "ann@acme.example", {"team": "red"})
    assert (acme.plan, acme.attributes, acme.provisional) == ("Pro", {}, False)
    assert Customer.objects.get(name="a1").provisional
    assert Contact.objects.count() == 3
    counts_are_those_of_the_log()
    nothing_hangs_in_the_air()


def test_five_hundred_events_arrive_once_each(client, failures):
    for number in range(500):
        client.track(f"u{number % 7}", "Report created", {"number": number})
    client.flush()
    assert failures == []
    numbers = Event.objects.values_list("properties__number", flat=True)
    assert sorted(numbers) == list(range(500))
    counts_are_those_of_the_log()


def test_a_bad_event_in_the_middle_costs_its_neighbours_nothing(client, failures):
    client.track("ann", "Report created")
    client.track("ann", "n" * 201)
    client.track("ann", "Signed in", {"value": float("nan")})
    client.track("ann", "Signed in", {"text": "\ud800"})
    client.track("ann", "Feature used")
    client.flush()
    assert failures == []
    assert [entry[0] for entry in stored()] == ["Report created", "Feature used"]
    reasons = Rejected.objects.values_list("reason", flat=True)
    assert sorted("no JSON" in reason for reason in reasons) == [False, True, True]


def test_a_wrong_key_is_told_and_not_tried_again(sdk, website, failures, requests_made):
    client = sdk("rapport_wrong")
    client.track("ann", "Report created")
    client.flush()
    assert failures == [(401, "unknown_write_key", ["Report created"])]
    assert requests_made == []  # its key was checked before its body
    assert not Event.objects.exists()


def test_what_was_stored_but_not_confirmed_is_sent_again_and_counts_once(client, failures, monkeypatch, requests_made):
    """The database dies between the commit and the answer: the SDK hears 503 and tries again."""
    tries, real = [], ingest.store

    def store(*args, **kwargs):
        outcome = real(*args, **kwargs)
        tries.append(outcome)
        if len(tries) == 1:
            raise OperationalError("the connection is closed")
        return outcome

    monkeypatch.setattr(ingest, "store", store)
    monkeypatch.setattr(application, "RETRY_AFTER", b"1")
    client.track("ann", "Report created")
    client.flush()
    assert failures == []
    assert [(one.stored, one.duplicates) for one in tries] == [(1, 0), (0, 1)]
    assert len(requests_made) == 2
    assert Event.objects.count() == 1
