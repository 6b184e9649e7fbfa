"""Contracts, invoices, tickets and notes by the API: each is a row, its events and its inputs."""

import pytest

from customers import lifecycle
from customers.models import Act, Contact, Customer, InputLog
from events.models import Event
from records.models import Contract, Note, Record
from tests.api.conftest import faults
from tests.conftest import NOW
from tests.pages import cast

BODIES = {
    "contracts": {"name": "Annual", "starts_on": "2026-01-01", "monthly_value": "99.90", "currency": "EUR"},
    "invoices": {
        "number": "7",
        "issued_on": "2026-05-01",
        "due_on": "2026-06-01",
        "amount": "250.00",
        "currency": "EUR",
    },
    "tickets": {"subject": "Help", "priority": "high", "opened_at": "2026-06-01T08:00:00Z"},
    "notes": {"kind": "call", "text": "Called them", "pulse": "red", "at": "2026-06-02T08:00:00Z"},
}
EVENTS = {
    "contracts": {"Contract signed"},
    "invoices": {"Invoice issued", "Invoice overdue"},
    "tickets": {"Ticket opened"},
    "notes": {"Call logged"},
}
CHANGES = {
    "contracts": {"renews_on": "2027-01-01"},
    "invoices": {"paid_on": "2026-06-10"},
    "tickets": {"solved_at": "2026-06-10T08:00:00Z"},
    "notes": {"text": "Called them twice"},
}
kinds = pytest.mark.parametrize("kind", BODIES)


def events():
    return set(Event.objects.values_list("event_type__name", flat=True))


@kinds
def test_a_record_is_made_listed_found_and_changed(api, acme, kind):
    path = f"customers/{acme.pk}/{kind}/"
    made = api.post(path, BODIES[kind])
    assert made.status_code == 201
    said = made.json()
    assert BODIES[kind].items() <= said.items()
    assert (said["customer_id"], said["external_id"]) == (acme.pk, "")
    assert events() == EVENTS[kind]
    assert api.rows(path) == [said]
    assert api.get(f"{path}{said['id']}/").json() == said
    changed = api.patch(f"{path}{said['id']}/", CHANGES[kind])
    assert changed.json() == {**said, **CHANGES[kind]}
    assert api.rows(path) == [changed.json()]


@kinds
def test_a_record_of_another_system_is_made_once_and_written_over(api, acme, kind):
    path = f"customers/{acme.pk}/{kind}/by-id/crm%2F7/"
    first, second = api.put(path, BODIES[kind]), api.put(path, {**BODIES[kind], **CHANGES[kind]})
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == {**first.json(), **CHANGES[kind]}
    assert first.json()["external_id"] == "crm/7"
    again = api.put(path, {k: v for k, v in BODIES[kind].items() if k not in CHANGES[kind]} | CHANGES[kind])
    assert again.json() == second.json()
    number = Event.objects.count()
    api.put(path, {**BODIES[kind], **CHANGES[kind]})
    assert Event.objects.count() == number


@kinds
def test_records_of_customers_of_others_are_not_there(api, make_key, lou, acme, kind):
    path = f"customers/{acme.pk}/{kind}/"
    made = api.put(f"{path}by-id/7/", BODIES[kind]).json()
    limited = make_key(colleague=lou)
    for call in (
        limited.get(path),
        limited.post(path, BODIES[kind]),
        limited.get(f"{path}{made['id']}/"),
        limited.patch(f"{path}{made['id']}/", CHANGES[kind]),
        limited.put(f"{path}by-id/7/", BODIES[kind]),
    ):
        assert call.status_code == 404
    assert api.rows(path) == [made]


@kinds
def test_a_record_of_one_customer_is_not_found_at_another(api, acme, kind):
    made = api.post(f"customers/{acme.pk}/{kind}/", BODIES[kind]).json()
    other = cast.customer("Other")
    assert api.get(f"customers/{other.pk}/{kind}/{made['id']}/").status_code == 404
    assert api.patch(f"customers/{other.pk}/{kind}/{made['id']}/", CHANGES[kind]).status_code == 404


@pytest.mark.parametrize(
    ("kind", "body", "fault"),
    [
        ("contracts", {"ends_on": "2025-01-01"}, {"": "invalid"}),
        ("contracts", {"currency": "euro"}, {"currency": "invalid"}),
        ("contracts", {"starts_on": "yesterday"}, {"starts_on": "invalid"}),
        ("contracts", {"customer_id": 1}, {"customer_id": "unknown"}),
        ("invoices", {"due_on": "2026-01-01"}, {"": "invalid"}),
        ("invoices", {"amount": "1e9999"}, {"amount": "max_digits"}),
        ("invoices", {"amount": "0.001"}, {"amount": "max_decimal_places"}),
        ("tickets", {"solved_at": "2020-01-01T00:00:00Z"}, {"": "invalid"}),
        ("tickets", {"contact_id": 999_999}, {"contact_id": "does_not_exist"}),
        ("notes", {"text": ""}, {"text": "blank"}),
        ("notes", {"author_id": 1}, {"author_id": "unknown"}),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_written(api, acme, kind, body, fault):
    assert faults(api.post(f"customers/{acme.pk}/{kind}/", {**BODIES[kind], **body})) == fault
    assert not any(model.objects.exists() for model in Record.__subclasses__())
    assert events() == set()


def test_a_change_is_checked_together_with_what_stays(api, acme):
    path = f"customers/{acme.pk}/contracts/"
    made = api.post(path, BODIES["contracts"]).json()
    assert faults(api.patch(f"{path}{made['id']}/", {"ends_on": "2025-12-31"})) == {"": "invalid"}
    assert Contract.objects.get().ends_on is None


def test_a_note_is_its_authors_and_its_pulse_an_input(make_key, maya, acme):
    make_key(colleague=maya).post(f"customers/{acme.pk}/notes/", {"text": "Fine", "pulse": "green"})
    note = Note.objects.get()
    assert (note.author, note.at) == (maya, NOW)
    assert InputLog.objects.filter(name="pulse").get().text == "green"


def test_a_contact_of_a_customer_of_others_cannot_be_named(make_key, lou, acme):
    own, foreign = cast.customer("Own", owner=lou), Contact.objects.create(customer=acme, created_at=NOW)
    answer = make_key(colleague=lou).post(
        f"customers/{own.pk}/notes/", {"text": "With somebody else's", "contact_id": foreign.pk}
    )
    assert faults(answer) == {"contact_id": "does_not_exist"}


@kinds
def test_a_deleted_record_leaves_its_act_and_no_live_event(api, acme, kind):
    path = f"customers/{acme.pk}/{kind}/"
    made = api.post(path, BODIES[kind]).json()
    assert api.delete(f"{path}{made['id']}/").status_code == 204
    assert api.rows(path) == []
    assert not Event.objects.live().exists()
    assert {event.void_act.kind for event in Event.objects.all()} == {Act.Kind.DELETION}
    act = Act.objects.get()
    assert (act.customer, act.detail["record"], act.detail["events"]) == (acme, made["id"], len(EVENTS[kind]))
    assert api.delete(f"{path}{made['id']}/").status_code == 404
    assert api.delete(path).status_code == 405


@kinds
def test_a_deleted_id_is_free_and_what_comes_under_it_again_is_told_again(api, acme, other, kind):
    path = f"customers/{acme.pk}/{kind}/by-id/7/"
    for _life in range(3):
        assert api.put(path, BODIES[kind]).status_code == 201
        assert {event.event_type.name for event in Event.objects.live()} == EVENTS[kind]
        assert api.delete(path).status_code == 204
        assert not Event.objects.live().exists()
    assert api.delete(path).status_code == 404
    assert api.put(f"customers/{other.pk}/{kind}/by-id/7/", BODIES[kind]).status_code == 201


@kinds
def test_records_of_customers_of_others_cannot_be_deleted(api, make_key, lou, acme, kind):
    path = f"customers/{acme.pk}/{kind}/"
    made = api.put(f"{path}by-id/7/", BODIES[kind]).json()
    limited = make_key(colleague=lou)
    for at in (f"{path}{made['id']}/", f"{path}by-id/7/"):
        assert limited.delete(at).status_code == 404
    assert api.rows(path) == [made]


@pytest.fixture
def other(begun):
    return Customer.objects.get(pk=lifecycle.upsert([{"company_id": "bug-1", "name": "Bug One"}], now=NOW)["bug-1"])


@kinds
def test_an_id_of_another_customer_is_a_conflict_that_names_it(api, acme, other, kind):
    first = api.put(f"customers/{other.pk}/{kind}/by-id/INV-77/", BODIES[kind])
    refused = api.put(f"customers/{acme.pk}/{kind}/by-id/INV-77/", BODIES[kind])
    article = {"contracts": "a contract of", "invoices": "an invoice of", "tickets": "a ticket of",
               "notes": "a note about"}[kind]  # fmt: skip
    assert refused.status_code == 409
    assert refused.json()["code"] == "other_customer"
    assert refused.json()["message"] == f"“INV-77” is {article} Bug One."
    assert api.delete(f"customers/{acme.pk}/{kind}/by-id/INV-77/").status_code == 404
    assert api.rows(f"customers/{acme.pk}/{kind}/") == []
    assert api.rows(f"customers/{other.pk}/{kind}/") == [first.json()]


def test_who_may_not_see_the_other_customer_is_not_told_its_name_and_moves_nothing(api, make_key, lou, other):
    api.put(f"customers/{other.pk}/invoices/by-id/INV-77/", BODIES["invoices"])
    own = cast.customer("Own", owner=lou)
    for query in ("", "?move=true"):
        answer = make_key(colleague=lou).put(f"customers/{own.pk}/invoices/by-id/INV-77/{query}", BODIES["invoices"])
        assert answer.status_code == 409
        assert answer.json()["message"] == "“INV-77” belongs to another customer."


@kinds
def test_a_record_is_moved_when_that_is_asked(api, acme, other, kind):
    api.put(f"customers/{other.pk}/{kind}/by-id/7/", {**BODIES[kind], **CHANGES[kind]})
    moved = api.put(f"customers/{acme.pk}/{kind}/by-id/7/?move=true", {**BODIES[kind], **CHANGES[kind]})
    assert (moved.status_code, moved.json()["customer_id"]) == (200, acme.pk)
    assert api.rows(f"customers/{other.pk}/{kind}/") == []
    assert set(Event.objects.live().values_list("customer", flat=True)) == {acme.pk}
    act = Act.objects.get()
    assert (act.kind, act.customer, act.detail["to"]) == (Act.Kind.RECORD, other, acme.pk)
    back = api.put(f"customers/{other.pk}/{kind}/by-id/7/?move=true", BODIES[kind])
    assert back.status_code == 200
    assert set(Event.objects.live().values_list("customer", flat=True)) == {other.pk}


def test_move_says_true_or_nothing(api, acme):
    answer = api.put(f"customers/{acme.pk}/invoices/by-id/7/?move=yes", BODIES["invoices"])
    assert faults(answer) == {"move": "invalid"}
