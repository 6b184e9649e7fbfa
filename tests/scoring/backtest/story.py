"""Three hundred customers whose back-test can be done by hand.

All were active once, in January. On 30 March a payment of 120 of them failed; 60 of these leave on 10 April. On
30 April a payment of another 120 failed; 60 of these leave on 10 May. Of the last 60 customers, 10 leave on 20 May;
that a payment of theirs failed on 29 April became known on 15 May only.
"""

from datetime import date

from core.jobs import rederiving
from customers.models import Customer, InputLog, Segment
from events.models import DailyCount, EventType
from scoring.backtest import lifecycle
from scoring.backtest.outcomes import Kind, Outcome
from scoring.model_versions import versions
from scoring.models import ScoringModel
from tests.conftest import NOW

EARLIER, LATER, TOO_LATE = date(2026, 3, 31), date(2026, 5, 1), date(2026, 6, 1)
DAYS = [EARLIER, LATER, TOO_LATE]
ON_CHURN = Outcome(Kind.CHURNED, 30)


def tell() -> list[Customer]:
    customers = Customer.objects.bulk_create(Customer(name=f"C{i}", created_at=NOW) for i in range(300))
    _log(customers, date(2026, 1, 1), "active")
    _log(customers[:60], date(2026, 4, 10), "churned")
    _log(customers[120:180], date(2026, 5, 10), "churned")
    _log(customers[240:250], date(2026, 5, 20), "churned")
    _count(customers, "Signed in", date(2026, 1, 5))
    _count(customers[:120], "Payment failed", date(2026, 3, 30))
    _count(customers[120:240], "Payment failed", date(2026, 4, 30))
    _count(customers[240:], "Payment failed", date(2026, 4, 29), known_on=date(2026, 5, 15))
    return customers


def draft() -> ScoringModel:
    return versions.draft_from(ScoringModel.objects.current(), now=NOW)


def segment_draft(customers, owner, query=None) -> ScoringModel:
    """Return a draft for the segment of the last 180 customers: all who leave in May, and nobody who left in April."""
    Customer.objects.filter(pk__in=[customer.pk for customer in customers[120:]]).update(plan="pro")
    rederiving.rederive(Customer.objects.all())
    segment = Segment.objects.create(name="Pro plans", query=query or {"plan": "pro"}, owner=owner, created_at=NOW)
    made = draft()
    made.segment = segment
    made.save(update_fields=["segment"])
    return made


def start(model, **options):
    asked = {"judged": "engagement", "calls": 120, "now": NOW, "by": None, **options}
    return lifecycle.start(model, asked.pop("outcome", ON_CHURN), asked.pop("days", DAYS), **asked)


def pays(customers, day, revenue):
    InputLog.objects.bulk_create(
        InputLog(customer=one, name="mrr", known_on=day, number=revenue * 1000, text="EUR") for one in customers
    )


def _log(customers, day, stage):
    InputLog.objects.bulk_create(InputLog(customer=one, name="stage", known_on=day, text=stage) for one in customers)


def _count(customers, event_type, day, known_on=None):
    kind = EventType.objects.get(name=event_type)
    DailyCount.objects.bulk_create(
        DailyCount(customer=one, event_type=kind, day=day, known_on=known_on or day, count=1, value_sum=0)
        for one in customers
    )
