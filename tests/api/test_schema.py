"""The description holds: whatever is sent, the answer is one that it announces, and never a 5xx."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from surveys import lifecycle
from surveys.answering import direct_answers
from surveys.models import Theme, Via, Wave
from tests.access.addresses import everywhere
from tests.conftest import NOW

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


# As it is served, by the application as a server would call it. Making it asks the database nothing.
schema = schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application())


@pytest.fixture
def real(acme, api):
    """What exists, by the name of its part in an address."""
    api.put("contacts/by-user-id/ann/", {"customer_id": acme.pk, "email": "ann@acme.example"})
    survey = lifecycle.start(lifecycle.create("nps", now=NOW, by=None), now=NOW)
    given = direct_answers.IncomingAnswer({"score": 3}, NOW, customer_id=acme.pk)
    answer = direct_answers.record(survey, [given], via=Via.API, now=NOW)[0]
    contract = {"name": "Annual", "starts_on": "2026-01-01", "currency": "EUR"}
    made = api.put(f"customers/{acme.pk}/contracts/by-id/c-1/", contract).json()
    for signal in (request_started, request_finished):  # as Django's own client does: they end the test's transaction
        signal.disconnect(close_old_connections)
    yield {
        "id": acme.pk,
        "company_id": "acme",
        "user_id": "ann",
        "email": "ann@acme.example",
        "record": made["id"],
        "external_id": "c-1",
        "answer": str(answer.id),
        "wave": Wave.objects.create(survey=survey, starts_at=NOW).pk,
        "theme": Theme.objects.create(name="Speed").pk,
        "survey": survey.pk,
        "what": "segment",
    }
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=5, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_nothing_that_is_sent_gets_an_answer_that_is_not_described(case, api, real):
    parts = dict(case.path_parameters or {})
    if sum(map(ord, str(case.body) + str(case.query))) % 3:  # mostly what exists, else 404 is all that is tried
        parts = {name: real.get(name, value) for name, value in parts.items()}
        if case.path.startswith("/api/v1/surveys/"):
            parts["id"] = real["survey"]
        case.path_parameters = parts
    case.call_and_validate(headers={"Authorization": f"Bearer {api.key}"}, checks=CHECKS)


def test_every_address_of_the_api_is_described():
    assert len(schema.raw_schema["paths"]) == len([a for a in everywhere() if a.route.startswith("api/v1/")])


def test_the_description_is_of_openapi_3_1_and_asks_for_a_bearer_key():
    described = schema.raw_schema
    assert described["openapi"].startswith("3.1")
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
