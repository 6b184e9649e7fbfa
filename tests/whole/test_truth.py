"""Whatever is stored, withdrawn, moved, undone or objected to, in any order and with days closing in between.

What the log, the counts and the scores say is compared with a plain model that keeps every fact with the days on which
it was known: as known now, and as known then for every closed day. No act may change a stored row of history.
"""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core import days
from customers import lifecycle
from customers.models import Act, Identity
from events import catalogue, ingest
from events.log import objections, resettling, telling
from events.models import ActiveDay, Channel, DailyCount, EventType, Source
from scoring.model_versions import default_model, versions
from scoring.models import CurrentScore, ScoreHistory, ScoringModel
from scoring.runs import history, run
from scoring.verify import counts
from scoring.verify.report import Report
from scoring.verify.scores import Scores
from tests.conftest import NOW
from tests.whole.facts import Fact, Truth

TYPES = ("Report created", "Signed in", "Payment failed", "Order completed")
CUSTOMERS = ("c0", "c1")
# Who sends: signed in at a company, or a device whose person is not known yet, at a company that the event names.
USERS = {"u0": "c0", "u1": "c0", "u2": "c1"}
DEVICES = {"a0": "u0", "a1": "u2"}


class Telling(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.truth = Truth()
        self.today = NOW.date()
        self.closed = {}
        self.linked = set()
        self.undoable = []
        self.sent = 0
        self.outer = transaction.atomic()
        self.outer.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    @property
    def now(self):
        return datetime.combine(self.today, time(15), UTC)

    @initialize()
    def begin(self):
        days.begin(self.now)
        catalogue.ensure(self.now)
        default_model.ensure(self.now)
        self.source = Source.objects.create(
            name="App", kind=Source.Kind.WRITE_KEY, channel=Channel.PRODUCT, created_at=NOW
        )
        self.weights = published(self.now)
        self.types = dict(EventType.objects.filter(name__in=TYPES).values_list("name", "pk"))
        self.customers = lifecycle.upsert([{"company_id": c, "name": c} for c in CUSTOMERS], now=self.now)
        ingest.record(
            [{"type": "group", "userId": user, "groupId": company} for user, company in USERS.items()],
            source=self.source, now=self.now,
        )  # fmt: skip
        self.contacts = {user: contact_of(user) for user in USERS}
        # Something of everything from the start: most runs do no more than a few of the things below.
        for who in ("u0", "u2", "a0", "a1"):
            for kind, names_company in (("Report created", True), ("Signed in", False)):
                self.store(who=who, kind=kind, ago=1, value=5, number=2, names_company=names_company)

    # What happens

    @rule(
        who=st.sampled_from([*USERS, *DEVICES]),
        kind=st.sampled_from(TYPES),
        ago=st.sampled_from([0, 0, 1, 3, 29, 31]),
        value=st.sampled_from([0, 5, 2500]),
        number=st.sampled_from([1, 1, 3]),
        names_company=st.booleans(),
    )
    def store(self, who, kind, ago, value, number, names_company):
        person = "userId" if who in USERS else "anonymousId"
        company = USERS.get(who) or USERS[DEVICES[who]]
        is_known = who in USERS or who in self.linked
        day = self.today - timedelta(days=ago)
        for _ in range(number):
            self.sent += 1
            message = {
                "type": "track", "event": kind, person: who, "messageId": f"m{self.sent}",
                "timestamp": datetime.combine(day, time(9), UTC).isoformat(), "properties": {"value": value},
            }  # fmt: skip
            if names_company:
                message["context"] = {"groupId": company}
            self.send(message)
            where = company if names_company or is_known else f"nobody {who}"
            self.contacts.setdefault(self.person(who), contact_of(who))
            self.fact(message["messageId"], where, self.person(who), kind, day, value)

    def fact(self, message, customer, contact, kind, day, value):
        is_activity = self.weights[kind].is_activity
        self.truth.facts.append(Fact(message, customer, contact, kind, day, value * 1000, is_activity, self.today))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def repeat(self, data):
        number = data.draw(st.integers(1, self.sent))
        message = {"type": "track", "event": "Signed in", "userId": "u0", "messageId": f"m{number}"}
        assert self.send(message).duplicates == 1

    @rule(device=st.sampled_from([*DEVICES]), objects=st.booleans())
    def link(self, device, objects):
        """A device turns out to be a user's: what it did is that user's, from today on, and so is its objection."""
        if objects:
            self.object_to_scoring(who=device, objects=True)
        self.send({"type": "identify", "userId": DEVICES[device], "anonymousId": device})
        while resettling.settle(now=self.now, limit=2):
            pass
        if device in self.linked:
            return
        self.linked.add(device)
        user, company = DEVICES[device], USERS[DEVICES[device]]
        for fact in [fact for fact in self.truth.live() if fact.contact == device]:
            fact.void_on = self.today
            self.fact(fact.message, company, user, fact.event_type, fact.day, fact.value // 1000)
            self.truth.facts[-1].is_activity = fact.is_activity
        self.truth.facts = [fact for fact in self.truth.facts if fact.customer != f"nobody {device}"]
        for since, until in self.truth.objections.pop(device, []):
            if until is None and not self.truth.objects(user):
                self.truth.objections[user].append([self.today, None])
            self.truth.objections[device].append([since, until])

    # What is done about it

    @rule(kind=st.sampled_from(TYPES), company=st.sampled_from(CUSTOMERS))
    def withdraw(self, kind, company):
        facts = [f for f in self.truth.live() if (f.customer, f.event_type) == (company, kind)]
        act = self.act()
        while telling.withdraw(self.which(company, kind), act=act, open_day=self.open_day(), limit=2).events:
            pass
        self.truth.withdraw(facts, self.today)
        self.undoable.append((act, company, facts))

    @rule(kind=st.sampled_from(TYPES), to=st.sampled_from(TYPES), company=st.sampled_from(CUSTOMERS))
    def re_map(self, kind, to, company):
        if kind == to:
            return
        facts = [f for f in self.truth.live() if (f.customer, f.event_type) == (company, kind)]
        is_activity = self.weights[to].is_activity
        changed = {"event_type_id": str(self.types[to]), "is_activity": str(is_activity).upper()}
        act, which = self.act(), self.which(company, kind)
        while telling.tell_again(which, changed=changed, act=act, open_day=self.open_day(), limit=3).events:
            pass
        self.truth.withdraw(facts, self.today)
        for fact in facts:
            self.fact(fact.message, company, fact.contact, to, fact.day, fact.value // 1000)

    @precondition(lambda self: self.undoable)
    @rule()
    def undo(self):
        act, company, facts = self.undoable.pop()
        again = self.act()
        which = telling.Which(
            [self.customers[company]],
            "void_act_id = %(undone)s AND NOT EXISTS (SELECT FROM events_event AS back WHERE back.told_act_id = %(act)s"
            " AND back.customer_id = event.customer_id AND back.message_hash = event.message_hash)",
            {"undone": act, "act": again},
        )
        while telling.restore(which, act=again, open_day=self.open_day(), limit=2).events:
            pass
        resettling.settle_all(now=self.now)
        for fact in facts:
            self.fact(fact.message, company, self.person(fact.contact), fact.event_type, fact.day, fact.value // 1000)
            self.truth.facts[-1].is_activity = fact.is_activity

    @rule(who=st.sampled_from([*USERS, *DEVICES]), objects=st.booleans())
    def object_to_scoring(self, who, objects):
        person, contact = self.person(who), contact_of(who)
        if contact is None:
            return
        changed = objections.settle({contact: objects}, open_day=self.open_day(), now=self.now)
        assert bool(changed) is (self.truth.objects(person) is not objects)
        if changed and objects:
            self.truth.objections[person].append([self.today, None])
        elif changed:
            next(row for row in self.truth.objections[person] if row[1] is None)[1] = self.today

    @rule(number=st.sampled_from([1, 1, 2, 30]))
    def close(self, number):
        for _ in range(number):
            day, self.today = self.today, self.today + timedelta(days=1)
            history.close_days(now=self.now)
            self.closed[day] = rows_of_history(day)
            for company in CUSTOMERS:
                expected = self.truth.engagement(company, self.weights, day, day)
                assert self.closed[day][self.customers[company]][0] == expected, (company, day)
        self.verify()

    # What must hold

    @invariant()
    def counts_are_those_of_the_facts(self):
        if not hasattr(self, "customers"):
            return
        for known_on in [self.today, *list(self.closed)[-3:], *list(self.closed)[:2]]:
            assert self.stored_counts(known_on) == self.numbered(self.truth.counts(known_on))
            assert self.stored_active_days(known_on) == self.numbered(self.truth.active_days(known_on))

    @invariant()
    def scores_of_today_are_those_of_the_facts(self):
        if not hasattr(self, "customers"):
            return
        while run.score_changed(now=self.now):
            pass
        for company in CUSTOMERS:
            score = CurrentScore.objects.filter(customer=self.customers[company], as_of=self.today).first()
            if score is not None:
                assert score.engagement == self.truth.engagement(company, self.weights, self.today, self.today)

    @invariant()
    def no_closed_day_has_changed(self):
        for day in [*list(self.closed)[:2], *list(self.closed)[-2:]]:
            assert rows_of_history(day) == self.closed[day]

    def verify(self):
        """Derive everything again from the log, as `manage.py verify` does."""
        report = Report()
        counts.of_customers(0, 2**62, report)
        counts.of_sources(report)
        scores = Scores(report)
        scores.current(sorted(self.customers.values()))
        scores.history(sorted(self.customers.values()))
        assert ([str(row) for row in report.unexplained], report.explained_differences) == ([], 0)

    # How it is asked

    def person(self, who):
        return DEVICES[who] if who in self.linked else who

    def send(self, message):
        return ingest.record([{"timestamp": self.now.isoformat(), **message}], source=self.source, now=self.now)

    def open_day(self):
        return days.lock_open_day(self.now)

    def act(self):
        return Act.objects.create(kind=Act.Kind.CORRECTION, at=self.now).pk

    def which(self, company, kind):
        return telling.Which([self.customers[company]], "event_type_id = %(kind)s", {"kind": self.types[kind]})

    def numbered(self, rows):
        """Return rows of facts, those of listed customers, under our numbers."""
        numbers = {**self.customers, **self.types, **self.contacts}
        return {
            (self.customers[company], numbers[what], day): row
            for (company, what, day), row in rows.items()
            if company in self.customers
        }

    def stored_counts(self, known_on):
        sums = defaultdict(lambda: [0, 0])
        rows = DailyCount.objects.filter(known_on__lte=known_on, customer__in=self.customers.values())
        for *key, count, value in rows.values_list("customer", "event_type", "day", "count", "value_sum"):
            sums[tuple(key)][0] += count
            sums[tuple(key)][1] += value
        return {key: tuple(row) for key, row in sums.items() if any(row)}

    def stored_active_days(self, known_on):
        sums = defaultdict(int)
        rows = ActiveDay.objects.filter(known_on__lte=known_on, customer__in=self.customers.values())
        for *key, count in rows.values_list("customer", "contact", "day", "count"):
            sums[tuple(key)] += count
        return {key: count for key, count in sums.items() if count}


def contact_of(who):
    """Return the contact that a user or a device is now, None before it was seen."""
    return Identity.objects.filter(value=who, contact__isnull=False).values_list("contact", flat=True).first()


def rows_of_history(day):
    columns = ("engagement", "engagement_band", "health", "health_band", "coverage", "last_active_on", "inputs_digest")
    rows = ScoreHistory.objects.filter(day=day).values_list("customer", *columns)
    return {customer: (*rest, bytes(digest)) for customer, *rest, digest in rows}


def published(now):
    """Publish a model with a weight shared among contacts, one by value, one that decays; return its weights."""
    draft = versions.draft_from(ScoringModel.objects.current(), now=now)
    draft.weights.exclude(event_type__name__in=TYPES).delete()
    EventType.objects.filter(name="Order completed").update(unit=Decimal(2))
    draft.weights.filter(event_type__name="Report created").update(per_contact=True, window=30)
    draft.weights.filter(event_type__name="Signed in").update(half_life=7, daily_cap=2)
    draft.weights.filter(event_type__name="Order completed").update(points=Decimal("1.5"), daily_cap=10)
    versions.publish(draft, now=now, by=None)
    model = versions.load(ScoringModel.objects.current())
    names = dict(EventType.objects.values_list("pk", "name"))
    return {names[weight.event_type]: weight for weight in model.weights}


@pytest.mark.django_db
def test_everything_known_is_what_is_true_then_and_now():
    run_state_machine_as_test(Telling, settings=settings(max_examples=25, stateful_step_count=30))
