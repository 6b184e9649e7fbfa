"""Bulk actions: on the customers chosen in the list, or on all that a filter selects, after a page to confirm."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from customers import lifecycle
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from desk.list import export
from desk.list.bulk_forms import OwnerForm, TagForm
from desk.list.handover import hand_over, preview
from desk.list.list_filter import ListFilter
from staff.requests import StaffRequest

MOST = 10_000  # in one transaction; an import changes more
NAMED = 8  # customers on the page that confirms

ACTS = {
    "owner": gettext_lazy("Assign an owner"),
    "tag": gettext_lazy("Add a tag"),
    "untag": gettext_lazy("Remove a tag"),
    "export": gettext_lazy("Export as CSV"),
}
FORMS: dict[str, type[forms.Form]] = {"owner": OwnerForm, "tag": TagForm, "untag": TagForm}


@require_POST
def bulk(request: StaffRequest) -> HttpResponseBase:
    """Show what is about to be done to how many; do it when that was confirmed."""
    if not request.user.may_act:
        raise PermissionDenied
    act, query = request.POST.get("act", ""), request.POST.get("query", "")
    back = f"{reverse('desk:customers')}?{query}"
    customers = _chosen(request, query)
    count = customers.count()
    if problem := _problem(act, count):
        messages.error(request, problem)
        return redirect(back)
    if act == "export":
        return export.stream(customers, now=timezone.now())
    form = FORMS[act](request.POST if "confirmed" in request.POST else None)
    # The number that was shown: when the filter selects more or fewer by now, the page is shown again.
    if form.is_valid() and request.POST["confirmed"] == str(count):
        _apply(act, customers, form, request)
        return redirect(back)
    return render(request, "desk/list/bulk/confirm.html", _confirm_context(request, act, customers, count, form))


def _chosen(request: StaffRequest, query: str) -> CustomerQuerySet:
    """Return the chosen customers that the colleague may see; none for a filter that is not valid."""
    visible = Customer.objects.visible_to(request.user).known()
    if "everybody" in request.POST:
        # By the filter, not by a list of ids: ten thousand would not fit into a form.
        return ListFilter(QueryDict(query), queryset=visible).qs
    ids = [int(pk) for pk in request.POST.getlist("customer") if pk.isdecimal() and len(pk) < 19]
    return visible.filter(pk__in=ids)


def _problem(act: str, count: int) -> str:
    if act not in ACTS:
        return _("Choose an action.")
    if not count:
        return _("Choose at least one customer.")
    if count > MOST and act != "export":
        return _("%(count)s customers are too many at once. Choose at most %(most)s.") % {"count": count, "most": MOST}
    return ""


def _apply(act: str, customers: CustomerQuerySet, form: forms.Form, request: StaffRequest) -> None:
    """Call the verb, and say how many customers really changed."""
    data, now, by = form.cleaned_data, timezone.now(), request.user
    if act == "owner":
        changed = hand_over(request, customers, data["owner"], with_left=data["with_left"], now=now, by=by)
        if changed:  # said already, with a way back
            return
    else:
        ids = list(customers.values_list("pk", flat=True))
        changed = len(lifecycle.tag(ids, data["tag"], now=now, by=by, remove=act == "untag"))
    messages.success(request, _changed_message(changed))


def _confirm_context(
    request: StaffRequest, act: str, customers: CustomerQuerySet, count: int, form: forms.Form
) -> dict[str, Any]:
    names = list(customers.order_by("name", "pk").values_list("name", flat=True)[:NAMED])
    kept = [(name, value) for name in ("query", "act", "everybody") if (value := request.POST.get(name))]
    return {
        "title": _TITLES[act](count) % {"count": count},
        "button": _("Assign") if act == "owner" else _("Yes, change %(count)s") % {"count": count},
        "names": names,
        "others": count - len(names),
        "form": form,
        "about": preview(customers) if act == "owner" else None,
        "query": request.POST.get("query", ""),
        "kept": [*kept, ("confirmed", count), *(("customer", pk) for pk in request.POST.getlist("customer"))],
    }


_TITLES: dict[str, Callable[[int], str]] = {
    "owner": lambda n: ngettext("Assign %(count)s customer to whom?", "Assign %(count)s customers to whom?", n),
    "tag": lambda n: ngettext("Add which tag to %(count)s customer?", "Add which tag to %(count)s customers?", n),
    "untag": lambda n: ngettext(
        "Remove which tag from %(count)s customer?", "Remove which tag from %(count)s customers?", n
    ),
}


def _changed_message(changed: int) -> str:
    if not changed:
        return _("Nothing had to be changed.")
    return ngettext("%(count)s customer changed.", "%(count)s customers changed.", changed) % {"count": changed}
