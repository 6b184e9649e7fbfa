"""Ids of people and companies that a request writes: those that name nobody are refused."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from customers.models import WrongId


def not_wrong(value: str) -> str:
    """Return the id. One query. Raises ValidationError for a wrong one (core.names.ids, customers.models.WrongId)."""
    if WrongId.objects.is_wrong(value):
        text = _("“%(id)s” is what programs write where an id is missing: it names nobody.")
        raise ValidationError(text % {"id": value[:40]}, "wrong_id")
    return value


def not_wrong_in_path(value: str) -> str:
    """Return the id as it stands in an address. Raises what `not_wrong` raises, of the field "id"."""
    try:
        return not_wrong(value)
    except ValidationError as error:
        raise ValidationError({"id": error.detail}) from None
