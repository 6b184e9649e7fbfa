"""When customers renew next, and the condition of segments on contracts.

A contract that ends before the day it would renew on does not renew.
"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy

from customers.segments.conditions import Asked, Condition, Moment, days_field
from records.models import Contract

RUNNING, NONE, STARTED, ENDED, RENEWS = "running", "none", "started", "ended", "renews"
HOW = [
    (RUNNING, gettext_lazy("one runs")),
    (NONE, gettext_lazy("none runs")),
    (RENEWS, gettext_lazy("one renews in the next days")),
    (STARTED, gettext_lazy("one started in the last days")),
    (ENDED, gettext_lazy("one ended in the last days")),
]
WITH_DAYS = {RENEWS, STARTED, ENDED}


def renewing(first: date, last: date | None = None) -> QuerySet[Contract]:
    """Return the contracts that renew from one day to another; without a last one, ever after."""
    # A contract that was ended keeps its date of renewal, which then means nothing.
    found = Contract.objects.filter(Q(ends_on=None) | Q(ends_on__gte=F("renews_on")), renews_on__gte=first)
    return found if last is None else found.filter(renews_on__lte=last)


def next_renewal(today: date) -> Subquery:
    """Return the earliest renewal from today on, for a query of customers."""
    own = renewing(today).filter(customer=OuterRef("pk"))
    return Subquery(own.order_by("renews_on").values("renews_on")[:1])


class ContractCondition(Condition):
    kind = "contract"
    label = gettext_lazy("Contract")

    how = forms.ChoiceField(label=gettext_lazy("Of the contracts"), choices=HOW)
    days = days_field(required=False)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("how") in WITH_DAYS:
            self.needs("days", data)
        else:
            data["days"] = None
        return data

    def expression(self, moment: Moment) -> Asked:
        how, days, today = self.cleaned_data["how"], self.cleaned_data["days"], moment.today
        if how in (RUNNING, NONE):
            running = Contract.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
            found = Exists(running.filter(customer=OuterRef("pk")))
            return found if how == RUNNING else ~found
        if how == RENEWS:
            contracts = renewing(today, today + timedelta(days=days))
        else:
            first = today - timedelta(days=days - 1)
            field = "starts_on" if how == STARTED else "ends_on"
            contracts = Contract.objects.filter(**{f"{field}__range": (first, today)})
        return Exists(contracts.filter(customer=OuterRef("pk")))

    def sentence(self) -> str:
        return _SENTENCES[self.cleaned_data["how"]] % {"days": self.cleaned_data["days"]}


_SENTENCES = {
    RUNNING: gettext_lazy("has a running contract"),
    NONE: gettext_lazy("has no running contract"),
    RENEWS: gettext_lazy("has a contract that renews in the next %(days)s days"),
    STARTED: gettext_lazy("has a contract that started in the last %(days)s days"),
    ENDED: gettext_lazy("has a contract that ended in the last %(days)s days"),
}
CONDITIONS = (ContractCondition,)
