"""Moving a contact to another customer, from a day on: choose the customer, then the day."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.days import business_day
from customers.curation import Refused, moves
from customers.models import Act, Contact, Customer
from desk.curation.choosing import asked, choose
from desk.curation.done import say_done
from desk.curation.forms import MoveForm
from desk.curation.subjects import CONTACTS, CUSTOMERS, follows_merges
from desk.profile.form_page import ask_or_save
from desk.search import alike
from staff.requests import StaffRequest, acts


@ask_or_save
@acts
@follows_merges(CONTACTS)
def move_contact(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Show what moving the contact to `?to=` does; do it when the day was said."""
    contact, number = CONTACTS.found(request.user, pk), request.GET.get("to", "")
    to = CUSTOMERS.asked_for(request.user, number)
    if to is None or to == contact.customer:
        return _choose(request, contact, problem=str(CUSTOMERS.nobody) if number else "")
    form = MoveForm(request.POST if request.method == "POST" else None, today=business_day(timezone.now()))
    if form.is_bound and form.is_valid():
        try:
            act = moves.contact(
                contact, to, since=form.cleaned_data["since"], now=timezone.now(), by=request.user
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            _say(request, act, contact, to)
            return redirect("desk:person", contact.pk)
    return _show(request, contact, to, form)


def _say(request: StaffRequest, act: Act, contact: Contact, to: Customer) -> None:
    """Tell what was done; also that something said later still holds. One query."""
    say_done(request, act, _("“%(name)s” was moved to “%(to)s”.") % {"name": contact, "to": to})
    present = Customer.objects.get(contacts=contact)
    if present != to:
        since_then = _("A later statement still holds: at present they are at “%(name)s”.")
        messages.warning(request, since_then % {"name": present})


def _choose(request: StaffRequest, contact: Contact, *, problem: str) -> HttpResponse:
    text = asked(request, "")
    found = [row for row in alike.customers(request.user, text) if row != contact.customer]
    return choose(
        request, contact, found, title=_("Move to which customer?"), text=text, parameter="to", problem=problem
    )


def _show(request: StaffRequest, contact: Contact, to: Customer, form: MoveForm) -> HttpResponse:
    context = {"contact": contact, "to": to, "form": form}
    return render(request, "desk/curation/move.html", context, status=400 if form.errors else 200)
