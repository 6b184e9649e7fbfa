"""Choosing a customer by name, where an address does not name one."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.forms import EntryForm
from customers.models import Customer
from staff.models import User

OFFERED = 200


class CustomerForm(EntryForm):
    """By name, as one's own customers are offered while typing; the value is the customer."""

    name = forms.CharField(label=gettext_lazy("Customer"), max_length=200)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._visible = Customer.objects.visible_to(user).known()
        mine = self._visible.filter(Q(owner=user) | Q(second_owner=user)).order_by("name", "pk")
        self.offered = list(mine.values_list("name", flat=True)[:OFFERED])
        self.fields["name"].widget.attrs |= {"list": "own-customers", "autofocus": True, "autocomplete": "off"}

    def clean_name(self) -> Customer:
        found = list(self._visible.filter(name__iexact=self.cleaned_data["name"]).order_by("pk")[:2])
        if not found:
            raise forms.ValidationError(_("There is no customer of this name that you may see."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several customers have this name. Start from the one you mean."))
        return found[0]
