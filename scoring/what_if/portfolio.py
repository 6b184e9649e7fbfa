"""What a colleague may see of the portfolio, as columns: customers, whose they are, what they are worth a month."""

from datetime import date

import numpy as np
from django.conf import settings
from django.db.models import BigIntegerField, Case, DecimalField, F, Value, When
from django.db.models.functions import Cast, Coalesce, Round

from core.db import column_query as db
from core.models import CurrencyRate
from customers.models import Customer
from staff.models import User

NO_VALUE = -1  # unknown, or in a currency without a rate
_COLUMNS = ("customer", "owner", "cents")
_BIG = BigIntegerField()


def visible_to(user: User, today: date) -> np.ndarray:
    """Return (customer, owner: 0 for none, cents of BASE_CURRENCY a month), in order of customer. Two queries."""
    cents = Cast(Round(F("mrr") * _rate(today) * 100), _BIG)
    rows = (
        Customer.objects.visible_to(user)
        .known()
        .order_by("pk")
        .values_list("pk", Cast(Coalesce("owner", 0), _BIG), Coalesce(cents, Value(NO_VALUE, _BIG)))
    )
    sql, params = rows.query.sql_with_params()
    return db.read(sql, params, _COLUMNS)


def _rate(today: date) -> Case:
    """Return what says the day's rate of a customer's currency: a short list, so that no row asks another table."""
    newest = CurrencyRate.objects.filter(day__lte=today).order_by("currency", "-day").distinct("currency")
    decimal = DecimalField(max_digits=20, decimal_places=8)
    return Case(
        When(currency=settings.BASE_CURRENCY, then=Value(1, decimal)),
        *(
            When(currency=currency, then=Value(rate, decimal))
            for currency, rate in newest.values_list("currency", "rate")
        ),
        default=None,
        output_field=decimal,
    )
