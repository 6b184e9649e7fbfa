"""Events of deleted customers and contacts: withdrawn under the act, and restored when it is undone."""

from datetime import date

from customers import change_feed
from customers.models import Act
from events.log import telling
from events.log.telling import Told, Which
from events.models import Flag

# What records tell of a contact is their customer's.
_OF_CONTACT = f"contact_id = %(contact)s AND (flags & {int(Flag.RECORD)}) = 0"
# Those that were sent with one of its ids: the others belong elsewhere, and are moved.
_OF_CUSTOMER = """EXISTS (
    SELECT FROM customers_identity AS company
    WHERE company.id = event.company_id AND company.customer_id = event.customer_id
)"""
_NOT_RESTORED = """void_act_id = %(removal)s AND NOT EXISTS (
    SELECT FROM events_event AS again
    WHERE again.customer_id = event.customer_id AND again.occurred_at = event.occurred_at
      AND again.source_id = event.source_id AND again.message_hash = event.message_hash
      AND again.told_act_id = %(act)s
)"""


def withdraw(customer: int, contact: int | None, *, act: int, open_day: date, limit: int) -> Told:
    """Withdraw some of the events, of one contact or of the customer itself."""
    return telling.withdraw(_which(customer, contact), act=act, open_day=open_day, limit=limit)


def restore(customer: int, contact: int | None, *, removal: int, act: int, open_day: date, limit: int) -> Told:
    """Tell some of those again that a deletion withdrew and its undoing has not yet."""
    which = _which(customer, contact)
    params = {**which.params, "removal": removal}
    where = f"{which.where} AND {_NOT_RESTORED}"
    return telling.restore(Which([customer], where, params), act=act, open_day=open_day, limit=limit)


def standing(customer: int, contact: int | None) -> int | None:
    """Return the act that deleted a contact, or the customer, and was not undone."""
    of, gone = ("customer", customer) if contact is None else ("contact", contact)
    acts = Act.objects.filter(kind=Act.Kind.REMOVAL, detail__gone=gone, detail__of=of, detail__undone__isnull=True)
    return acts.order_by("-pk").values_list("pk", flat=True).first()


def note(customer: int, contact: int | None) -> None:
    """Have events withdrawn that came to a deleted contact, or to a deleted customer, after the deletion."""
    removal = standing(customer, contact)
    if removal is not None and contact is None:
        change_feed.resettle_customer(customer, act=removal)
    elif removal is not None and contact is not None:
        change_feed.resettle([(customer, contact)], act=removal)


def _which(customer: int, contact: int | None) -> Which:
    if contact is None:
        return Which([customer], _OF_CUSTOMER)
    return Which([customer], _OF_CONTACT, {"contact": contact})
