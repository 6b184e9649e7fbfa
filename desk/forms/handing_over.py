"""A colleague who sees only some customers is warned before giving one away for good."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from customers.models import Customer
from staff.models import Role, User

Change = tuple[Customer | None, Mapping[str, Any]]  # the customer (None: a new one) and its new values


def warn(form: forms.Form, changes: Iterable[Change], *, by: User) -> None:
    """Refuse once, and offer the form's field `sure`, when they would no longer see a customer. One query at most."""
    if by.role != Role.CSM or not by.is_limited or form.cleaned_data.get("sure"):
        return
    teams = set(by.teams.values_list("pk", flat=True))
    if any(not _stays(customer, change, by.pk, teams) for customer, change in changes):
        form.fields["sure"].widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
        form.add_error("sure", _("You see only your own customers, so you would lose sight of this one."))


def _stays(customer: Customer | None, change: Mapping[str, Any], by: int, teams: set[int]) -> bool:
    owner, second, team = (
        change.get(name, getattr(customer, name, None)) for name in ("owner_id", "second_owner_id", "team_id")
    )
    return by in (owner, second) or team in teams
