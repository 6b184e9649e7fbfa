"""The palette: who is meant first, then what one can do and where to go, then likenesses; nothing foreign."""

import re

import pytest

from customers.models import Contact, Identity
from desk.search import places
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

SEARCH = "/search/"


@pytest.fixture
def shown(page):
    """Return headings with the names under them, in order."""

    def look(text):
        seen = page(SEARCH, q=text)
        parts = re.split(r"<h2>(.*?)</h2>", seen[seen.index('id="results"') :])[1:]
        names = [re.findall(r'result-name"><bdi>(.*?)</bdi>', part) for part in parts[1::2]]
        return dict(zip(parts[::2], names, strict=True))

    return look


@pytest.fixture
def globex(maya):
    globex = cast.customer("Globex", domain="globex.example", owner=maya)
    anna = Contact.objects.create(customer=globex, name="Anna Berg", email="anna@globex.example", created_at=NOW)
    Identity.objects.create(kind="user", value="U-17", contact=anna)
    cast.customer("Engineering Partners")
    cast.customer("Import Export Ltd")
    cast.customer("Best Imports")
    return globex


def test_a_place_comes_before_likenesses(shown, globex):
    assert shown("scoring") == {"Go to": ["Scoring models"]}
    assert list(shown("surveis")) == ["Go to"]


def test_a_customer_that_begins_so_comes_before_a_place_and_one_that_has_it_elsewhere_after(client, shown, globex):
    client.force_login(cast.colleague("Lea", Role.LEAD))
    found = shown("import")
    assert list(found) == ["Customers", "Go to", "Also found"]
    assert found["Customers"] == ["Import Export Ltd"] and found["Also found"] == ["Best Imports"]
    assert {"Imports", "Import a file"} <= {*found["Go to"]}


def test_a_slip_is_forgiven_under_words_that_say_so(shown, globex):
    assert shown("globxe") == {"Similar spelling": ["Globex", "Anna Berg"]}  # she by her address


def test_a_contact_is_shown_as_the_one_who_matched(page, shown, globex):
    assert shown("anna") == {"Contacts": ["Anna Berg"]} == shown("u17")
    assert "Contact at Globex" in page(SEARCH, q="anna")


def test_the_list_says_who_matched(page, globex):
    assert "<bdi>Anna Berg</bdi> (contact)" in page("/customers/", q="anna")
    assert "Anna Berg" not in page("/customers/", q="globex")


def test_the_list_says_that_nobody_fits_and_these_are_spelt_alike(page, globex):
    assert "Nobody is called “globxe”. These names are spelled similarly." in page("/customers/", q="globxe")
    assert "spelled similarly" not in page("/customers/", q="globex")


def test_the_list_begins_with_the_best_match_until_an_order_is_chosen(page, maya):
    for name in ("Best Acme", "Acme Poland", "Acme", "An Acme"):
        cast.customer(name)
    names = r"/\">?<bdi>((?:\w+ )?Acme(?: \w+)?)</bdi>"
    assert re.findall(names, page("/customers/", q="acme")) == ["Acme", "Acme Poland", "An Acme", "Best Acme"]
    assert re.findall(names, page("/customers/", q="acme", sort="name"))[1:3] == ["Acme Poland", "An Acme"]
    assert "Best match" in page("/customers/", q="acme")


@pytest.mark.parametrize("text", ["log call globex", "call Globex", "Log meeting globxe"])
def test_a_verb_takes_the_customer_who_is_named_after_it(page, shown, globex, text):
    assert shown(text)["Actions"] == ["Log a call with Globex"]
    assert f"/customers/{globex.pk}/notes/new/" in page(SEARCH, q=text)


def test_a_task_is_made_for_the_customer_who_is_named_after_the_verb(page, shown, globex):
    assert shown("new task globex")["Actions"] == ["New task for Globex"]
    assert f"/playbooks/tasks/new/?customer={globex.pk}" in page(SEARCH, q="new task globex")


@pytest.mark.parametrize("text", ["today", "portfolio", "playbooks", "settings", "tasks", "time zone"])
def test_what_the_menu_and_settings_have_is_found(shown, globex, text):
    assert shown(text)["Go to"]


def test_a_verb_without_a_name_says_what_to_type(page, globex):
    assert "Type the customer’s name after it." in page(SEARCH, q="log call")


def test_who_may_not_act_is_offered_nothing_to_do(client, shown, globex):
    client.force_login(cast.colleague("Vic", Role.VIEWER))
    assert "Actions" not in shown("log call globex")
    assert "Add a customer" not in shown("add")["Go to"] if "Go to" in shown("add") else True


def test_words_of_places_count_in_the_readers_language_and_in_english(client, shown, globex):
    client.cookies["django_language"] = "ru"
    assert "Импорт" not in str(shown("scoring"))
    assert [*shown("scoring").values()] == [*shown("скоринг").values()] != []


def test_every_place_and_verb_has_an_address_for_whom_it_is_shown(client, globex):
    for role in Role:
        colleague = cast.colleague(f"Of {role}", role)
        client.force_login(colleague)
        for place in places.PLACES:
            if place.may(colleague):
                assert client.get(place.url(colleague)).status_code == 200, (role, place.view)


def test_a_limited_colleague_finds_nothing_foreign(client, shown, globex):
    client.force_login(cast.colleague("Lim", Role.CSM, is_limited=True))
    for text in ("globex", "globxe", "anna", "anna@globex.example", "u-17", "log call globex", "engineering"):
        assert not {"Globex", "Anna Berg", "Log a call with Globex"} & {
            n for names in shown(text).values() for n in names
        }


@pytest.mark.parametrize("text", ["%", "\\", "a" * 300, "\n", "u4e2d", "😀", "_", "'; --", "中"])
def test_odd_texts_are_answered(page, globex, text):
    page(SEARCH, q=text)
    page("/customers/", q=text[:200])


@pytest.mark.parametrize(("name", "value"), [("plan", "entreprise"), ("industry", "Énergie"), ("tag", "V.I.P")])
def test_filters_by_label_are_spelt_freely(page, maya, name, value):
    cast.customer("Globex", plan="Entreprise", industry="energie", tags=["vip", "old"])
    cast.customer("Other", plan="Entreprise Plus", industry="Énergies", tags=["vip 2"])
    seen = page("/customers/", **{name: value})
    assert "<bdi>Globex</bdi>" in seen and "<bdi>Other</bdi>" not in seen
