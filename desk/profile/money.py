"""What a customer pays: revenue in the base currency, contracts, invoices, what is overdue."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Min, OuterRef, Q, Subquery, Sum, TextField, Window
from django.db.models.functions import Cast, JSONObject

from core.money import Rates, rate_on
from customers.described import origins
from customers.models import Customer, InputLog
from desk.profile.contradiction import RevenueAndHealth
from desk.profile.revenue_sources import Running, difference
from records.invoices import is_overdue_on, unpaid_on
from records.models import Contract, Invoice
from scoring.models import ScoreHistory

CONTRACTS_SHOWN, INVOICES_SHOWN = 20, 12  # two of each at once, the others unfold
COMPARED_DAYS = 90  # days over which revenue and health are compared


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
    past: RevenueAndHealth  # over COMPARED_DAYS
    difference: str  # between monthly revenue and contracts, in words


def annotations(today: date) -> dict[str, Subquery]:
    """Return what `load_money` reads of a customer: overdue sums; revenue and health as known COMPARED_DAYS days ago.

    Amounts come as text, because a number in JSON would pass through a float.
    """
    day = today - timedelta(days=COMPARED_DAYS)
    logged = InputLog.objects.filter(customer=OuterRef("pk"), name="mrr", known_on__lte=day).order_by("-known_on")
    # By the version that scores now: what another one said then is not comparable.
    scored = ScoreHistory.objects.filter(customer=OuterRef("pk"), day=day, model=OuterRef("score__model"))
    late = unpaid_on(today).filter(customer=OuterRef("pk")).order_by().values("currency")
    sums = late.annotate(
        due=Cast(Sum("amount"), TextField()), number=Count("id"), since=Min("due_on"), rate=rate_on(today)
    )
    rows = JSONObject(currency="currency", amount="due", count="number", since="since", rate="rate")
    return {
        "late_invoices": ArraySubquery(sums.values(row=rows)),
        "mrr_then": Subquery(logged.values(row=JSONObject(amount="number", currency="text"))[:1]),
        "health_then": Subquery(scored.values("health")[:1]),
    }


def load_money(customer: Customer, rates: Rates, health: int | None, today: date) -> Money:
    """Return the money side of a customer annotated with `annotations`. Two queries.

    `rates` know the customer's currency and those of `rates_read`.
    """
    total = Window(Count("id"))
    contracts = list(_contracts(customer, today).annotate(total=total)[:CONTRACTS_SHOWN])
    invoices = Invoice.objects.filter(customer=customer).annotate(total=total)
    return Money(
        mrr=None if customer.mrr is None else rates.in_base(customer.mrr, customer.currency, today),
        is_converted=customer.currency != settings.BASE_CURRENCY,
        contracts=contracts,
        invoices=list(invoices.alias(late=is_overdue_on(today)).order_by("-late", "-issued_on", "id")[:INVOICES_SHOWN]),
        overdue=_overdue(_late(customer), rates, today),
        past=_past(customer, health),
        difference=_difference(customer, contracts),
    )


def _contracts(customer: Customer, today: date):  # type: ignore[no-untyped-def] # an annotated queryset
    """Return contracts, those that run first; each says what all that run today add up to (`Running`)."""
    rows = Contract.objects.filter(customer=customer)
    lasts = Q(ends_on=None) | Q(ends_on__gte=today)
    now = lasts & Q(starts_on__lte=today)
    own, valued = Q(currency=customer.currency), Q(monthly_value__isnull=False)
    counts = {"contracts": now & own & valued, "foreign": now & ~own & valued, "unknown": now & ~valued}
    return (
        rows.annotate(amount=Window(Sum("monthly_value", filter=now & own)))
        .annotate(**{name: Window(Count("id", filter=which)) for name, which in counts.items()})
        .alias(lasts=lasts)
        .order_by("-lasts", "-starts_on", "id")
    )


def _difference(customer: Customer, contracts: list[Contract]) -> str:
    if not contracts:
        return ""
    first: Any = contracts[0]  # annotated
    running = Running(first.amount or Decimal(0), first.contracts, first.foreign, first.unknown)
    return difference(customer.mrr, customer.currency, running, origins.known(customer).get("mrr"))


Late = list[tuple[str, Decimal, int, date]]  # currency, amount, how many, due since


def rates_read(customer: Customer) -> dict[str, str | None]:
    """Return currency → rate, of all currencies of overdue invoices."""
    return {row["currency"]: row["rate"] for row in customer.late_invoices}  # type: ignore[attr-defined] # annotated


def _late(customer: Customer) -> Late:
    rows = customer.late_invoices  # type: ignore[attr-defined] # annotated
    return [(row["currency"], Decimal(row["amount"]), row["count"], date.fromisoformat(row["since"])) for row in rows]


def _overdue(late: Late, rates: Rates, today: date) -> Overdue | None:
    if not late:
        return None
    known = [rates.in_base(amount, currency, today) for currency, amount, *_ in late]
    amount = None if None in known else sum((value for value in known if value is not None), Decimal(0))
    return Overdue(amount, sum(count for *_, count, _ in late), min(since for *_, since in late))


def _past(customer: Customer, health: int | None) -> RevenueAndHealth:
    logged = customer.mrr_then or {"amount": None, "currency": None}  # type: ignore[attr-defined] # annotated
    is_known = logged["amount"] is not None and logged["currency"] == customer.currency
    return RevenueAndHealth(
        days=COMPARED_DAYS,
        mrr_before=Decimal(logged["amount"]) / 1000 if is_known else None,
        mrr=customer.mrr,
        health_before=customer.health_then,  # type: ignore[attr-defined] # annotated
        health=health,
    )
