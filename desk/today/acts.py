"""What a row of Today can be done by: each is a form that is posted, with a script or without."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.days import ONE_DAY, business_day
from core.templatetags.show import moment
from core.web.back import back_to
from core.web.htmx import wants_part
from customers import attention
from customers.models import Customer, Following, Mark
from desk import undo
from desk.profile.form_page import visible
from desk.today import rounds, whose, words
from desk.today.presets import preset
from desk.today.reasons import Entry
from desk.today.views import round_context, whose_of
from playbooks import lifecycle as tasks
from playbooks.models import Task
from staff.models import User
from staff.requests import StaffRequest, acts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act: what to say, and how to undo it. `failed`: nothing was done."""

    text: str
    token: str = ""
    failed: bool = False


@require_POST
@acts
def handle(request: StaffRequest, pk: int) -> HttpResponse:
    customer, now = visible(request, pk), timezone.now()
    if "sure" not in request.POST:
        return HttpResponse(status=400)
    entry = rounds.entry_of(request.user, pk, now)
    if refusal := _done_by_others(request.user, customer, entry, now):
        return _answer(request, customer, refusal)
    stood, reason = _standing(request, entry, now)
    attention.handle_all([customer], reason=reason, now=now, by=request.user, stood={pk: stood})
    text = _("Marked as handled: %(name)s.") % {"name": customer.name}
    return _answer(request, customer, Outcome(text, _undo_mark(request.user, customer)))


@require_POST
@acts
def snooze(request: StaffRequest, pk: int) -> HttpResponse:
    customer, now = visible(request, pk), timezone.now()
    chosen = preset(request.POST.get("until", ""), now)
    if chosen is None:
        return _answer(request, customer, Outcome(_("Choose when it comes back."), failed=True))
    entry = rounds.entry_of(request.user, pk, now)
    if refusal := _done_by_others(request.user, customer, entry, now):
        return _answer(request, customer, refusal)
    stood, reason = _standing(request, entry, now)
    attention.snooze_all(
        [customer],
        until=max(business_day(chosen.back_at) - ONE_DAY, business_day(now)),
        back_at=chosen.back_at,
        reason=reason,
        now=now,
        by=request.user,
        stood={pk: stood},
    )
    text = _("Snoozed until %(when)s: %(name)s.") % {"name": customer.name, "when": moment(chosen.back_at)}
    return _answer(request, customer, Outcome(text, _undo_mark(request.user, customer)))


@require_POST
@acts
def finish(request: StaffRequest, pk: int, task: UUID) -> HttpResponse:
    customer = visible(request, pk)
    if "sure" not in request.POST:
        return HttpResponse(status=400)
    found = get_object_or_404(Task.objects.visible_to(request.user), customer=pk, id=task)
    try:
        done = tasks.finish(found, by=request.user, now=timezone.now())
    except tasks.Refused as refusal:
        return _answer(request, customer, Outcome(str(refusal), failed=True))
    text = _("Task done: %(task)s.") % {"task": done.title}
    return _answer(request, customer, Outcome(text, undo.task(request.user, done)))


@require_POST
@acts
def take_back(request: StaffRequest) -> HttpResponse:
    """Undo what was just done."""
    text = undo.take_back(request.POST.get("token", ""), by=request.user, now=timezone.now())
    messages.success(request, text)
    return redirect(back_to(request, reverse("desk:today")))


@require_POST
@acts
def follow(request: StaffRequest, pk: int) -> HttpResponse:
    """Follow a customer, or no longer: its rows are on one's own Today, under Following."""
    customer = visible(request, pk)
    if "stop" in request.POST:
        Following.objects.filter(customer=customer, colleague=request.user).delete()
    elif "start" in request.POST:
        row = Following(customer=customer, colleague=request.user, since=timezone.now())
        Following.objects.bulk_create([row], ignore_conflicts=True)
    return redirect(back_to(request, reverse("desk:today")))


def _standing(request: StaffRequest, entry: Entry | None, now: datetime) -> tuple[list[str], str]:
    """Return the keys of the reasons that stand, and what to keep as the reason of the mark."""
    reasons = [] if entry is None else entry.reasons
    told = words.sentences(reasons, [], business_day(now))
    return [reason.key for reason in reasons], request.POST.get("reason", "").strip() or (told or [_("On Today")])[0]


def _undo_mark(by: User, customer: Customer) -> str:
    mark = Mark.objects.filter(customer=customer, by=by).order_by("-at", "id").first()
    return undo.marks(by, [(customer.pk, str(mark.id))]) if mark else ""


def _done_by_others(user: User, customer: Customer, entry: Entry | None, now: datetime) -> Outcome | None:
    """Return what to say where somebody else was faster: two people do not do one row."""
    last = entry.decision if entry is not None and entry.is_done(now) else None
    if last is None or last.by in (None, user.pk):
        return None
    by = User.objects.filter(pk=last.by).first()
    text = _("%(who)s was faster (%(when)s): %(name)s is done already.")
    return Outcome(text % {"who": by, "when": moment(last.at), "name": customer.name}, failed=True)


def _answer(request: StaffRequest, customer: Customer, outcome: Outcome) -> HttpResponse:
    """Answer with the row as it stands now, the counts and the undo; without a script, with the page."""
    if not wants_part(request):
        (messages.warning if outcome.failed else messages.success)(request, outcome.text, extra_tags=outcome.token)
        return redirect(back_to(request, reverse("desk:today")))
    now, choice = timezone.now(), whose.chosen(request.user)
    shown = whose_of(request, choice)
    loaded = rounds.load(request.user, shown, now)
    one = rounds.only(loaded, customer.pk)
    context = round_context(one, choice, shown, now) | {
        "customer": customer,
        "outcome": outcome,
        "undo_seconds": int(undo.SHOWN.total_seconds()),
        "done": len(loaded.done),
        "total": loaded.total,
    }
    return render(request, "desk/today/after.html", context)
