"""One object of every kind, and somebody of every role."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from core import runs
from core.models import CurrencyRate
from customers.models import Customer
from events import write_keys
from events.models import Channel, Rejected
from scoring import run, versions
from scoring.models import ScoringModel
from staff.models import ApiKey, Role, Team, User
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture
def people(begun) -> dict[str, User]:
    """Somebody of each role; Lou, who is limited, is in a team without the other customers."""
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    lou.teams.add(Team.objects.create(name="Another team"))
    roles = {"Ada": Role.ADMIN, "Lea": Role.LEAD, "Cem": Role.CSM, "Vera": Role.VIEWER}
    return {"limited": lou, **{role.value: cast.colleague(name, role) for name, role in roles.items()}}


@pytest.fixture
def customers(people, source) -> dict[str, Customer]:
    own = cast.customer("Own", owner=people["limited"])
    others = cast.customer("Of others", owner=people["csm"], team=Team.objects.create(name="Their team"))
    for customer in (own, others):
        cast.counted(customer, "Meeting held", 1, 20)
        cast.happened(customer, "Meeting held", NOW)
    run.score_everyone(now=NOW)
    return {"their own": own, "of others": others}


@pytest.fixture
def examples(people, customers, source) -> dict[str, dict[str, dict[str, Any]]]:
    """Return for each address with parts: what is called how → the parts' values. Admin objects are found by model."""
    Rejected.objects.create(source=source, received_at=NOW, reason="No name", body="{}")
    CurrencyRate.objects.create(currency="USD", day=date(2026, 1, 1), rate=1)
    write_keys.create("Website", [ApiKey.EVENTS_WRITE], channel=Channel.WEB, now=NOW)
    runs.plan("history", "2026-06-14")
    versions.draft_from(ScoringModel.objects.get(), now=NOW)  # the newest: what the admin's objects are shown with
    pks = {name: {"pk": customer.pk} for name, customer in customers.items()}
    return {
        "customers:detail": {**pks, "of nobody": {"pk": 999_999}},
        "events:ingest": {"": {"kind": "batch"}},
        "admin:view_on_site": {
            "": {"content_type_id": ContentType.objects.get_for_model(User).pk, "object_id": people["admin"].pk}
        },
        "admin:auth_user_password_change": {"": {"id": people["viewer"].pk}},
        "admin:app_list": {"": {"app_label": "core"}},
        "admin/(?P<url>.*)$": {"": {"url": "no/such/page/"}},
    }


def object_of(route: str) -> Any:
    """Return the newest object of the model an admin route names, such as `admin/core/run/<path:object_id>/change/`."""
    _admin, app, model, *_rest = route.split("/")
    return apps.get_model(app, model)._default_manager.order_by("pk").last()


@pytest.fixture
def browser(people):
    """Return a browser in which somebody of the role is signed in."""

    def open_one(role: str) -> Client:
        browser = Client()
        if role != "nobody":
            browser.force_login(people[role])
        return browser

    return open_one


@pytest.fixture(autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield
