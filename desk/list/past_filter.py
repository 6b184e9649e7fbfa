"""Filters behind the numbers of the portfolio: what customers were on an earlier day, and who was not contacted."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, DateFilter

from core import days
from core.filters import ClosedFilter, IntegerFilter
from customers import segments
from customers.models import Segment, Stage
from customers.models.customer import CustomerQuerySet
from records.notes import contacts_made
from scoring.models import HealthBand, PastBand, PastDay
from scoring.runs import past_days

UNKNOWN, NOBODY, ANYBODY = "unknown", "none", "any"
YES, NO = "yes", "no"
YES_NO = [(YES, gettext_lazy("Yes")), (NO, gettext_lazy("No"))]
THEN = [
    *HealthBand.choices,
    (UNKNOWN, gettext_lazy("Unknown")),
    (NOBODY, gettext_lazy("Not a customer then")),
    (ANYBODY, gettext_lazy("A customer then")),
]
WITHOUT = [
    ("plan", gettext_lazy("No plan")),
    ("industry", gettext_lazy("No industry")),
    ("country", gettext_lazy("No country")),
]
LONGEST = 3_650  # days


class PastFilter(ClosedFilter[CustomerQuerySet]):
    """What links of the portfolio set. One query for `segment` and two for `since`, only when they are given."""

    of_portfolio: ClassVar = frozenset(
        {"primary_owner", "segment", "followed", "without", "since", "then", "contacted_since", "no_contact_for"}
    )

    primary_owner = ChoiceFilter(
        label=gettext_lazy("Owner, not as second owner"), method="filter_primary_owner", empty_label=gettext_lazy("Any")
    )
    segment = ChoiceFilter(label=gettext_lazy("Segment"), method="filter_segment", empty_label=gettext_lazy("Any"))
    followed = ChoiceFilter(
        label=gettext_lazy("Trial or active"), method="filter_followed", choices=YES_NO, empty_label=gettext_lazy("Any")
    )
    without = ChoiceFilter(
        label=gettext_lazy("Without"), method="filter_without", choices=WITHOUT, empty_label=gettext_lazy("Any")
    )
    since = DateFilter(label=gettext_lazy("Compared with"), method="filter_since")
    then = ChoiceFilter(
        label=gettext_lazy("Health then"), method="filter_then", choices=THEN, empty_label=gettext_lazy("Any")
    )
    contacted_since = DateFilter(label=gettext_lazy("Contact logged from"), method="filter_contacted_since")
    no_contact_for = IntegerFilter(
        label=gettext_lazy("No contact logged for (days)"),
        method="filter_no_contact_for",
        min_value=1,
        max_value=LONGEST,
    )

    today: date
    closed_on: date | None = None  # the day which stands for today, where it is closed

    def __init__(self, data: Mapping[str, Any], *, queryset: CustomerQuerySet) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["primary_owner"].extra["choices"] = self.filters["owner"].extra["choices"]
        self._shared = shared_segments() if data.get("segment") else {}
        self.filters["segment"].extra["choices"] = [(pk, segment.name) for pk, segment in self._shared.items()]
        self.today = days.business_day(timezone.now())

    @property
    def asks_for_those_who_left(self) -> bool:
        data: Any = self.data
        return data.get("followed") == NO or bool(data.get("then"))

    @property
    def past_day(self) -> PastDay | None:
        """The day to compare with, made by the versions that score today. Two queries; none without `since`."""
        if not hasattr(self, "_past_day"):
            since = self.form.cleaned_data.get("since")
            self._past_day = past_days.find(since) if since else None
        return self._past_day

    def check(self, cleaned: Mapping[str, Any]) -> None:
        """Refuse a day that is not kept, and a band of no day. Raises ValidationError."""
        if cleaned.get("then") and not cleaned.get("since"):
            raise ValidationError(_("Say with which day to compare."))
        if cleaned.get("since") and (self.past_day is None or self.past_day.made_at is None):
            raise ValidationError(_("Nothing is kept of that day. Open the portfolio again."))

    def filter_primary_owner(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return queryset.filter(owner=None if value == NOBODY else int(value))

    def filter_segment(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return within(self._shared[value], queryset, closed_on=self.closed_on)

    def filter_followed(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        followed = Q(stage__in=Stage.followed())
        return queryset.filter(followed if value == YES else ~followed)

    def filter_without(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        return queryset.filter(**{value: ""})

    def filter_since(self, queryset: CustomerQuerySet, name: str, value: date) -> CustomerQuerySet:
        """Narrow nothing: it says to which day `then` refers."""
        return queryset

    def filter_then(self, queryset: CustomerQuerySet, name: str, value: str) -> CustomerQuerySet:
        rows: QuerySet[PastBand] = PastBand.objects.filter(of=self.past_day)
        if value not in (NOBODY, ANYBODY):
            rows = rows.filter(health_band=None if value == UNKNOWN else value)
        there = Q(pk__in=rows.values("customer"))
        return queryset.filter(~there if value == NOBODY else there)

    def filter_contacted_since(self, queryset: CustomerQuerySet, name: str, value: date) -> CustomerQuerySet:
        return queryset.filter(pk__in=contacts_made(value, self.closed_on).values("customer"))

    def filter_no_contact_for(self, queryset: CustomerQuerySet, name: str, value: int) -> CustomerQuerySet:
        first = self.today - timedelta(days=value - 1)
        return queryset.exclude(pk__in=contacts_made(first, self.closed_on).values("customer"))


def value_then(past_day: PastDay) -> Subquery:
    """Return, for a query of customers, what each paid a month on a day that is kept."""
    rows = PastBand.objects.filter(of=past_day, customer=OuterRef("pk"))
    return Subquery(rows.values("monthly_value"))


def shared_segments() -> dict[str, Segment]:
    """Return the segments that everybody may ask for, by their ids as text. One query."""
    return {str(segment.pk): segment for segment in Segment.objects.filter(is_shared=True)}


def within(segment: Segment, customers: CustomerQuerySet, *, closed_on: date | None = None) -> CustomerQuerySet:
    """Return those of the customers that are in a segment; of one that names a segment itself, none.

    It could come to name itself.
    """
    if "segment" in segment.query:
        return customers.none()
    return segments.matching(segment.query, customers, closed_on=closed_on)
