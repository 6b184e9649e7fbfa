"""The examples of the documentation, run in order against a server, with the answers they promise.

Three pages are run elsewhere: docs/integrate/events.md in tests/events, docs/integrate/api.md in tests/api, and
docs/operate/install-debian.md in tests/ops.
"""

import json
import subprocess
from datetime import UTC, datetime

import pytest
import requests

from customers.models import Contact, Customer
from events.models import Event, Rejected
from scoring.runs import run
from surveys.answering import webhooks
from surveys.models import Answer, Hook
from tests.access.validator import node
from tests.docs import pages
from tests.docs.shell import Shell
from tests.surveys.conftest import running

QUICKSTART, API_QUICKSTART, WEBHOOKS = (
    "docs/start/quickstart.md",
    "docs/integrate/api-quickstart.md",
    "docs/integrate/webhooks.md",
)
INSTALLATION = "docs/operate/install-debian.md"
RUN = {"README.md", QUICKSTART, API_QUICKSTART, INSTALLATION, "docs/integrate/events.md", "docs/integrate/api.md"}


@pytest.fixture
def server(transactional_db, begun, served_front):
    return served_front


def examples(name, language):
    return [block.text for block in pages.blocks(pages.read(name)) if block.info == language]


def run_shell(name, server):
    shell = Shell(server)
    answers = [answer for text in examples(name, "sh") for answer in shell.run(text)]
    assert [(answer.url, answer.text) for answer in answers if answer.status_code >= 300] == []
    return shell, answers


def run_javascript(text, folder, **names):
    """Run an example with Node.js as a module; it fails when the example throws."""
    lines = [f"const {name} = {json.dumps(value)};" for name, value in names.items()]
    script = folder / "example.mjs"
    imports = [line for line in text.splitlines() if line.startswith("import ")]
    rest = [line for line in text.splitlines() if not line.startswith("import ")]
    script.write_text("\n".join([*imports, *lines, *rest]))
    done = subprocess.run([node(), str(script)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("name", "company"), [("README.md", "acme"), (QUICKSTART, "northwind")])
def test_the_first_event_is_stored_and_its_company_is_a_customer(server, name, company):
    _shell, answers = run_shell(name, server)
    assert [answer.json() for answer in answers] == [{"success": True}]
    assert Customer.objects.get(identities__value=company, provisional=False)
    assert Event.objects.get().event_type.name == "Report created"
    assert not Rejected.objects.exists()


def assert_northwind_is_there():
    customer = Customer.objects.get(identities__value="northwind")
    assert (customer.name, customer.mrr, customer.currency) == ("Northwind", 900, "EUR")
    assert Contact.objects.get(name="Nora").customer == customer
    assert Event.objects.get().customer == customer


def test_the_api_quick_start_in_curl(server):
    shell, answers = run_shell(API_QUICKSTART, server)
    assert_northwind_is_there()
    score, at_risk = (answer.json() for answer in answers[-2:])
    assert {"engagement", "engagement_band", "health", "stored"} <= set(score)
    assert at_risk == {"results": [], "next_cursor": None}
    assert set(shell.names) == {"RAPPORT", "KEY", "EVENTS_KEY", "ID"}


def test_the_api_quick_start_in_python(server):
    shell = Shell(server)
    shell.run(examples(API_QUICKSTART, "sh")[0])
    names = dict(shell.names)
    first, sync = examples(API_QUICKSTART, "python")
    exec(first, names)
    assert_northwind_is_there()
    assert "engagement" in names["score"] and names["at_risk"]["results"] == []
    exec(sync, names)
    names["push"]({"id": "northwind", "name": "Northwind Ltd", "mrr": "950.00"})
    names["push"]({"id": "contoso", "name": "Contoso", "mrr": "10.00"})
    assert {row["name"] for row in names["all_customers"](stage="active")} == {"Northwind Ltd", "Contoso"}
    with pytest.raises(requests.HTTPError):  # as the page says: notes need another scope
        names["add_note"](Customer.objects.get(name="Contoso").pk, "Called.", "n-1")


def test_the_api_quick_start_in_javascript(server, tmp_path):
    shell = Shell(server)
    shell.run(examples(API_QUICKSTART, "sh")[0])
    [script] = examples(API_QUICKSTART, "js")
    printed = run_javascript(script, tmp_path, **shell.names)
    assert "{ success: true }" in printed
    assert_northwind_is_there()


def test_the_score_is_there_once_a_worker_has_run(server):
    shell, _answers = run_shell(API_QUICKSTART, server)
    run.score_changed(now=datetime.now(UTC))
    [answer] = shell.run('curl -H "Authorization: Bearer $KEY" $RAPPORT/api/v1/customers/$ID/score/')
    assert answer.json()["stored"] is not None


@pytest.fixture
def hook(server):
    return Hook.objects.create(name="Other tool", survey=running(), created_at=datetime.now(UTC))


def test_the_webhook_in_python(server, hook):
    [example] = examples(WEBHOOKS, "python")
    names = {"SECRET": webhooks.secret_of(hook), "ADDRESS": f"{server}/hooks/surveys/{hook.slug}/"}
    exec(example, names)
    assert names["answer"].status_code == 200, names["answer"].text


def test_the_webhook_in_javascript(server, hook, tmp_path):
    [example] = examples(WEBHOOKS, "js")
    address = f"{server}/hooks/surveys/{hook.slug}/"
    printed = run_javascript(example, tmp_path, SECRET=webhooks.secret_of(hook), ADDRESS=address)
    assert printed.startswith("200 ")
    assert not Answer.objects.exclude(via="webhook").exists()
