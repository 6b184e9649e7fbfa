"""The condition on any attribute: fields of the customer, and what attribute definitions name."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db.models import Case, CharField, DecimalField, F, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Left, NullIf
from django.db.models.lookups import (
    Exact,
    GreaterThanOrEqual,
    IContains,
    IExact,
    IRegex,
    IsNull,
    LessThanOrEqual,
    Regex,
)
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import AttributeDefinition, AttributeType, Kind
from customers.segments.conditions import FARTHEST, LONGEST_VALUE, Asked, Condition, Lookups, Moment

OWN = "attributes."  # before the key of a definition
NUMBER, DAY = r"^-?\d{1,15}(\.\d{1,9})?$", r"^\d{4}-\d\d-\d\d"

IS, IS_NOT, CONTAINS, AT_LEAST, AT_MOST = "is", "is_not", "contains", "at_least", "at_most"
LAST, NEXT, KNOWN, UNKNOWN = "in_last", "in_next", "known", "unknown"
OPERATORS = [
    (IS, gettext_lazy("is")),
    (IS_NOT, gettext_lazy("is known and is not")),
    (CONTAINS, gettext_lazy("contains")),
    (AT_LEAST, gettext_lazy("is at least, or on or after")),
    (AT_MOST, gettext_lazy("is at most, or on or before")),
    (LAST, gettext_lazy("was in the last days")),
    (NEXT, gettext_lazy("is in the next days")),
    (KNOWN, gettext_lazy("is known")),
    (UNKNOWN, gettext_lazy("is unknown")),
]
ALONE = {KNOWN, UNKNOWN}  # need no value
_FITTING = {
    AttributeType.TEXT: {IS, IS_NOT, CONTAINS},
    AttributeType.NUMBER: {IS, IS_NOT, AT_LEAST, AT_MOST},
    AttributeType.DAY: {IS, IS_NOT, AT_LEAST, AT_MOST, LAST, NEXT},
    AttributeType.YES_NO: {IS, IS_NOT},
    AttributeType.OPTION: {IS, IS_NOT},
}
_SENTENCES = {
    IS: gettext_lazy("%(what)s is “%(value)s”"),
    IS_NOT: gettext_lazy("%(what)s is known and is not “%(value)s”"),
    CONTAINS: gettext_lazy("%(what)s contains “%(value)s”"),
    AT_LEAST: gettext_lazy("%(what)s is at least %(value)s"),
    AT_MOST: gettext_lazy("%(what)s is at most %(value)s"),
    LAST: gettext_lazy("%(what)s was in the last %(value)s days"),
    NEXT: gettext_lazy("%(what)s is in the next %(value)s days"),
    KNOWN: gettext_lazy("%(what)s is known"),
    UNKNOWN: gettext_lazy("%(what)s is unknown"),
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """What can be asked for: `value` is null where it is unknown; days as ISO texts, yes and no as true and false."""

    label: str | Promise
    type: str
    value: Combinable
    options: tuple[str, ...] = ()


def _text(name: str) -> Combinable:
    return NullIf(F(name), Value(""))


FIELDS = {
    "plan": Attribute(gettext_lazy("Plan"), AttributeType.TEXT, _text("plan")),
    "industry": Attribute(gettext_lazy("Industry"), AttributeType.TEXT, _text("industry")),
    "country": Attribute(gettext_lazy("Country"), AttributeType.TEXT, _text("country")),
    "domain": Attribute(gettext_lazy("Domain"), AttributeType.TEXT, _text("domain")),
    "seats": Attribute(gettext_lazy("Seats"), AttributeType.NUMBER, F("seats")),
    "kind": Attribute(gettext_lazy("Kind"), AttributeType.OPTION, F("kind"), tuple(Kind.values)),
    "churned_on": Attribute(
        gettext_lazy("Churned on"), AttributeType.DAY, Cast(F("churned_on"), CharField(max_length=10))
    ),
}


def attributes(lookups: Lookups) -> dict[str, Attribute]:
    """Return what can be asked for, by name. One query for each rule."""
    return lookups.once(
        "attributes", lambda: FIELDS | {f"{OWN}{row.key}": of_definition(row) for row in _definitions()}
    )


def _definitions() -> list[AttributeDefinition]:
    return list(AttributeDefinition.objects.all())


def of_definition(row: AttributeDefinition) -> Attribute:
    text = KeyTextTransform(row.key, "attributes")
    value: Combinable = NullIf(text, Value("", output_field=TextField()))
    if row.type == AttributeType.NUMBER:
        # Within CASE, so that nothing is cast that is no number; files bring numbers as texts.
        value = Case(When(Regex(text, NUMBER), then=Cast(text, DecimalField(max_digits=30, decimal_places=9))))
    elif row.type == AttributeType.DAY:
        value = Case(When(Regex(text, DAY), then=Left(text, 10)), output_field=TextField())
    elif row.type == AttributeType.YES_NO:
        value = Case(When(IRegex(text, r"^(true|false)$"), then=text), output_field=TextField())
    return Attribute(row.label, row.type, value, tuple(row.options))


class AttributeCondition(Condition):
    kind = "attribute"
    label = gettext_lazy("Attribute")

    attribute = forms.ChoiceField(label=gettext_lazy("What"))
    operator = forms.ChoiceField(label=gettext_lazy("How"), choices=OPERATORS)
    value = forms.CharField(label=gettext_lazy("Value"), max_length=LONGEST_VALUE, required=False)

    def load_choices(self) -> None:
        choices = [(name, attribute.label) for name, attribute in attributes(self.lookups).items()]
        self.fields["attribute"].choices = choices  # type: ignore[attr-defined]

    @property
    def asked(self) -> Attribute:
        return attributes(self.lookups)[self.cleaned_data["attribute"]]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if "attribute" not in data or "operator" not in data:
            return data
        if data["operator"] in ALONE:
            data["value"] = ""
        elif data["operator"] not in _FITTING[AttributeType(self.asked.type)]:
            self.add_error("operator", _("This does not fit the type of the attribute."))
        else:
            self.needs("value", data)
            if data.get("value") and (problem := self._problem(data["operator"], data["value"])):
                self.add_error("value", problem)
        return data

    def _problem(self, operator: str, value: str) -> str:
        attribute = self.asked
        if operator in (LAST, NEXT):
            return "" if _is_count(value) else _("Enter a number of days from 1 to %(most)s.") % {"most": FARTHEST}
        if attribute.type == AttributeType.NUMBER:
            return "" if _number(value) is not None else _("Enter a number.")
        if attribute.type == AttributeType.DAY:
            return "" if _is_day(value) else _("Enter a day as YYYY-MM-DD.")
        if attribute.type == AttributeType.YES_NO:
            return "" if value in ("true", "false") else _("Enter true or false.")
        if attribute.options and value not in attribute.options:
            return _("Choose one of: %(options)s.") % {"options": ", ".join(attribute.options)}
        return ""

    def expression(self, moment: Moment) -> Asked:
        operator, value, attribute = self.cleaned_data["operator"], self.cleaned_data["value"], self.asked
        of = attribute.value
        if operator in ALONE:
            return Q(IsNull(of, operator == UNKNOWN))
        if operator in (LAST, NEXT):
            return _within(of, moment.today, int(value), forwards=operator == NEXT)
        wanted: Any = _number(value) if attribute.type == AttributeType.NUMBER else value
        if operator == CONTAINS:
            return Q(IContains(of, wanted))
        if operator == AT_LEAST:
            return Q(GreaterThanOrEqual(of, wanted))
        if operator == AT_MOST:
            return Q(LessThanOrEqual(of, wanted))
        same = Exact(of, wanted) if attribute.type == AttributeType.NUMBER else IExact(of, wanted)
        return Q(same) if operator == IS else Q(IsNull(of, False)) & ~Q(same)

    def sentence(self) -> str:
        words = {"what": self.chosen("attribute"), "value": self.cleaned_data["value"]}
        return _SENTENCES[self.cleaned_data["operator"]] % words


def _within(of: Combinable, today: date, days: int, *, forwards: bool) -> Q:
    first, last = (today, today + timedelta(days=days)) if forwards else (today - timedelta(days=days - 1), today)
    return Q(GreaterThanOrEqual(of, first.isoformat())) & Q(LessThanOrEqual(of, last.isoformat()))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**15 else None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= FARTHEST
