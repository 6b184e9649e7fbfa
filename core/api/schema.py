"""The OpenAPI description: what each address takes and answers, taken from the serializers and filters themselves."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from django import forms
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.drainage import get_override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_basic_type, build_parameter_type
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from core.api.fields import Body
from core.api.idempotency import HEADER, LONGEST
from core.api.scopes import area_of, scope_of

CURSOR = "`next_cursor` of the page before. Good for the same filters and order only."
IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Any text of your own. Sent again within 24 hours, the same request gets the same answer.",
)

LIMITS = {
    "RateLimit-Limit": "Requests a minute.",
    "RateLimit-Remaining": "Requests left in this minute.",
    "RateLimit-Reset": "Seconds until the next minute.",
    "Retry-After": "Seconds to wait.",
}
WAITS = ("429", "503")


class Fault(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Its name or path; empty when the request as a whole is meant.")
    code = serializers.CharField()
    message = serializers.CharField()


class Error(serializers.Serializer[Any]):
    """The one shape of all errors. `code` is for programs, `message` for people, in their language."""

    code = serializers.CharField()
    message = serializers.CharField()
    errors = Fault(many=True)  # type: ignore[assignment] # the serializer's own `errors` is not used
    request_id = serializers.CharField(required=False, help_text="Names the request in our log.")


class Schema(AutoSchema):
    """Adds what holds everywhere: the filter's parameters, the idempotency key, the errors, the scope."""

    def get_override_parameters(self) -> list[Any]:
        return [] if self.method in SAFE_METHODS else [IDEMPOTENCY_KEY]

    def get_filter_backends(self) -> list[Any]:
        """Name the view's backends for all it reads: drf-spectacular asks lists of its own kind alone."""
        return list(getattr(self.view, "filter_backends", [])) if self.method in SAFE_METHODS else []

    def get_description(self) -> str:  # type: ignore[override]
        area = area_of(self.view, self.method)
        scope = f"Scope: `{scope_of(area, self.method)}`" if area else ""
        return "\n\n".join(part for part in (super().get_description(), scope) if part)

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Name a component for the thing: what is shown is a Customer, what is taken a CustomerRequest."""
        return type(serializer).__name__.removesuffix("Out").removesuffix("Body")

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        codes = ["400", "401", "403", "404", "405", "406", "429", "503"]
        if self.method not in SAFE_METHODS:
            codes += ["409", "413", "415", "422"]
        for code in codes:
            bodies.setdefault(code, self._get_response_for_code(Error, code))
        return bodies


class Key(OpenApiAuthenticationExtension):
    target_class = "staff.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A secret API key, made by an admin."}


class ClosedFilterExtension(DjangoFilterExtension):
    """A closed filter's fields as query parameters, with the limits that they check; and the cursor.

    drf-spectacular's own guesses types from the model's fields and knows no limits.
    """

    target_class = "core.api.filtering.ClosedFilterBackend"
    priority = 1  # before the extension of all filter backends

    def get_schema_operation_parameters(self, auto_schema: AutoSchema, *args: Any, **kwargs: Any) -> list[Any]:
        filterset_class = self.target.get_filterset_class(auto_schema.view)
        if filterset_class is None:
            return []
        fields = {name: deepcopy(row).field for name, row in filterset_class.base_filters.items()}
        return [
            *(_parameter(name, _shape(field), str(field.label or "")) for name, field in fields.items()),
            _parameter("cursor", build_basic_type(OpenApiTypes.STR), CURSOR),
        ]


def _parameter(name: str, shape: Any, description: str) -> Any:
    return build_parameter_type(name=name, schema=shape, location=OpenApiParameter.QUERY, description=description)


def _shape(field: forms.Field) -> Any:
    """Return the JSON schema of a form field; those whose choices are rows are plain texts."""
    if isinstance(field, forms.DecimalField):  # before whole numbers: to Django it is one of them
        return {"type": "string", "format": "decimal"}
    if isinstance(field, forms.ChoiceField):
        choices = [str(value) for value, _words in field.choices if value != ""]  # type: ignore[misc, union-attr]
        item = {"type": "string", "enum": choices} if choices else {"type": "string"}
        return {"type": "array", "items": item} if isinstance(field, forms.MultipleChoiceField) else item
    if isinstance(field, forms.IntegerField):
        return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
    if isinstance(field, forms.DateField):
        return build_basic_type(OpenApiTypes.DATE)
    longest = getattr(field, "max_length", None)
    return {"type": "string", "maxLength": longest} if longest else build_basic_type(OpenApiTypes.STR)


def lists(operation: str, row: type[serializers.Serializer[Any]], tag: str) -> Any:
    """Describe a list: pages of rows."""
    return extend_schema(operation_id=operation, responses={200: _page(row)}, tags=[tag])


@cache
def _page(row: type[serializers.Serializer[Any]]) -> Any:
    cursor = serializers.CharField(allow_null=True, help_text="Null on the last page.")
    name = f"{row.__name__.removesuffix('Out')}Page"
    return inline_serializer(name, {"results": row(many=True), "next_cursor": cursor})


def reads(operation: str, row: Any, tag: str) -> Any:
    return extend_schema(operation_id=operation, responses={200: row}, tags=[tag])


def writes(
    operation: str,
    body: Any,
    row: Any,
    tag: str,
    *,
    status: tuple[int, ...] = (200,),
    also: tuple[OpenApiParameter, ...] = (),
) -> Any:
    """Describe a write; `also` are parameters of its address."""
    responses = dict.fromkeys(status, row)
    return extend_schema(operation_id=operation, request=body, responses=responses, tags=[tag], parameters=[*also])


def deletes(operation: str, tag: str) -> Any:
    return extend_schema(operation_id=operation, request=None, responses={204: None}, tags=[tag])


def close(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say of every body that it takes no other fields: so it does."""
    closed = {
        f"{get_override(body, 'component_name', body.__name__.removesuffix('Body'))}Request" for body in _bodies(Body)
    }
    schemas: Mapping[str, dict[str, Any]] = result.get("components", {}).get("schemas", {})
    for name, schema in schemas.items():
        if name.removeprefix("Patched") in closed:
            schema["additionalProperties"] = False
    return result


def limits(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say of every answer which headers tell about limits; none is required: without Redis nobody is counted."""
    result.setdefault("components", {})["headers"] = {
        name: {"description": text, "schema": {"type": "integer", "minimum": 0}} for name, text in LIMITS.items()
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                names = [*LIMITS] if status in WAITS else [name for name in LIMITS if name != "Retry-After"]
                named = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
                answer["headers"] = {**answer.get("headers", {}), **named}
    return result


def _bodies(base: type[Body]) -> list[type[Body]]:
    return [item for child in base.__subclasses__() for item in (child, *_bodies(child))]
