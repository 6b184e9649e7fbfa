"""Lives of records: what is written on which day. A day is counted from NOW; times are at noon."""

from datetime import date, timedelta
from decimal import Decimal

from records.kinds import KINDS
from records.models import Contract, Invoice, Note, Ticket
from tests.conftest import NOW

GONE = None  # the record is deleted
LAST = 12  # the day on which the twin is told the final truth


def day(number):
    return NOW.date() + timedelta(days=number)


def noon(number):
    return NOW + timedelta(days=number)


BASES = {
    "invoice": (
        Invoice,
        {
            "number": "7", "issued_on": day(-20), "due_on": day(2), "paid_on": None, "amount": Decimal(100),
            "currency": "EUR", "is_void": False,
        },
    ),
    "ticket": (
        Ticket,
        {
            "subject": "Slow", "priority": "normal", "contact_id": None, "opened_at": noon(-3),
            "first_response_at": None, "escalated_at": None, "solved_at": None,
        },
    ),
    "contract": (
        Contract,
        {
            "name": "Gold", "starts_on": day(-5), "renews_on": None, "ends_on": None, "monthly_value": Decimal(100),
            "currency": "EUR",
        },
    ),
    "note": (Note, {"kind": "call", "text": "Fine", "pulse": "green", "contact_id": None, "at": noon(-1)}),
}  # fmt: skip

# kind → what changes → steps: the day on which it is written, and what is different from then on
LIVES = {
    "invoice": {
        "paid": [(0, {}), (1, {"paid_on": day(1)})],
        "paid, taken back, paid again": [
            (0, {}), (1, {"paid_on": day(1)}), (3, {"paid_on": None}), (6, {"paid_on": day(6)}),
        ],
        "paid and taken back": [(0, {"paid_on": day(0)}), (5, {"paid_on": None})],
        "paid in time after all": [(0, {}), (6, {"paid_on": day(1)})],
        "amount": [(0, {"amount": Decimal(1000)}), (4, {"amount": Decimal(100)})],
        "currency": [(0, {}), (4, {"currency": "USD"})],
        "number": [(0, {}), (4, {"number": "8"})],
        "void": [(0, {}), (5, {"is_void": True})],
        "void and not": [(0, {}), (4, {"is_void": True}), (7, {"is_void": False})],
        "to a credit note": [(0, {}), (5, {"amount": Decimal(-200)})],
        "to nothing": [(0, {}), (5, {"amount": Decimal(0)})],
        "from a credit note": [(0, {"amount": Decimal(-200)}), (5, {"amount": Decimal(200)})],
        "due later": [(0, {}), (5, {"due_on": day(40)})],
        "due earlier": [(0, {}), (1, {"due_on": day(-10)})],
        "due never": [(0, {}), (5, {"due_on": None})],
        "falls due by itself": [(0, {})],
        "to be paid in 2030": [(0, {}), (1, {"paid_on": date(2030, 1, 1)})],
        "to be paid on a day that comes": [(0, {"paid_on": day(6)})],
        "issued on a day that comes": [(0, {"issued_on": day(3), "due_on": day(5)})],
        "issued later than thought": [(0, {}), (2, {"issued_on": day(30), "due_on": None})],
        "deleted": [(0, {}), (5, GONE)],
        "deleted and made again": [(0, {}), (4, GONE), (7, {"amount": Decimal(30)})],
    },
    "ticket": {
        "solved": [(0, {}), (2, {"solved_at": noon(2)})],
        "solved, reopened, solved": [
            (0, {}), (1, {"solved_at": noon(1)}), (3, {"solved_at": None}), (6, {"solved_at": noon(6)}),
        ],
        "reopened": [(0, {"solved_at": noon(-1)}), (3, {"solved_at": None})],
        "escalated": [(0, {}), (2, {"escalated_at": noon(2)})],
        "escalated and not": [(0, {"escalated_at": noon(0)}), (4, {"escalated_at": None})],
        "another requester": [(0, {"contact_id": "ann"}), (3, {"contact_id": "bob"})],
        "nobody asked": [(0, {"contact_id": "ann", "escalated_at": noon(-1)}), (3, {"contact_id": None})],
        "subject and priority": [(0, {}), (3, {"subject": "Slower", "priority": "urgent"})],
        "opened earlier": [(0, {}), (3, {"opened_at": noon(-9)})],
        "answered": [(0, {}), (2, {"first_response_at": noon(2)}), (4, {"first_response_at": noon(1)})],
        "solved tomorrow": [(0, {}), (3, {"solved_at": noon(4)})],
        "solved next year": [(0, {}), (3, {"solved_at": noon(400)})],
        "opened on a day that comes": [(0, {"opened_at": noon(5)})],
        "deleted": [(0, {"contact_id": "ann"}), (4, GONE)],
        "deleted and made again": [(0, {}), (4, GONE), (6, {"priority": "high"})],
    },
    "contract": {
        "moved": [(0, {}), (3, {"starts_on": day(-9)})],
        "moved ahead": [(0, {}), (3, {"starts_on": day(60)})],
        "moved to a day that comes": [(0, {}), (3, {"starts_on": day(8)})],
        "starts on a day that comes": [(0, {"starts_on": day(5)})],
        "another value": [(0, {}), (3, {"monthly_value": Decimal(50)}), (5, {"monthly_value": Decimal(70)})],
        "no value": [(0, {}), (3, {"monthly_value": None})],
        "currency": [(0, {}), (3, {"currency": "USD"})],
        "name": [(0, {}), (3, {"name": "Silver"})],
        "ended before it renews": [(0, {"renews_on": day(40)}), (3, {"ends_on": day(30)})],
        "deleted": [(0, {}), (4, GONE)],
        "deleted and made again": [(0, {}), (4, GONE), (6, {})],
    },
    "note": {
        "kind": [(0, {}), (3, {"kind": "meeting"})],
        "time": [(0, {}), (3, {"at": noon(-6)})],
        "pulse": [(0, {}), (3, {"pulse": "red"}), (5, {"pulse": "yellow"})],
        "no pulse": [(0, {"pulse": "red"}), (3, {"pulse": ""})],
        "contact": [(0, {"contact_id": "ann"}), (3, {"contact_id": "bob"})],
        "text": [(0, {}), (3, {"text": "Not so fine"})],
        "on a day that comes": [(0, {"at": noon(4), "pulse": "red"})],
        "deleted": [(0, {"pulse": "red"}), (4, GONE)],
    },
}  # fmt: skip


def ended(steps):
    """Return the one step of the twin: nothing, where the record is deleted in the end."""
    changes = {}
    for _day, change in steps:
        changes = GONE if change is GONE else {**(changes or {}), **change}
    return [] if changes is GONE else [(LAST, changes)]


def kind_of(name):
    return KINDS[BASES[name][0]]
