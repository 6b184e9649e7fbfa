"""Two customers to be merged, with all that is known of them, and their twins: the same under other ids, never merged.

Everything is drawn from a pair's number, so that twins live the same days.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random

from customers import lifecycle
from customers.models import Customer, Identity
from events import ingest
from records.kinds import KINDS
from records.models import Contract, Invoice, Note, Ticket
from records.telling import writing
from scoring import overrides
from surveys.answering import direct_answers
from surveys.answering.direct_answers import IncomingAnswer
from surveys.models import Via
from tests.conftest import NOW

TWIN = "twin-"
BOTH = "ab"
TYPES = ("Report created", "Signed in", "Payment failed", "Order completed")
PEOPLE = 3  # users of each customer to begin with; one more comes later


class Pair:
    """Two customers, a and b: their ids, and what is said of them."""

    def __init__(self, number, mark=""):
        self.number, self.mark = number, mark
        self.pks = {}

    def chance(self, what):
        return Random(f"{self.number} {what}")

    def named(self, name):
        return f"{self.mark}{self.number}{name}"

    def customers(self):
        return [Customer.objects.get(pk=self.pks[letter]) for letter in BOTH]

    def found(self):
        """Return the customers that their ids name now."""
        found = lifecycle.find([self.named(letter) for letter in BOTH])
        return {letter: found[self.named(letter)] for letter in BOTH}

    def names(self):
        """Return contact → the names it has now, without what those of twins begin with."""
        names: dict[int, list[str]] = {}
        for letter in BOTH:
            mine = Identity.objects.filter(contact__isnull=False, value__startswith=self.named(letter))
            for contact, value in mine.order_by("value").values_list("contact", "value"):
                names.setdefault(contact, []).append(value.removeprefix(self.mark))
        return {contact: " ".join(sorted(values)) for contact, values in names.items()}

    def user(self, name):
        return Identity.objects.select_related("contact").get(kind="user", value=self.named(name)).contact

    # What is known of them

    def rows(self):
        chance = self.chance("customers")
        for letter in BOTH:
            yield {
                "company_id": self.named(letter), "name": f"{letter} {self.number}", "currency": "EUR",
                "plan": chance.choice(["", "Pro", "Team"]), "mrr": chance.choice([None, 100, 2_000]),
                "industry": chance.choice(["", "Retail"]), "stage": chance.choice(["trial", "active"]),
            }  # fmt: skip

    def introductions(self):
        for letter in BOTH:
            for n in range(PEOPLE):
                who = {"userId": self.named(f"{letter}-{n}"), "timestamp": (NOW - timedelta(days=25 - n)).isoformat()}
                yield self._message(f"i{letter}{n}", type="identify", traits={"name": f"{letter}-{n}"}, **who)
                yield self._message(f"g{letter}{n}", type="group", groupId=self.named(letter), **who)

    def messages(self, part, count, now):
        """Yield events of their people, and now and then a call that says who somebody is or where they belong."""
        chance = self.chance(part)
        for i in range(count):
            ago = timedelta(days=chance.randrange(20), minutes=chance.randrange(600), seconds=i)
            who, at = f"{chance.choice(BOTH)}-{chance.randrange(PEOPLE + 1)}", (now - ago).isoformat()
            yield self._message(f"{part}{i}", timestamp=at, **self._said(chance, who))

    def _said(self, chance, who):
        drawn, user, device = chance.random(), self.named(who), self.named(f"{who}-device{chance.randrange(2)}")
        company = self.named(chance.choice(BOTH))
        if drawn < 0.05:
            return {"type": "group", "userId": user, "groupId": company}
        if drawn < 0.1:
            return {"type": "identify", "userId": user, "anonymousId": device, "traits": {"title": f"At {who}"}}
        event = {"type": "track", "event": chance.choice(TYPES), "properties": {"value": chance.randrange(-5, 90)}}
        if chance.random() < 0.2:
            event["context"] = {"groupId": company}
        if drawn < 0.2:
            return {**event, "anonymousId": device}
        return {**event, "userId": user, **({"anonymousId": device} if drawn < 0.4 else {})}

    def _message(self, number, **fields):
        return {"messageId": f"{self.named('-')}{number}", **fields}

    def records(self, model, at=BOTH) -> Iterator[dict]:
        chance, found = self.chance(model.__name__), self.found()
        for letter in BOTH:
            for n in range(2):
                who = chance.choice([None, f"{letter}-0", f"{letter}-1"])
                row = _RECORDS[model](chance, n, who and self.user(who).pk)
                if letter in at:
                    external_id = self.named(f"{letter}-{model.__name__}-{n}")
                    yield {**row, "customer_id": found[letter], "external_id": external_id}

    def answers(self):
        chance = self.chance("answers")
        for who in ("a-0", "a-1", "b-0", "b-1"):
            marks, at = {"score": chance.randrange(11)}, NOW - timedelta(days=chance.randrange(1, 9))
            if chance.random() < 0.7:
                yield IncomingAnswer(marks, at, contact=self.user(who), external_id=self.named(who))

    def override(self, by):
        chance = self.chance("override")
        for customer in self.customers():
            if chance.random() < 0.4:
                until = NOW.date() + timedelta(days=chance.choice([1, 2, 3, 30]))
                overrides.put(customer, health=chance.randrange(101), until=until, reason="So", now=NOW, by=by)


def _contract(chance, n, contact):
    starts, renews = chance.randrange(-90, 4), chance.choice([None, 20, 80])
    return {
        "name": f"Contract {n}", "starts_on": _day(starts), "renews_on": renews and _day(renews), "ends_on": None,
        "monthly_value": Decimal(chance.randrange(500)), "currency": "EUR",
    }  # fmt: skip


def _invoice(chance, n, contact):
    issued, due, paid = chance.randrange(-40, -9), chance.randrange(-9, 9), chance.choice([None, -3, 1])
    return {
        "number": f"{n}", "issued_on": _day(issued), "due_on": _day(due), "amount": Decimal(chance.randrange(900)),
        "paid_on": None if paid is None else _day(paid), "currency": "EUR", "is_void": False,
    }  # fmt: skip


def _ticket(chance, n, contact):
    opened, solved = chance.randrange(-20, -4), chance.choice([None, -3])
    return {
        "subject": f"Ticket {n}", "priority": "normal", "contact_id": contact,
        "opened_at": NOW + timedelta(days=opened, minutes=n), "first_response_at": None, "escalated_at": None,
        "solved_at": solved and NOW + timedelta(days=solved),
    }  # fmt: skip


def _note(chance, n, contact):
    at = NOW - timedelta(days=chance.randrange(1, 20), minutes=n)
    pulse = chance.choice(["", "red", "yellow", "green"])
    return {"kind": chance.choice(["call", "meeting"]), "text": "So", "pulse": pulse, "contact_id": contact, "at": at}


_RECORDS = {Contract: _contract, Invoice: _invoice, Ticket: _ticket, Note: _note}


def _day(number):
    return NOW.date() + timedelta(days=number)


def begin(pairs, *, source, survey, by):
    """Have all that is known of these pairs come in at NOW."""
    ids = lifecycle.upsert([row for pair in pairs for row in pair.rows()], now=NOW)
    for pair in pairs:
        pair.pks = {letter: ids[pair.named(letter)] for letter in BOTH}
    ingest.record([call for pair in pairs for call in pair.introductions()], source=source, now=NOW)
    send(pairs, "before", 40, source=source, now=NOW)
    for model in _RECORDS:
        writing.write(KINDS[model], [row for pair in pairs for row in pair.records(model)], now=NOW)
    direct_answers.record(survey, [given for pair in pairs for given in pair.answers()], via=Via.API, now=NOW)
    for pair in pairs:
        pair.override(by)


def send(pairs, part, count, *, source, now):
    """Have messages come in, those of a pair in their order."""
    for pair in pairs:
        ingest.record(list(pair.messages(part, count, now)), source=source, now=now)
