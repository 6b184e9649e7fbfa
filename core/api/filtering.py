"""The filter backend of the API: the page's own filters, which refuse what they do not know."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.views import APIView

from core.filters import ClosedFilter, fault_messages


class NoFilter(ClosedFilter[Any]):
    """The filter of a list that has none, so that a parameter is an error there, too."""


class ClosedFilterBackend(DjangoFilterBackend):
    """Filters a view's rows by its `filterset_class`."""

    def get_filterset(self, request: HttpRequest, queryset: QuerySet[Any], view: APIView) -> Any:
        """Return the filter by the parameters of the address; None for a view without. Raises ValidationError.

        django-filter's own translation of the errors would bring the codes of form fields; ours are of one shape.
        """
        filterset = super().get_filterset(request, queryset, view)
        # 400 and not an empty list: a program would take that for an answer.
        if isinstance(filterset, ClosedFilter) and not filterset.is_valid():
            raise ValidationError(fault_messages(filterset))
        return filterset

    def get_filterset_kwargs(self, request: HttpRequest, queryset: QuerySet[Any], view: APIView) -> dict[str, Any]:
        """Closed filters take no request: the page passes none either."""
        return {"data": request.GET, "queryset": queryset, **getattr(view, "filterset_kwargs", {})}
