"""Fields of a version that come several times."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

MAX_NEW_DAYS = 365


def bound(label: "Lazy", default: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=9, decimal_places=2, default=Decimal(default))


def days_of_new(label: "Lazy") -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label,
        default=0,
        validators=[MaxValueValidator(MAX_NEW_DAYS)],
        help_text=_("A younger customer is new: in no band of health, and not at risk. 0: judged from the first day."),
    )
