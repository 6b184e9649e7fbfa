"""Who changed a field of a customer last."""

from datetime import datetime

from django.utils.translation import gettext as _

from customers.models import Change, Customer


def changed_by(customer: Customer | None, name: str) -> tuple[str, datetime] | None:
    """Return who changed a field last, and when. One query."""
    changes = Change.objects.filter(customer=customer, fields__has_any_keys=[name, f"{name}_id"])
    last = changes.select_related("by").order_by("-at").first()
    return (last.by.name if last.by else _("a system"), last.at) if last else None
