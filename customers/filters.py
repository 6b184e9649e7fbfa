"""Which customers a list shows, and in which order. Pages, API and segments ask through the same class."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.filters import ClosedFilter
from core.pagination import Column, Keyset
from customers.models import Stage
from customers.models.customer import CustomerQuerySet
from scoring.models import EngagementBand, HealthBand
from staff.models import User

NOBODY = "none"  # no owner
UNKNOWN = "unknown"  # no score, or not enough to go by

BY_ID = Column("pk")
ORDER_WORDS = {
    "name": _("Name, A to Z"),
    "-name": _("Name, Z to A"),
    "health": _("Health, lowest first"),
    "-health": _("Health, highest first"),
    "engagement": _("Engagement, lowest first"),
    "-engagement": _("Engagement, highest first"),
}
ORDERS = {
    "name": Keyset((Column("name"), BY_ID)),
    "-name": Keyset((Column("name", descending=True), BY_ID)),
    "engagement": Keyset((Column("score__engagement", nullable=True), BY_ID)),
    "-engagement": Keyset((Column("score__engagement", descending=True, nullable=True), BY_ID)),
    "health": Keyset((Column("score__health", nullable=True), BY_ID)),
    "-health": Keyset((Column("score__health", descending=True, nullable=True), BY_ID)),
}


class OwnerFilter(ClosedFilter[CustomerQuerySet]):
    """By who looks after them. One query for the colleagues' names."""

    owner = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, data: Mapping[str, Any], *, queryset: CustomerQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("Everybody’s")),
            *((str(pk), name) for pk, name in User.objects.order_by("name", "pk").values_list("pk", "name")),
            (NOBODY, _("Nobody’s")),
        ]

    def by_owner(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        if value == NOBODY:
            return queryset.filter(owner=None)
        return queryset.filter(Q(owner=value) | Q(second_owner=value))


class CustomerFilter(OwnerFilter):
    """The customer list's questions. With no stage asked for, the archived stay out, and the page says so."""

    q = forms.CharField(label=_("Name or domain"), required=False, max_length=200)
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("All but archived")), *Stage.choices])
    health = forms.ChoiceField(
        label=_("Health"),
        required=False,
        choices=[("", _("Any")), *HealthBand.choices, (UNKNOWN, _("Unknown"))],
    )
    engagement = forms.ChoiceField(
        label=_("Engagement"),
        required=False,
        choices=[("", _("Any")), *EngagementBand.choices, (UNKNOWN, _("No data"))],
    )
    sort = forms.ChoiceField(label=_("Sorted by"), required=False, choices=list(ORDER_WORDS.items()))

    field_order = ["q", "stage", "owner", "health", "engagement", "sort"]

    @property
    def found(self) -> CustomerQuerySet:
        found = super().found
        return found if self.data.get("stage") else found.exclude(stage=Stage.ARCHIVED)

    @property
    def order(self) -> str:
        return self.cleaned_data.get("sort") or "name" if self.is_valid() else "name"

    def by_q(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(Q(name__icontains=value) | Q(domain__icontains=value))

    def by_stage(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(stage=value)

    def by_health(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(score__health_band=None if value == UNKNOWN else value)

    def by_engagement(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(score__engagement_band=None if value == UNKNOWN else value)
