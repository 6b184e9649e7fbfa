"""Serializers that are closed, as filters are: a field nobody knows is an error, never ignored."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError as Refused
from django.core.validators import EmailValidator
from django.db.models import CheckConstraint, Model
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.fields import empty

from core.db import jsonb
from core.names import addresses
from core.names.cleaning import cleaned_id, cleaned_name

BIGGEST = 2**63 - 1  # of a bigint: PostgreSQL answers a larger number with an error


class Body(serializers.Serializer[Any]):
    """What a write sends. Its fields are all there is; unknown ones are refused."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            raise ValidationError({name[:50]: [_("There is no such field.")] for name in unknown[:20]}, "unknown")
        return super().to_internal_value(data)


class Id(serializers.IntegerField):
    """One of our own ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": BIGGEST, **kwargs})


class Text(serializers.CharField):
    """A text as it is sent; a number is not taken for one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Name(Text):
    """A text of one line, kept without invisible characters (core.names.cleaning)."""

    clean = staticmethod(cleaned_name)

    def to_internal_value(self, data: Any) -> str:
        text = self.clean(super().to_internal_value(data))
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


class Identifier(Name):
    """An id of another system, kept without invisible characters."""

    clean = staticmethod(cleaned_id)


class Email(serializers.EmailField):
    """An address by the rule of every door (core.names.addresses), in small letters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": addresses.MOST, **kwargs})
        # Django's own rule knows addresses that no other door takes, and refuses letters beyond ASCII.
        self.validators = [known for known in self.validators if not isinstance(known, EmailValidator)]

    def run_validation(self, data: Any = empty) -> Any:
        text = super().run_validation(data)
        address = addresses.email(text)
        if text and address is None:
            self.fail("invalid")
        return address or text


class Currency(serializers.RegexField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^[A-Z]{3}\Z", **kwargs)


class Money(serializers.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, **kwargs})


@extend_schema_field({"type": "string", "format": "decimal", "examples": ["61.25"]})
class Points(serializers.Field[int, Any, str, Any]):
    """Hundredths, written with two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: int) -> str:
        # A text, because JSON's numbers become floats in most clients.
        return f"{Decimal(value) / 100:.2f}"


@extend_schema_field(OpenApiTypes.OBJECT)
class Tree(serializers.JSONField):
    """A JSON object of any shape, within the bounds of what events may carry (core/db/jsonb.py)."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise ValidationError(_("This must be a JSON object."))
        try:
            return jsonb.tree(data)
        except jsonb.Unclean as error:
            raise ValidationError(str(error)) from None


class NamedOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


def keep_constraints(row: Model) -> None:
    """Refuse a row that breaks a rule of its table. Raises ValidationError."""
    for constraint in row._meta.constraints:
        # Unique constraints are left to the database: asking beforehand proves nothing.
        if isinstance(constraint, CheckConstraint):
            try:
                constraint.validate(type(row), row)
            except Refused as error:
                raise ValidationError(error.messages) from None


def name_in_path(value: str) -> str:
    """Return an id of another system as it stands in an address, without invisible characters.

    Raises ValidationError.
    """
    try:
        return Identifier(max_length=200).run_validation(value)
    except ValidationError as error:
        raise ValidationError({"id": error.detail}) from None
