from datetime import date, timedelta

from django.db.models import F, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import pagination
from core.days import utc_day
from customers.filters import ORDERS, CustomerFilter
from customers.models import Contact, Customer
from customers.models.customer import CustomerQuerySet
from events import timeline
from events.models import ActiveDay
from records.renewals import next_renewal
from scoring import signs
from scoring.explain import explain
from staff.requests import StaffRequest

MANY = 1_000  # counted exactly up to here; "more than" says enough beyond
CONTACTS_SHOWN = 10
CONTACT_DAYS = 365


@require_safe
def customer_list(request: StaffRequest) -> HttpResponse:
    today = utc_day(timezone.now())
    customers = Customer.objects.visible_to(request.user).known()
    asked = CustomerFilter(request.GET, queryset=customers)
    found = asked.found
    rows = found.select_related("score", "owner").annotate(renews_on=next_renewal(today))
    return render(
        request,
        "customers/list.html",
        {
            "filter": asked,
            "page": pagination.page(rows, ORDERS[asked.order], request.GET.get("cursor")),
            "count": found.order_by()[: MANY + 1].count(),
            "many": MANY,
            "today": today,
        },
    )


@require_safe
def profile(request: StaffRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    today = utc_day(now)
    customer = get_object_or_404(_with_relations(Customer.objects.visible_to(request.user), today), pk=pk)
    return render(
        request,
        "customers/profile.html",
        {
            "customer": customer,
            "score": getattr(customer, "score", None),
            "reasons": signs.reasons_of([customer], today=today)[customer.pk],
            "explanation": explain(customer, now=now),
            "contacts": _contacts(customer, today)[:CONTACTS_SHOWN],
            "contact_count": customer.contacts.count(),
            "timeline": timeline.of(customer, cursor=request.GET.get("cursor")),
            "today": today,
        },
    )


def _with_relations(customers: CustomerQuerySet, today: date) -> CustomerQuerySet:
    return customers.select_related("score", "owner", "second_owner", "team").annotate(renews_on=next_renewal(today))


def _contacts(customer: Customer, today: date):  # type: ignore[no-untyped-def] # an annotated queryset
    """Return the contacts, those active last first. A year back: further would open every partition."""
    days = ActiveDay.objects.filter(
        customer=customer, contact=OuterRef("pk"), day__gte=today - timedelta(days=CONTACT_DAYS)
    )
    last = Subquery(days.order_by("-day").values("day")[:1])
    contacts = Contact.objects.filter(customer=customer).defer("traits", "set_at")
    return contacts.annotate(last_active_on=last).order_by(F("last_active_on").desc(nulls_last=True), "name", "pk")
