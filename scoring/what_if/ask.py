"""The question: what would publishing this draft, or a try of it with other numbers, do on a closed day?

Trip of an answer: `load_swap` → the base's parts (prepared, or gathered here) → `judge` → `compare`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from core import days
from core.days import business_day
from customers.models import Customer
from scoring import engine
from scoring.model_versions.versions import hundredths
from scoring.models import Factor, Prepared, ScoringModel, Status, Weight
from scoring.vectorised import BatchEngine
from scoring.what_if import prepare
from scoring.what_if.base import Part, gather
from scoring.what_if.comparison import Comparison, compare, visible_portfolio
from scoring.what_if.judged import judge
from scoring.what_if.prepare import cache
from scoring.what_if.swap import Swap, load_swap
from staff.models import User

DIRECT = 3_000  # customers whose base is gathered while the page waits; more are prepared by workers
DIRECT_GOOD_FOR = timedelta(minutes=1)


class NoDraft(Exception):
    """The version was published meanwhile: nothing of it changes any more."""


@dataclass(frozen=True, slots=True)
class Try:
    """What is to be different from the draft as it is saved."""

    points: Mapping[int, Decimal] = field(default_factory=dict)  # by event type
    weights: Mapping[str, int] = field(default_factory=dict)  # by the factor's key
    bounds: Mapping[str, Decimal] = field(default_factory=dict)  # yellow_from, green_from

    def __bool__(self) -> bool:
        return bool(self.points or self.weights or self.bounds)

    def on(self, model: engine.Model) -> engine.Model:
        """Return the model with these numbers; its structure stays."""
        return replace(
            model,
            weights=tuple(
                replace(weight, points=hundredths(self.points[weight.event_type]))
                if weight.event_type in self.points
                else weight
                for weight in model.weights
            ),
            factors=tuple(
                replace(factor, weight=self.weights.get(factor.key, factor.weight)) for factor in model.factors
            ),
            bands=replace(model.bands, **{name: hundredths(bound) for name, bound in self.bounds.items()}),
        )


@transaction.atomic
def save_try(draft: ScoringModel, tried: Try) -> None:
    """Write the numbers into the draft. Raises NoDraft; IntegrityError when the bounds do not ascend."""
    # Locked against a publication: a published version never changes.
    held = ScoringModel.objects.select_for_update().get(pk=draft.pk)
    if held.status != Status.DRAFT:
        raise NoDraft
    for event_type, points in tried.points.items():
        Weight.objects.filter(model=held, event_type=event_type).update(points=points)
    for factor in Factor.objects.filter(model=held):
        if (weight := tried.weights.get(factor_key(factor))) is not None:
            factor.weight = weight
            factor.save(update_fields=["weight"])
    if tried.bounds:
        ScoringModel.objects.filter(pk=held.pk).update(**tried.bounds)


def factor_key(factor: Factor) -> str:
    """Return what tells the factor from others of its model (engine.Factor.key)."""
    return f"{factor.kind}:{factor.name}" if factor.name else factor.kind


@dataclass(frozen=True, slots=True)
class Answer:
    """`comparison` is None while the base is to be prepared, or being prepared."""

    swap: Swap
    model: BatchEngine  # the draft with the try on it
    prepared: Prepared | None  # None: gathered directly, or to be prepared
    comparison: Comparison | None

    @property
    def day(self) -> date:
        return self.swap.day

    @property
    def is_being_prepared(self) -> bool:
        made = self.prepared
        return self.comparison is None and made is not None and made.made_at is None and made.failed_at is None


def last_day() -> date | None:
    return days.last_closed()


def answer(draft: ScoringModel, tried: Try, *, day: date, now: datetime, user: User) -> Answer:
    """Raises NoAnswer when the version cannot be published as it is."""
    swap = load_swap(draft, day)
    model = BatchEngine(tried.on(swap.model.model)) if tried else swap.model
    prepared = prepare.find(swap)
    parts = _parts(swap, prepared, now)
    if parts is None:
        return Answer(swap, model, prepared, None)
    judged = judge(parts, model)
    return Answer(swap, model, prepared, compare(judged, visible_portfolio(user, business_day(now))))


def _parts(swap: Swap, prepared: Prepared | None, now: datetime) -> list[Part] | None:
    if prepared is not None and prepared.made_at is not None:
        made = prepared
        return cache.get(f"prepared {made.pk}", lambda: prepare.load(made), now=now, good_for=prepare.KEPT)
    # One more than DIRECT, to know without counting a million that there are too many.
    everybody = list(Customer.objects.known().order_by("pk").values_list("pk", flat=True)[: DIRECT + 1])
    if len(everybody) > DIRECT:
        return None
    return cache.get(f"direct {swap.key}", lambda: gather(swap, everybody), now=now, good_for=DIRECT_GOOD_FOR)
