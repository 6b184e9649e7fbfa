"""What colleagues did to customers and contacts, and what can be taken back: who may, and what the pages say."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from customers.curation import acts, undoing
from customers.models import Act, Customer
from desk.timeline.acts import UNDOABLE
from staff.models import User

CUSTOMER = "customer"  # in a detail: the act is of a customer, not of a contact
OF_FEW = tuple({*UNDOABLE, Act.Kind.UNMERGE, Act.Kind.UNDO, Act.Kind.RELEASE} - {Act.Kind.OWNER})


@dataclass(frozen=True, slots=True)
class Undoing:
    """What the page of an act says of undoing it: a link, or why there is none."""

    is_offered: bool
    why_not: str = ""


def undoing_of(act: Act, user: User) -> Undoing:
    """Return whether the colleague may undo the act now. As many queries as the verb needs to tell."""
    if act.kind not in UNDOABLE or not may_undo(act, user):
        return Undoing(is_offered=False)
    refusal = undoing.refusal(act)
    return Undoing(is_offered=not refusal, why_not=refusal)


def may_undo(act: Act, user: User) -> bool:
    """Return whether somebody may undo what they may do. Two queries at most, none for who sees all."""
    if act.kind == Act.Kind.REMOVAL or not user.is_limited:
        return user.may_lead if act.kind == Act.Kind.REMOVAL else user.may_act
    return user.may_act and _reaches_all(act, user)


def _reaches_all(act: Act, user: User) -> bool:
    concerned = {*acts.customers_of(act)}
    if act.detail.get("of") == CUSTOMER:
        concerned.add(act.detail["gone"])
    return Customer.objects.within_reach_of(user).filter(pk__in=concerned).count() == len(concerned)


def visible_acts(user: User) -> QuerySet[Act]:
    """Return the acts at customers that the colleague may see, one of several counted once; and deletions, to leads.

    Of many customers, such as a correction, a limited colleague sees none: its sums are of others' customers, too.
    """
    visible = Customer.objects.visible_to(user)
    shared = Q(Exists(Act.objects.filter(part_of=OuterRef("pk"), customer__in=visible)))
    if user.is_limited:
        shared &= Q(kind__in=OF_FEW) | Q(kind=Act.Kind.OWNER, by=user)  # of their own they saw all
    at = Q(customer__in=visible) | shared
    if user.may_lead:
        at |= Q(kind=Act.Kind.REMOVAL)  # of a customer that nobody sees any more
    return Act.objects.filter(at, part_of=None).select_related("by")


def found(user: User, pk: int) -> Act:
    """Return an act that the colleague may see; of one that is part of another, that one. Raises Http404. One query."""
    is_it = Q(pk=pk) | Q(Exists(Act.objects.filter(part_of=OuterRef("pk"), pk=pk)))
    return get_object_or_404(visible_acts(user), is_it)


def page_of(act: Act, user: User) -> str:
    """Return where the act is shown: at a customer, else in the list of what was deleted. One query."""
    rows = Act.objects.filter(Q(pk=act.pk) | Q(part_of=act), customer__in=Customer.objects.visible_to(user))
    row = rows.order_by("pk").first()
    return reverse("desk:removed") if row is None else reverse("desk:act", args=[row.customer_id, row.pk])


def say_done(request: HttpRequest, act: Act, sentence: str) -> None:
    """Tell what was done on the next page, with a link to where it can be undone."""
    where = reverse("desk:undo-act", args=[act.pk])
    messages.success(request, format_html('{} <a href="{}">{}</a>', sentence, where, _("Undo…")))
