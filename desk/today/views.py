"""Today: whom to look after, why, and in which order."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.days import business_day
from core.web.htmx import render_part, wants_part
from customers.models import Customer
from desk import undo
from desk.settings.get_started import steps
from desk.today import rounds, whose
from desk.today.reasons import Entry, ReasonKind
from desk.today.rows import load_chances, load_customers, load_rows
from scoring.models import ScoringModel
from staff.models import TodayChoice, User, Whose
from staff.requests import StaffRequest

MOST = 50  # rows shown; the others follow as these are done


@dataclass(frozen=True, slots=True)
class DoneRow:
    customer: Customer
    entry: Entry


@require_safe
def today(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    choice = whose.chosen(request.user)
    shown = whose_of(request, choice)
    loaded = rounds.load(request.user, shown, now)
    digest = digest_of(loaded)
    if wants_part(request) and request.GET.get("known") == digest:
        return HttpResponse(status=204)  # nothing changed since the page asked last
    context = round_context(loaded, choice, shown, now) | {
        "whose_choices": Whose.choices,
        "greeting": _greeting(now),
        "undo_seconds": int(undo.SHOWN.total_seconds()),
        "chances": [] if loaded.open else load_chances([*loaded.done, *loaded.waiting], now),
        "empty_because": "" if loaded.open else _empty_because(request.user, loaded, shown),
        "steps": None if loaded.open else steps.open_for(request.user, business_day(now)),
    }
    return render_part(request, "desk/today/today.html", "round", context)


@require_POST
def show(request: StaffRequest) -> HttpResponse:
    """Remember whose customers the colleague looks at."""
    chosen = request.POST.get("whose", "")
    if chosen in Whose.values:
        TodayChoice.objects.update_or_create(colleague=request.user, defaults={"whose": chosen})
    return redirect("desk:today")


@require_POST
def seen(request: StaffRequest) -> HttpResponse:
    """Note that the colleague has looked today: what began since the day before that is new to them.

    The page names the day it shows: one that was left open over midnight says nothing of the new day.
    """
    day = business_day(timezone.now())
    if request.POST.get("day") != day.isoformat():
        return HttpResponse(status=400)
    choice, _made = TodayChoice.objects.get_or_create(colleague=request.user)
    if choice.seen_on != day:
        TodayChoice.objects.filter(pk=choice.pk).update(seen_on=day, seen_before=choice.seen_on)
    return HttpResponse(status=204)


def whose_of(request: StaffRequest, choice: TodayChoice) -> str:
    """Return whose customers the address asks for; what was chosen last, where it says nothing that can be chosen."""
    asked = request.GET.get("show", "")
    return asked if asked in Whose.values else choice.whose


def round_context(loaded: rounds.Today, choice: TodayChoice, shown: str, now: datetime) -> dict[str, Any]:
    """Return what the list of a round shows."""
    day = business_day(now)
    # Until today is noted as seen, the last day is the one before.
    seen_before = choice.seen_before if choice.seen_on == day else choice.seen_on
    customers = load_customers([entry.customer for entry in loaded.done])
    return {
        "rows": load_rows(loaded.open[:MOST], now, seen_before),
        "more": max(len(loaded.open) - MOST, 0),
        "done_rows": [
            DoneRow(customers[entry.customer], entry) for entry in loaded.done if entry.customer in customers
        ],
        "done": len(loaded.done),
        "total": loaded.total,
        "counts": _counts(loaded.open),
        "whose": shown,
        "digest": digest_of(loaded),
        "today": day,
    }


def digest_of(loaded: rounds.Today) -> str:
    """Return what tells two states of a round apart."""
    rows = [(e.customer, [r.key for r in e.reasons], e.put_off) for e in loaded.open]
    done = [(e.customer, e.decision and e.decision.ref) for e in loaded.done]
    return hashlib.sha256(repr((rows, done)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows a kind of reason has brought, and where the first of them is."""

    kind: str
    count: int
    first: int


_COUNTED = {
    ReasonKind.TASK: "task", ReasonKind.ANSWER: "answer", ReasonKind.AT_RISK: "at-risk", ReasonKind.RENEWAL: "renewal",
}  # fmt: skip


def _counts(entries: Sequence[Entry]) -> list[Counted]:
    """Return the counts of the greeting. A row counts for each kind of reason that it has, once."""
    numbers: Counter[ReasonKind] = Counter()
    first: dict[ReasonKind, int] = {}
    for entry in entries:
        for kind in {reason.kind for reason in entry.reasons}:
            numbers[kind] += 1
            first.setdefault(kind, entry.customer)
    return [Counted(name, numbers[kind], first[kind]) for kind, name in _COUNTED.items() if numbers[kind]]


def _greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    return "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"


def _empty_because(user: User, loaded: rounds.Today, shown: str) -> str:
    """Name the reason for an empty list: “all done” must not be shown where nothing was set up."""
    visible = Customer.objects.visible_to(user).known()
    if not visible.exists():
        return "no customers"
    if ScoringModel.objects.current() is None:
        return "no model"
    if not loaded.done and not whose.customers_of(user, shown).exists():
        return "none of theirs"
    return "all done" if loaded.done else "nothing to do"
