"""A refusal is a person's: every door adds one, and none takes it back but the page behind the link in their mail."""

from types import SimpleNamespace

import pytest
import time_machine
from django.contrib import admin
from django.db.models import Q
from django.test import Client

from customers import lifecycle
from customers.consent import addresses, settling
from customers.models import Act, AddressConsent, Contact, Identity
from desk.timeline.acts import Span as Page
from desk.timeline.acts import load_acts
from events import ingest
from events.log import resettling
from records import contacts
from staff import api_keys
from staff.models import Role
from surveys.models import Dropped
from surveys.sending import guard, tokens
from tests.api.conftest import EVERYTHING, Api, faults
from tests.conftest import NOW
from tests.events.people import group, identify, track
from tests.imports import steps
from tests.imports.files import csv_file
from tests.pages import cast
from tests.surveys.conftest import invited

pytestmark = pytest.mark.django_db
KIM = "kim@acme.example"


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def maya(begun):
    return cast.colleague("Maya", Role.LEAD)


@pytest.fixture
def api(begun):
    return Api(api_keys.create("CRM", EVERYTHING, now=NOW)[1])


@pytest.fixture
def acme(begun):
    return lifecycle.upsert([{"company_id": "acme", "name": "Acme"}], now=NOW)["acme"]


@pytest.fixture
def birch(begun):
    return lifecycle.upsert([{"company_id": "birch", "name": "Birch"}], now=NOW)["birch"]


@pytest.fixture
def kim(acme):
    return contacts.write([{"customer_id": acme, "user_id": "kim", "email": KIM, "name": "Kim"}], now=NOW)[0]


@pytest.fixture
def zoe(birch):
    """Somebody of the same address, written otherwise, at another customer."""
    row = {"customer_id": birch, "user_id": "zoe", "email": "KIM@Acme.example", "name": "Zoe"}
    return contacts.write([row], now=NOW)[0]


@pytest.fixture
def link(kim, survey, lead):
    [invitation] = [row for row in invited(survey, by=lead) if row.contact_id == kim.pk]
    return f"/s/{tokens.make(invitation, now=NOW)}/unsubscribe/"


def say(link, **words):
    answer = Client().post(link, words)
    assert answer.status_code == 200
    return answer.content.decode()


def refusing(*people):
    """Return who may not be sent surveys because of a refusal, by both who lists them and who sends."""
    listed = set(Contact.objects.filter(survey_opt_out=True).values_list("pk", flat=True))
    reasons = guard.reasons(people, now=NOW)
    assert listed & set(reasons) == {pk for pk, why in reasons.items() if why == Dropped.OPTED_OUT}
    return listed & set(reasons)


def told(customer):
    """Return what the customer's timeline says of consent, oldest first."""
    entries, _more = load_acts(customer, Page(None, None), Q(kind=Act.Kind.CONSENT))
    return [entry.text for entry in reversed(entries)]


def by_file(world):
    body = csv_file("Company id,User id,E-mail,Name,No surveys", f"acme,kim,{KIM},Kim Li,no")
    job = steps.check(steps.upload("contacts", body, world.maya))
    client = Client()
    client.force_login(world.maya)
    page = client.get(f"/imports/{job.pk}/").content.decode()
    assert "1 row allows surveys to somebody who wants none." in page and "Rows: 2" in page
    assert steps.run(job).written == {"bad": 0, "changed": 1, "kept": 1}


def by_put(world):
    body = {"survey_opt_out": False, "name": "Kim Li"}
    for path in ("by-user-id/kim", f"by-email/{KIM}"):
        assert faults(world.api.put(f"contacts/{path}/", body)) == {"survey_opt_out": "refused_by_person"}
    assert Contact.objects.get(pk=world.kim.pk).name == "Kim", "nothing else of the request holds either"
    assert world.api.put("contacts/by-user-id/kim/", {"name": "Kim Li"}).status_code == 200


def by_patch(world):
    refused = faults(world.api.patch(f"contacts/{world.kim.pk}/", {"survey_opt_out": False}))
    assert refused == {"survey_opt_out": "refused_by_person"}
    assert world.api.patch(f"contacts/{world.kim.pk}/", {"survey_opt_out": True}).json()["survey_opt_out"] is True


def by_put_of_somebody_new(world):
    body = {"survey_opt_out": False, "customer_id": world.kim.customer_id, "email": "Kim@ACME.example"}
    assert faults(world.api.put("contacts/by-user-id/new/", body)) == {"survey_opt_out": "refused_by_person"}


def send(world, *messages):
    assert not ingest.record(messages, source=world.source, now=NOW).reasons
    resettling.settle_all(now=NOW)


def by_trait(world):
    for said in (False, "no", None, 0, "false", [], {}):
        send(world, identify(userId="kim", traits={"survey_opt_out": said, "unsubscribed": False, "name": "Kim"}))
    assert "survey_opt_out" not in Contact.objects.get(pk=world.kim.pk).traits


def by_form(world):
    client = Client()
    client.force_login(world.maya)
    path = f"/customers/{world.kim.customer_id}/contacts/{world.kim.pk}/"
    assert "Only they can change that" in client.get(path).content.decode()
    assert client.post(path, {"name": "Kim Li", "email": KIM}).status_code == 302
    assert Contact.objects.get(pk=world.kim.pk).name == "Kim Li"


def by_a_form_for_somebody_new(world):
    client = Client()
    client.force_login(world.maya)
    sent = {"name": "K.", "email": "kim.2@acme.example"}
    client.post(f"/customers/{world.kim.customer_id}/contacts/new/", sent)
    new = Contact.objects.get(name="K.")
    assert not new.survey_opt_out
    send(world, identify(userId="new", traits={"email": KIM}), identify(userId="new", traits={"name": "N"}))
    assert refusing(Contact.objects.get(name="N"))


def by_bulk(world):
    client = Client()
    client.force_login(world.maya)
    sent = {
        "act": "tag",
        "tag": "vip",
        "query": "",
        "all": "on",
        "confirmed": "2",
        "survey_opt_out": "",
        "optout": "no",
    }
    client.post("/customers/bulk/", {**sent, "chosen": [world.kim.customer_id]})


def by_admin(world):
    assert not admin.site.is_registered(Contact) and not admin.site.is_registered(AddressConsent)


def by_turning_out_to_be_somebody(world):
    send(world, track(anonymousId="a1"), identify(userId="kim", anonymousId="a1", traits={"survey_opt_out": False}))


def by_moving(world):
    send(world, group("birch", userId="kim"), group("cedar", userId="kim"))


def by_another_address_and_back(world):
    send(world, identify(0.2, userId="kim", traits={"email": "kim.li@acme.example"}))
    assert refusing(Contact.objects.get(pk=world.kim.pk)), "the person refused, not the letters"
    send(world, identify(0.1, userId="kim", traits={"email": KIM}))


def by_settling(world):
    settling.settle(now=NOW)


DOORS = [
    by_file, by_put, by_patch, by_put_of_somebody_new, by_trait, by_form, by_a_form_for_somebody_new, by_bulk, by_admin,
    by_turning_out_to_be_somebody, by_moving, by_another_address_and_back, by_settling,
]  # fmt: skip


@pytest.fixture
def world(kim, zoe, maya, api, source):
    return SimpleNamespace(kim=kim, zoe=zoe, maya=maya, api=api, source=source)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_no_door_takes_back_what_a_person_refused(world, link, door):
    say(link, sure="1")
    [consent] = AddressConsent.objects.all()
    door(world)
    assert refusing(world.kim, world.zoe) == {world.kim.pk, world.zoe.pk}
    stands = AddressConsent.objects.get(pk=consent.pk)
    assert (stands.kind, stands.origin, stands.by, stands.at) == ("opted_out", "person", None, NOW)


def test_the_person_takes_it_back_with_the_link_of_an_old_mail(world, link, survey):
    say(link, sure="1")
    with time_machine.travel(NOW.replace(year=2028), tick=False):
        assert "You will get no more surveys" in Client().get(link).content.decode()
        assert refusing(world.kim, world.zoe), "a GET changes nothing"
        say(link, again="1")
    assert not refusing(world.kim, world.zoe)
    assert not AddressConsent.objects.exists()
    assert told(world.kim.customer) == [
        "Kim wants no surveys (the person themselves)",
        "Kim may be sent surveys again (the person themselves)",
    ]
    assert len(told(world.zoe.customer)) == 2


def test_only_the_page_of_the_link_lifts(world):
    contacts.write([{"customer_id": world.kim.customer_id, "user_id": "kim", "survey_opt_out": True}], now=NOW)
    contacts.write([{"customer_id": world.kim.customer_id, "user_id": "kim", "survey_opt_out": False}], now=NOW)
    assert refusing(world.kim, world.zoe) == {world.kim.pk, world.zoe.pk}


@pytest.mark.parametrize(
    ("door", "origin"),
    [
        (lambda w: w.api.patch(f"contacts/{w.kim.pk}/", {"survey_opt_out": True}), "the API"),
        (lambda w: send(w, identify(userId="kim", traits={"survey_opt_out": True})), "an identify call"),
        (
            lambda w: steps.run(
                steps.check(steps.upload("contacts", csv_file("Company id,User id,No surveys", "acme,kim,yes"), w.maya))
            ),
            "a file",
        ),
    ],
    ids=["api", "sdk", "file"],
)
def test_each_door_may_refuse_for_somebody_and_the_timeline_says_which(world, door, origin):
    door(world)
    assert refusing(world.kim, world.zoe) == {world.kim.pk, world.zoe.pk}
    assert told(world.kim.customer) == [f"Kim wants no surveys ({origin})"]
    door(world)
    assert len(told(world.kim.customer)) == 1, "told once"


def test_a_colleague_may_refuse_for_somebody_and_is_named(world):
    client = Client()
    client.force_login(world.maya)
    path = f"/customers/{world.kim.customer_id}/contacts/{world.kim.pk}/"
    client.post(path, {"name": "Kim", "email": KIM, "survey_opt_out": "on"})
    assert refusing(world.kim, world.zoe) == {world.kim.pk, world.zoe.pk}
    consent = AddressConsent.objects.get()
    assert (consent.origin, consent.by) == ("staff", world.maya)
    assert told(world.kim.customer) == ["Kim wants no surveys (a colleague)"]


def test_who_has_no_address_yet_refuses_and_takes_it_to_the_address_that_comes(world):
    send(world, identify(0.3, userId="ada", traits={"survey_opt_out": True}), group("acme", userId="ada"))
    ada = Contact.objects.get(identities__value="ada")
    assert ada.survey_opt_out and not AddressConsent.objects.exists()
    send(world, track(anonymousId="a9"), identify(userId="ada", anonymousId="a9", traits={"survey_opt_out": False}))
    assert refusing(ada) == {ada.pk}, "also when a visitor turns out to be them"
    send(world, identify(0.2, userId="ada", traits={"email": KIM.upper()}))
    assert AddressConsent.objects.get().origin == "contact"
    assert refusing(ada, world.kim, world.zoe) == {ada.pk, world.kim.pk, world.zoe.pk}


def test_what_is_refused_stays_when_the_contact_is_gone(world, link):
    say(link, sure="1")
    for contact in (world.kim, world.zoe):
        Identity.objects.filter(contact=contact).delete()
        Contact.objects.filter(pk=contact.pk).delete()
    [again] = contacts.write([{"customer_id": world.kim.customer_id, "email": KIM, "name": "Kim"}], now=NOW)
    assert refusing(again) == {again.pk}
    assert told(world.kim.customer)[-1] == "Kim wants no surveys (said under an earlier address)"


def test_a_flag_that_a_moment_left_out_is_set_behind(world):
    AddressConsent.objects.create(address=addresses.digest(KIM), kind="opted_out", origin="person", at=NOW)
    Contact.objects.filter(pk=world.zoe.pk).update(address=None)
    assert settling.settle(now=NOW) > 0
    assert refusing(world.kim, world.zoe) == {world.kim.pk, world.zoe.pk}
    assert settling.settle(now=NOW) == 0
