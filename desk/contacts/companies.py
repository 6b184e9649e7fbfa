"""At which customers a contact is and was, as far as the reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from customers.models import Affiliation, Contact, Customer
from customers.people import memberships
from staff.models import User

MOST_SHOWN = 50  # periods; somebody who works for two companies in turn has one for each change


@dataclass(frozen=True, slots=True)
class AtCompany:
    """A customer a contact belongs to, belonged to, or has events at. Unknown is None."""

    customer: Customer
    since: datetime | None
    until: datetime | None
    is_present: bool


def companies_of(contact: Contact, user: User) -> Sequence[AtCompany]:
    """Return the present customer first, then earlier ones, then others with events of the contact. Two queries.

    The contact's customer is loaded, and the reader may see it. Others only where the reader may see these, too.
    """
    periods = memberships.periods(contact.pk, most=MOST_SHOWN)
    belonged = {period.customer for period in periods}
    elsewhere = Affiliation.objects.filter(contact=contact).exclude(customer=contact.customer_id).values("customer")
    others = Customer.objects.visible_to(user).known().filter(Q(pk__in=elsewhere) | Q(pk__in=belonged))
    seen = {customer.pk: customer for customer in others.order_by("name", "pk")} | {
        contact.customer_id: contact.customer
    }
    first, *earlier = periods or [memberships.Period(contact.customer_id, contact.member_since, None)]
    return [
        AtCompany(contact.customer, first.since, None, is_present=True),
        *(AtCompany(seen[one.customer], one.since, one.until, False) for one in earlier if one.customer in seen),
        *(AtCompany(seen[pk], None, None, False) for pk in seen if pk not in belonged | {contact.customer_id}),
    ]
