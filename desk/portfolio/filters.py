"""The filters of the portfolio: whose customers, since when, and by what the table is split."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from core.days import ONE_DAY
from core.filters import UNASSIGNED
from customers.models import Segment
from customers.models.customer import CustomerQuerySet
from desk.list.filters import OwnerFilter, labelled
from desk.list.past_filter import shared_segments, within
from scoring.runs import past_days
from staff.models import Team

PERIODS = [
    ("month", _("Since the start of last month")),
    ("7", _("Last 7 days")),
    ("30", _("Last 30 days")),
    ("90", _("Last 90 days")),
    ("quarter", _("This quarter")),
]
SPLITS = [
    ("owner", _("Owner")),
    ("segment", _("Segment")),
    ("plan", _("Plan")),
    ("industry", _("Industry")),
    ("country", _("Country")),
    ("team", _("Team")),
]


class PortfolioFilter(OwnerFilter):
    """The same names and values as in the customer list, so that each number can open the customers behind it.

    Three queries for the choices: colleagues, teams, shared segments.
    """

    listing: ClassVar = frozenset({"period", "by"})

    team = ChoiceFilter(label=_("Team"), method="filter_team", empty_label=_("All teams"))
    segment = ChoiceFilter(label=_("Segment"), method="filter_segment", empty_label=_("All customers"))
    plan = CharFilter(label=_("Plan"), method="filter_label", max_length=100)
    industry = CharFilter(label=_("Industry"), method="filter_label", max_length=100)
    country = CharFilter(label=_("Country"), method="filter_label", max_length=100)
    period = ChoiceFilter(label=_("Period"), choices=PERIODS, empty_label=None)
    by = ChoiceFilter(label=_("Table by"), choices=SPLITS, empty_label=None)

    def __init__(self, data: Mapping[str, Any], *, queryset: CustomerQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        teams = Team.objects.order_by("name", "pk").values_list("pk", "name")
        self.filters["team"].extra["choices"] = [*((str(pk), name) for pk, name in teams), (UNASSIGNED, _("No team"))]
        self.segments: dict[str, Segment] = shared_segments()
        self.filters["segment"].extra["choices"] = [(pk, segment.name) for pk, segment in self.segments.items()]

    @property
    def chosen_period(self) -> str:
        return str(self.cleaned_data["period"] or "month")

    @property
    def split(self) -> str:
        return str(self.cleaned_data["by"] or "owner")

    @property
    def splits(self) -> list[tuple[str, Any]]:
        return SPLITS

    @property
    def split_label(self) -> Any:
        return dict(SPLITS)[self.split]

    def first_day(self, today: date) -> date:
        """Return the first day of the period, which runs up to today."""
        return past_days.PERIODS[self.chosen_period](today) + ONE_DAY

    @property
    def customers_query(self) -> dict[str, str]:
        """What the list needs to show the same customers."""
        return {name: value for name, value in self.query.items() if name not in self.listing}

    def filter_label(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return labelled(queryset, name, value)

    def filter_team(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return queryset.filter(team=None if value == UNASSIGNED else int(value))

    def filter_segment(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return within(self.segments[value], queryset)
