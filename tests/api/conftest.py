"""The API as a program sees it, at NOW."""

import json
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from customers import lifecycle
from customers.models import Customer
from staff import api_keys
from staff.models import ApiKey, Role
from tests.conftest import NOW
from tests.pages import cast
from tests.pages.conftest import maya  # noqa: F401

EVERYTHING = [scope for scope in ApiKey.SCOPES if scope not in ApiKey.PUBLIC_SCOPES]


class Api:
    """Calls with a key, as JSON; `None` calls with nothing."""

    def __init__(self, key: str | None = None, client: Client | None = None) -> None:
        self.key, self.client = key, client or Client(enforce_csrf_checks=True)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        if self.key:
            headers.setdefault("Authorization", f"Bearer {self.key}")
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.client.generic(method, f"/api/v1/{path}", raw, "application/json", headers=headers)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.call("DELETE", path, **headers)

    def rows(self, path: str) -> list[dict[str, Any]]:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def make_key(begun):
    """Make a key of some scopes, the company's own or a colleague's, and return a caller with it."""

    def make(*scopes: str, colleague: Any = None, **more: Any) -> Api:
        _row, key = api_keys.create("CRM", scopes or EVERYTHING, now=NOW, colleague=colleague, **more)
        return Api(key)

    return make


@pytest.fixture
def api(make_key):
    """A caller with the company's own key, which may do everything."""
    return make_key()


@pytest.fixture
def acme(begun) -> Customer:
    pk = lifecycle.upsert([{"company_id": "acme", "name": "Acme", "mrr": 1000}], now=NOW)["acme"]
    return Customer.objects.get(pk=pk)


@pytest.fixture
def lou(begun):
    """A customer success manager who sees only their own customers, of which there are none."""
    return cast.colleague("Lou", Role.CSM, is_limited=True)


def faults(answer: HttpResponse) -> dict[str, str]:
    """Return field → code of a refused request."""
    assert answer.status_code == 400, (answer.status_code, answer.content)
    said = answer.json()
    assert said["code"] == "invalid" and said["message"]
    return {fault["field"]: fault["code"] for fault in said["errors"]}
