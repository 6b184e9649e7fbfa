"""The query of a segment as a body sends it: parameters of the customer list."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import MultipleChoiceFilter
from rest_framework.exceptions import ValidationError

from core.filters import fault_messages
from customers import segments
from customers.models import Customer
from customers.segments import rule

_NO_TEXT = gettext_lazy("This must be a text, as in an address; a list of texts where several can be chosen.")


def checked_query(value: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters that say something. Raises ValidationError for what the list would refuse.

    A segment that finds nobody because it is misspelt is worse than none. A rule may be an object, and is kept as text.
    """
    if isinstance(tree := value.get(rule.PARAMETER), dict):
        value = {**value, rule.PARAMETER: rule.as_text(tree)}
    if faults := {name: [_NO_TEXT] for name, texts in value.items() if not _is_text(name, texts)}:
        raise ValidationError(faults)
    filterset = segments.customer_filter()(value, queryset=Customer.objects.none())
    if not filterset.is_valid():
        raise ValidationError(fault_messages(filterset))
    if not filterset.query:
        raise ValidationError(_("Choose at least one filter."))
    query: dict[str, Any] = filterset.query
    return query


def _is_text(name: str, value: Any) -> bool:
    if isinstance(value, list) and isinstance(segments.customer_filter().base_filters.get(name), MultipleChoiceFilter):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str)
