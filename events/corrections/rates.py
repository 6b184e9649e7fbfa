"""Values that waited for an exchange rate: told again with the value, once there is one for their day."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from core import days
from core.models import CurrencyRate
from core.money import Rates
from customers.models import Act
from events.corrections import taking
from events.corrections.taking import Row
from events.log import telling
from events.log.event_rows import value_of
from events.models import Flag
from events.wire.amounts import amount_of

# Rows that another worker converts at this moment are passed over.
_WAITING = f"""
    SELECT customer_id, customer_id, occurred_at, id, source_id, message_hash, day, person_id, contact_id, properties
    FROM (SELECT currency, min(day) AS first FROM core_currencyrate GROUP BY 1) AS rate
    JOIN events_event AS event ON upper(properties ->> 'currency') = currency AND day >= first
    WHERE flags & {int(Flag.NO_RATE)} <> 0 AND void_on IS NULL
    ORDER BY customer_id, occurred_at, id LIMIT %s FOR UPDATE OF event SKIP LOCKED
"""  # noqa: S608
_CHANGED = {
    "value": "(%(values)s::jsonb -> id::text ->> 0)::bigint",
    "flags": f"(flags & ~{int(Flag.NO_RATE)} | (%(values)s::jsonb -> id::text ->> 1)::int)::smallint",
}

Note = Callable[[Collection[str], date], None]


@transaction.atomic
def convert(*, now: datetime, limit: int = telling.CHUNK) -> int:
    """Tell events again whose currency has a rate by now; return how many. One query when none waits."""
    waiting = _waiting(limit)
    if not waiting:
        return 0
    open_day = days.lock_open_day(now)
    rates = Rates({currency for _, _, currency in waiting})
    for currency, of_currency in _by_currency(waiting).items():
        rows = [row for row, _, _ in of_currency]
        values = orjson.dumps({str(row.number): _value(row, properties, rates) for row, properties, _ in of_currency})
        acts = taking.note(_act(currency, open_day, now), rows, now=now)
        which = taking.which(rows, acts, values=values.decode())
        telling.tell_again(which, changed=_CHANGED, act=None, open_day=open_day, limit=len(rows))
    return len(waiting)


@transaction.atomic
def note_new(*, now: datetime) -> Collection[str]:
    """Have apps above note what follows from rates that were entered or changed; return their currencies.

    Two queries, and those of the notes; one when there is no such rate.
    """
    new = list(CurrencyRate.objects.select_for_update(skip_locked=True).filter(noted_at=None))
    currencies = {rate.currency for rate in new}
    if new:
        open_day = days.lock_open_day(now)
        for name in settings.NOTES_OF_RATES:
            note: Note = import_string(name)
            note(currencies, open_day)
        CurrencyRate.objects.filter(pk__in=[rate.pk for rate in new]).update(noted_at=now)
    return currencies


def _waiting(limit: int) -> list[tuple[Row, Mapping[str, Any], str]]:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [limit])
        found = [(Row(*row[:-1])._replace(message_hash=bytes(row[5])), orjson.loads(row[-1])) for row in cursor]
    return [(row, properties, str(properties["currency"]).upper()) for row, properties in found]


def _by_currency(
    waiting: Collection[tuple[Row, Mapping[str, Any], str]],
) -> Mapping[str, list[tuple[Row, Mapping[str, Any], str]]]:
    by_currency: dict[str, list[tuple[Row, Mapping[str, Any], str]]] = defaultdict(list)
    for one in waiting:
        by_currency[one[2]].append(one)
    return dict(sorted(by_currency.items()))


def _value(row: Row, properties: Mapping[str, Any], rates: Rates) -> tuple[int | None, int]:
    value, flags = value_of(amount_of(properties), row.day, rates)
    assert not flags & Flag.NO_RATE, "The query found a rate for it."
    return value, int(flags)


def _act(currency: str, open_day: date, now: datetime) -> Act:
    """Return the act of this currency's events on this day, the same one for all chunks."""
    detail = {"currency": currency, "day": open_day.isoformat()}
    known = Act.objects.filter(kind=Act.Kind.RATE, customer=None, detail__contains=detail).first()
    return known or Act.objects.create(kind=Act.Kind.RATE, at=now, detail=detail)
