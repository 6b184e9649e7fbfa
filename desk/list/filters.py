"""Filters of customer lists, shared by pages, API and segments."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db.models import Exists, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, Filter, NumberFilter

from core.days import business_day
from core.filters import UNASSIGNED, ClosedFilter, IntegerFilter
from core.names.folding import fold
from customers.finding import by_text
from customers.models import Stage
from customers.models.customer import CustomerQuerySet, label
from customers.segments.attributes import OWN
from customers.segments.conditions import Moment
from customers.segments.rule import PARAMETER, Group, RuleField
from desk.list.listing import Listing
from desk.list.past_filter import PastFilter
from scoring.models import EngagementBand, HealthBand
from scoring.risk.conditions import scored
from staff.models import Team, User

UNKNOWN = "unknown"  # no score, or not enough to go by
YES, NO, SNOOZED_TOO = "yes", "no", "all"
YES_NO = [(YES, _("Yes")), (NO, _("No"))]
RISK = [*YES_NO, (SNOOZED_TOO, _("Yes, snoozed or not"))]
FARTHEST = 3_650  # days
FOLLOWED, ALL_BUT_ARCHIVED = "followed", "all"
STAGES = [(FOLLOWED, _("Trial and active")), (ALL_BUT_ARCHIVED, _("All but archived")), *Stage.choices]


def labelled(queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
    """Return the customers with a whole label, however it is spelt."""
    if not fold(value):
        return queryset.none() if value else queryset
    return queryset.filter(labels__contains=label(name, value))


class OwnerFilter(ClosedFilter[CustomerQuerySet]):
    """By owner or second owner. One query for the colleagues' names."""

    owner = ChoiceFilter(label=_("Owner"), method="filter_owner", empty_label=_("All owners"))

    def __init__(self, data: Mapping[str, Any], *, queryset: CustomerQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        colleagues = User.objects.order_by("name", "pk").values_list("pk", "name")
        # Set here and not as a callable, which would be asked again by each validation and each rendering.
        self.filters["owner"].extra["choices"] = [
            *((str(pk), name) for pk, name in colleagues),
            (UNASSIGNED, _("No owner")),
        ]

    def filter_owner(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        if value == UNASSIGNED:
            return queryset.filter(owner=None)
        return queryset.filter(Q(owner=value) | Q(second_owner=value))


class RuleFilter(Filter):
    field_class = RuleField


class CustomerFilter(Listing, PastFilter, OwnerFilter):
    """The filters of customers. Archived ones are left out unless a stage is chosen; the page says so.

    Two queries for the choices: colleagues and teams. `is_forgiving`: where nobody fits what was typed, those are found
    who nearly do, as somebody sees who is found. A segment is asked by itself, and must not mean others one day.
    """

    of_scores: ClassVar = frozenset({"health", "engagement", "at_risk", "resting", "then", "segment"})
    in_sight: ClassVar = ("q", "owner", "stage", "health", "engagement")  # the others unfold

    q = CharFilter(label=_("Name, domain, id or contact"), method="filter_q", max_length=200)
    stage = ChoiceFilter(label=_("Stage"), method="filter_stage", choices=STAGES, empty_label=_("All but archived"))
    team = ChoiceFilter(label=_("Team"), method="filter_team", empty_label=_("Any"))
    health = ChoiceFilter(
        "score__health_band",
        label=_("Health"),
        method="filter_band",
        choices=[*HealthBand.choices, (UNKNOWN, _("Unknown"))],
        empty_label=_("Any"),
    )
    engagement = ChoiceFilter(
        "score__engagement_band",
        label=_("Engagement"),
        method="filter_band",
        choices=[*EngagementBand.choices, (UNKNOWN, _("No data"))],
        empty_label=_("Any"),
    )
    at_risk = ChoiceFilter(label=_("At risk"), method="filter_at_risk", choices=RISK, empty_label=_("Any"))
    resting = ChoiceFilter(label=_("Snoozed"), method="filter_snoozed", choices=YES_NO, empty_label=_("Any"))
    churned = ChoiceFilter(label=_("Churned"), method="filter_churned", choices=YES_NO, empty_label=_("Any"))
    renews_within = IntegerFilter(
        label=_("Renews within (days)"), method="filter_renews_within", min_value=0, max_value=FARTHEST
    )
    mrr_from = NumberFilter("score__monthly_value", "gte", label="", max_digits=14, decimal_places=2)
    mrr_to = NumberFilter("score__monthly_value", "lte", label="", max_digits=14, decimal_places=2)
    plan = CharFilter(label=_("Plan"), method="filter_label", max_length=100)
    industry = CharFilter(label=_("Industry"), method="filter_label", max_length=100)
    country = CharFilter(label=_("Country"), method="filter_label", max_length=100)
    tag = CharFilter(label=_("Tag"), method="filter_label", max_length=50)
    rule = RuleFilter(label=_("Conditions"), method="filter_rule")

    field_order = ["q", "owner", "stage", "health", "engagement", "team", "at_risk", "resting", "churned"]

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        queryset: CustomerQuerySet,
        today: date | None = None,
        closed_on: date | None = None,
        is_forgiving: bool = True,
    ) -> None:
        """`closed_on`: scores and counts are those known at the close of that day, which stands for today."""
        super().__init__(data, queryset=queryset)
        self.today = closed_on or today or business_day(timezone.now())
        self.closed_on, self.moment = closed_on, Moment(self.today, closed_on)
        self.is_forgiving = is_forgiving
        self.offer_choices(data)
        fields = self.form.fields
        currency = {"currency": settings.BASE_CURRENCY}
        fields["mrr_from"].label = _("MRR from (%(currency)s)") % currency
        fields["mrr_to"].label = _("MRR to (%(currency)s)") % currency
        for name in ("plan", "industry", "country", "tag"):
            fields[name].widget.attrs["list"] = f"{name}s-in-use"
        fields["q"].widget.input_type = "search"

    def offer_choices(self, data: Mapping[str, Any]) -> None:
        """Set the choices that come from the database, before the form is made of them."""
        self.filters["team"].extra["choices"] = [
            *((str(pk), name) for pk, name in Team.objects.order_by("name", "pk").values_list("pk", "name")),
            (UNASSIGNED, _("No team")),
        ]
        if str(data.get("group", "")).startswith(OWN):
            self.filters["group"].extra["choices"] = self.groups_offered

    @property
    def selected(self) -> CustomerQuerySet:
        """Those whom the filters select, before any are left out by default."""
        return super().qs

    @property
    def qs(self) -> CustomerQuerySet:
        data: Any = self.data
        includes_archived = (
            data.get("stage") in Stage.values or data.get("churned") == YES or self.asks_for_those_who_left
        )
        return self.selected if includes_archived else self.selected.exclude(stage=Stage.ARCHIVED)

    @property
    def fields_in_sight(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.in_sight]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        """Those that unfold; of the portfolio's, which only its links set, those that are set."""
        apart = {*self.listing, *self.in_sight, PARAMETER, *(self.of_portfolio - self.query.keys())}
        return [field for field in self.form if field.name not in apart]

    @property
    def conditions(self) -> Group | None:
        """The rule; a page of its own shows and changes it."""
        rule: Group | None = self.cleaned_data[PARAMETER] if self.is_valid() else None
        return rule

    @property
    def folded_in_use(self) -> list[tuple[str, str, Any]]:
        """The folded filters that have a value: (name, label, value in words)."""
        rule = [(PARAMETER, str(self.form[PARAMETER].label), self.conditions.sentence())] if self.conditions else []
        return rule + [
            (field.name, str(field.label), dict(getattr(field.field, "choices", ())).get(field.value(), field.value()))
            for field in self.folded_fields
            if field.value()
        ]

    def filter_q(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        self.found = by_text.customers(queryset, value, is_forgiving=self.is_forgiving) if value else None
        return self.found.rows if self.found else queryset

    def filter_label(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return labelled(queryset, name, value)

    def filter_stage(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        """`all` says outright what no stage means."""
        if value == ALL_BUT_ARCHIVED:
            return queryset
        return queryset.filter(stage__in=Stage.followed() if value == FOLLOWED else [value])

    def filter_team(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return queryset.filter(team=None) if value == UNASSIGNED else queryset.filter(team=int(value))

    def filter_band(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        if self.moment.known_on is None:
            return queryset.filter(**{name: None if value == UNKNOWN else value})
        bands, band = scored(self.moment), name.removeprefix("score__")
        if value == UNKNOWN:
            return queryset.exclude(Exists(bands.exclude(**{band: None})))
        return queryset.filter(Exists(bands.filter(**{band: value})))

    def filter_at_risk(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        """By whether the customer is in the at-risk list today; a snoozed one is not, though at risk."""
        if value == SNOOZED_TOO:
            return queryset.at_risk_or_snoozed()
        # By ids, because what a queryset method selects cannot be negated as a whole.
        customers = queryset.model.objects
        if self.moment.known_on is None:
            ids = customers.at_risk(self.today).values("pk")
        else:
            not_snoozed = Q(snooze=None) | Q(snooze__until__lt=self.today)
            ids = (
                customers.followed().filter(not_snoozed, Exists(scored(self.moment).filter(at_risk=True))).values("pk")
            )
        return queryset.filter(pk__in=ids) if value == YES else queryset.exclude(pk__in=ids)

    def filter_snoozed(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        snoozed = Q(snooze__until__gte=self.today)
        return queryset.filter(snoozed) if value == YES else queryset.exclude(snoozed)

    def filter_churned(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        """By whether they left: the day stays when they are archived since."""
        return queryset.filter(churned_on__isnull=value == NO)

    def filter_renews_within(self, queryset: CustomerQuerySet, name: str, value: int) -> CustomerQuerySet:
        return queryset.filter(score__renews_on__range=(self.today, self.today + timedelta(days=value)))

    def filter_rule(self, queryset: CustomerQuerySet, name: str, value: Group) -> CustomerQuerySet:
        return queryset.filter(value.condition(self.moment))
