"""Everything about a customer that staff may change (customers.lifecycle.FIELDS)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.names.cleaning import cleaned_name
from core.spreadsheets import cells
from core.templatetags.show import day
from core.web.concurrent_edit import MeanwhileForm
from core.web.forms import CurrencyField, DayField, IdField, NameField
from customers.described import origins
from customers.described.rules import Rules
from customers.models import Customer, FieldOrigin, Identity, IdentityKind, Stage, WrongId
from customers.models.customer import Kind
from desk.forms import handing_over
from desk.forms.attributes import Attributes
from desk.forms.changed_by import changed_by
from staff.models import Team, User
from staff.owners import NO_OWNER, owner_choices

PLAIN = ("name", "kind", "domain", "stage", "plan", "seats", "mrr", "currency", "industry", "country", "churned_on")


class CustomerForm(MeanwhileForm):
    name = NameField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices, initial=Kind.COMPANY)
    domain = NameField(label=gettext_lazy("Domain"), max_length=253, required=False)
    parent = forms.CharField(
        label=gettext_lazy("Parent customer"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Its exact name, or # and its number."),
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=Stage.choices, initial=Stage.ACTIVE)
    churned_on = DayField(label=gettext_lazy("Churned on"), required=False)
    plan = NameField(label=gettext_lazy("Plan"), max_length=100, required=False)
    seats = forms.IntegerField(label=gettext_lazy("Seats"), min_value=0, max_value=2_000_000_000, required=False)
    mrr = forms.DecimalField(
        label=gettext_lazy("Monthly revenue"), max_digits=14, decimal_places=2, min_value=0, required=False
    )
    currency = CurrencyField()
    industry = NameField(label=gettext_lazy("Industry"), max_length=100, required=False)
    country = NameField(label=gettext_lazy("Country"), max_length=100, required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"))
    second_owner = forms.ChoiceField(label=gettext_lazy("Second owner"))
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    tags = forms.CharField(
        label=gettext_lazy("Tags"), max_length=1_000, required=False, help_text=gettext_lazy("Separated by commas.")
    )
    company_id = IdField(
        label=gettext_lazy("Company id"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("What your own systems call this customer (the groupId of its events)."),
    )
    sure = forms.BooleanField(label=gettext_lazy("Save anyway"), required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, by: User, customer: Customer | None = None) -> None:
        super().__init__(data, initial=_shown(customer) if customer else {"owner": str(by.pk)})
        self._by, self._customer = by, customer
        self.attributes = Attributes({} if customer is None else customer.attributes, data)
        for name in ("owner", "second_owner"):
            self.fields[name].choices = owner_choices(getattr(customer, name, None))  # type: ignore[attr-defined]
        self.fields["second_owner"].initial = self.fields["second_owner"].initial or NO_OWNER
        teams = [(str(pk), name) for pk, name in Team.objects.values_list("pk", "name")]
        self.fields["team"].choices = [("", _("No team")), *teams]  # type: ignore[attr-defined]
        if customer is not None:
            del self.fields["company_id"]
            self._say_origins(customer)

    def _say_origins(self, customer: Customer) -> None:
        """Say under each field who set it and when; one that follows another source cannot be changed. One query."""
        rules = Rules.of_sources()
        decided = origins.decided(customer, FieldOrigin.STAFF, rules)
        for name, setting in origins.known(customer).items():
            field = self.fields[name]
            field.help_text = f"{capfirst(setting.label)}, {day(setting.at)}"
            if name in decided:
                field.disabled = True
                field.help_text += f". {origins.words_of_decided(decided[name])}"

    def clean_parent(self) -> int | None:
        data = self.cleaned_data["parent"].strip()
        # Unchanged: a parent the colleague may not see stays, too.
        if not data or data == self.initial.get("parent"):
            return None if not data or self._customer is None else self._customer.parent_id
        visible = Customer.objects.visible_to(self._by).known()
        number = data.removeprefix("#")
        if data.startswith("#"):
            is_number = number.isascii() and number.isdigit() and len(number) < 19
            candidates = visible.filter(pk=int(number)) if is_number else visible.none()
        else:
            candidates = visible.filter(name__iexact=data)
        # Up to four are named in the message: names are not unique.
        ids = list(candidates.values_list("pk", flat=True)[:4])
        if len(ids) > 1:
            numbers = ", ".join(f"#{pk}" for pk in sorted(ids))
            raise forms.ValidationError(
                _("Several customers have this name. Choose one: %(numbers)s.") % {"numbers": numbers}
            )
        if not ids:
            raise forms.ValidationError(_("There is no such customer."))
        return ids[0]

    def clean_tags(self) -> list[str]:
        tags = cells.words(self.cleaned_data["tags"], cleaned_name)
        if any(len(tag) > 50 for tag in tags):
            raise forms.ValidationError(_("A tag has at most 50 characters."))
        return tags

    def clean_company_id(self) -> str:
        company: str = self.cleaned_data["company_id"]
        if company and WrongId.objects.is_wrong(company):
            raise forms.ValidationError(_("Programs write this where an id is missing: it names nobody."))
        if company and Identity.objects.filter(kind=IdentityKind.COMPANY, value=company).exists():
            raise forms.ValidationError(_("A customer with this company id exists already."))
        return company

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("churned_on") and data.get("stage") in Stage.followed():
            self.add_error("churned_on", _("Only a churned customer has this day. Change the stage too."))
        for error in self.attributes.errors:
            self.add_error(None, error)
        # Only a complete form: the warning asks for a decision, and would be asked again.
        if not self.errors:
            handing_over.warn(self, [(self._customer, self.row())], by=self._by)
        return data

    def changed_by(self, name: str) -> tuple[str, datetime] | None:
        return changed_by(self._customer, name)

    def row(self) -> dict[str, Any]:
        """Return the fields for `lifecycle`: only those that differ from what the form showed."""
        data = self.cleaned_data
        row = {name: data[name] for name in PLAIN}
        row |= {"parent_id": data["parent"], "tags": data["tags"], "attributes": self.attributes.value}
        row |= {
            f"{name}_id": int(data[name]) if data[name].isdigit() else None
            for name in ("owner", "second_owner", "team")
        }
        if self._customer is None:
            return row
        if not row["churned_on"] or row["stage"] in Stage.followed():
            del row["churned_on"]  # `lifecycle` derives it from the stage
        return {name: value for name, value in row.items() if value != getattr(self._customer, name)}


def _shown(customer: Customer) -> dict[str, Any]:
    return {
        **{name: getattr(customer, name) for name in PLAIN},
        "parent": f"#{customer.parent_id}" if customer.parent_id else "",
        "owner": str(customer.owner_id or NO_OWNER),
        "second_owner": str(customer.second_owner_id or NO_OWNER),
        "team": str(customer.team_id or ""),
        "tags": cells.joined(customer.tags),
    }
