"""The condition of segments on events: from the signed daily counts, within days known now or at a close."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import BigIntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.segments.conditions import Asked, Condition, Moment, days_field
from events import catalogue
from events.models import DailyCount, EventType

MOST_TIMES = 1_000_000
AT_LEAST, AT_MOST, NEVER, FIRST, STOPPED = "at_least", "at_most", "never", "first", "stopped"
HOW = [
    (AT_LEAST, gettext_lazy("at least so many times")),
    (AT_MOST, gettext_lazy("at most so many times")),
    (NEVER, gettext_lazy("never")),
    (FIRST, gettext_lazy("for the first time")),
    (STOPPED, gettext_lazy("before, but no longer")),
]


class EventCondition(Condition):
    """How often an event happened within days that end today; without days, ever."""

    kind = "event"
    label = gettext_lazy("Event")
    uses_scores = True  # events are what engagement is made of

    event = forms.ChoiceField(label=gettext_lazy("Event type"))
    how = forms.ChoiceField(label=gettext_lazy("How often"), choices=HOW)
    times = forms.IntegerField(label=gettext_lazy("Times"), min_value=0, max_value=MOST_TIMES, required=False)
    days = days_field(required=False, label=gettext_lazy("In the last (days)"))

    def load_choices(self) -> None:
        choices = [(name, catalogue.label(name)) for name in self._types]
        self.fields["event"].choices = choices  # type: ignore[attr-defined]

    @property
    def _types(self) -> dict[str, int]:
        return self.lookups.once("event types", _event_types)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        how = data.get("how")
        if how in (AT_LEAST, AT_MOST):
            self.needs("times", data)
            if how == AT_LEAST and data.get("times") == 0:
                self.add_error("times", _("At least 0 times is always true. Enter 1 or more."))
        else:
            data["times"] = None
        if how in (FIRST, STOPPED):
            self.needs("days", data)
        elif how == NEVER:
            data["days"] = None
        return data

    def expression(self, moment: Moment) -> Asked:
        how, times, days = (self.cleaned_data[name] for name in ("how", "times", "days"))
        if how == NEVER:
            return Q(LessThanOrEqual(self._count(moment, None, moment.today), 0))
        first = moment.today - timedelta(days=days - 1) if days else None
        within = self._count(moment, first, moment.today)
        if how == AT_LEAST:
            return Q(GreaterThanOrEqual(within, times))
        if how == AT_MOST:
            return Q(LessThanOrEqual(within, times))
        assert first is not None
        before = self._count(moment, None, first - timedelta(days=1))
        if how == FIRST:
            return Q(GreaterThan(within, 0)) & Q(LessThanOrEqual(before, 0))
        return Q(LessThanOrEqual(within, 0)) & Q(GreaterThan(before, 0))

    def _count(self, moment: Moment, first: date | None, last: date) -> Combinable:
        """Return how often it happened from one day to another: one look into the counts' primary key."""
        counts = DailyCount.objects.filter(
            customer=OuterRef("pk"), event_type=self._types[self.cleaned_data["event"]], day__lte=last
        )
        if first is not None:
            counts = counts.filter(day__gte=first)
        if moment.known_on is not None:
            counts = counts.filter(known_on__lte=moment.known_on)
        total = counts.order_by().values("customer").annotate(total=Sum("count")).values("total")
        return Coalesce(Subquery(total, output_field=BigIntegerField()), Value(0), output_field=BigIntegerField())

    def sentence(self) -> str:
        how, times, days = (self.cleaned_data[name] for name in ("how", "times", "days"))
        words = {"event": catalogue.label(self.cleaned_data["event"]), "times": times, "days": days}
        if how == NEVER:
            return _("never did “%(event)s”") % words
        if how == FIRST:
            return _("did “%(event)s” for the first time in the last %(days)s days") % words
        if how == STOPPED:
            return _("did “%(event)s” before, but not in the last %(days)s days") % words
        return _often(how, times) % words + (_(" in %(days)s days") % words if days else "")


def _often(how: str, times: int) -> str:
    if how == AT_LEAST:
        return ngettext("did “%(event)s” at least %(times)s time", "did “%(event)s” at least %(times)s times", times)
    return ngettext("did “%(event)s” at most %(times)s time", "did “%(event)s” at most %(times)s times", times)


def _event_types() -> dict[str, int]:
    return dict(EventType.objects.offered().order_by("name").values_list("name", "pk"))


CONDITIONS = (EventCondition,)
