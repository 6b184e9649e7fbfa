"""Settings and the menu: seven pages in one order; a colleague is shown what is theirs to open, and nothing else."""

import re
from datetime import timedelta

import pytest

from events.models import Channel, EventType, Rejected, Source, SourceDay, TypeDay
from scoring.models import ScoringModel
from staff import api_keys
from staff.models import ApiKey, Role
from tests.conftest import NOW
from tests.pages import cast
from tests.queries import page_queries

MENU = ["Today", "Customers", "Portfolio", "Playbooks", "Surveys", "Scoring", "Settings"]
LINK = re.compile(r'<a href="([^"]+)"[^>]*>')
ADMINS_QUERIES, OTHERS_QUERIES = 16, 2


@pytest.fixture
def as_role(client, begun):
    """Open a page as somebody of a role, and return it with white space folded."""

    def look(role, path="/settings/"):
        client.force_login(cast.colleague(f"A {role}".replace(" ", ""), role))
        return " ".join(client.get(path).content.decode().split())

    return look


def main(page):
    return page[page.index("<main") : page.index("</main>")]


def menu(page):
    """Return the words of the menu's line, without what a phone has under More once again."""
    bar = page[page.index('<nav class="tabs main-menu"') :]
    return re.findall(r"(?:</svg>)([^<]+)</a>", bar[: bar.index("<details")])


@pytest.mark.parametrize("role", Role.values)
def test_the_menu_has_the_same_seven_pages_for_everybody(as_role, role):
    page = as_role(role, "/customers/")
    assert menu(page) == MENU
    assert "<summary>" in page and page.count('href="/settings/"') == 3  # the line, More, one's own menu


@pytest.mark.parametrize(
    ("path", "shown_as"),
    [
        ("/at-risk/", "/today/"),
        ("/contacts/", "/customers/"),
        ("/duplicates/customers/", "/customers/"),
        ("/surveys/inbox/", "/surveys/"),
        ("/notices/kinds/", "/settings/"),
        ("/imports/", "/settings/"),
        ("/partings/", "/settings/"),
    ],
)
def test_the_menu_says_where_one_is(as_role, path, shown_as):
    page = as_role(Role.LEAD, path)
    bar = page[page.index('<nav class="tabs main-menu"') : page.index("<details")]
    assert re.findall(r'<a href="([^"]+)"[^>]* aria-current="true"', bar) == [shown_as]
    assert ('<summary aria-current="true">' in page) == (shown_as in ("/surveys/", "/settings/"))


def test_customers_contacts_and_duplicates_are_beside_each_other(as_role, client):
    as_role(Role.CSM)
    for path in ("/customers/", "/contacts/", "/duplicates/contacts/"):
        tabs = (
            client.get(path).content.decode().partition('aria-label="Customers and contacts"')[2].partition("</nav>")[0]
        )
        assert [link.split("/")[1] for link in LINK.findall(tabs)] == ["customers", "contacts", "duplicates"]


@pytest.mark.parametrize("role", Role.values)
def test_every_link_of_settings_opens_for_who_sees_it(as_role, client, role):
    seen_from(Source.objects.create(name="Shop", kind="write_key", created_at=NOW), days=1)
    links = set(LINK.findall(main(as_role(role))))
    assert {path: client.get(path).status_code for path in links} == dict.fromkeys(links, 200)
    assert ("/imports/" in links) == (role in (Role.ADMIN, Role.LEAD))
    assert any(path.startswith("/admin/") for path in links) == (role == Role.ADMIN)
    assert {"/notices/kinds/", "/password/", "/time-zone/", "/playbooks/calendar/"} <= links


def seen_from(source, days):
    day = cast.TODAY - timedelta(days=days)
    SourceDay.objects.create(source=source, day=day, known_on=day, stripe=0, events=5)


def came(kind, days):
    day = cast.TODAY - timedelta(days=days)
    for by_contact in (True, False):
        TypeDay.objects.create(event_type=kind, day=day, known_on=day, received_on=day, by_contact=by_contact)


def event_type(name, days):
    came(EventType.objects.create(name=name, channel=Channel.WEB, created_at=NOW), days)


def test_an_admin_sees_what_each_source_sent_last(as_role):
    seen_from(Source.objects.create(name="Shop", kind="write_key", created_at=NOW), days=3)
    seen_from(Source.objects.create(name="App", kind="write_key", created_at=NOW), days=0)
    Source.objects.create(name="Silent", kind="connector", created_at=NOW)
    page = main(as_role(Role.ADMIN))
    told = re.findall(r"<bdi>(Shop|App|Silent)</bdi>.*?</span> <span> (\S+(?: days ago)?)", page)
    assert told == [("App", "today"), ("Shop", "3 days ago"), ("Silent", "–")]


def test_an_admin_sees_when_a_key_was_used(as_role, client):
    source = Source.objects.create(name="Shop", kind="write_key", created_at=NOW)
    row, _key = api_keys.create("Shop", ["events:write"], now=NOW)
    source.keys.add(row)
    assert "key used" not in main(as_role(Role.ADMIN))
    ApiKey.objects.update(last_used_at=NOW - timedelta(minutes=2))
    assert "key used 2 minutes ago" in " ".join(client.get("/settings/").content.decode().split())


def test_types_that_came_and_are_not_weighed_come_first(as_role):
    weighed = ScoringModel.objects.current().weights.first().event_type
    EventType.objects.exclude(pk=weighed.pk).update(retired_at=NOW)
    EventType.objects.filter(pk=weighed.pk).update(name="A weighed one")
    came(weighed, days=6)
    event_type("Old", days=7)
    event_type("Waiting", days=0)
    page = main(as_role(Role.ADMIN))
    rows = re.findall(r"<bdi>([\w ]+)</bdi></a></span> <span>([a-z ]+)</span>.*?(seen in|not seen in) 7 days", page)
    assert rows == [
        ("Waiting", "not weighed yet", "seen in"),
        ("A weighed one", "weighed", "seen in"),
        ("Old", "not weighed yet", "not seen in"),
    ]
    assert "2 types came in the last 7 days. 1 of them is not weighed yet." in page
    assert 'href="/models/#not-weighed">Weigh them</a>' in page


def test_rejected_messages_that_wait_are_counted(as_role):
    source = Source.objects.create(name="Shop", kind="write_key", created_at=NOW)
    for n, replayed_at in enumerate((None, None, NOW)):
        Rejected.objects.create(
            source=source, message_hash=b"%d" % n, received_at=NOW, last_at=NOW, body="{}", replayed_at=replayed_at
        )
    assert '<span class="text-danger">2</span>' in main(as_role(Role.ADMIN))


@pytest.mark.parametrize("role", [Role.LEAD, Role.CSM, Role.VIEWER])
def test_what_admins_look_after_is_not_told_to_others(as_role, role):
    Source.objects.create(name="Secret source", kind="write_key", created_at=NOW)
    page = main(as_role(role))
    assert "Secret source" not in page and "Event types" not in page and "Colleagues" not in page
    assert "Base currency" in page


def test_settings_ask_as_often_for_many_sources_and_types(client, begun):
    def asked(role):
        client.force_login(cast.colleague(f"{role}{EventType.objects.count()}", role))
        queries = page_queries(client, "/settings/")
        assert queries.template == 0
        return queries.view

    assert asked(Role.ADMIN) == ADMINS_QUERIES
    for n in range(30):
        event_type(f"Type {n}", days=0)
        seen_from(Source.objects.create(name=f"Source {n}", kind="write_key", created_at=NOW), days=1)
    assert asked(Role.ADMIN) == ADMINS_QUERIES
    assert asked(Role.VIEWER) == OTHERS_QUERIES
