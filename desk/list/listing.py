"""How customers are listed, which narrows nothing: their order, the columns, and whether they are put into groups."""

from typing import Any, ClassVar

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, MultipleChoiceFilter
from django_filters.fields import MultipleChoiceField

from core.pagination import Order
from customers.models import AttributeDefinition, AttributeType
from customers.models.customer import CustomerQuerySet
from customers.segments.attributes import OWN
from desk.list.by_fit import ByFit
from desk.list.list_columns import ALL, MRR_THEN, Column, chosen, of_attributes
from desk.list.orders import ORDER_WORDS, ORDERS
from desk.list.past_filter import PastFilter

GROUPS = [
    ("owner", _("Owner")),
    ("team", _("Team")),
    ("stage", _("Stage")),
    ("plan", _("Plan")),
    ("industry", _("Industry")),
    ("country", _("Country")),
    ("health", _("Health")),
]


class ColumnsField(MultipleChoiceField):
    """A column of an attribute whose definition is gone is not shown: it must not empty a segment that surveys ask."""

    def valid_value(self, value: str) -> bool:
        return super().valid_value(value) or value.startswith(OWN)


class ColumnsFilter(MultipleChoiceFilter):
    field_class = ColumnsField


class Listing(PastFilter, ByFit[CustomerQuerySet]):
    """One query where a column or the groups are of an attribute, else none."""

    listing: ClassVar = frozenset({"sort", "columns", "group"})

    sort = ChoiceFilter(label=_("Sorted by"), choices=list(ORDER_WORDS.items()), empty_label=None)
    columns = ColumnsFilter(label=_("Columns"), choices=[(column.name, column.label) for column in ALL])
    group = ChoiceFilter(label=_("In groups by"), choices=GROUPS, empty_label=_("No groups"))

    @cached_property
    def definitions(self) -> list[AttributeDefinition]:
        """What attributes mean. One query."""
        return list(AttributeDefinition.objects.all())

    @cached_property
    def attribute_columns(self) -> list[Column]:
        return of_attributes(self.definitions)

    @property
    def groups_offered(self) -> list[tuple[str, Any]]:
        """What customers can be put into groups by: also attributes that have options."""
        options = [row for row in self.definitions if row.type == AttributeType.OPTION]
        return [*GROUPS, *((f"{OWN}{row.key}", row.label) for row in options)]

    @property
    def group_by(self) -> str:
        return self.cleaned_data["group"] if self.is_valid() else ""

    def named_order(self, name: str) -> Order:
        return ORDERS[name]

    @property
    def columns_shown(self) -> list[Column]:
        """The columns chosen, or the default ones."""
        names = self.cleaned_data["columns"] if self.is_valid() else ()
        columns = chosen(names, self.attribute_columns if any(name.startswith(OWN) for name in names) else ())
        return [*columns, MRR_THEN] if self.is_valid() and self.past_day else columns
