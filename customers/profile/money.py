"""What a customer pays: revenue in the base currency, contracts, invoices, what is overdue."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Min, Q, Sum, Window

from core.money import Rates
from customers.models import Customer, InputLog
from customers.profile.course import Course
from records.invoices import unpaid_on
from records.models import Contract, Invoice
from scoring.models import ScoreHistory

CONTRACTS_SHOWN, INVOICES_SHOWN = 5, 6
COURSE = 90  # days over which revenue and health are compared


@dataclass(frozen=True, slots=True)
class Overdue:
    """`amount` is in BASE_CURRENCY; None: no rate is known."""

    amount: Decimal | None
    count: int
    since: date  # the last day on which the oldest could have been paid in time


@dataclass(frozen=True, slots=True)
class Money:
    mrr: Decimal | None  # in BASE_CURRENCY; None: unknown, or no rate
    is_converted: bool
    contracts: list[Contract]  # those that run first; each says how many there are, as `total`
    invoices: list[Invoice]  # those overdue first, then the newest; `total` likewise
    overdue: Overdue | None
    course: Course


def of(customer: Customer, health: int | None, today: date) -> Money:
    """Return the money side. Five queries, whatever the number; six with other currencies."""
    total = Window(Count("id"))
    contracts = Contract.objects.filter(customer=customer).annotate(total=total)
    invoices = Invoice.objects.filter(customer=customer).annotate(total=total)
    late = _late(customer, today)
    rates = Rates({customer.currency, *(currency for currency, *_ in late)})
    runs = Q(ends_on=None) | Q(ends_on__gte=today)
    is_late = Q(paid_on=None, is_void=False, due_on__isnull=False, due_on__lt=today)
    return Money(
        mrr=None if customer.mrr is None else rates.in_base(customer.mrr, customer.currency, today),
        is_converted=customer.currency != settings.BASE_CURRENCY,
        contracts=list(contracts.alias(runs=runs).order_by("-runs", "-starts_on", "id")[:CONTRACTS_SHOWN]),
        invoices=list(invoices.alias(late=is_late).order_by("-late", "-issued_on", "id")[:INVOICES_SHOWN]),
        overdue=_overdue(late, rates, today),
        course=_course(customer, health, today),
    )


Late = list[tuple[str, Decimal, int, date]]  # currency, amount, how many, due since


def _late(customer: Customer, today: date) -> Late:
    rows = unpaid_on(today).filter(customer=customer).values_list("currency")
    return list(rows.annotate(amount_due=Sum("amount"), number=Count("id"), since=Min("due_on")))


def _overdue(late: Late, rates: Rates, today: date) -> Overdue | None:
    if not late:
        return None
    known = [rates.in_base(amount, currency, today) for currency, amount, *_ in late]
    amount = None if None in known else sum((one for one in known if one is not None), Decimal(0))
    return Overdue(amount, sum(count for *_, count, _ in late), min(since for *_, since in late))


def _course(customer: Customer, health: int | None, today: date) -> Course:
    """Return where revenue and health came from, as they were known then."""
    then = today - timedelta(days=COURSE)
    logged = (
        InputLog.objects.filter(customer=customer, name="mrr", known_on__lte=then)
        .order_by("-known_on")
        .values_list("number", "text")
        .first()
    )
    scored = ScoreHistory.objects.filter(customer=customer, day=then).values_list("health", flat=True).first()
    amount, currency = logged or (None, None)
    before = None if amount is None or currency != customer.currency else Decimal(amount) / 1000
    return Course(COURSE, before, customer.mrr, scored, health)
