"""Duplicates are proposed by domain, folded name and e-mail; who was told apart is not proposed again."""

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from customers.finding import apart, duplicates
from customers.finding.likeness import CONTACTS, CUSTOMERS, Why
from customers.models import Contact, ContactsApart, Customer, CustomersApart
from tests.conftest import NOW
from tests.pages import cast

pytestmark = pytest.mark.django_db

MANY_CONTACTS = """
    INSERT INTO customers_contact (customer_id, name, email, address, role, locale, traits, set_at, survey_opt_out,
                                   stop_scoring, created_at)
    SELECT %s, 'Ann Stone ' || n, n || '@acme.example', sha256(n::text::bytea), '', '', '{}', '{}', false, false, now()
    FROM generate_series(1, 3000) AS n
"""


def customer(name, domain="", **fields):
    return cast.customer(name, domain=domain, **fields)


def contact(name, email="", at=None):
    return Contact.objects.create(customer=at or cast.customer("Globex"), name=name, email=email, created_at=NOW)


def found(sought=CUSTOMERS, rows=None, cursor=None):
    """Return who is proposed: the reasons, and the names, the oldest first."""
    model = Customer if sought is CUSTOMERS else Contact
    page = duplicates.page(model.objects.known() if rows is None else rows, sought, cursor)
    return [
        ([str(why) for why in group.why], [model.objects.get(pk=pk).name for pk in group.pks]) for group in page.rows
    ]


def tell_apart(one, other):
    model = CustomersApart if isinstance(one, Customer) else ContactsApart
    apart.keep(model, one.pk, other.pk, now=NOW, by=None)


def test_companies_of_one_host_and_of_one_name_are_proposed_those_with_the_newest_first():
    customer("Acme", "acme.example")
    customer("Globex GmbH")
    customer("Initech", "initech.example")
    customer("Acme Rockets", "https://www.acme.example/")
    customer("GLOBEX")
    assert found() == [(["name"], ["Globex GmbH", "GLOBEX"]), (["domain"], ["Acme", "Acme Rockets"])]


def test_who_has_both_in_common_stands_once():
    customer("Acme", "acme.example")
    customer("Acme Ltd", "acme.example")
    assert found() == [(["domain", "name"], ["Acme", "Acme Ltd"])]


def test_a_host_that_many_share_is_no_domain():
    customer("Acme", "gmail.com")
    customer("Globex", "gmail.com")
    assert found() == []


def test_private_and_provisional_customers_are_not_proposed():
    for fields in ({"kind": "person"}, {"provisional": True}, {}):
        customer("Ann Smith", "ann.example", **fields)
    assert found() == []


def test_contacts_of_one_address_or_of_one_full_name_at_one_customer_are_proposed():
    acme, initech = customer("Acme"), customer("Initech")
    contact("Ann", "ann@acme.example", acme)
    contact("Bob Stone", at=acme)
    contact("A.", "ANN@acme.example", initech)
    contact("BOB STONE", at=acme)
    contact("Bob Stone", at=initech)
    contact("Ann", at=acme)
    assert found(CONTACTS) == [(["name"], ["Bob Stone", "BOB STONE"]), (["email"], ["Ann", "A."])]


def test_who_was_told_apart_is_not_proposed_until_it_is_taken_back():
    one, other = customer("Acme"), customer("Acme Inc")
    tell_apart(other, one)
    tell_apart(one, other)
    assert found() == []
    apart.take_back(CustomersApart.objects.get())
    assert found() == [(["name"], ["Acme", "Acme Inc"])]


def test_of_three_each_pair_is_proposed_until_all_are_told_apart():
    one, two, three = (customer(name, "acme.example") for name in ("One", "Two", "Three"))
    assert found() == [(["domain"], ["One", "Two", "Three"])]
    tell_apart(one, two)
    assert found() == [(["domain"], ["One", "Three"])]
    tell_apart(one, three)
    assert found() == [(["domain"], ["Two", "Three"])]
    tell_apart(two, three)
    assert found() == []


def test_telling_apart_holds_for_the_pair_whatever_else_they_have_in_common():
    one, other = customer("Acme", "acme.example"), customer("Acme", "acme.example")
    customer("Acme", "other.example")
    tell_apart(one, other)
    assert found() == [(["name"], ["Acme", "Acme"])]


def test_contacts_at_different_customers_do_not_use_up_each_others_pairs():
    acme, initech = customer("Acme"), customer("Initech")
    pairs = [[contact("Bob Stone", at=place) for _ in range(2)] for place in (acme, initech)]
    tell_apart(*pairs[0])
    assert found(CONTACTS) == [(["name"], ["Bob Stone", "Bob Stone"])]
    tell_apart(*pairs[1])
    assert found(CONTACTS) == []


def test_only_those_among_the_rows_are_proposed():
    lou = cast.colleague("Lou", is_limited=True)
    mine = customer("Acme", owner=lou)
    theirs = customer("Acme Inc")
    contact("Ann", "ann@acme.example", mine), contact("Ann", "ann@acme.example", theirs)
    assert found(rows=Customer.objects.visible_to(lou).known()) == []
    assert found(CONTACTS, Contact.objects.visible_to(lou).known()) == []
    customer("acme", owner=lou)
    tell_apart(mine, theirs)
    assert found(rows=Customer.objects.visible_to(lou).known()) == [(["name"], ["Acme", "acme"])]


def test_pages_follow_each_other_without_gap_and_repetition(monkeypatch):
    monkeypatch.setattr(duplicates, "SIZE", 2)
    for i in range(7):
        for _ in range(2):
            customer(f"Company {i}", f"host{i // 2}.example" if i % 3 else "")
    seen, cursor = [], None
    while True:
        page = duplicates.page(Customer.objects.known(), CUSTOMERS, cursor)
        seen += [(tuple(group.why), tuple(group.pks)) for group in page.rows]
        if (cursor := page.next_cursor) is None:
            break
    together = {pks for _, pks in seen}
    assert len({pks for pks in together if len(pks) == 2}) >= 7
    monkeypatch.setattr(duplicates, "SIZE", 100)
    assert {pks for _, pks in found_pks()} == together


def found_pks():
    page = duplicates.page(Customer.objects.known(), CUSTOMERS, None)
    return [(tuple(group.why), tuple(group.pks)) for group in page.rows]


def test_a_crowd_is_shown_in_part(monkeypatch):
    monkeypatch.setattr(duplicates, "MOST", 3)
    for _ in range(5):
        customer("Test")
    [group] = duplicates.page(Customer.objects.known(), CUSTOMERS, None).rows
    assert (len(group.pks), group.more) == (3, 2)


def test_the_twins_of_one_say_why_and_leave_out_who_was_told_apart():
    one = customer("Acme", "acme.example")
    both, other = customer("ACME", "acme.example"), customer("Acme AG", "acme.example")
    customer("Globex", "gmail.com")
    tell_apart(other, one)
    twins = duplicates.twins(one, Customer.objects.known(), CUSTOMERS)
    assert [(twin.pk, twin.name, list(twin.why)) for twin in twins] == [(both.pk, "ACME", [Why.DOMAIN, Why.NAME])]
    assert duplicates.twins(customer("Hooli", "gmail.com"), Customer.objects.known(), CUSTOMERS) == []


def test_a_pair_is_two_in_order_and_once():
    one, other = customer("Acme"), customer("Acme")
    with pytest.raises(ValueError, match="Two"):
        apart.keep(CustomersApart, one.pk, one.pk, now=NOW, by=None)
    with pytest.raises(IntegrityError):
        CustomersApart.objects.create(first=other, second=one, at=NOW)


def test_the_longest_names_fit_into_the_indexes():
    """U+FDFA is 18 letters once it is taken apart, and an index refuses what is too long."""
    for i in range(2):
        wild = "".join(chr(0xFDFA) + chr(0x4E00 + 31 * n + i) for n in range(100))
        place = customer(wild[:200], ("x" * 60 + ".") * 4 + "example")
        contact(f"A {wild[:198]}", at=place)


@pytest.mark.parametrize(
    ("rows", "sought", "indexes"),
    [
        (Customer.objects, CUSTOMERS, ("company_by_host", "company_by_folded_name")),
        (Contact.objects, CONTACTS, ("contact_by_address", "contact_by_full_name")),
    ],
)
def test_groups_and_twins_are_found_by_index(rows, sought, indexes):
    one = customer("Acme", "acme.example")
    with connection.cursor() as cursor:  # so many that no other index comes near
        cursor.execute(MANY_CONTACTS, [one.pk])
        cursor.execute("ANALYZE customers_contact")
    one = one if sought is CUSTOMERS else contact("Ann Stone", "ann@acme.example", one)
    for ask in (
        lambda: duplicates.page(rows.known(), sought, None),
        lambda: duplicates.twins(one, rows.known(), sought),
    ):
        with CaptureQueriesContext(connection) as asked:
            ask()
        with connection.cursor() as cursor:
            for name in ("seqscan", "sort", "incremental_sort", "hashjoin", "hashagg", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{name} = off")
            cursor.execute(f"EXPLAIN {asked[0]['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        for index in indexes:
            assert f"using {index} " in plan, plan
