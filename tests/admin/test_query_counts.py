"""A list costs the same number of queries, however many rows it shows."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import ClosedDay, CurrencyRate, Outgoing, Run
from core.outbox import queue
from customers.models import AttributeDefinition, Customer, FieldSource, FieldTrait, WrongId
from customers.models.field_rules import WITH_A_SOURCE
from events import rejected
from events.models import EventType, Rejected, Source
from scoring.model_versions import versions
from scoring.models import ScoringModel
from staff.models import ApiKey, Team, User
from surveys import lifecycle
from surveys.models import Hook, Refused, Survey, Theme, Wave
from tests.conftest import NOW
from tests.pages import cast


def _source(i: int) -> Source:
    source = Source.objects.create(name=f"Source {i}", kind="write_key", created_at=NOW)
    source.keys.add(_key(i))
    return source


def _key(i: int) -> ApiKey:
    return ApiKey.objects.create(name=f"Key {i}", public_part=f"k{i}", secret_hash=b"", scopes=[], created_at=NOW)


def _colleague(i: int) -> None:
    cast.colleague(f"Lou{i}").teams.add(Team.objects.create(name=f"Team {i}"))


def _event_type(i: int) -> None:
    EventType.objects.create(name=f"Type {i}", channel="web", created_at=NOW, source=_source(i))


def _customer(i: int) -> None:
    cast.customer(f"Customer {i}", owner=cast.colleague(f"Lou{i}"), team=Team.objects.create(name=f"Team {i}"))


def _rejected(i: int) -> None:
    rejected.keep([rejected.Refused(_source(i).pk, {}, "No name")], now=NOW)


def _rate(i: int) -> None:
    CurrencyRate.objects.create(currency="USD", day=date(2026, 1, 1) + timedelta(days=i), rate=1)


def _version(i: int) -> None:
    current = ScoringModel.objects.current()
    assert current
    versions.publish(versions.draft_from(current, now=NOW), now=NOW, by=cast.colleague(f"Lou{i}"))


def _hook(i: int) -> Hook:
    survey = lifecycle.create("nps", now=NOW, by=None)
    return Hook.objects.create(name=f"Tool {i}", survey=survey, created_at=NOW)


def _refused(i: int) -> None:
    Refused.objects.create(hook=_hook(i), received_at=NOW, reason="No score", body="{}", digest=bytes([i % 256]))


def _sending(i: int) -> None:
    survey = lifecycle.create("nps", now=NOW, by=cast.colleague(f"Lou{i}"))
    Wave.objects.create(survey=survey, by=survey.owner, starts_at=NOW)


def _field_source(i: int) -> None:
    field, _label = WITH_A_SOURCE[i % len(WITH_A_SOURCE)]
    FieldSource.objects.update_or_create(field=field, defaults={"origin": "server"})


MORE: dict[type[Model], Callable[[int], object]] = {
    ApiKey: _source,
    AttributeDefinition: lambda i: AttributeDefinition.objects.create(key=f"size {i}", label=f"Size {i}"),
    ClosedDay: lambda i: ClosedDay.objects.create(day=date(2026, 1, 1) + timedelta(days=i), closed_at=NOW),
    CurrencyRate: _rate,
    Customer: _customer,
    EventType: _event_type,
    FieldSource: _field_source,
    FieldTrait: lambda i: FieldTrait.objects.create(trait=f"size {i}", field="seats"),
    Hook: _hook,
    Outgoing: lambda i: queue.put("survey", f"survey:{i}", {}, now=NOW),
    Refused: _refused,
    Rejected: _rejected,
    Run: lambda i: Run.objects.create(job="history", period=str(i)),
    ScoringModel: _version,
    Source: _source,
    Survey: _sending,
    Team: lambda i: Team.objects.create(name=f"Team {i}"),
    Theme: lambda i: Theme.objects.create(name=f"Theme {i}"),
    User: _colleague,
    Wave: _sending,
    WrongId: lambda i: WrongId.objects.create(value=f"kiosk {i}", added_at=NOW, by=cast.colleague(f"Lou{i}")),
}


def test_every_list_is_measured():
    assert {model._meta.label for model in MORE} == {model._meta.label for model in admin.site._registry}


@pytest.mark.parametrize("model", MORE, ids=lambda model: model.__name__)
def test_a_list_costs_the_same_however_many_rows_it_shows(desk, model):
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    queries = []
    for i in range(8):
        MORE[model](i)
        if i in (1, 7):
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(path).status_code == 200
            queries.append(len(captured))
    assert queries[0] == queries[1] <= 9
