"""The list of contacts: whom it shows to whom, what each filter finds, in which order, and its file."""

import csv
import io
from datetime import timedelta

import pytest

from core import pagination
from customers.models import Contact, Identity, IdentityKind
from desk.contacts import export as exporting
from desk.contacts.orders import ORDER_WORDS
from events.models import ActiveDay
from tests.conftest import NOW
from tests.pages import cast

LIST, FILE = "/contacts/", "/contacts/export.csv"


def contact(name, customer, *active_days_ago, **fields):
    made = Contact.objects.create(name=name, customer=customer, created_at=NOW, **fields)
    for ago in active_days_ago:
        active(made, customer, ago)
    return made


def active(who, customer, ago, count=1):
    day = cast.TODAY - timedelta(days=ago)
    ActiveDay.objects.create(customer=customer, contact=who, day=day, known_on=day, count=count)


@pytest.fixture
def people(maya):
    """Three at Acme, one at Globex, one who says nothing of themselves."""
    acme, globex = cast.customer("Acme"), cast.customer("Globex")
    made = {
        "Ann": contact("Ann", acme, 0, 40, email="ann@acme.example", role="Buyer", locale="de-AT"),
        "Bob": contact("Bob", acme, 40, email="bob@mail.example", survey_opt_out=True),
        "Cem": contact("Cem", acme, role="Head buyer", stop_scoring=True),
        "Dora": contact("Dora", globex, 7, email="dora@globex.example"),
        "": contact("", globex),
    }
    Identity.objects.create(kind=IdentityKind.USER, value="u-17", contact=made["Cem"])
    Identity.objects.create(kind=IdentityKind.EMAIL, value="old@mail.example", contact=made["Bob"])
    return made


def names_in(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    return [row.name for row in response.context["page"].rows]


def test_a_row_says_who_it_is_where_and_when_they_were_active(page, people):
    seen = page(LIST)
    ann = people["Ann"]
    assert f'<a href="/contacts/{ann.pk}/"><bdi>Ann</bdi></a>' in seen
    assert f'<a href="/customers/{ann.customer_id}/"><bdi>Acme</bdi></a>' in seen
    for words in ("Buyer", "ann@acme.example", "today", "de-AT", "No surveys", "Not scored", "Unknown person"):
        assert words in seen
    assert "5 contacts" in seen
    assert "None" not in seen


def test_contacts_of_provisional_customers_are_in_no_list(page):
    contact("Visitor", cast.customer("Somebody", provisional=True))
    assert "No contacts yet" in page(LIST)


def test_a_limited_colleague_sees_the_contacts_of_their_own_customers(client, people):
    lou = cast.colleague("Lou", is_limited=True)
    contact("Own", cast.customer("Own", owner=lou))
    client.force_login(lou)
    assert names_in(client) == ["Own"]
    assert names_in(client, q="ann") == names_in(client, customer=people["Ann"].customer_id) == []
    assert b"Acme" not in client.get(LIST, {"customer": people["Ann"].customer_id}).content
    assert b"Ann" not in client.get("/search/", {"q": "ann@acme"}).content
    rows = list(csv.DictReader(io.StringIO(b"".join(client.get(FILE)).decode()[1:])))
    assert [row["name"] for row in rows] == ["Own"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "ann"}, ["Ann"]),
        ({"q": "MAIL.EXAMPLE"}, ["Bob"]),
        ({"q": "u-17"}, ["Cem"]),
        ({"q": "old@mail.example"}, ["Bob"]),
        ({"q": "%"}, []),
        ({"customer_name": "glob"}, ["Dora", ""]),
        ({"role": "buyer"}, ["Ann", "Cem"]),
        ({"active_within": "1"}, ["Ann"]),
        ({"active_within": "7"}, ["Ann"]),
        ({"active_within": "8"}, ["Ann", "Dora"]),
        ({"quiet_for": "40"}, ["Bob", "Cem", ""]),
        ({"quiet_for": "41"}, ["Cem", ""]),
        ({"active_within": "60", "quiet_for": "30"}, ["Bob"]),
        ({"no_surveys": "yes"}, ["Bob"]),
        ({"no_surveys": "no"}, ["Ann", "Cem", "Dora", ""]),
        ({"not_scored": "yes"}, ["Cem"]),
        ({"no_email": "yes"}, ["Cem", ""]),
        ({"no_email": "no", "customer_name": "acme"}, ["Ann", "Bob"]),
        ({"user_id": "u-17"}, ["Cem"]),
        ({"email": "OLD@mail.example"}, ["Bob"]),
        ({"q": "", "role": "", "no_surveys": "", "sort": ""}, ["Ann", "Bob", "Cem", "Dora", ""]),
    ],
)
def test_each_filter_finds_whom_it_names(client, maya, people, query, names):
    client.force_login(maya)
    assert names_in(client, **query) == names


def test_a_withdrawn_day_and_one_at_another_customer_are_no_activity_here(client, maya, people):
    client.force_login(maya)
    active(people["Dora"], people["Ann"].customer, 0)
    ActiveDay.objects.filter(contact=people["Ann"], day=cast.TODAY).update(count=0)
    assert names_in(client, active_within="1") == []
    assert names_in(client, sort="-last_active")[0] == "Dora", "a week ago at Globex"


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("name", ["Ann", "Bob", "Cem", "Dora", ""]),
        ("-name", ["Dora", "Cem", "Bob", "Ann", ""]),
        ("customer", ["Ann", "Bob", "Cem", "Dora", ""]),
        ("-customer", ["", "Dora", "Cem", "Bob", "Ann"]),
        ("-last_active", ["Ann", "Dora", "Bob", "", "Cem"]),
    ],
)
def test_an_order_goes_on_from_page_to_page_and_what_is_unknown_comes_last(
    client, maya, people, monkeypatch, order, names
):
    client.force_login(maya)
    assert names_in(client, sort=order) == names
    monkeypatch.setattr(pagination.page, "__defaults__", (2,))
    found, cursor = [], None
    for _ in range(3):
        response = client.get(LIST, {"sort": order, **({"cursor": cursor} if cursor else {})})
        found += [row.name for row in response.context["page"].rows]
        cursor = response.context["page"].next_cursor
    assert (found, cursor) == (names, None)


def test_every_order_is_tried(people):
    (orders,) = [
        mark.args[1] for mark in test_an_order_goes_on_from_page_to_page_and_what_is_unknown_comes_last.pytestmark
    ]
    assert {order for order, _names in orders} == set(ORDER_WORDS)


def test_a_cursor_of_another_order_is_refused(client, maya, people, monkeypatch):
    client.force_login(maya)
    monkeypatch.setattr(pagination.page, "__defaults__", (2,))
    cursor = client.get(LIST, {"sort": "-last_active"}).context["page"].next_cursor
    for order in ("-name", "name", "customer"):
        assert client.get(LIST, {"sort": order, "cursor": cursor}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"nam": "ann"},
        {"no_surveys": "perhaps"},
        {"active_within": "0"},
        {"active_within": "x"},
        {"quiet_for": "9" * 30},
        {"customer": "9" * 30},
        {"customer": "acme"},
        {"sort": "email"},
        {"sort": "last_active"},
        {"quiet_for": "366"},
        {"q": "a\0b"},
        {"columns": "name"},
    ],
)
def test_a_bad_filter_finds_nobody_and_says_so(client, page, people, query):
    seen = page(LIST, **query)
    assert "This filter is not valid, so nothing is shown." in seen
    assert "ann@acme.example" not in seen
    assert client.get(FILE, query).status_code == 404


def test_htmx_gets_the_part_that_changes(client, maya, people):
    client.force_login(maya)
    part = client.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "ann@acme.example" in part and "<html" not in part


def test_the_customer_of_a_link_stands_above_the_list_and_can_be_removed(page, people):
    seen = page(LIST, customer=str(people["Ann"].customer_id), role="buyer")
    assert "Customer: <bdi>Acme</bdi>" in seen
    assert 'href="/contacts/?role=buyer"' in seen


@pytest.fixture
def rows(client, maya):
    client.force_login(maya)

    def fetch(**query):
        response = client.get(FILE, query)
        assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
        return list(csv.DictReader(io.StringIO(b"".join(response).decode()[1:])))

    return fetch


def test_the_file_has_what_the_importer_reads_and_what_only_we_know(rows, people):
    acme = people["Ann"].customer
    Identity.objects.create(kind=IdentityKind.COMPANY, value="acme", customer=acme)
    Identity.objects.create(kind=IdentityKind.RAPPORT, value=str(acme.pk), customer=acme)
    (cem,) = rows(user_id="u-17")
    assert cem == {
        "company_id": "acme", "rapport_id": str(acme.pk), "user_id": "u-17", "email": "", "name": "Cem",
        "role": "Head buyer", "locale": "", "survey_opt_out": "no", "stop_scoring": "yes", "customer": "Acme",
        "last_active_on": "", "created_at": "2026-06-15",
    }  # fmt: skip
    assert [row["last_active_on"] for row in rows(q="ann")] == ["2026-06-15"]


def test_the_file_goes_on_in_batches_up_to_the_most(rows, people, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH", 2)
    assert len(rows()) == 5
    monkeypatch.setattr(exporting, "MOST", 3)
    assert [row["name"] for row in rows(sort="-name")] == ["Ann", "Bob", "Cem"]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+49", "\t=1"])
def test_no_cell_is_a_formula(rows, text):
    contact(text, cast.customer(text), role=text)
    (row,) = rows()
    assert {row["name"], row["role"], row["customer"]} == {f"'{text}"}


def test_a_viewer_has_no_file_and_is_offered_none(client, people):
    client.force_login(cast.colleague("Vera", "viewer"))
    assert client.get(FILE).status_code == 403
    assert b"export.csv" not in client.get(LIST).content
