"""Whatever is stored, withdrawn, moved, undone or objected to, in any order and with days closing in between.

What the log, the counts and the scores say is compared with a plain model that keeps every fact with the days on which
it was known: as known now, and as known then for every closed day. No act may change a stored row of history.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
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

from core.models import CurrencyRate
from events.corrections import rates
from events.log import objections, resettling
from records import due, invoices
from scoring.models import CurrentScore
from scoring.runs import history, run
from scoring.verify import counts
from scoring.verify.engines import Engines
from scoring.verify.report import Report
from scoring.verify.scores import Scores
from tests.events.corrections.steps import undone
from tests.whole.facts import Fact
from tests.whole.world import CUSTOMERS, DEVICES, TYPES, USERS, World, contact_of, rows_of_history


class Telling(World, RuleBasedStateMachine):
    @initialize()
    def begin_with_something(self):
        self.begin()
        # Something of everything from the start: most runs do no more than a few of the things below.
        for who in ("u0", "u2", "a0", "a1"):
            for kind, names_company in (("Report created", True), ("Signed in", False)):
                self.store(who=who, kind=kind, ago=1, value=5, currency=None, number=2, names_company=names_company)
        self.store(who="u0", kind="Payment failed", ago=0, value=5, currency="USD", number=1, names_company=False)
        self.write_invoice(amount=300, due=2, paid=None, is_void=False)

    # What happens

    @rule(
        who=st.sampled_from([*USERS, *DEVICES]),
        kind=st.sampled_from(TYPES),
        ago=st.sampled_from([0, 0, 1, 3, 29, 31]),
        value=st.sampled_from([0, 5, 2500]),
        currency=st.sampled_from([None, None, "USD"]),
        number=st.sampled_from([1, 1, 3]),
        names_company=st.booleans(),
    )
    def store(self, who, kind, ago, value, currency, number, names_company):
        person = "userId" if who in USERS else "anonymousId"
        company = USERS.get(who) or USERS[DEVICES[who]]
        is_known = who in USERS or who in self.linked
        day = self.today - timedelta(days=ago)
        for _ in range(number):
            self.sent += 1
            message = {
                "type": "track", "event": kind, person: who, "messageId": f"m{self.sent}",
                "timestamp": datetime.combine(day, time(9), UTC).isoformat(),
                "properties": {"value": value, "currency": currency},
            }  # fmt: skip
            if names_company:
                message["context"] = {"groupId": company}
            self.send(message)
            where = company if names_company or is_known else f"nobody {who}"
            self.contacts.setdefault(self.person(who), contact_of(who))
            amount, waits = value * 1000 * (2 if currency else 1), bool(currency) and not self.has_rate
            self.truth.facts.append(
                Fact(
                    message["messageId"], where, self.person(who), kind, day, 0 if waits else amount,
                    self.weights[kind].is_activity, self.today, waiting=value * 1000 if waits else 0,
                )
            )  # fmt: skip

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
            self.instead(fact, customer=company, contact=user)
        self.truth.facts = [fact for fact in self.truth.facts if fact.customer != f"nobody {device}"]
        for since, until in self.truth.objections.pop(device, []):
            if until is None and not self.truth.objects(user):
                self.truth.objections[user].append([self.today, None])
            self.truth.objections[device].append([since, until])

    # What is done about it

    @rule(kind=st.sampled_from(TYPES), company=st.sampled_from(CUSTOMERS))
    def withdraw(self, kind, company):
        facts = self.live(company, kind)
        job = self.corrected(company, kind)
        self.truth.withdraw(facts, self.today)
        self.done(job, facts)

    @rule(kind=st.sampled_from(TYPES), to=st.sampled_from(TYPES), company=st.sampled_from(CUSTOMERS))
    def re_map(self, kind, to, company):
        if kind == to:
            return
        facts = self.live(company, kind)
        job = self.corrected(company, kind, to)
        is_activity = self.weights[to].is_activity
        self.done(job, [self.instead(fact, event_type=to, is_activity=is_activity) for fact in facts])

    def done(self, job, facts):
        if facts:  # what changed nothing cannot be undone
            self.undoable.append((job, facts))

    @precondition(lambda self: self.undoable)
    @rule()
    def undo(self):
        """What was withdrawn is told again; a copy is taken back while it stands as it was told."""
        job, facts = self.undoable.pop()
        assert undone(job, now=self.now).state == "undone"
        resettling.settle_all(now=self.now)
        for fact in facts:
            if job.to_type is None:
                self.truth.facts.append(
                    replace(fact, known_on=self.today, void_on=None, contact=self.person(fact.contact))
                )
            elif fact.is_live:
                kind = job.event_type.name
                self.instead(fact, event_type=kind, is_activity=self.weights[kind].is_activity)
        self.convert()

    @rule()
    def enter_rate(self):
        """What waited for it has its value from today on."""
        CurrencyRate.objects.get_or_create(currency="USD", day=date(2020, 1, 1), defaults={"rate": Decimal(2)})
        self.has_rate = True
        self.convert()

    def convert(self):
        rounds = iter(range(200))
        while rates.convert(now=self.now, limit=2):
            next(rounds)  # what is converted waits no more
        for fact in self.truth.live() if self.has_rate else ():
            if fact.waiting:
                self.instead(fact, value=fact.waiting * 2, waiting=0)

    @rule(
        amount=st.sampled_from([0, -5, 100, 300]),
        due=st.sampled_from([None, -3, 0, 2]),
        paid=st.sampled_from([None, None, -1, 0, 3]),
        is_void=st.sampled_from([False, False, False, True]),
    )
    def write_invoice(self, amount, due, paid, is_void):
        """The same invoice every time, as the billing system says it is now."""

        def day(ago):
            return None if ago is None else self.today + timedelta(days=ago)

        self.invoice = {
            "issued_on": self.today - timedelta(days=5), "due_on": day(due), "paid_on": day(paid),
            "amount": Decimal(amount), "is_void": is_void,
        }  # fmt: skip
        row = {"customer_id": self.customers["c0"], "external_id": "INV-1", "number": "1", "currency": "EUR"}
        invoices.write([{**row, **self.invoice}], now=self.now)
        self.settle_invoice()

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
            due.tell(now=self.now)
            self.settle_invoice()
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
        scores = Scores(report, Engines())
        scores.current(sorted(self.customers.values()))
        scores.history(sorted(self.customers.values()))
        assert ([str(row) for row in report.unexplained], report.explained_differences) == ([], 0)


@pytest.mark.django_db
@pytest.mark.hypothesis  # so that `make test-long` finds it, as it does the others
def test_everything_known_is_what_is_true_then_and_now():
    number = settings().max_examples // 10
    run_state_machine_as_test(Telling, settings=settings(max_examples=number, stateful_step_count=30))
