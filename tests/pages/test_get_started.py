"""Get started: steps that tick themselves by what is true, led to until they are done or put away."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from events import ingest
from events.models import EventType, Source
from scoring.model_versions import versions
from scoring.models import ScoringModel, Weight
from staff import api_keys, company
from staff.models import ApiKey, Company, Role
from tests.access.fingerprint import fingerprint
from tests.conftest import NOW
from tests.events.people import group, track
from tests.pages import cast
from tests.queries import page_queries

PAGE = "/settings/get-started/"
PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def ada(begun, client):
    ada = cast.colleague("Ada", Role.ADMIN)
    client.force_login(ada)
    return ada


@pytest.fixture
def look(ada, client):
    def open_page(path=PAGE):
        return " ".join(client.get(path).content.decode().split())

    return open_page


def ticked(page):
    """Return the numbers of the steps that are done."""
    return [int(number) for number in re.findall(r"</svg> (\d)\. [^<]+ <span class=\"visually-hidden\">\(done\)", page)]


def came(*names):
    source, _ = Source.objects.get_or_create(name="Shop", defaults={"kind": "write_key", "created_at": NOW})
    messages = [group("acme", userId="ann", traits={"name": "Acme"}), *(track(event=n, userId="ann") for n in names)]
    ingest.record(messages, source=source, now=NOW)


def test_an_empty_installation_leads_here(look):
    assert 'href="/settings/get-started/"' in look("/today/")
    assert "This installation is not set up yet: 0 of 5 steps are done." in look("/settings/")
    page = look()
    assert ticked(page) == [] and "0 of 5 done" in page and "Waiting for it." in page and "YOUR_KEY" in page


def test_a_key_is_shown_once_with_snippets_and_stands_in_the_trail(look, client, ada):
    page = client.post(f"{PAGE}key/", {"name": "My product", "make": "key"})
    key = re.search(r'id="new-key"\s+value="([^"]+)"', page.content.decode())[1]
    row = api_keys.find(key, ApiKey.EVENTS_WRITE, now=NOW)
    assert (row.scopes, row.sources.get().name) == ([ApiKey.EVENTS_WRITE], "My product")
    assert page.content.decode().count(key) == 4 and "no-store" in page["Cache-Control"]
    assert LogEntry.objects.get().object_id == str(row.pk) and LogEntry.objects.get().user == ada
    assert key not in look() and ticked(look()) == [1]


@pytest.mark.parametrize(
    "sent", [{}, {"name": "Shop"}, {"name": " ", "make": "key"}, {"name": "x" * 101, "make": "key"}]
)
def test_no_key_is_made_without_its_button_and_a_name(ada, client, sent):
    answer = client.post(f"{PAGE}key/", sent, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert ("Say in at most 100 letters" in answer.content.decode()) is ("make" in sent)
    assert not ApiKey.objects.exists()


def test_the_page_notices_the_first_event_by_itself_and_writes_nothing(look, client):
    known = re.search(r"known=(\w+)", look())[1]
    before = fingerprint()
    assert client.get(f"{PAGE}?known={known}", **PART).status_code == 204
    assert fingerprint() == before
    came("Report exported")
    part = client.get(f"{PAGE}?known={known}", **PART)
    text = " ".join(part.content.decode().split())
    assert "Events came from Shop." in text and "Acme" in text and "<html" not in text
    assert 'hx-swap-oob="innerHTML"' in text and ticked(text) == [2]
    assert "HX-Request" in part["Vary"] and "hx-swap-oob" not in look()


def test_a_sample_is_no_event_of_ones_own(look):
    came("Report created")
    Source.objects.update(kind=Source.Kind.SAMPLE)
    assert ticked(look()) == []


def test_types_that_a_version_weighs_need_no_click(look):
    came("Report created")
    assert ticked(look()) == [2, 3] and "hx-trigger" not in main(look())


def main(page):
    return page[page.index("<main") : page.index("</main>")]


def test_a_type_is_weighed_with_a_click_and_counts_once_published(look, client):
    came("Report exported", "Guest invited")
    kind, other = EventType.objects.get(name="Report exported"), EventType.objects.get(name="Guest invited")
    current = ScoringModel.objects.current()
    answer = client.post(f"/models/weigh/{kind.pk}/", {"worth": "lot", "next": PAGE})
    assert answer["Location"] == f"{PAGE}#not-weighed"
    client.post(f"/models/weigh/{other.pk}/", {"worth": "nothing", "next": PAGE})
    draft = ScoringModel.objects.drafts().get()  # one, whatever the number of clicks
    assert {w.event_type: (w.points, w.daily_cap) for w in draft.weights.filter(event_type__in=[kind, other])} == {
        kind: (8, 2),
        other: (0, 1),
    }
    assert ScoringModel.objects.current() == current and ticked(look()) == [2]
    page = look()
    assert f'/models/{draft.pk}/publish/?next=/settings/get-started/">Publish these weights' in page
    form = look(f"/models/{draft.pk}/publish/?next={PAGE}")
    assert "Report exported" in form
    seen = re.search(r'name="seen" value="(\w+)"', form)[1]
    answer = client.post(f"/models/{draft.pk}/publish/", {"seen": seen, "next": PAGE})
    assert (answer["Location"], ScoringModel.objects.current().pk) == (PAGE, draft.pk)
    assert ticked(look()) == [2, 3]


def test_a_type_that_comes_later_opens_nothing_again(look, ada):
    came("Report exported")
    versions.publish(versions.draft_from(ScoringModel.objects.current(), now=NOW), now=NOW, by=ada)
    assert ticked(look()) == [2, 3] and "Report exported" in look()
    assert "Not weighed yet" in look("/models/")


def test_all_done_leads_nobody_here_any_more(look, ada):
    came("Report created")
    api_keys.create("Shop", [ApiKey.EVENTS_WRITE], now=NOW)
    company.change({"name": "Dupont"}, now=NOW, by=ada)
    assert "3 of 5" not in look("/settings/") and "4 of 5" in look("/settings/")
    cast.colleague("Bo")
    assert "5 of 5 done" in look() and "Go to Today" in look()
    assert "not set up yet" not in look("/settings/") + look("/today/")


def test_an_admin_puts_it_away_and_shows_it_again(look, client):
    client.post(f"{PAGE}away/", {})
    assert Company.objects.current().get_started_dismissed_at is None
    assert client.post(f"{PAGE}away/", {"away": "yes"})["Location"] == "/settings/"
    assert "not set up yet" not in look("/settings/")
    assert "Put away on 15 Jun 2026." in look() and "“Get started”" in look("/settings/company/")
    client.post(f"{PAGE}away/", {"away": "no"})
    assert "not set up yet" in look("/settings/")


@pytest.mark.parametrize("role", [Role.LEAD, Role.CSM, Role.VIEWER])
def test_others_are_told_who_can_do_it(begun, client, role):
    cast.colleague("Ada", Role.ADMIN)
    came("Report exported")
    client.force_login(cast.colleague("Lou", role))
    page = " ".join(client.get(PAGE).content.decode().split())
    assert "Only admins can set this up. Ask one of them: Ada." in page
    assert ("You can import a file." in page) == (role == Role.LEAD)
    assert "Acme" not in main(page) and "Make a key" not in page
    before = fingerprint()
    kind = EventType.objects.get(name="Report exported")
    for path in (f"{PAGE}key/", f"{PAGE}away/", reverse("scoring:weigh", args=[kind.pk])):
        sent = {"name": "Shop", "make": "key", "away": "yes", "worth": "lot"}
        assert client.post(path, sent).status_code == 403
    assert fingerprint() == before


def test_it_asks_as_often_for_many_types_and_sources(ada, client):
    came("Report exported")
    before = page_queries(client, PAGE)
    for n in range(20):
        source = Source.objects.create(name=f"Source {n}", kind="write_key", created_at=NOW)
        ingest.record([track(event=f"Type {n}", userId=f"u{n}")], source=source, now=NOW)
    assert page_queries(client, PAGE) == before
    assert Weight.objects.filter(event_type__name="Type 1").count() == 0
