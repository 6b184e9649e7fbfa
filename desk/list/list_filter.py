"""The filter as the customer list has it: those who left are out until something asks for them (decision 55)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from customers.models import Stage
from customers.models.customer import CustomerQuerySet
from customers.segments.rule import PARAMETER
from desk.list.filters import ALL_BUT_ARCHIVED, FOLLOWED, STAGES, CustomerFilter

MANY = 1_000  # counted exactly up to here; "more than" says enough beyond
# Filters that say for themselves whether those who left are meant
SPEAKING = ("stage", "churned", "followed", "then", "segment")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many more the filter would find, had those who left not been left out."""

    churned: int
    archived: int

    @property
    def is_more(self) -> bool:
        return self.churned + self.archived > MANY


class ListFilter(CustomerFilter):
    """For the list and what takes its address: bulk acts, export, saving a segment. Without a word on it, those on
    trial and active ones. Segments and the API read the same address as all but the archived.
    """

    def __init__(self, data: Mapping[str, Any], *, queryset: CustomerQuerySet, **options: Any) -> None:
        data = _without_default(data)
        self.leaves_out = not _speaks(data)
        super().__init__(data, queryset=queryset, **options)

    def offer_choices(self, data: Mapping[str, Any]) -> None:
        super().offer_choices(data)
        stage = self.filters["stage"].extra
        if data.get("stage") != FOLLOWED:
            stage["choices"] = STAGES[1:]
        stage["empty_label"] = STAGES[0][1] if self.leaves_out else _("Any")

    @property
    def qs(self) -> CustomerQuerySet:
        return self.selected.filter(stage__in=Stage.followed()) if self.leaves_out else super().qs

    @property
    def as_segment(self) -> dict[str, Any]:
        return as_segment(self.query)

    def left_out(self) -> LeftOut:
        """Count those left out, up to MANY. One query, none where nobody is left out."""
        if not self.leaves_out or not self.is_valid():
            return LeftOut(0, 0)
        gone = self.selected.filter(stage__in=[Stage.CHURNED, Stage.ARCHIVED]).order_by()[: MANY + 1]
        counts = gone.aggregate(
            churned=Count("pk", filter=Q(stage=Stage.CHURNED)), archived=Count("pk", filter=Q(stage=Stage.ARCHIVED))
        )
        return LeftOut(**counts)


def as_segment(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a query of the list as a segment keeps it: it says outright what the list leaves out by itself."""
    if query and not _speaks(query):
        return {**query, "stage": FOLLOWED}
    return {name: value for name, value in query.items() if (name, value) != ("stage", ALL_BUT_ARCHIVED)}


def _without_default(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave away the stage where it says what the list does by itself."""
    if data.get("stage") != FOLLOWED:
        return data
    rest = data.copy() if isinstance(data, QueryDict) else dict(data)
    del rest["stage"]
    return data if _speaks(rest) else rest


def _speaks(data: Mapping[str, Any]) -> bool:
    return any(data.get(name) for name in SPEAKING) or any(map(_is_of_leaving, _conditions(data.get(PARAMETER))))


def _is_of_leaving(condition: Mapping[str, Any]) -> bool:
    parameters = condition.get("parameters")
    attribute = parameters.get("attribute") if isinstance(parameters, dict) else None
    return condition["kind"] == "stage" or attribute == "churned_on"


def _conditions(text: Any) -> Iterator[dict[str, Any]]:
    """Yield the conditions of a rule, valid or not."""
    try:
        waiting = [json.loads(text or "null")]
    except (ValueError, TypeError, RecursionError):
        return
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict) and "kind" in part:
            yield part
        elif isinstance(part, dict | list):
            waiting += part.values() if isinstance(part, dict) else part
