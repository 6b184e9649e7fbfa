"""What the views of the API are made of: the checks, a list by filter and keyset, a write done once."""

from typing import Any, ClassVar, TypeVar

from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from core import pagination
from core.api import idempotency
from core.filters import ClosedFilter
from core.pagination import Order

M = TypeVar("M", bound=Model)
F = TypeVar("F", bound=ClosedFilter[Any])
PAGE = 100


class ApiView(APIView):
    """An address of the API. `area` is the first half of the scope it takes: `customers` of `customers:read`."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    area: ClassVar[str]
    limits: dict[str, str]  # what the throttle has to say

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.now = timezone.now()
        self.limits = {}
        super().initial(request, *args, **kwargs)
        method = str(request.method)
        handler = getattr(self, method.lower(), None)
        if method not in SAFE_METHODS and handler is not None:
            setattr(self, method.lower(), idempotency.once(handler))

    def check_permissions(self, request: Request) -> None:
        """Count the request first: what a key may not do, it may not do without end either."""
        super().check_throttles(request)
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        """Counted already."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        for name, value in getattr(self, "limits", {}).items():
            response[name] = value
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)


class Nothing(ClosedFilter[Any]):
    """The filter of a list that has none: a name that means nothing is an error all the same."""


def filtered(filter_class: type[F], request: Request, rows: QuerySet[Any]) -> F:
    """Return the filter the address asks for. Raises ValidationError: a bad question gets no answer."""
    asked = filter_class(request.query_params, queryset=rows)
    if not asked.is_valid():
        faults = asked.errors.as_data()
        raise ValidationError({name: [m for e in errors for m in e.messages] for name, errors in faults.items()})
    return asked


def page_of(rows: QuerySet[M], order: Order, request: Request) -> pagination.Page[M]:
    """Return the page the cursor names. One query. Raises BadCursor."""
    cursor = request.query_params.get("cursor")
    try:
        return pagination.page(rows, order, cursor, PAGE)
    except UnicodeError:
        raise BadRequest(cursor) from None


def listed(serializer: type[Serializer[Any]], page: pagination.Page[Any], **context: Any) -> Response:
    """Answer a page, each of its rows as the serializer shows it."""
    results = serializer(page.rows, many=True, context=context).data
    return Response({"results": results, "next_cursor": page.next_cursor})


def checked(serializer: Serializer[Any]) -> dict[str, Any]:
    """Return what a body says. Raises ValidationError."""
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data
