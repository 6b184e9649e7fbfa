"""One object of every kind, and somebody of every role.

They are made once for a module, in a transaction that is rolled back at its end; what a test does to them is rolled
back when the test ends. So no test here may ask for `db`, whose end would close the connection.
"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client

from core import days
from core.jobs import periodic
from core.models import CurrencyRate
from core.outbox import queue
from customers.models import (
    AttributeDefinition,
    Customer,
    FieldSource,
    FieldTrait,
    Identity,
    IdentityKind,
    Segment,
    WrongId,
)
from events import rejected, write_keys
from events.models import Channel, EventType, Source
from imports.models import Import, State
from playbooks import checklists, note_templates
from playbooks.models import ChecklistTemplate, NoteTemplate
from scoring.model_versions import default_model, versions
from scoring.models import ScoringModel
from scoring.runs import run
from staff.models import ApiKey, Role, Team, User
from surveys import lifecycle as making
from surveys.models import Hook, Refused
from tests.access import answering, surveys
from tests.access.api_examples import of_the_api
from tests.access.made import back_test, chosen_by_link, things_of, told
from tests.access.put_right import corrected, parted, put_right
from tests.conftest import NOW
from tests.pages import cast


@pytest.fixture(scope="module", autouse=True)
def _time_stands_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def begun(_time_stands_still, django_db_setup, django_db_blocker):
    """What `begun` is everywhere, for all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        days.begin(NOW)
        default_model.ensure(NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _undone(request):
    """Take back what the test did to the database, if it reaches it."""
    if "begun" not in request.fixturenames:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def source(begun):
    return Source.objects.create(name="Website", kind=Source.Kind.WRITE_KEY, channel=Channel.WEB, created_at=NOW)


@pytest.fixture(scope="module")
def people(begun) -> dict[str, User]:
    """Somebody of each role; Lou, who is limited, is in a team without the other customers."""
    lou = cast.colleague("Lou", Role.CSM, is_limited=True)
    lou.teams.add(Team.objects.create(name="Another team"))
    roles = {"Ada": Role.ADMIN, "Lea": Role.LEAD, "Cem": Role.CSM, "Vera": Role.VIEWER}
    return {"limited": lou, **{role.value: cast.colleague(name, role) for name, role in roles.items()}}


@pytest.fixture(scope="module")
def customers(people, source) -> dict[str, Customer]:
    own = cast.customer("Own", owner=people["limited"])
    others = cast.customer("Of others", owner=people["csm"], team=Team.objects.create(name="Their team"), plan="pro")
    publish_for_segment({"plan": "pro"}, owner=people["lead"])
    for customer in (own, others):
        Identity.objects.create(kind=IdentityKind.RAPPORT, value=str(customer.pk), customer=customer)
        cast.counted(customer, "Meeting held", 1, 20)
        cast.happened(customer, "Meeting held", NOW)
    run.score_everyone(now=NOW)
    return {"their own": own, "of others": others}


def publish_for_segment(query: dict[str, str], *, owner: User) -> ScoringModel:
    """Publish a copy of the current version for a segment, so that pages meet two published models."""
    segment = Segment.objects.create(name="With a model", query=query, owner=owner, is_shared=True, created_at=NOW)
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    draft.segment = segment
    draft.save(update_fields=["segment"])
    return versions.publish(draft, now=NOW, by=None)


@pytest.fixture(scope="module")
def examples(people, customers, source) -> dict[str, dict[str, dict[str, Any]]]:
    """Return for each address with parts: what is called how → the parts' values. Admin objects are found by model."""
    rejected.keep([rejected.Refused(source.pk, {}, "No name")], now=NOW)
    CurrencyRate.objects.create(currency="USD", day=date(2026, 1, 1), rate=1)
    WrongId.objects.create(value="kiosk-1", added_at=NOW)
    FieldTrait.objects.create(trait="size", field="seats")
    AttributeDefinition.objects.create(key="region", label="Region")
    FieldSource.objects.create(field="plan", origin="server")
    write_keys.create("Website", [ApiKey.EVENTS_WRITE], channel=Channel.WEB, now=NOW)
    hook = Hook.objects.create(name="Tool", survey=making.create("nps", now=NOW, by=None), created_at=NOW)
    Refused.objects.create(hook=hook, received_at=NOW, reason="No score", body="{}", digest=b"")
    periodic.plan("history", "2026-06-14")
    queue.put("survey", "survey:1", {}, now=NOW)
    versions.draft_from(ScoringModel.objects.current(), now=NOW)  # the newest: what the admin's objects are shown with
    views = {
        "their own": Segment.objects.create(
            name="Red", query={"health": "red"}, owner=people["limited"], created_at=NOW
        ),
        "shared": Segment.objects.create(
            name="All", query={"q": "a"}, owner=people["lead"], is_shared=True, created_at=NOW
        ),
    }
    done = Import.objects.create(kind="customers", file_name="a.csv", size=1, created_at=NOW, state=State.DONE)
    job, nothing = {"": {"pk": done.pk}}, {"of nobody": {"pk": 999_999}}
    tested = {"": {"pk": back_test()}}
    corrections = {**corrected(customers["of others"]), **nothing}
    partings = {**parted(customers["of others"]), **nothing}
    pks = {name: {"pk": customer.pk} for name, customer in customers.items()}
    everybodys = {**pks, "of nobody": {"pk": 999_999}}
    below = {name: things_of(customer, people["csm"]) for name, customer in customers.items()}
    found = {
        f"desk:{name}": {whose: {**everybodys[whose], name: things[name]} for whose, things in below.items()}
        for name in ("contact", "contract", "note", "act")
    }
    month = f"{NOW:%Y-%m}"
    found["desk:in-row"] = {whose: {**values, "field": "owner"} for whose, values in everybodys.items()}
    found["desk:forecast"] = {whose: {**values, "month": month} for whose, values in everybodys.items()}
    found |= {f"desk:delete-{name}": found[f"desk:{name}"] for name in ("contract", "note")}
    tasks = {
        **{whose: {"customer": everybodys[whose]["pk"], "task": things["task"]} for whose, things in below.items()},
        "of nobody": {"customer": 999_999, "task": UUID(int=0)},
    }
    checklists.ensure(NOW)
    template = ChecklistTemplate.objects.latest("pk")
    note_templates.ensure(NOW)
    text = NoteTemplate.objects.latest("pk")
    begun = {
        whose: {"customer": one.pk, "checklist": checklists.begin(one, template, by=people["csm"], now=NOW).id}
        for whose, one in customers.items()
    }
    return {
        **{f"playbooks:{name}": tasks for name in ("task", "task-row", "finish-task", "plan-task")},
        **{f"playbooks:{name}-task": tasks for name in ("reopen", "cancel")},
        "desk:today-finish": {whose: {"pk": one["customer"], "task": one["task"]} for whose, one in tasks.items()},
        "playbooks:checklist": begun,
        **{f"playbooks:{name}": {"": {"pk": template.pk}, **nothing} for name in ("template", "delete-template")},
        **{f"playbooks:{name}": {"": {"pk": text.pk}, **nothing} for name in ("note-template", "delete-note-template")},
        "calendar": {"": {"token": "nothing"}},
        **of_the_api(people, customers),
        **surveys.of_the_api(customers),
        **surveys.pages(),
        **surveys.reading(customers),
        **answering.pages(),
        "staff:choose-password": chosen_by_link(),
        "desk:customer": everybodys,
        **{f"notices:{name}": told(people, customers) for name in ("one", "follow", "read")},
        "api:notice-read": told(people, customers),
        **{f"scoring:{name}": everybodys for name in ("score", "score-csv", "override")},
        **{
            f"desk:{name}": everybodys
            for name in (
                *("edit-customer", "notes", "new-contact", "new-contract", "new-note", "answers", "log"),
                *("timeline", "customer-tasks"),
                *("make-task", "today-row", "today-handle", "today-snooze", "follow"),
                *("merge-customers", "delete-customer"),
            )
        },
        **found,
        **{
            f"desk:{name}": {
                **{whose: {"pk": things["contact"]} for whose, things in below.items()},
                "of nobody": {"pk": 999_999},
            }
            for name in ("person", "merge-contacts", "move-contact", "delete-contact")
        },
        **put_right(customers["of others"]),
        **{
            f"desk:{name}": {whose: {"pk": view.pk} for whose, view in views.items()}
            for name in ("segment", "segment-over-time", "segment-csv")
        },
        **{
            f"scoring:{name}": {"": {"pk": ScoringModel.objects.current().pk}, **nothing}
            for name in ("model", "publish", "edit", "compare", "what-if", "end", "calibrate", "delete")
        },
        **{
            f"scoring:{name}": {"": {"pk": ScoringModel.objects.current().pk}}
            for name in ("copy", "what-if-csv", "prepare-what-if", "keep-try")
        },
        "scoring:weigh": {"": {"pk": EventType.objects.earliest("pk").pk}},
        "scoring:start-back-test": {"": {"pk": ScoringModel.objects.current().pk}, **nothing},
        "scoring:back-test": {**tested, **nothing},
        "scoring:cancel-back-test": tested,
        "scoring:draft-of-back-test": tested,
        "scoring:back-test-table": {"": {**tested[""], "name": "days"}, "of nobody": {"pk": 999_999, "name": "days"}},
        "desk:correction": corrections,
        **{f"desk:{name}-correction": {"": corrections["ready"]} for name in ("carry-out", "cancel", "undo")},
        "desk:parting": partings,
        # A lead's POST to one that waits would carry it out, or end it.
        **{f"desk:{name}-parting": {"": partings["cancelled"]} for name in ("carry-out", "cancel")},
        "desk:new-parting": {
            **{whose: {"contact": things["contact"]} for whose, things in below.items()},
            "of nobody": {"contact": 999_999},
        },
        "imports:template": {"": {"kind": "customers"}, "of nobody": {"kind": "nothing"}},
        "imports:detail": {**job, **nothing},
        "imports:columns": {**job, **nothing},
        "imports:wrong-rows": {**job, **nothing},
        "imports:sheet": job,
        "imports:start": job,
        "imports:cancel": job,
        "survey-hook": {"": {"slug": "nothing"}},
        "mail-events": {"": {"provider": "postmark"}},
        "admin:view_on_site": {
            "": {"content_type_id": ContentType.objects.get_for_model(User).pk, "object_id": people["admin"].pk}
        },
        "admin:auth_user_password_change": {"": {"id": people["viewer"].pk}},
        "admin:app_list": {"": {"app_label": "core"}},
        "admin/(?P<url>.*)$": {"": {"url": "no/such/page/"}},
    }


@pytest.fixture
def browser(people):
    """Return a browser in which somebody of the role is signed in."""

    def open_one(role: str) -> Client:
        browser = Client()
        if role != "nobody":
            browser.force_login(people[role])
        return browser

    return open_one
