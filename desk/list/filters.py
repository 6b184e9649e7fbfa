"""Which customers a list shows, and in which order. Pages, API and segments ask through the same class."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.days import utc_day
from core.filters import NOBODY, ClosedFilter
from core.pagination import Order
from customers import finding
from customers.models import Stage
from customers.models.customer import CustomerQuerySet
from desk.list.list_columns import ALL, Column, chosen
from desk.list.orders import ORDER_WORDS, ORDERS
from scoring.models import EngagementBand, HealthBand
from staff.models import Team, User

UNKNOWN = "unknown"  # no score, or not enough to go by
YES, NO = "yes", "no"
EITHER = [("", _("Either")), (YES, _("Yes")), (NO, _("No"))]
FARTHEST = 3_650  # days


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
    """The customer list's questions. With no stage asked for, the archived stay out, and the page says so.

    Two queries for the choices: colleagues and teams.
    """

    how: ClassVar = frozenset({"sort", "columns"})
    of_scores: ClassVar = frozenset({"health", "engagement", "at_risk", "resting"})
    few: ClassVar = ("q", "owner", "stage", "health", "engagement")  # in sight; the others unfold

    q = forms.CharField(label=_("Name, domain, id or contact"), required=False, max_length=200)
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("All but archived")), *Stage.choices])
    team = forms.ChoiceField(label=_("Team"), required=False)
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
    at_risk = forms.ChoiceField(label=_("At risk"), required=False, choices=EITHER)
    resting = forms.ChoiceField(label=_("Resting from at risk"), required=False, choices=EITHER)
    churned = forms.ChoiceField(label=_("Churned"), required=False, choices=EITHER)
    renews_within = forms.IntegerField(label=_("Renews within (days)"), required=False, min_value=0, max_value=FARTHEST)
    mrr_from = forms.DecimalField(required=False, max_digits=14, decimal_places=2)
    mrr_to = forms.DecimalField(required=False, max_digits=14, decimal_places=2)
    plan = forms.CharField(label=_("Plan"), required=False, max_length=100)
    industry = forms.CharField(label=_("Industry"), required=False, max_length=100)
    country = forms.CharField(label=_("Country"), required=False, max_length=100)
    tag = forms.CharField(label=_("Tag"), required=False, max_length=50)
    sort = forms.ChoiceField(label=_("Sorted by"), required=False, choices=list(ORDER_WORDS.items()))
    columns = forms.MultipleChoiceField(
        label=_("Columns"), required=False, choices=[(column.name, column.label) for column in ALL]
    )

    field_order = ["q", "owner", "stage", "health", "engagement", "team", "at_risk", "resting", "churned"]

    def __init__(self, data: Mapping[str, Any], *, queryset: CustomerQuerySet, today: date | None = None) -> None:
        super().__init__(data, queryset=queryset)
        self.today = today or utc_day(timezone.now())
        self.fields["team"].choices = [  # type: ignore[attr-defined]
            ("", _("Any")),
            *((str(pk), name) for pk, name in Team.objects.order_by("name", "pk").values_list("pk", "name")),
            (NOBODY, _("No team")),
        ]
        currency = {"currency": settings.BASE_CURRENCY}
        self.fields["mrr_from"].label = _("MRR from (%(currency)s)") % currency
        self.fields["mrr_to"].label = _("MRR to (%(currency)s)") % currency
        for name in ("plan", "industry", "country", "tag"):
            self.fields[name].widget.attrs["list"] = f"{name}s-in-use"
        self.fields["q"].widget.input_type = "search"

    @property
    def found(self) -> CustomerQuerySet:
        found = super().found
        asks_for_archived = self.data.get("stage") or self.data.get("churned") == YES
        return found if asks_for_archived else found.exclude(stage=Stage.ARCHIVED)

    @property
    def order(self) -> str:
        return self.cleaned_data.get("sort") or "name" if self.is_valid() else "name"

    @property
    def keyset(self) -> Order:
        """How the order pages."""
        return ORDERS[self.order]

    @property
    def shown(self) -> list[Column]:
        """The columns chosen, or the usual ones."""
        return chosen(self.cleaned_data["columns"] if self.is_valid() else ())

    @property
    def sight(self) -> list[forms.BoundField]:
        return [self[name] for name in self.few]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.how and field.name not in self.few]

    @property
    def asked_more(self) -> list[tuple[str, str, Any]]:
        """The folded filters in use: (name, label, value in words)."""
        return [
            (field.name, str(field.label), dict(getattr(field.field, "choices", ())).get(field.value(), field.value()))
            for field in self.folded
            if field.value()
        ]

    def by_q(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return finding.matching(queryset, value)

    def by_stage(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(stage=value)

    def by_team(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(team=None) if value == NOBODY else queryset.filter(team=int(value))

    def by_health(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(score__health_band=None if value == UNKNOWN else value)

    def by_engagement(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(score__engagement_band=None if value == UNKNOWN else value)

    def by_at_risk(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        """By whether the customer stands in the at-risk list today; who rests does not."""
        ids = queryset.model.objects.at_risk(self.today).values("pk")
        return queryset.filter(pk__in=ids) if value == YES else queryset.exclude(pk__in=ids)

    def by_resting(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        resting = Q(snooze__until__gte=self.today)
        return queryset.filter(resting) if value == YES else queryset.exclude(resting)

    def by_churned(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        """By whether they left: on a day, if they were archived since."""
        return queryset.filter(churned_on__isnull=value == NO)

    def by_renews_within(self, queryset: CustomerQuerySet, value: int) -> CustomerQuerySet:
        return queryset.filter(score__renews_on__range=(self.today, self.today + timedelta(days=value)))

    def by_mrr_from(self, queryset: CustomerQuerySet, value: Decimal) -> CustomerQuerySet:
        return queryset.filter(score__monthly_value__gte=value)

    def by_mrr_to(self, queryset: CustomerQuerySet, value: Decimal) -> CustomerQuerySet:
        return queryset.filter(score__monthly_value__lte=value)

    def by_plan(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(plan__iexact=value)

    def by_industry(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(industry__iexact=value)

    def by_country(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(country__iexact=value)

    def by_tag(self, queryset: CustomerQuerySet, value: str) -> CustomerQuerySet:
        return queryset.filter(tags__contains=[value])
