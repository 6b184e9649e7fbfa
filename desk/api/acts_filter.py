from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from core.filters import ClosedFilter, IntegerFilter
from customers.models import Act


class ActFilter(ClosedFilter[Any]):
    """Acts by the customer they are shown at, and by what was done."""

    customer = IntegerFilter(label=_("Customer"), min_value=1, max_value=2**63 - 1, method="filter_customer")
    kind = ChoiceFilter("kind", label=_("Kind"), choices=Act.Kind.choices)

    def filter_customer(self, rows: QuerySet[Act], name: str, value: int) -> QuerySet[Act]:
        """Keep those at the customer, also as one of several."""
        return rows.filter(Q(customer=value) | Q(pk__in=Act.objects.filter(customer=value).values("part_of")))
