"""The question itself: what would publishing this draft, or a try of it, do on a closed day?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import days
from core.days import utc_day
from customers.models import Customer
from scoring.models import Prepared, ScoringModel
from scoring.vectorised import BatchEngine
from scoring.what_if import outcome, portfolio, prepare, swap
from scoring.what_if.base import Part
from scoring.what_if.gather import gather
from scoring.what_if.judging import judge
from scoring.what_if.kept import kept
from scoring.what_if.outcome import Outcome
from scoring.what_if.swap import Swap
from scoring.what_if.trying import Try
from staff.models import User

DIRECT = 3_000  # customers whose base is gathered while the page waits
DIRECT_GOOD_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """`outcome` is None while the base is to be prepared, or being prepared."""

    swap: Swap
    model: BatchEngine  # the draft with the try on it
    prepared: Prepared | None  # None: gathered directly, or to be prepared
    outcome: Outcome | None

    @property
    def day(self) -> date:
        return self.swap.day

    @property
    def is_being_prepared(self) -> bool:
        made = self.prepared
        return self.outcome is None and made is not None and made.made_at is None and made.failed_at is None


def last_day() -> date | None:
    return days.last_closed()


def answer(draft: ScoringModel, tried: Try, *, day: date, now: datetime, user: User) -> Answer:
    """Raises NoAnswer when the version cannot be published as it is."""
    asked = swap.of(draft, day)
    model = BatchEngine(tried.on(asked.model.model)) if tried else asked.model
    prepared = prepare.find(asked)
    parts = _parts(asked, prepared, now)
    if parts is None:
        return Answer(asked, model, prepared, None)
    judged = judge(parts, model)
    return Answer(asked, model, prepared, outcome.seen(judged, portfolio.visible_to(user, utc_day(now))))


def _parts(asked: Swap, prepared: Prepared | None, now: datetime) -> list[Part] | None:
    if prepared is not None and prepared.made_at is not None:
        made = prepared
        return kept.get(f"prepared {made.pk}", lambda: prepare.load(made), now=now, good_for=prepare.KEPT)
    everybody = list(Customer.objects.known().order_by("pk").values_list("pk", flat=True)[: DIRECT + 1])
    if len(everybody) > DIRECT:
        return None
    return kept.get(f"direct {asked.key}", lambda: gather(asked, everybody), now=now, good_for=DIRECT_GOOD_FOR)
