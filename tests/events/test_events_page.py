"""The examples, limits and answers of docs/integrate/events.md are those of the code."""

import io
import re
import shlex

import pytest
from django.conf import settings
from django.core.management import call_command
from rudderstack.analytics import request as rudderstack
from segment.analytics import request as segment

from core.db import jsonb
from events import event_types, rejected
from events.door import application
from events.models import Event, Rejected, Source
from events.wire import body, instants, messages
from tests.docs import pages
from tests.events.conftest import Door, basic
from tests.events.people import company, user
from tests.front import ask

PAGE = pages.read("docs/integrate/events.md")
LIMITS = pages.read("docs/integrate/limits.md")
ADDRESS = "http://127.0.0.1:8000"


def blocks(language, word):
    return [text for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if word in text]


def tables(heading, page=PAGE):
    """Return the rows of the tables under a heading, by their first cell."""
    section = page.split(f"# {heading}\n")[1].split("\n#")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:2] == "| "]
    return {row[0]: row[1:] for row in rows[1:] if not row[0].startswith("---")}


def curl(words):
    """Do what `curl -u KEY: URL -d BODY` does."""
    _, minus_u, credentials, url, minus_d, data = words
    assert (minus_u, minus_d, credentials[-1]) == ("-u", "-d", ":")
    # The type is what curl says of -d.
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": basic(credentials[:-1])}
    return ask("POST", url.removeprefix(ADDRESS), data.encode(), **headers)


def test_the_command_makes_a_key_for_a_source_of_that_name(db):
    [command] = blocks("sh", "create_api_key")
    said = io.StringIO()
    call_command(*shlex.split(command)[2:], stdout=said)
    assert Source.objects.get().name == "My product"
    assert Door(said.getvalue().strip()).batch().status_code == 200


def test_the_examples_for_curl_are_stored(key, at_now):
    commands = [line for block in blocks("sh", "curl") for line in re.split(r"(?=^curl )", block, flags=re.M) if line]
    assert len(commands) == 3
    for command in commands:
        answer = curl(shlex.split(command.replace("$KEY", key)))
        assert (answer.status_code, answer.content) == (200, b'{"success": true}')
    assert not Rejected.objects.exists()
    assert (company("acme").name, company("acme").plan, user("ann").name) == ("Acme", "Pro", "Ann Archer")
    names = Event.objects.filter(customer=company("acme")).order_by("id").values_list("event_type__name", "value")
    assert list(names) == [("Report created", None), ("Order completed", 49_900), ("Invoice paid", None)]


@pytest.mark.parametrize(("word", "http"), [("segment.", segment), ("rudderstack.", rudderstack)])
def test_the_examples_for_the_sdks_are_stored(key, served_front, monkeypatch, word, http):
    monkeypatch.setitem(http._session.headers, "Connection", "close")
    [example] = blocks("python", word)
    names = {"KEY": key}
    exec(example.replace(ADDRESS, served_front), names)
    names["client"].shutdown()
    assert Event.objects.get().customer == company("acme")
    assert Event.objects.get().properties == {"pages": 12}
    assert company("acme").name == "Acme"


def test_the_limits_are_those_of_the_code():
    rows = {what: most for what, (most, _) in tables("Events", LIMITS).items()}
    kib, mb = 1024, 1024 * 1024
    assert rows == {
        "body as sent": f"{body.MAX_COMPRESSED // mb} MB",
        "body inflated": f"{body.MAX_INFLATED // mb} MB",
        "messages in a batch": f"{body.MAX_MESSAGES:,}",
        "members of a gzip body": f"{body.MAX_MEMBERS}",
        "one message": f"{jsonb.MAX_BYTES // kib} KiB, {jsonb.MAX_DEPTH} levels",
        "a key of an object": f"{jsonb.MAX_KEY} characters",
        "an id, a `messageId`": f"{messages.MAX_ID} characters",
        "an event's name": f"{messages.MAX_NAME} characters",
        "new event names of one source": f"{event_types.MOST_PER_SOURCE:,}",
        "kept of a rejected message": f"{rejected.MAX_BYTES // kib} KiB of its JSON",
    }


def test_the_answers_are_those_of_the_code():
    files = ("events/wire/body.py", "events/door/application.py", "engagement_site/front/refusals.py")
    source = "".join((settings.BASE_DIR / name).read_text() for name in files)
    given = set(re.findall(r'(?:Unreadable|refusal)\((\d{3}), "(\w+)"', source))
    rows = tables("Answers and errors")
    told = {(status, code) for status in rows for code in re.findall(r"`(\w+)`", rows[status][0])}
    assert told == given
    assert f"`Retry-After` ({application.RETRY_AFTER.decode()})" in rows["503"][2]


def test_the_routes_are_those_of_the_code(door):
    paths = re.findall(r"`(/v1/\w+)`", PAGE.split("# Routes and bodies\n")[1].split("\n- ")[0])
    assert len(paths) == 7
    for path in paths:
        assert door.post(path, {"batch": []}).status_code == 200


def test_what_is_not_there_yet_answers_as_the_page_says(door):
    for path in ("/v1/t", "/v1/b", "/beacon/v1/batch", "/v1/import", "/v1/import/", "/v1/projects/key/settings"):
        assert door.post(path, {"batch": []}).status_code == 404
    assert ask("OPTIONS", "/v1/track").status_code == 405


def test_the_times_that_the_page_shows_are_read():
    examples = [text for cells in tables("Times").values() for text in re.findall(r"`([^`]+)`", cells[0])]
    assert len(examples) == 9
    assert {f"{instants.read(text):%Y-%m-%d}" for text in examples} == {"2026-01-31"}
