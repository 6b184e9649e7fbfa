"""What acts say of the events they withdrew or told again."""

from datetime import date

from core.days import business_day
from customers.models import Act
from events.log.telling import Told


def held(act: int) -> Act:
    """Return an act as it stands, kept from others until the transaction ends: they add chunks of their own."""
    return Act.objects.select_for_update(no_key=True).get(pk=act)


def extend(act: Act, told: Told) -> None:
    """Add what one more chunk did to an act's detail, and save it."""
    add(act, told)
    act.save(update_fields=["detail"])


def add(act: Act, told: Told) -> None:
    """Add what a chunk did to an act's detail: `events`, and the days they are of, `first` and `last`."""
    detail = act.detail
    detail["events"] = detail.get("events", 0) + told.events
    if told.first is not None and told.last is not None:
        first, last = business_day(told.first), business_day(told.last)
        detail["first"] = min(first, _day(detail.get("first"), first)).isoformat()
        detail["last"] = max(last, _day(detail.get("last"), last)).isoformat()


def _day(text: str | None, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise
