"""Merging, moving, deleting and undoing by page: what is shown before, what is done, who may."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from customers import lifecycle
from customers.curation import merges, removals
from customers.models import Act, Contact, Customer
from records import contacts
from scoring.models import CurrentScore
from scoring.runs import run
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def twin(acme, maya):
    pk = lifecycle.upsert(
        [{"company_id": "acme-2", "name": "Acme Ltd", "plan": "pro", "seats": 5, "owner_id": maya.pk}], now=NOW
    )["acme-2"]
    return Customer.objects.get(pk=pk)


@pytest.fixture
def ann(acme):
    return person(acme, "ann", "Ann")


@pytest.fixture
def annie(twin):
    return person(twin, "annie", "Annie")


@pytest.fixture
def lea(client, acme):
    """A lead, who is signed in."""
    lea = cast.colleague("Lea", Role.LEAD)
    client.force_login(lea)
    return lea


def person(customer, user_id, name, *, days_ago=30):
    row = {"customer_id": customer.pk, "user_id": user_id, "name": name}
    return contacts.write([row], now=NOW - timedelta(days=days_ago))[0]


def address(name, row, **query):
    return reverse(f"desk:{name}", args=[row.pk], query=query)


def seen(answer, status=200):
    assert answer.status_code == status, answer.content[:500]
    return " ".join(answer.content.decode().split())


def notice(client, answer):
    """Return the last thing that the next page says was done."""
    text = seen(client.get(answer["Location"]))
    return re.findall(r'role="status">.*?<p>(.*?)</p>', text)[-1]


def merge(client, kept, gone, **fields):
    return client.post(address("merge-customers", kept, **{"with": gone.pk}), {"sure": "yes", **fields})


def test_the_other_one_is_found_by_name_and_is_not_itself(page, acme, twin):
    shown = page(address("merge-customers", acme))
    assert f'href="?with={twin.pk}"' in shown
    assert f'href="?with={acme.pk}"' not in shown
    assert "Nothing matches “Zebra”" in page(address("merge-customers", acme), q="Zebra")


def test_both_stand_side_by_side_and_nothing_has_happened_yet(page, acme, twin):
    shown = page(address("merge-customers", acme, **{"with": twin.pk}))
    for words in ("Acme Ltd", "pro", "acme-2", "Merge them", "Days that are closed stay as they were known"):
        assert words in shown, words
    assert address("merge-customers", twin, **{"with": acme.pk}) in shown
    assert not Act.objects.filter(kind="merge").exists()


def test_what_the_one_that_stays_has_not_is_taken_unless_chosen_otherwise(client, acme, twin):
    shown = seen(client.get(address("merge-customers", acme, **{"with": twin.pk})))
    chosen = set(re.findall(r'name="field-(\w+)" value="(\w+)" checked', shown))
    assert {("plan", "gone"), ("name", "kept")} <= chosen


def test_merged_they_are_one_and_the_message_leads_to_undoing_it(client, acme, twin):
    done = merge(client, acme, twin)
    act = Act.objects.get(kind="merge")
    assert done["Location"] == reverse("desk:customer", args=[acme.pk])
    assert notice(client, done) == f'“Acme Ltd” was merged into “Acme”. <a href="/acts/{act.pk}/undo/">Undo…</a>'
    assert not Customer.objects.visible_to(act.by).filter(pk=twin.pk).exists()


def test_the_old_address_leads_to_the_one_that_stays(client, acme, twin, ann, annie):
    merge(client, acme, twin)
    answer = client.get(reverse("desk:customer", args=[twin.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:customer", args=[acme.pk]))
    assert notice(client, answer) == "What you opened was merged into “Acme”."
    client.post(address("merge-contacts", ann, **{"with": annie.pk}), {"sure": "yes"})
    answer = client.get(reverse("desk:person", args=[annie.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:person", args=[ann.pk]))


def test_who_comes_second_is_told_that_they_are_merged(client, acme, twin):
    form = address("merge-customers", acme, **{"with": twin.pk})
    merge(client, acme, twin)
    second = client.post(form, {"sure": "yes"})
    assert second["Location"] == reverse("desk:customer", args=[acme.pk])
    assert notice(client, second) == "“Acme” and the other one are merged already."
    other_way = client.post(address("merge-customers", twin, **{"with": acme.pk}), {"sure": "yes"})
    assert other_way["Location"] == reverse("desk:customer", args=[acme.pk])
    assert Act.objects.filter(kind="merge").count() == 1


def test_without_confirmation_nothing_is_merged(client, acme, twin):
    client.post(address("merge-customers", acme, **{"with": twin.pk}))
    assert not Act.objects.filter(kind="merge").exists()


@pytest.mark.parametrize("number", ["", "x", "999999", "9" * 30, "-1", "٣"])
def test_one_that_is_not_there_is_asked_for_again(client, acme, number):
    answer = client.get(reverse("desk:merge-customers", args=[acme.pk]), {"with": number})
    assert ("There is no such customer." in seen(answer, 404 if number else 200)) is bool(number)


def test_a_merge_is_undone_from_the_timeline(client, page, acme, twin):
    merge(client, acme, twin)
    act = Act.objects.get(kind="merge")
    assert "Merged with Acme Ltd" in page(reverse("desk:timeline", args=[acme.pk]))
    opened = page(reverse("desk:act", args=[acme.pk, act.pk]))
    assert f'href="/acts/{act.pk}/undo/"' in opened
    assert "Undo this?" in page(f"/acts/{act.pk}/undo/")
    done = client.post(f"/acts/{act.pk}/undo/", {"sure": "yes"})
    assert done["Location"] == reverse("desk:act", args=[acme.pk, act.pk])
    assert page(reverse("desk:customer", args=[twin.pk]))
    shown = page(reverse("desk:timeline", args=[acme.pk]))
    assert "Merge of Acme Ltd into Acme undone" in shown
    assert f'href="/acts/{act.pk}/undo/"' not in page(reverse("desk:act", args=[acme.pk, act.pk]))


def test_who_undoes_second_sees_why_it_cannot_be_done(client, acme, twin):
    merge(client, acme, twin)
    act = Act.objects.get(kind="merge")
    client.post(f"/acts/{act.pk}/undo/", {"sure": "yes"})
    again = seen(client.post(f"/acts/{act.pk}/undo/", {"sure": "yes"}), 409)
    assert "This has been undone already." in again
    assert Act.objects.filter(kind="unmerge", part_of=None).count() == 1


def test_contacts_are_merged_with_the_values_that_were_chosen(client, ann, annie):
    form = address("merge-contacts", ann, **{"with": annie.pk})
    assert "annie" in seen(client.get(form))
    done = client.post(form, {"sure": "yes", "field-name": "gone"})
    assert done["Location"] == reverse("desk:person", args=[ann.pk])
    assert "“Annie” was merged into “Ann”." in notice(client, done)
    act = Act.objects.get(kind="merge", part_of=None)
    assert [act.detail[name] for name in ("of", "gone", "kept")] == ["contact", annie.pk, ann.pk]


def test_a_contact_is_moved_from_a_day_on(client, acme, twin, ann):
    assert f'href="?to={twin.pk}"' in seen(client.get(address("move-contact", ann, q="Acme")))
    form = address("move-contact", ann, to=twin.pk)
    assert 'value="2026-06-15"' in seen(client.get(form))
    assert "This day is still to come." in seen(client.post(form, {"since": "2026-06-16"}), 400)
    done = client.post(form, {"since": "2026-06-10"})
    assert "“Ann” was moved to “Acme Ltd”." in notice(client, done)
    assert Contact.objects.get(pk=ann.pk).customer == twin
    for customer in (acme, twin):
        assert "Ann moved to Acme Ltd" in seen(client.get(reverse("desk:timeline", args=[customer.pk])))


def test_a_later_statement_still_holds_and_the_page_says_so(client, acme, twin):
    bob = person(acme, "bob", "Bob", days_ago=2)
    done = client.post(address("move-contact", bob, to=twin.pk), {"since": "2026-06-10"})
    assert notice(client, done) == "A later statement still holds: at present they are at “Acme”."


def test_a_move_is_undone(client, acme, twin, ann):
    client.post(address("move-contact", ann, to=twin.pk), {"since": "2026-06-10"})
    part = Act.objects.get(kind="reassign", customer=acme)
    opened = seen(client.get(reverse("desk:act", args=[acme.pk, part.pk])))
    assert f'href="/acts/{part.pk}/undo/"' in opened
    assert client.post(f"/acts/{part.pk}/undo/", {"sure": "yes"}).status_code == 302
    assert Contact.objects.get(pk=ann.pk).customer == acme
    assert "Move of Ann to Acme Ltd undone" in seen(client.get(reverse("desk:timeline", args=[acme.pk])))


def test_a_contact_does_not_move_to_where_they_are(client, acme, ann):
    assert "There is no such customer." in seen(client.get(address("move-contact", ann, to=acme.pk)), 404)


def test_deleting_asks_for_a_reason(client, lea, acme):
    form = address("delete-customer", acme)
    shown = seen(client.get(form))
    assert "acme" in shown
    assert "Messages under its ids go to Rejected events" in shown
    assert "This field is required." in seen(client.post(form, {"reason": " "}), 400)
    assert Customer.objects.visible_to(lea).filter(pk=acme.pk).exists()


def test_what_was_deleted_is_listed_with_its_ids_and_is_undone_from_there(client, lea, acme):
    done = client.post(address("delete-customer", acme), {"reason": "A test"})
    assert done["Location"] == reverse("desk:removed")
    act = Act.objects.get(kind="removal")
    shown = seen(client.get("/deleted/"))
    for words in ("Acme", "acme", "A test", "Lea", f"/acts/{act.pk}/undo/", f"/acts/{act.pk}/release/"):
        assert words in shown, words
    assert client.get(reverse("desk:customer", args=[acme.pk])).status_code == 404
    undone = client.post(f"/acts/{act.pk}/undo/", {"sure": "yes"})
    assert undone["Location"] == reverse("desk:act", args=[acme.pk, act.pk])
    assert "Nothing is deleted" in seen(client.get("/deleted/"))
    assert "Deletion of Acme undone" in seen(client.get(reverse("desk:timeline", args=[acme.pk])))


def test_released_ids_cannot_be_taken_back(client, lea, acme, ann):
    client.post(address("delete-contact", ann), {"reason": "A test"})
    act = Act.objects.get(kind="removal", part_of=None)
    assert "Release these ids?" in seen(client.get(f"/acts/{act.pk}/release/"))
    assert client.post(f"/acts/{act.pk}/release/", {"sure": "yes"})["Location"] == "/deleted/"
    assert "Ids released" in seen(client.get("/deleted/"))
    assert "released" in seen(client.post(f"/acts/{act.pk}/undo/", {"sure": "yes"}), 409)
    assert "released" in seen(client.post(f"/acts/{act.pk}/release/", {"sure": "yes"}), 409)


def test_a_csm_merges_and_moves_but_does_not_delete(client, maya, acme, ann):
    menu = seen(client.get(reverse("desk:customer", args=[acme.pk])))
    assert "Merge…" in menu
    assert "Delete…" not in menu
    paths = [address("delete-customer", acme), address("delete-contact", ann), "/deleted/"]
    assert [client.get(path).status_code for path in paths] == [403] * 3
    assert client.post(paths[0], {"reason": "A test"}).status_code == 403


def test_who_sees_only_one_of_two_cannot_merge_them(client, acme, twin):
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    Customer.objects.filter(pk=acme.pk).update(owner=lou)
    client.force_login(lou)
    shown = seen(client.get(address("merge-customers", acme)))
    assert "Acme Ltd" not in shown
    assert merge(client, acme, twin).status_code == 404
    assert merge(client, twin, acme).status_code == 404
    assert not Act.objects.filter(kind="merge").exists()


def test_acts_at_customers_out_of_sight_are_not_undone(client, acme, twin):
    merge(client, acme, twin)
    act = Act.objects.get(kind="merge")
    client.force_login(cast.colleague("Lou", Role.CSM, is_limited=True))
    assert client.post(f"/acts/{act.pk}/undo/", {"sure": "yes"}).status_code == 404


def test_a_deletion_is_undone_by_leads_only(client, lea, maya, acme, ann):
    client.post(address("delete-contact", ann), {"reason": "A test"})
    act = Act.objects.get(kind="removal", part_of=None)
    client.force_login(maya)
    assert client.get(f"/acts/{act.pk}/undo/").status_code == 403
    assert f"/acts/{act.pk}/undo/" not in seen(client.get(reverse("desk:act", args=[acme.pk, act.pk])))
    assert "Ann deleted" in seen(client.get(reverse("desk:timeline", args=[acme.pk])))


def test_an_amount_is_taken_with_its_currency(client, acme, twin):
    Customer.objects.filter(pk=twin.pk).update(mrr=100, currency="USD")
    shown = seen(client.get(address("merge-customers", acme, **{"with": twin.pk})))
    assert "100.00 USD" in shown
    assert "field-currency" not in shown
    merge(client, acme, twin)
    acme.refresh_from_db()
    assert (acme.mrr, acme.currency) == (100, "USD")


def test_other_acts_are_not_undone_here(client, acme):
    act = Act.objects.create(customer=acme, kind=Act.Kind.DELETION, at=NOW)
    assert client.get(f"/acts/{act.pk}/undo/").status_code == 404


def test_whom_nobody_sees_any_more_is_in_no_total(client, lea, begun):
    kept, gone = cast.at_risk("Kept", pays="100"), cast.at_risk("Gone", pays="900")
    merges.customers(kept, gone, wins=(), now=NOW, by=lea)
    removed = cast.at_risk("Removed", pays="50")
    removals.customer(removed, reason="A test", now=NOW, by=lea)
    while run.score_changed(now=NOW):
        pass
    assert not {gone.pk, removed.pk} & {*CurrentScore.objects.filter(at_risk=True).values_list("customer", flat=True)}


def test_a_merged_contact_is_no_longer_among_the_customers_people(client, lea, acme, ann):
    other = person(acme, "ann-2", "Another Ann")
    merges.contacts(ann, other, wins=(), now=NOW, by=lea)
    people = seen(client.get(f"/customers/{acme.pk}/")).partition('id="people"')[2].partition("</section>")[0]
    assert "Contacts" in people and "Another Ann" not in people
    assert client.get(f"/customers/{acme.pk}/contacts/{other.pk}/edit/").status_code == 404
