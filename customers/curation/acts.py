"""The acts of colleagues who put things right: on the timeline of each customer concerned, and undone as one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from customers.models import Act, Contact, Customer
from staff.models import User


def note(kind: Act.Kind, customers: Iterable[int], detail: Mapping[str, Any], *, now: datetime, by: User | None) -> Act:
    """Write an act: of one customer, or of several, with one for each beneath it. At most two queries."""
    ids = sorted(set(customers))
    act = Act.objects.create(
        kind=kind, customer_id=ids[0] if len(ids) == 1 else None, at=now, by=by, detail=dict(detail)
    )
    if len(ids) > 1:
        Act.objects.bulk_create([Act(kind=kind, customer_id=pk, part_of=act, at=now, by=by) for pk in ids])
    return act


def about(which: Customer | Contact, role: str) -> dict[str, Any]:
    """Return what a detail says of a customer or contact, which may be called otherwise later."""
    return {role: which.pk, f"{role}_name": str(which)}


def taken_back(act: Act, **more: Any) -> dict[str, Any]:
    """Return the detail of the act that takes one back: whom it is about, and nothing of what that one did."""
    return {name: value for name, value in act.detail.items() if name not in ("events", "first", "last")} | more


def customers_of(act: Act) -> list[int]:
    """Return the customers on whose timelines an act stands. One query at most."""
    if act.customer_id is not None:
        return [act.customer_id]
    return sorted(pk for pk in act.parts.values_list("customer_id", flat=True) if pk is not None)


def mark(act: Act, **more: Any) -> None:
    """Add to an act's detail, and save it."""
    act.detail.update(more)
    act.save(update_fields=["detail"])
