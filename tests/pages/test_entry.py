"""Forms that enter data: customers, people, contracts, notes."""

from decimal import Decimal

import pytest

from customers import lifecycle
from customers.models import Change, Contact, Customer, Identity, InputLog
from events.models import Event
from records import contacts
from records.models import Contract, Note
from staff.models import Role, Team
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.filled import form_of

EVERYTHING = {
    "name": "Acme",
    "kind": "company",
    "domain": "acme.example",
    "stage": "active",
    "plan": "Team",
    "seats": "12",
    "mrr": "1250.50",
    "currency": "usd",
    "industry": "Food",
    "country": "France",
    "owner": "nobody",
    "second_owner": "nobody",
    "team": "",
    "tags": "vip, beta, vip",
    "parent": "",
    "attribute_name": ["region", "floors", ""],
    "attribute_value": ["North", "3", ""],
}


def test_a_customer_is_added_with_all_that_is_known(client, maya):
    client.force_login(maya)
    owner, team = str(maya.pk), Team.objects.create(name="North")
    answer = client.post(
        "/customers/new/", {**EVERYTHING, "owner": owner, "team": str(team.pk), "company_id": "acme-1"}
    )
    made = Customer.objects.get()
    assert answer["Location"] == f"/customers/{made.pk}/"
    assert (made.mrr, made.currency, made.seats, made.owner, made.team) == (Decimal("1250.50"), "USD", 12, maya, team)
    assert made.tags == ["vip", "beta"]
    assert made.attributes == {"region": "North", "floors": 3}
    assert not made.provisional
    kinds = {identity.kind: identity.value for identity in Identity.objects.all()}
    assert kinds == {"rapport": str(made.pk), "company": "acme-1"}
    assert InputLog.objects.get(name="mrr").number == 1_250_500


def test_a_customer_without_a_company_id_is_a_customer_too(client, maya):
    client.force_login(maya)
    client.post("/customers/new/", EVERYTHING)
    assert set(Identity.objects.values_list("kind", flat=True)) == {"rapport"}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"name": " "}, "This field is required."),
        ({"currency": "ABC"}, "There is no such currency."),
        ({"mrr": "-1"}, "greater than or equal to 0"),
        ({"seats": "many"}, "Enter a whole number."),
        ({"stage": "gone"}, "Select a valid choice."),
        ({"churned_on": "2026-06-01"}, "Only a churned customer has this day."),
        ({"parent": "Nobody & Co"}, "There is no such customer."),
        ({"parent": "#" + "9" * 40}, "There is no such customer."),
        ({"tags": "x" * 51}, "A tag has at most 50 characters."),
        ({"attribute_name": ["a", "a"], "attribute_value": ["1", "2"]}, "Two attributes have the same name."),
        ({"attribute_name": [""], "attribute_value": ["1"]}, "An attribute has a value and no name."),
        ({"name": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_errors_stand_beside_the_fields_and_nothing_that_was_entered_is_lost(client, maya, wrong, error):
    client.force_login(maya)
    seen = client.post("/customers/new/", {**EVERYTHING, **wrong}).content.decode()
    assert error in seen
    assert "Nothing was saved yet" in seen
    assert not Customer.objects.exists()
    for name in ("domain", "plan", "industry", "country"):
        assert f'value="{EVERYTHING[name]}"' in seen
    if "attribute_name" not in wrong:
        assert 'value="region"' in seen


def test_a_company_id_is_given_once(client, acme):
    seen = client.post("/customers/new/", {**EVERYTHING, "company_id": "acme"}).content.decode()
    assert "A customer with this company id exists already." in seen


def test_saving_untouched_changes_nothing(client, acme):
    attributes = {"region": "North", "score": 1.5, "paid": True, "list": [1, {"a": None}], "empty": None}
    Customer.objects.filter(pk=acme.pk).update(attributes=attributes, tags=["vip"], mrr=Decimal("10.50"))
    before = Customer.objects.values().get()
    path = f"/customers/{acme.pk}/edit/"
    assert client.post(path, form_of(client, path)).status_code == 302
    assert Customer.objects.values().get() == before
    assert not Change.objects.exists()


def test_a_change_is_saved_and_remembered_with_who_made_it(client, acme, maya):
    path = f"/customers/{acme.pk}/edit/"
    client.post(path, {**form_of(client, path), "plan": "Team", "stage": "churned"})
    change = Change.objects.get()
    assert change.by == maya
    assert change.fields["plan"] == ["", "Team"]
    assert Customer.objects.get().churned_on == NOW.date()


def test_a_parent_is_found_by_name_or_number_and_never_makes_a_circle(client, acme):
    path = f"/customers/{acme.pk}/edit/"
    holding = cast.customer("Holding")
    client.post(path, {**form_of(client, path), "parent": "holding"})
    assert Customer.objects.get(pk=acme.pk).parent == holding
    holding_path = f"/customers/{holding.pk}/edit/"
    seen = client.post(holding_path, {**form_of(client, holding_path), "parent": f"#{acme.pk}"}).content.decode()
    assert "cannot be its own parent or ancestor" in seen
    cast.customer("Holding")
    other = cast.customer("Other")
    path = f"/customers/{other.pk}/edit/"
    assert (
        "Several customers have this name."
        in client.post(path, {**form_of(client, path), "parent": "Holding"}).content.decode()
    )


def test_who_sees_only_their_own_is_warned_and_can_go_on(client, begun):
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    client.force_login(lou)
    acme = cast.customer("Acme", owner=lou)
    path = f"/customers/{acme.pk}/edit/"
    away = {**form_of(client, path), "owner": "nobody", "plan": "Kept"}
    seen = client.post(path, away).content.decode()
    assert "would lose sight of this one" in seen
    assert 'value="Kept"' in seen
    assert Customer.objects.get().owner == lou
    answer = client.post(path, {**away, "sure": "on"})
    assert answer["Location"] == "/customers/"
    assert Customer.objects.get().owner is None


def test_a_parent_they_may_not_see_is_no_parent(client, begun):
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    client.force_login(lou)
    foreign = cast.customer("Foreign")
    path = f"/customers/{cast.customer('Own', owner=lou).pk}/edit/"
    for said in ("Foreign", f"#{foreign.pk}"):
        assert (
            "There is no such customer."
            in client.post(path, {**form_of(client, path), "parent": said}).content.decode()
        )


def test_a_person_is_added_and_changed(client, acme):
    path = f"/customers/{acme.pk}/contacts/"
    client.post(f"{path}new/", {"name": "Ann Li", "email": "Ann@Acme.example", "role": "CFO", "survey_opt_out": "on"})
    ann = Contact.objects.get()
    assert (ann.name, ann.email, ann.role, ann.survey_opt_out) == ("Ann Li", "ann@acme.example", "CFO", True)
    client.post(f"{path}{ann.pk}/", {"name": "Ann Lee", "role": ""})
    ann.refresh_from_db()
    # Without the tick: a colleague may refuse for somebody, and not take it back.
    assert (ann.name, ann.email, ann.role, ann.survey_opt_out) == ("Ann Lee", "ann@acme.example", "", True)


def test_an_address_of_somebody_elsewhere_does_not_move_them_here(client, acme):
    other = lifecycle.upsert([{"company_id": "other", "name": "Other"}], now=NOW)["other"]
    contacts.write([{"customer_id": other, "email": "zoe@other.example", "name": "Zoe"}], now=NOW)
    seen = client.post(f"/customers/{acme.pk}/contacts/new/", {"name": "Zoe", "email": "zoe@other.example"})
    assert "A contact of another customer has this e-mail address." in seen.content.decode()
    assert Contact.objects.get().customer_id == other


def test_a_person_of_another_customer_is_not_there(client, acme):
    zoe = Contact.objects.create(customer=cast.customer("Other"), name="Zoe", created_at=NOW)
    assert client.get(f"/customers/{acme.pk}/contacts/{zoe.pk}/").status_code == 404


def test_a_contract_is_signed_once_and_can_be_changed(client, acme):
    path = f"/customers/{acme.pk}/contracts/"
    said = {
        "name": "Annual",
        "starts_on": "2026-01-01",
        "renews_on": "2027-01-01",
        "monthly_value": "900",
        "currency": "eur",
    }
    client.post(f"{path}new/", said)
    contract = Contract.objects.get()
    client.post(f"{path}{contract.id}/", {**said, "monthly_value": "950"})
    assert Contract.objects.get().monthly_value == 950
    assert list(Event.objects.live().values_list("event_type__name", "value")) == [("Contract signed", 950_000)]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"ends_on": "2025-12-31"}, "A contract cannot end before it starts."),
        ({"renews_on": "2025-12-31"}, "A contract cannot renew before it starts."),
        ({"starts_on": ""}, "This field is required."),
        ({"currency": "E"}, "There is no such currency."),
    ],
)
def test_a_contract_that_cannot_be_is_refused(client, acme, wrong, error):
    said = {"name": "Annual", "starts_on": "2026-01-01", "currency": "EUR", **wrong}
    seen = client.post(f"/customers/{acme.pk}/contracts/new/", said).content.decode()
    assert error in seen
    assert 'value="Annual"' in seen
    assert not Contract.objects.exists()


def test_a_call_is_logged_with_its_pulse_and_changed_by_its_author(client, acme, maya):
    path = f"/customers/{acme.pk}/notes/"
    said = {"kind": "call", "text": "Not happy", "pulse": "red", "at": "2026-06-15T09:00"}
    assert client.post(f"{path}new/", said)["Location"] == f"/customers/{acme.pk}/"
    note = Note.objects.get()
    assert (note.author, note.kind, note.pulse) == (maya, "call", "red")
    assert InputLog.objects.get(name="pulse").text == "red"
    client.post(f"{path}{note.id}/", {**said, "text": "Not happy at all"})
    assert Note.objects.get().text == "Not happy at all"
    assert list(Event.objects.values_list("event_type__name", flat=True)) == ["Call logged"]


def test_an_old_note_that_is_changed_leaves_todays_pulse(client, acme):
    path = f"/customers/{acme.pk}/notes/"
    old = {"kind": "call", "text": "Old", "pulse": "red", "at": "2026-03-01T09:00"}
    client.post(f"{path}new/", old)
    client.post(f"{path}new/", {"kind": "call", "text": "New", "pulse": "green", "at": "2026-06-01T09:00"})
    note = Note.objects.get(text="Old")
    client.post(f"{path}{note.id}/", {**old, "text": "Old, mended"})
    assert InputLog.objects.get(name="pulse").text == "green"


def test_what_lies_ahead_cannot_be_logged_and_the_text_is_kept(client, acme):
    said = {"kind": "call", "text": "Soon", "at": "2026-06-16T09:00"}
    seen = client.post(f"/customers/{acme.pk}/notes/new/", said).content.decode()
    assert "This date is in the future." in seen
    assert "Soon</textarea>" in seen


def test_a_contract_is_deleted_once_that_was_confirmed(client, acme):
    path = f"/customers/{acme.pk}/contracts/"
    client.post(f"{path}new/", {"name": "Annual", "starts_on": "2026-01-01", "currency": "eur"})
    delete = f"{path}{Contract.objects.get().id}/delete/"
    assert delete in client.get(delete.removesuffix("delete/")).content.decode()
    assert "Delete “Annual”?" in client.get(delete).content.decode()
    client.post(delete)
    assert Contract.objects.exists()
    client.post(delete, {"confirmed": "yes"})
    assert not Contract.objects.exists() and not Event.objects.live().exists()
    assert client.post(delete, {"confirmed": "yes"}).status_code == 404
