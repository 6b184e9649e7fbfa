"""Group calls at the door: traits that are fields, beside what colleagues and admins said."""

from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from customers import lifecycle
from customers.models import Changed, FieldSource, FieldTrait, InputLog
from events import write_keys
from events.models import Source
from tests.conftest import NOW
from tests.events.people import at, company, group, identify


def inputs(customer, name):
    return InputLog.objects.filter(customer=customer, name=name).values_list("number", "text").last()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_any_order_the_fields_and_their_origins_are_the_same(send, order):
    calls = [
        group("acme", 3, traits={"employees": 100, "mrr": 10, "website": "https://www.nine.example/x"}),
        group("acme", 2, traits={"seats": "many", "mrr": "20.50", "currency": "USD"}),
        group("acme", 1, traits={"seats": 9, "industry": "Food"}),
    ]
    for i in order:
        send(calls[i])
    acme = company("acme")
    assert (acme.seats, acme.mrr, acme.currency, acme.domain) == (9, 20.5, "USD", "nine.example")
    assert acme.attributes == {}
    set_at = {field: (by, instant) for field, (by, instant, _tie) in acme.field_origins.items()}
    assert set_at == {
        "seats": ("server", at(1)), "mrr": ("server", at(2)), "currency": ("server", at(2)),
        "domain": ("server", at(3)), "industry": ("server", at(1)),
    }  # fmt: skip
    assert inputs(acme, "mrr") == (20_500, "USD")


def test_the_company_of_a_person_is_described_alike(send):
    send(identify(userId="ann", traits={"company": {"id": "acme", "employees": 7, "plan": "Pro"}}))
    assert (company("acme").seats, company("acme").plan) == (7, "Pro")


def test_a_revenue_that_calls_change_is_an_input_and_marks_the_customer(send):
    send(group("acme", 2, traits={"mrr": 10}))
    Changed.objects.all().delete()
    send(group("acme", 1, traits={"mrr": 30}))
    assert inputs(company("acme"), "mrr") == (30_000, "EUR")
    assert Changed.objects.filter(customer=company("acme")).exists()


def test_what_a_colleague_changed_holds_against_later_calls(send):
    send(group("acme", 9, traits={"name": "ACME", "plan": "Pro", "mrr": 10}))
    pk = company("acme").pk
    lifecycle.edit({pk: {"name": "Acme Ltd", "mrr": 99}}, now=NOW, by=None)
    send(group("acme", traits={"name": "acme inc", "plan": "Team", "mrr": 20, "currency": "USD"}))
    acme = company("acme")
    assert (acme.name, acme.plan, acme.mrr, acme.currency) == ("Acme Ltd", "Team", 99, "EUR")
    assert inputs(acme, "mrr") == (99_000, "EUR")


def test_an_imported_call_is_a_files_word(website, send):
    Source.objects.update(kind=Source.Kind.IMPORT)
    website.kind = Source.Kind.IMPORT
    send(group("acme", 9, traits={"plan": "Pro"}))
    assert company("acme").field_origins["plan"][0] == "file"


def test_traits_and_sources_that_admins_set_come_with_the_source_in_its_one_query(door, django_assert_num_queries):
    FieldTrait.objects.create(trait="headcount", field="seats")
    FieldTrait.objects.create(trait="plan", field="")
    FieldSource.objects.create(field="industry", origin="server")
    with CaptureQueriesContext(connection) as captured:
        source = write_keys.source_of(door.key, now=NOW)
    [query] = [query["sql"] for query in captured if "customers_fieldtrait" in query["sql"]]
    assert 'FROM "events_source"' in query and "customers_fieldsource" in query
    with django_assert_num_queries(0):
        rules = source.field_rules
    assert (rules.traits["headcount"], rules.source("industry"), "plan" in rules.traits) == ("seats", "server", False)
    door.batch(group("acme", traits={"headcount": 5, "plan": "Pro"}))
    assert (company("acme").seats, company("acme").attributes) == (5, {"plan": "Pro"})


def test_a_field_that_follows_calls_is_theirs_again(door):
    door.batch(group("acme", 2, traits={"plan": "Pro"}))
    pk = company("acme").pk
    lifecycle.edit({pk: {"plan": "Team"}}, now=NOW, by=None)
    FieldSource.objects.create(field="plan", origin="server")
    door.batch(group("acme", 1, traits={"plan": "Pro"}))
    assert company("acme").plan == "Pro"


@pytest.mark.parametrize("number", [1, 50])
def test_fields_cost_no_query_more_than_attributes(door, number):
    known = [f"c{i}" for i in range(number)]
    door.batch(*(group(name, 3, traits={"mrr": 1, "size": 1}) for name in known))
    asked = []
    for traits in ({"colour": "red"}, {"seats": 2, "website": "a.example"}, {"size": 3}, {"mrr": 3}):
        with CaptureQueriesContext(connection) as captured:
            door.batch(*(group(name, 2, traits=traits) for name in known))
        asked.append(len(captured))
    assert asked == [15, 15, 15, 16]  # where scores rest on it, one to have them made again


def test_the_database_keeps_no_rule_of_an_unknown_field(db):
    traits = [FieldTrait(trait="x", field="score"), FieldTrait(trait="", field="plan")]
    sources = [FieldSource(field="currency", origin="server"), FieldSource(field="plan", origin="nobody")]
    for row in (*traits, *sources):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
