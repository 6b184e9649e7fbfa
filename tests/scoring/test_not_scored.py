"""A contact who is not scored counts nowhere: the customer is judged as a twin who never had that person.

Three customers live the same days: Acme with Ann and Bob, its twin with a Bob alone, its whole twin with both. Ann
objects on one day, by each door, and takes it back on another.
"""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from customers import contact_counts, lifecycle
from customers.models import Act, Customer, Exclusion, InputLog
from events import ingest
from events.models import ActiveNow
from records import contacts
from scoring.explain.explanation import explain
from scoring.model_versions import versions
from scoring.models import CurrentScore, ScoreHistory, ScoringModel, Transition
from scoring.runs import history, run
from scoring.vectorised import BatchEngine
from scoring.verify import check
from scoring.what_if.base import gather
from scoring.what_if.judged import judge
from scoring.what_if.swap import load_swap
from staff import api_keys
from staff.models import Role
from surveys.answering import direct_answers
from surveys.answering.direct_answers import IncomingAnswer
from surveys.models import Via
from tests.conftest import NOW
from tests.imports import steps
from tests.imports.files import csv_file
from tests.pages import cast
from tests.surveys.conftest import running

OBJECTS, TAKES_BACK, LAST = 4, 7, 9  # days after NOW's
WHO = {"acme": ("ann", "bob"), "twin": ("bob",), "whole": ("ann", "bob")}


def at(day):
    return NOW + timedelta(days=day)


def on(day):
    return at(day).date()


def by_page(client, lead, acme, ann, objects, now):
    client.force_login(lead)
    fields = {"name": ann.name, "email": ann.email, "role": "", "locale": ""}
    ticked = {"stop_scoring": "on"} if objects else {}
    assert client.post(f"/customers/{acme}/contacts/{ann.pk}/", {**fields, **ticked}).status_code == 302


def by_api(client, lead, acme, ann, objects, now):
    _row, key = api_keys.create(f"CRM {objects}", ["customers:read", "customers:write"], now=now)
    answer = Client().generic(
        "PATCH",
        f"/api/v1/contacts/{ann.pk}/",
        json.dumps({"stop_scoring": objects}),
        "application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.json()["stop_scoring"] is objects


def by_import(client, lead, acme, ann, objects, now):
    file = csv_file("Company id,User id,Not scored", f"acme,ann at acme,{'yes' if objects else 'no'}")
    job = steps.upload("contacts", file, lead, f"{objects}.csv")
    steps.lifecycle.check(job, job.mapping, history=False, chosen={})
    job = steps.worked(job, clock=lambda: now)
    steps.lifecycle.start(job)
    steps.worked(job, clock=lambda: now)


class World:
    """The three customers, and what they are judged to be."""

    def __init__(self, source):
        rows = [{"company_id": name, "name": name.title(), "mrr": 100} for name in WHO]
        self.ids = lifecycle.upsert(rows, now=NOW)
        self.source = source
        self.people = {
            (name, who): contacts.write(
                [
                    {
                        "customer_id": self.ids[name],
                        "user_id": f"{who} at {name}",
                        "email": f"{who}@{name}.example",
                        "name": who.title(),
                    }
                ],
                now=NOW,
            )[0]
            for name, everybody in WHO.items()
            for who in everybody
        }
        self.survey = running()

    def live(self, day):
        """Both act, Ann more than Bob; on the first day, on the day after the objection, and on most others."""
        history.close_days(now=at(day))
        contact_counts.note(now=at(day))
        messages = []
        for name, who in self.people:
            events = ["Report created", "Signed in"] if who == "bob" else ["Report created"] * 3 + ["Order completed"]
            for number, event in enumerate(events) if who == "ann" or day in (0, 1, 5) else ():
                messages.append(
                    {
                        "type": "track",
                        "event": event,
                        "messageId": f"{name} {who} {day} {number}",
                        "userId": f"{who} at {name}",
                        "timestamp": (at(day) - timedelta(hours=1 + number)).isoformat(),
                        "properties": {"value": 30},
                    }
                )
        ingest.record(messages, source=self.source, now=at(day))
        if day in (2, 5):  # before the objection, and while it holds
            for (_name, who), contact in self.people.items():
                given = IncomingAnswer({"score": 9 if who == "bob" else day}, at(day), contact=contact)
                direct_answers.record(self.survey, [given], via=Via.API, now=at(day))

    def judged(self, name, day, known_on=None):
        """Return all that a day's score says of a customer: by the explanation, which reads it anew."""
        told = explain(Customer.objects.get(pk=self.ids[name]), as_of=on(day), known_on=known_on)
        assert told is not None
        return (
            (told.engagement, told.engagement_band, told.health, told.health_band, told.coverage),
            [(line.event_type.name, line.count, line.contribution, line.contacts) for line in told.lines],
            [(line.kind, line.input, line.points, line.contribution) for line in told.factors],
        )

    def supposed(self, name, day):
        """Return what another model would make of a customer on a day."""
        draft = versions.draft_from(ScoringModel.objects.current(), now=at(day))
        draft.weights.filter(event_type__name="Report created").update(points=7, per_contact=True)
        swap = load_swap(draft, on(day))
        judged = judge(gather(swap, [self.ids[name]]), BatchEngine(versions.load(draft)))
        draft.delete()
        return [[column.tolist() for column in side] for side in (judged.before, judged.after)]

    def active(self, name):
        return set(ActiveNow.objects.filter(customer=self.ids[name]).values_list("contact__name", "day"))

    def current(self, name):
        row = CurrentScore.objects.get(customer=self.ids[name])
        return (row.engagement, row.health, row.last_active_on, row.coverage)


def stored_history():
    rows = ScoreHistory.objects.order_by("customer", "day").values_list("customer", "day", "engagement", "health")
    return list(rows), list(Transition.objects.order_by("customer", "day", "kind").values_list())


@pytest.fixture
def per_contact(begun):
    """A version that divides by the active contacts, so that it matters who is one."""
    draft = versions.draft_from(ScoringModel.objects.current(), now=NOW)
    draft.weights.filter(event_type__name="Signed in").update(per_contact=True)
    versions.publish(draft, now=NOW, by=None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", [by_page, by_api, by_import])
def test_from_the_day_of_the_objection_on_a_customer_is_judged_like_a_twin_without_the_person(
    door, per_contact, source, client
):
    world, lead = World(source), cast.colleague("Lea", Role.LEAD)
    ann = world.people["acme", "ann"]
    for day in range(LAST + 1):
        world.live(day)
        if day in (OBJECTS, TAKES_BACK):
            before = stored_history()
            with time_machine.travel(at(day), tick=False):
                door(client, lead, world.ids["acme"], ann, day == OBJECTS, at(day))
            assert stored_history() == before
        while run.score_changed(now=at(day)):
            pass
        run.score_everyone(now=at(day))
        other = "twin" if OBJECTS <= day < TAKES_BACK else "whole"
        assert world.current("acme") == world.current(other), day
        assert world.active("acme") == world.active(other), day
        if day == OBJECTS:
            # All that came before counts no more, either.
            assert world.judged("acme", 1, on(day))[1] == world.judged("twin", 1, on(day))[1]
    history.close_days(now=at(LAST + 1))
    assert world.judged("twin", OBJECTS) != world.judged("whole", OBJECTS)
    for day in range(LAST + 1):
        other = "twin" if OBJECTS <= day < TAKES_BACK else "whole"
        assert world.judged("acme", day) == world.judged(other, day), day
        assert world.supposed("acme", day) == world.supposed(other, day), day
        rows = {
            row.customer_id: (row.engagement, row.health, row.last_active_on, row.coverage)
            for row in ScoreHistory.objects.filter(day=on(day))
        }
        assert rows[world.ids["acme"]] == rows[world.ids[other]], day
    while run.score_changed(now=at(LAST + 1)):
        pass
    assert [str(difference) for difference in check().unexplained] == []
    assert list(Exclusion.objects.values_list("from_on", "to_on")) == [(on(OBJECTS), on(TAKES_BACK))]
    acts = Act.objects.filter(customer=world.ids["acme"], kind=Act.Kind.OBJECTION).order_by("at")
    assert [(act.detail["objects"], act.by) for act in acts] == [
        (True, None if door is by_api else lead),
        (False, None if door is by_api else lead),
    ]


@pytest.mark.django_db
def test_what_was_answered_counts_as_long_as_the_person_does(source):
    world = World(source)
    for day in range(4):
        world.live(day)
    acme, ann = world.ids["acme"], world.people["acme", "ann"]

    def nps():
        return InputLog.objects.filter(customer=acme, name="nps").latest("known_on").number

    assert nps() == 5_500  # of Bob's 9 and Ann's 2
    contacts.write([{"customer_id": acme, "user_id": "ann at acme", "stop_scoring": True}], now=at(4))
    assert nps() == 9_000
    given = IncomingAnswer({"score": 5}, at(5), contact=ann)
    direct_answers.record(world.survey, [given], via=Via.API, now=at(5))
    assert nps() == 9_000
    contacts.write([{"customer_id": acme, "user_id": "ann at acme", "stop_scoring": False}], now=at(6))
    assert nps() == 7_000  # of 9 and the later 5
