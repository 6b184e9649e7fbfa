"""Which traits are fields and whose word a field follows: listed by admins, over what is built in."""

import pytest

from customers.described.rules import Rules
from customers.models import FieldSource, FieldTrait
from tests.admin.browsing import seen

TRAITS, SOURCES = "/admin/customers/fieldtrait/", "/admin/customers/fieldsource/"


def test_a_trait_is_added_and_one_that_is_built_in_is_taken_away(desk):
    desk.post(f"{TRAITS}add/", {"trait": " headcount\u200b", "field": "seats"})
    desk.post(f"{TRAITS}add/", {"trait": "employees", "field": ""})
    rules = Rules.load()
    assert rules.traits["headcount"] == "seats"
    assert "employees" not in rules.traits


def test_the_page_says_what_is_built_in(desk):
    assert "website → domain" in seen(desk.get(f"{TRAITS}add/"))


@pytest.mark.parametrize(
    ("list_of", "row", "error"),
    [
        (TRAITS, {"trait": "size", "field": "plan"}, "This trait is on the list already."),
        (TRAITS, {"trait": "", "field": "plan"}, "This field is required."),
        (TRAITS, {"trait": "x", "field": "score"}, "Select a valid choice."),
        (SOURCES, {"field": "plan", "origin": "file"}, "This field has a source already."),
        (SOURCES, {"field": "currency", "origin": "file"}, "Select a valid choice."),
    ],
)
def test_what_makes_no_sense_is_refused(desk, list_of, row, error):
    FieldTrait.objects.create(trait="size", field="seats")
    FieldSource.objects.create(field="plan", origin="server")
    assert error in seen(desk.post(f"{list_of}add/", row))
    assert (FieldTrait.objects.count(), FieldSource.objects.count()) == (1, 1)


def test_the_source_of_a_field_is_changed_and_taken_back(desk):
    desk.post(f"{SOURCES}add/", {"field": "plan", "origin": "server"})
    row = FieldSource.objects.get()
    desk.post(f"{SOURCES}{row.pk}/change/", {"field": "plan", "origin": "api"})
    assert Rules.load().source("plan") == "api"
    desk.post(f"{SOURCES}{row.pk}/delete/", {"post": "yes"})
    assert Rules.load().source("plan") is None
