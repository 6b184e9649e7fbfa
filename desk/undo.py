"""Taking back what was just done: a signed note of it goes to the page and comes back with the undo."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from customers import attention, lifecycle
from customers.models import Customer, Mark
from playbooks import lifecycle as tasks
from playbooks.models import Task
from staff.models import User

SHOWN = timedelta(seconds=10)
TAKEN = timedelta(minutes=2)  # longer than it is shown: a page without a script shows it until it is left
_SALT = "desk.undo"

Ref = tuple[int, str]  # customer and id


def marks(by: User, refs: Sequence[Ref]) -> str:
    return _sign(by, "marks", [list(ref) for ref in refs])


def task(by: User, done: Task) -> str:
    return _sign(by, "task", [done.customer_id, str(done.id)])


def owners(by: User, before: Mapping[int, int | None], after: int | None) -> str:
    """Note who owned each customer, and who does since."""
    return _sign(by, "owners", [[*pair, after] for pair in before.items()])


def field(by: User, customer: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Note what fields of a customer were, as JSON, and what one of them is since."""
    return _sign(by, "field", [customer, before, after])


def take_back(token: str, *, by: User, now: datetime) -> str:
    """Undo what a colleague did, where nobody went on from there; return what to say about it."""
    try:
        who, what, rows = signing.loads(token, salt=_SALT, max_age=TAKEN)
    except signing.BadSignature:
        return _("It is too late to undo this.")
    if who != by.pk:
        return _("It is too late to undo this.")
    undone = _KINDS[what](rows, by, now)
    return _("Undone.") if undone else _("Not undone: somebody has gone on from there.")


def _sign(by: User, what: str, rows: Any) -> str:
    return signing.dumps([by.pk, what, rows], salt=_SALT, compress=True)


def _marks(rows: Sequence[Sequence[Any]], by: User, now: datetime) -> bool:
    visible = set(Customer.objects.visible_to(by).filter(pk__in=[pk for pk, _ in rows]).values_list("pk", flat=True))
    found = [Mark.objects.filter(customer=pk, id=ref, by=by).first() for pk, ref in rows if pk in visible]
    undone = [attention.take_back(mark, now=now) for mark in found if mark is not None]
    return any(undone)


def _task(row: Sequence[Any], by: User, now: datetime) -> bool:
    found = Task.objects.visible_to(by).filter(customer=row[0], id=row[1], closed_by=by).first()
    try:
        return found is not None and tasks.reopen(found, by=by, now=now).is_open
    except tasks.Refused:
        return False


def _owners(rows: Sequence[Sequence[Any]], by: User, now: datetime) -> bool:
    """Give back those that are still with whom they were given to."""
    before = {pk: owner for pk, owner, _ in rows}
    after = {pk: to for pk, _, to in rows}
    # Not only those in sight: a limited colleague has given the customer away.
    now_owned = dict(Customer.objects.standing().filter(pk__in=before).values_list("pk", "owner_id"))
    changes = {pk: {"owner_id": before[pk]} for pk, owner in now_owned.items() if owner == after[pk]}
    if changes:
        lifecycle.edit(changes, now=now, by=by)
    return bool(changes)


def _field(row: Sequence[Any], by: User, now: datetime) -> bool:
    """Give back the fields where what was changed is still so."""
    pk, before, after = row
    held = Customer.objects.visible_to(by).filter(pk=pk).select_for_update(no_key=True, of=("self",))
    with transaction.atomic():
        customer = held.first()
        if customer is None or any(getattr(customer, name) != value for name, value in after.items()):
            return False
        left = {"churned_on": date.fromisoformat(on)} if (on := before.get("churned_on")) else {}
        return bool(lifecycle.edit({pk: {**before, **left}}, now=now, by=by))


_KINDS: Mapping[str, Callable[[Any, User, datetime], bool]] = {
    "marks": _marks,
    "task": _task,
    "owners": _owners,
    "field": _field,
}
