"""A client generated from the description alone lists, makes and changes a customer over the network."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from staff import api_keys
from tests.api.conftest import EVERYTHING
from tests.conftest import NOW


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The client's package, made by openapi-python-client as an integrator would make it."""
    folder = tmp_path_factory.mktemp("client")
    description = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    (folder / "openapi.json").write_text(json.dumps(json.loads(description.content)))
    made = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--meta", "none",
         "--output-path", "rapport_client", "--fail-on-warning"],
        cwd=folder, env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},  # ruff tidies up
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module("rapport_client")
    sys.path.remove(str(folder))


@pytest.fixture
def client_of(generated, live_server, transactional_db):
    _row, key = api_keys.create("CRM", EVERYTHING, now=NOW)
    with generated.AuthenticatedClient(base_url=live_server.url, token=key, raise_on_unexpected_status=True) as client:
        yield client


def test_a_generated_client_lists_makes_and_changes_a_customer(client_of):
    customers = importlib.import_module("rapport_client.api.customers")
    models = importlib.import_module("rapport_client.models")
    call = {name: importlib.import_module(f"{customers.__name__}.{name}") for name in (
        "customers_by_id_upsert", "customers_update", "customers_list",
    )}  # fmt: skip
    made = call["customers_by_id_upsert"].sync(
        company_id="acme", client=client_of, body=models.CustomerRequest(name="Acme", mrr="10.50")
    )
    assert (made.name, made.mrr) == ("Acme", "10.50")
    changed = call["customers_update"].sync(
        made.id, client=client_of, body=models.PatchedCustomerRequest(plan="Pro"), idempotency_key="once"
    )
    assert (changed.name, changed.plan) == ("Acme", "Pro")
    listed = call["customers_list"].sync(client=client_of, q="acm")
    assert [row.id for row in listed.results] == [made.id]
    assert listed.next_cursor is None
    refused = call["customers_list"].sync(client=client_of, owner="nobody")
    assert (refused.code, refused.errors[0].field) == ("invalid", "owner")
