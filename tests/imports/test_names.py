"""What a file says in place of an id is told row by row; what is not seen goes; addresses by the rule of every door."""

import pytest

from core.jobs import rederiving
from customers.models import Contact, Customer, Identity, WrongId
from events.models import Event
from imports.models import StagedRow
from imports.problems import describe
from tests.conftest import NOW
from tests.core.test_names import BAD
from tests.imports.files import csv_file
from tests.imports.steps import wrong

pytestmark = pytest.mark.django_db

WRONG = [
    "null",
    "Undefined",
    "0",
    "#N/A",
    "'none'",
    "[object Object]",
    "00000000-0000-0000-0000-000000000000",
    "kiosk-1",
]


@pytest.fixture(autouse=True)
def kiosk():
    return WrongId.objects.create(value="kiosk-1", added_at=NOW)


def test_customers_of_wrong_ids_are_refused_and_their_neighbours_stored(bring):
    job = bring("customers", csv_file("Company id,Name", *(f"{text},A" for text in WRONG), "good,Good"))
    assert wrong(job) == {n: [("Company id", "wrong id")] for n in range(2, len(WRONG) + 2)}
    assert list(Customer.objects.values_list("name", flat=True)) == ["Good"]
    problem = describe(StagedRow.objects.filter(of=job, number=2).get().problems[0])
    assert problem.startswith("“null” is what programs write where an id is missing")


def test_a_wrong_parent_is_refused(bring, acme):
    job = bring("customers", csv_file("Company id,Name,Parent", "good,Good,null"))
    assert wrong(job) == {2: [("Parent", "wrong id")]}


def test_contacts_of_wrong_ids_are_refused_and_their_neighbours_stored(bring, acme):
    rows = [f"acme,{text},A" for text in WRONG] + ["null,ann,A", "acme,good,Good"]
    job = bring("contacts", csv_file("Company id,User id,Name", *rows))
    assert wrong(job) == {
        **{n: [("User id", "wrong id")] for n in range(2, len(WRONG) + 2)},
        len(WRONG) + 2: [("Company id", "wrong id")],
    }
    assert list(Contact.objects.values_list("name", flat=True)) == ["Good"]


def test_past_events_of_wrong_ids_are_refused_and_their_neighbours_stored(bring, acme):
    rows = [f"acme,{text},Call,2026-05-01" for text in WRONG] + ["acme,good,Call,2026-05-01"]
    job = bring("events", csv_file("Company id,User id,Event,At", *rows))
    assert set(wrong(job)) == set(range(2, len(WRONG) + 2))
    assert Event.objects.count() == 1
    assert not Identity.objects.filter(kind="user").exclude(value="good").exists()


def test_what_is_not_seen_goes_from_ids_names_tags_and_addresses(bring, acme):
    bring("customers", csv_file("Company id,Name,Tags", "ac\u200bme,\u202eAcme\u00ad Ltd,vi\u2060p; beta\u200b"))
    customer = Customer.objects.get()
    assert (customer.pk, customer.name, customer.tags) == (acme, "Acme Ltd", ["vip", "beta"])
    bring(
        "contacts", csv_file("Company id,User id,E-mail,Name", "acme\u200b,a\u200bnn,\u200eAnn@Acme.example,An\u200bn")
    )
    ann = Contact.objects.get()
    assert (ann.name, ann.email) == ("Ann", "ann@acme.example")
    assert set(ann.identities.values_list("value", flat=True)) == {"ann", "ann@acme.example"}


def test_a_parent_further_down_is_found_whatever_is_not_seen_in_its_id(bring):
    job = bring("customers", csv_file("Company id,Name,Parent", "child,Child,moth\u200ber", "mo\u00adther,Mother,"))
    assert wrong(job) == {}
    assert Customer.objects.get(name="Child").parent == Customer.objects.get(name="Mother")


def test_a_cell_of_nothing_that_is_seen_is_empty(bring, acme):
    job = bring("contacts", csv_file("Company id,User id,E-mail,Name", "acme,\u200b,,Ann", "acme,ann,,\u200b"))
    assert wrong(job) == {2: [("", "either")]}
    assert list(Contact.objects.values_list("name", flat=True)) == [""]


def test_what_is_no_address_is_refused(bring, acme):
    bad = [text for text in BAD if isinstance(text, str) and text.strip() and not set(text) & set('\0\n",')]
    rows = [f"acme,u{n},{text}" for n, text in enumerate(bad)]
    job = bring("contacts", csv_file("Company id,User id,E-mail", *rows))
    assert wrong(job) == {n: [("E-mail", "email")] for n in range(2, len(bad) + 2)}


def test_what_stood_before_with_what_is_not_seen_is_no_change(bring, acme):
    Customer.objects.update(name="\u200bAc\nme", plan="Pr\u00ado", currency="EUR")
    rederiving.rederive(Customer.objects.all())
    job = bring("customers", csv_file("Company id,Name,Plan", "acme,\u200bAc me,Pr\u00ado"))
    assert job.written == {"bad": 0, "same": 1}
    assert Customer.objects.get().name == "\u200bAc\nme"
