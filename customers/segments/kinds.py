"""Conditions on who a customer is: stage, tags and contacts. Attributes have a module of their own."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Exact, IExact
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Contact, InputLog, Stage
from customers.segments.attributes import AttributeCondition
from customers.segments.conditions import LONGEST_VALUE, Asked, Condition, Moment, days_field

HAS = [("yes", gettext_lazy("has")), ("no", gettext_lazy("does not have"))]
ROLE, LANGUAGE, TRAIT = "role", "language", "trait"
PARTS = [(ROLE, gettext_lazy("role")), (LANGUAGE, gettext_lazy("language")), (TRAIT, gettext_lazy("trait"))]


class StageCondition(Condition):
    """In a stage, now or for so many days without a break."""

    kind = "stage"
    label = gettext_lazy("Stage")

    stage = forms.ChoiceField(label=gettext_lazy("is"), choices=Stage.choices)
    days = days_field(required=False, label=gettext_lazy("For at least (days)"))

    def expression(self, moment: Moment) -> Asked:
        stage, days = self.cleaned_data["stage"], self.cleaned_data["days"]
        now = Q(stage=stage)
        if not days:
            return now
        since = moment.today - timedelta(days=days)
        log = InputLog.objects.filter(customer=OuterRef("pk"), name="stage")
        before = log.filter(known_on__lte=since).order_by("-known_on").values("text")[:1]
        others = log.filter(known_on__gt=since, known_on__lte=moment.today).exclude(text=stage)
        return now & ~Q(Exists(others)) & Q(Exact(Subquery(before), stage))

    def sentence(self) -> str:
        words = {"stage": self.chosen("stage"), "days": self.cleaned_data["days"]}
        if words["days"]:
            return _("stage has been %(stage)s for at least %(days)s days") % words
        return _("stage is %(stage)s") % words


class TagCondition(Condition):
    kind = "tag"
    label = gettext_lazy("Tag")

    has = forms.ChoiceField(label=gettext_lazy("Customer"), choices=HAS)
    tag = forms.CharField(label=gettext_lazy("the tag"), max_length=50)

    def expression(self, moment: Moment) -> Asked:
        tagged = Q(tags__contains=[self.cleaned_data["tag"]])
        return tagged if self.cleaned_data["has"] == "yes" else ~tagged

    def sentence(self) -> str:
        text = _("has the tag “%(tag)s”") if self.cleaned_data["has"] == "yes" else _("does not have the tag “%(tag)s”")
        return text % {"tag": self.cleaned_data["tag"]}


class ContactCondition(Condition):
    """Has a contact, or none, whose role, language or trait is so. A language is meant with all its regions."""

    kind = "contact"
    label = gettext_lazy("Contact")

    has = forms.ChoiceField(label=gettext_lazy("Customer"), choices=HAS)
    part = forms.ChoiceField(label=gettext_lazy("a contact whose"), choices=PARTS)
    trait = forms.CharField(label=gettext_lazy("Name of the trait, if it is one"), max_length=100, required=False)
    value = forms.CharField(label=gettext_lazy("is"), max_length=LONGEST_VALUE)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("part") == TRAIT:
            self.needs("trait", data)
        return data

    def expression(self, moment: Moment) -> Asked:
        contacts = Contact.objects.standing().filter(self._matches(), customer=OuterRef("pk"))
        return Exists(contacts) if self.cleaned_data["has"] == "yes" else ~Exists(contacts)

    def _matches(self) -> Q:
        part, value = self.cleaned_data["part"], self.cleaned_data["value"]
        if part == ROLE:
            return Q(role__iexact=value)
        if part == LANGUAGE:
            return Q(locale__iexact=value) | Q(locale__istartswith=f"{value}-") | Q(locale__istartswith=f"{value}_")
        return Q(IExact(KeyTextTransform(self.cleaned_data["trait"], "traits"), value))

    def sentence(self) -> str:
        words = {
            "part": self.cleaned_data["trait"] if self.cleaned_data["part"] == TRAIT else self.chosen("part"),
            "value": self.cleaned_data["value"],
        }
        if self.cleaned_data["has"] == "yes":
            return _("has a contact whose %(part)s is “%(value)s”") % words
        return _("has no contact whose %(part)s is “%(value)s”") % words


CONDITIONS = (AttributeCondition, StageCondition, TagCondition, ContactCondition)
