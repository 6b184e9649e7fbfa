"""What stands in PostgreSQL, read by plain SQL and compared with the ledger."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from bench.crashing.ledger import Fact, Ledger
from bench.crashing.rapport import Rapport

_STORED = """
    SELECT e.message_hash FROM events_event AS e JOIN events_source AS s ON s.id = e.source_id
    WHERE s.name = %s AND e.void_on IS NULL
"""
_SEEN = "SELECT n.message_hash FROM events_seen AS n JOIN events_source AS s ON s.id = n.source_id WHERE s.name = %s"
_COUNTED = """
    SELECT i.value, t.name, c.day, sum(c.count)
    FROM events_dailycount AS c JOIN events_eventtype AS t ON t.id = c.event_type_id
    JOIN customers_identity AS i ON i.customer_id = c.customer_id AND i.kind = 'company'
    GROUP BY 1, 2, 3 HAVING sum(c.count) <> 0
"""


@dataclass(frozen=True)
class Judgement:
    """In events: what was acknowledged, what stands, and what differs."""

    acknowledged: int
    stored: int
    counted: int
    lost: int  # acknowledged, and not stored or not remembered
    doubled: int  # stored more than once
    strange: int  # stored, and never sent
    miscounted: int  # days of a customer and a type whose count is not the ledger's

    @property
    def is_well(self) -> bool:
        return not (self.lost or self.doubled or self.strange or self.miscounted)


def judge(rapport: Rapport, ledger: Ledger, source: str) -> Judgement:
    stored = Counter(bytes(row[0]) for row in rapport.ask(_STORED, [source]))
    seen = {bytes(row[0]) for row in rapport.ask(_SEEN, [source])}
    counted = {(company, name, day): int(n) for company, name, day, n in rapport.ask(_COUNTED)}
    known = ledger.acknowledged.keys()
    return Judgement(
        acknowledged=len(known),
        stored=sum(stored.values()),
        counted=sum(counted.values()),
        lost=sum(name not in stored or name not in seen for name in known),
        doubled=sum(n > 1 for n in stored.values()),
        strange=len(stored.keys() - known - ledger.unanswered.keys()),
        miscounted=_miscounted(ledger, counted),
    )


def _miscounted(ledger: Ledger, counted: dict[tuple[str, str, date], int]) -> int:
    """Compare each day's counts; what nobody was told of may be there or not."""
    least: Counter[Fact] = Counter(ledger.acknowledged.values())
    most = least + Counter(fact for name, fact in ledger.unanswered.items() if name not in ledger.acknowledged)
    return sum(not least[fact] <= counted.get(fact, 0) <= most[fact] for fact in most.keys() | counted.keys())
