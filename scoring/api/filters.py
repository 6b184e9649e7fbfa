from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import DateFilter

from core.filters import ClosedFilter
from scoring.models import ScoreHistory

Days = QuerySet[ScoreHistory]


class DayFilter(ClosedFilter[Days]):
    """Which closed days; the last one is included."""

    # One format: the page's fields take a reader's own way to write a day, a program must not depend on it.
    since = DateFilter("day", "gte", label=_("First day"), input_formats=["%Y-%m-%d"])
    until = DateFilter("day", "lte", label=_("Last day"), input_formats=["%Y-%m-%d"])
