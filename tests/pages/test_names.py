"""What people type for a name, an id or an address: nothing invisible, no wrong ids, one rule for addresses."""

import pytest

from customers.lifecycle import upsert
from customers.models import Contact, Customer, Identity, Segment, WrongId
from events.models import EventType, Source
from staff.models import Role, Team, User
from surveys import lifecycle
from surveys.forms.about import AboutForm
from surveys.models import Theme
from tests.admin.browsing import as_it_stands
from tests.conftest import NOW
from tests.core.test_names import BAD
from tests.pages import cast
from tests.pages.test_entry import EVERYTHING


@pytest.fixture
def desk(client, begun):
    client.force_login(cast.colleague("Ada", Role.ADMIN))
    return client


def test_a_customer_is_kept_without_what_is_not_seen(desk):
    typed = {
        "name": "\u202eAcme\u200b",
        "plan": "P\u00adro",
        "tags": "vi\u200bp, vip, beta\ufeff",
        "company_id": "ac\u200bme",
    }
    attributes = {"attribute_name": ["reg\u200bion"], "attribute_value": ["North"]}
    desk.post("/customers/new/", {**EVERYTHING, **typed, **attributes})
    acme = Customer.objects.get()
    assert (acme.name, acme.plan, acme.tags, acme.attributes) == ("Acme", "Pro", ["vip", "beta"], {"region": "North"})
    assert Identity.objects.get(kind="company").value == "acme"


@pytest.mark.parametrize("company", ["null", "'0'", "undefi\u200bned", "Kiosk-1"])
def test_a_wrong_id_makes_no_customer(desk, company):
    WrongId.objects.create(value="kiosk-1", added_at=NOW)
    seen = desk.post("/customers/new/", {**EVERYTHING, "company_id": company}).content.decode()
    assert "Programs write this where an id is missing: it names nobody." in seen
    assert not Customer.objects.exists()


def test_a_name_of_nothing_that_is_seen_is_none(desk):
    seen = desk.post("/customers/new/", {**EVERYTHING, "name": "\u200b\u2066"}).content.decode()
    assert "This field is required." in seen
    assert not Customer.objects.exists()


@pytest.fixture
def new_contact(desk):
    return f"/customers/{upsert([{'company_id': 'acme'}], now=NOW)['acme']}/contacts/new/"


def test_a_contact_is_kept_without_what_is_not_seen(desk, new_contact):
    desk.post(new_contact, {"name": "An\u200bn", "email": "\ufeffAnn@Acme\u200b.example"})
    ann = Contact.objects.get()
    assert (ann.name, ann.email, ann.identities.get().value) == ("Ann", "ann@acme.example", "ann@acme.example")


@pytest.mark.parametrize("typed", [text for text in BAD if isinstance(text, str) and "\n" not in text], ids=repr)
def test_what_is_no_address_is_refused(desk, new_contact, typed):
    assert desk.post(new_contact, {"name": "Ann", "email": typed}).status_code == 200
    assert not Contact.objects.exists()


def test_tags_put_on_many_and_names_of_segments_lose_what_is_not_seen(desk):
    acme = cast.customer("Acme")
    desk.post("/customers/views/", {"name": "Lar\u200bge", "query": "stage=active"})
    assert Segment.objects.get().name == "Large"
    desk.post("/customers/bulk/", {"act": "tag", "customer": [acme.pk], "tag": "vi\u200bp", "confirmed": "1"})
    acme.refresh_from_db()
    assert acme.tags == ["vip"]


def test_names_typed_in_the_admin_lose_what_is_not_seen(desk, source):
    desk.post("/admin/staff/team/add/", {"name": "No\u200brth"})
    desk.post("/admin/surveys/theme/add/", {"name": "Spe\u200bed", "words": "slow\u200b"})
    desk.post("/admin/events/eventtype/add/", {"name": "Ca\u00adll", "channel": "web"})
    path = f"/admin/events/source/{source.pk}/change/"
    desk.post(path, {**as_it_stands(desk.get(path)), "name": "Sh\u200bop"})
    assert Team.objects.get().name == "North"
    assert Theme.objects.get().name == "Speed"
    assert EventType.objects.filter(name="Call").exists()
    assert Source.objects.get(pk=source.pk).name == "Shop"


def test_a_colleague_is_invited_by_an_address_of_every_door(desk):
    add = {"name": "Zo\u200be", "email": "\ufeffZoë@Acme.example", "role": "csm"}
    desk.post("/admin/staff/user/add/", add)
    zoe = User.objects.get(role="csm")
    assert (zoe.name, zoe.email) == ("Zoe", "zoë@acme.example")


@pytest.mark.parametrize("typed", [text for text in BAD if isinstance(text, str) and "\n" not in text], ids=repr)
def test_nobody_is_invited_by_what_is_no_address(desk, typed):
    assert desk.post("/admin/staff/user/add/", {"name": "Zoe", "email": typed, "role": "csm"}).status_code == 200
    assert User.objects.count() == 1


def test_a_survey_is_named_without_what_is_not_seen(desk):
    survey = lifecycle.create("nps", now=NOW, by=User.objects.get())
    form = AboutForm({"name": "Spri\u200bng"}, survey=survey, today=NOW.date())
    form.full_clean()
    assert form.cleaned_data["name"] == "Spring"
