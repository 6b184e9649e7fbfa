"""Customers handed to another owner: one act, undone as one."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from customers import lifecycle
from customers.curation import acts
from customers.models import Act, Customer
from staff.models import User


@transaction.atomic
def assign(customers: Collection[int], owner: User | None, *, now: datetime, by: User | None) -> Act | None:
    """Make a colleague, or nobody, the owner of customers; return the act, or None when all had that owner.

    The act keeps who owned each; those who had the owner already are not in it. Eleven queries at most.
    """
    rows = Customer.objects.filter(pk__in=customers).select_for_update(no_key=True).order_by("pk")
    before = dict(rows.values_list("pk", "owner_id"))
    owner_id = None if owner is None else owner.pk
    changed = lifecycle.edit({pk: {"owner_id": owner_id} for pk in before}, now=now, by=by)
    if not changed:
        return None
    detail = {"owner": owner_id, "owner_name": "" if owner is None else owner.name, "customers": len(changed)}
    return _note(changed, before, detail, now=now, by=by)


def _note(
    changed: list[int],
    before: Mapping[int, int | None],
    detail: Mapping[str, object],
    *,
    now: datetime,
    by: User | None,
) -> Act:
    """Write the act with a row for each customer beneath, which says who owned it; for one customer, one row."""
    one = changed[0] if len(changed) == 1 else None
    own = {"before": before[one]} if one is not None else {}
    act = Act.objects.create(kind=Act.Kind.OWNER, customer_id=one, at=now, by=by, detail={**detail, **own})
    if one is None:
        parts = [
            Act(kind=Act.Kind.OWNER, customer_id=pk, part_of=act, at=now, by=by, detail={"before": before[pk]})
            for pk in changed
        ]
        Act.objects.bulk_create(parts)
    return act


@transaction.atomic
def undo(act: Act, *, now: datetime, by: User | None) -> Act:
    """Give each customer back to whom it belonged, unless its owner changed since; the act returned says how many.

    A former owner who is no longer there leaves the customer to nobody. The caller has locked the act.
    """
    before = _before(act)
    rows = Customer.objects.standing().filter(pk__in=before).select_for_update(no_key=True).order_by("pk")
    owners = dict(rows.values_list("pk", "owner_id"))
    same = [pk for pk, owner in owners.items() if owner == act.detail["owner"]]
    there = set(User.objects.filter(pk__in={pk for pk in before.values() if pk}).values_list("pk", flat=True))
    back = {pk: before[pk] if before[pk] in there else None for pk in same}
    lifecycle.edit({pk: {"owner_id": owner} for pk, owner in back.items()}, now=now, by=by)
    detail = acts.taken_back(act, customers=len(same), changed_since=len(before) - len(same))
    return acts.note(Act.Kind.UNDO, before, detail, now=now, by=by)


def _before(act: Act) -> dict[int, int | None]:
    rows = [act] if act.customer_id is not None else list(act.parts.all())
    return {row.customer_id: row.detail["before"] for row in rows if row.customer_id is not None}
