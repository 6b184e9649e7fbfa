"""Forms of the acts on customers at risk: assign an owner, snooze, mark as handled."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.days import business_day
from core.templatetags.show import long_day, number
from customers import attention, lifecycle
from customers.models import Customer, Mark
from desk import undo
from desk.forms import handing_over
from staff.models import User
from staff.owners import owner_choices

MOST = 200  # customers at a time: four pages of the list


class ActForm(forms.Form):
    """One act on the chosen customers: `act` calls the verb and returns what to say about it."""

    title: ClassVar[str | Promise]
    text: ClassVar[str | Promise]
    button: ClassVar[str | Promise]

    def __init__(
        self, data: Mapping[str, Any] | None, *, customers: Sequence[Customer], now: datetime, by: User
    ) -> None:
        self.customers, self.now, self.by = customers, now, by
        super().__init__(data)
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    undo = ""  # the note by which what was done can be taken back

    def act(self) -> str:
        raise NotImplementedError

    def undo_marks(self) -> str:
        """Return the note for the marks just made."""
        marks = Mark.objects.filter(customer__in=self.customers, at=self.now, by=self.by)
        return undo.marks(self.by, [(mark.customer_id, str(mark.id)) for mark in marks])

    def who(self) -> str:
        if len(self.customers) == 1:
            return self.customers[0].name
        return ngettext("%(n)s customer", "%(n)s customers", len(self.customers)) % {"n": number(len(self.customers))}


class SnoozeForm(ActForm):
    title, button = gettext_lazy("Snooze"), gettext_lazy("Snooze")
    text = gettext_lazy(
        "Hidden from Today and the at-risk list until the end of that day, or until health falls by another 10 points."
    )

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, strip=True)
    until = forms.DateField(
        label=gettext_lazy("Up to and including"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = business_day(self.now)
        self.fields["until"].initial = today + timedelta(days=7)
        self.fields["until"].widget.attrs |= {"min": f"{today}", "max": f"{today + attention.LONGEST}"}

    def clean_until(self) -> Any:
        until, today = self.cleaned_data["until"], business_day(self.now)
        if not today <= until <= today + attention.LONGEST:
            raise forms.ValidationError(
                _("Choose a day from today to %(last)s.") % {"last": long_day(today + attention.LONGEST)}
            )
        return until

    def act(self) -> str:
        until = self.cleaned_data["until"]
        attention.snooze_all(self.customers, until=until, reason=self.cleaned_data["reason"], now=self.now, by=self.by)
        self.undo = self.undo_marks()
        return _("Snoozed until %(day)s: %(who)s.") % {"who": self.who(), "day": long_day(until)}


class HandleForm(ActForm):
    title, button = gettext_lazy("Mark as handled"), gettext_lazy("Mark as handled")
    text = gettext_lazy(
        "Hidden from Today and the at-risk list for two weeks, or until health falls by another 10 points."
    )

    reason = forms.CharField(label=gettext_lazy("What was done"), max_length=300, strip=True)

    def act(self) -> str:
        attention.handle_all(self.customers, reason=self.cleaned_data["reason"], now=self.now, by=self.by)
        self.undo = self.undo_marks()
        until = business_day(self.now) + attention.HANDLED_FOR
        return _("Marked as handled until %(day)s: %(who)s.") % {"who": self.who(), "day": long_day(until)}


class AssignForm(ActForm):
    title, button = gettext_lazy("Assign"), gettext_lazy("Assign")
    text = gettext_lazy("The colleague replaces the current owner. Second owners stay.")

    owner = forms.ChoiceField(label=gettext_lazy("New owner"))
    sure = forms.BooleanField(label=gettext_lazy("Assign anyway"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An owner who may not sign in any more is still a choice for their own customer.
        current = self.customers[0].owner if len(self.customers) == 1 else None
        self.fields["owner"].choices = owner_choices(current)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if "owner" in data:
            owner = int(data["owner"]) if data["owner"].isdigit() else None
            changes = [(customer, {"owner_id": owner}) for customer in self.customers]
            handing_over.warn(self, changes, by=self.by)
        return data

    def act(self) -> str:
        chosen = self.cleaned_data["owner"]
        owner = int(chosen) if chosen.isdigit() else None
        changes = {customer.pk: {"owner_id": owner} for customer in self.customers}
        before = {customer.pk: customer.owner_id for customer in self.customers}
        lifecycle.edit(changes, now=self.now, by=self.by)
        self.undo = undo.owners(self.by, before, owner)
        name = dict(self.fields["owner"].choices)[chosen]  # type: ignore[attr-defined]
        return _("Assigned to %(owner)s: %(who)s.") % {"who": self.who(), "owner": name}
