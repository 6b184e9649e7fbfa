"""The snippets of Get started send a first event, whichever of them is copied."""

import json
import subprocess
import sys

import pytest
from django.utils import timezone

from core import days
from customers.models import Customer
from desk.settings.get_started.snippets import PLACE, snippets
from events import write_keys
from events.models import Channel, Event
from scoring.model_versions import default_model
from tests.ops.programs import needs

COMMANDS = {"sh": ["sh", "-c"], "python": [sys.executable, "-W", "error", "-c"], "js": ["node", "-e"]}
LANGUAGES = ["python", pytest.param("sh", marks=needs("curl")), pytest.param("js", marks=needs("node"))]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_snippet_runs_as_it_stands(served_front, language):
    now = timezone.now()
    days.begin(now)
    default_model.ensure(now)
    key = write_keys.create("My product", ["events:write"], channel=Channel.PRODUCT, now=now)
    text = next(snippet.text for snippet in snippets(key, served_front) if snippet.language == language)
    done = subprocess.run([*COMMANDS[language], text], capture_output=True, timeout=60, check=True)
    assert json.loads(done.stdout) == {"success": True}
    assert Customer.objects.known().get().name == "Acme"
    assert Event.objects.get().event_type.name == "Report created"


def test_without_a_key_its_place_is_marked():
    assert all(PLACE in snippet.text for snippet in snippets("", "https://rapport.example"))
