"""What the views of the API are made of: the checks, a list by filter and keyset, a write done once."""

from typing import Any, ClassVar, TypeVar

from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from core import pagination
from core.api import idempotency
from core.api.filtering import ClosedFilterBackend
from core.filters import ClosedFilter
from core.pagination import Order

M = TypeVar("M", bound=Model)
PAGE = 100


class ApiView(APIView):
    """An address of the API. `area` is the first half of the scope it takes: `customers` of `customers:read`.

    `area_of_writes` is that of its writes, where it is another one.
    """

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    area: ClassVar[str]
    area_of_writes: ClassVar[str] = ""
    filter_backends = (ClosedFilterBackend,)
    filterset_class: ClassVar[type[ClosedFilter[Any]] | None] = None
    filterset_kwargs: dict[str, Any]
    limits: dict[str, str]  # what the throttle has to say

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.now = timezone.now()
        self.limits = {}
        super().initial(request, *args, **kwargs)
        method = str(request.method)
        handler = getattr(self, method.lower(), None)
        if method not in SAFE_METHODS and handler is not None:
            # On the instance, once authentication and permissions have passed: keys belong to who asks.
            setattr(self, method.lower(), idempotency.once(handler))

    def filtered(self, rows: QuerySet[Any], **context: Any) -> Any:
        """Return the view's filter over these rows, by the parameters of the address; its `qs` are those selected.

        `context`: what the filter takes besides. Raises ValidationError for a parameter that is unknown or wrong.
        """
        self.filterset_kwargs = context
        return self.filter_backends[0]().get_filterset(self.request, rows, self)

    def check_permissions(self, request: Request) -> None:
        """Count the request first: what a key may not do, it may not do without end either."""
        super().check_throttles(request)
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        """Counted already."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        for name, value in getattr(self, "limits", {}).items():
            response[name] = value
        # Customers' data must not stay in a shared cache.
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)


def page_of(rows: QuerySet[M], order: Order, request: Request) -> pagination.Page[M]:
    """Return the page the cursor names. One query. Raises BadCursor."""
    cursor = request.query_params.get("cursor")
    try:
        return pagination.page(rows, order, cursor, PAGE)
    # Half a surrogate pair in the address: it cannot be encoded to check the signature.
    except UnicodeError:
        raise BadRequest(cursor) from None


def listed(serializer: type[Serializer[Any]], page: pagination.Page[Any], **context: Any) -> Response:
    """Answer a page, each of its rows as the serializer shows it."""
    results = serializer(page.rows, many=True, context=context).data
    return Response({"results": results, "next_cursor": page.next_cursor})


def checked(serializer: Serializer[Any]) -> dict[str, Any]:
    """Return the checked values of a body. Raises ValidationError."""
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data
