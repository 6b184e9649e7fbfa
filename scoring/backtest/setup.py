"""What one back-test works with: the versions as arithmetic, the days, the half-lives to try, the steps to do."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from customers import segments
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from scoring.backtest import drafts, split
from scoring.backtest.outcomes import Kind, Outcome
from scoring.backtest.split import Role, Stand
from scoring.backtest.sums import NO_HALF_LIFE
from scoring.model_versions import versions
from scoring.models import BackTest, ScoringModel
from scoring.runs import shards
from scoring.vectorised import BatchEngine

HALF_LIVES = (7, 15, 30, 60, 90, 180, 365)
MOST_FIT_ROWS = 60_000  # customers × days that weights are fitted to; more would only cost memory and time


class CannotTest(Exception):
    """This version cannot be held against the past; the message is a code that pages put into words."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One day of one shard of customers."""

    stand: Stand
    shard: int


class Setup:
    """Read once by each worker of the back-test. Raises CannotTest.

    A segment's version is tested on the customers that are in the segment today, at each past day: who was in it then
    is not known, because a segment is a filter of today's fields. It is compared with the version that scores the
    segment today.
    """

    def __init__(self, job: BackTest) -> None:
        model = job.model
        current = None if model is None else ScoringModel.objects.current_of(model.segment)
        if model is None or current is None:
            raise CannotTest("no model")
        if model.segment is not None and segments.asks_for_scores(model.segment):
            # Today's scores know how it ended: who is chosen by them is chosen by the outcome.
            raise CannotTest("segment scores")
        self.job = job
        self.segment = model.segment
        loaded = versions.load(model)
        self.own = drafts.own_half_lives(model)
        self.half_life = model.half_life
        self.tested = BatchEngine(loaded)
        # The same object: `compares` asks for identity, and facts are not gathered twice.
        self.current = self.tested if current.pk == model.pk else BatchEngine(versions.load(current))
        self.counting = BatchEngine(drafts.counting(loaded))
        self.outcome = Outcome(Kind(job.outcome), job.horizon, job.quiet_days, job.least_fall)
        self.stands = split.stands(job.days, job.horizon, job.last_whole_day)
        self.versions = {"tested": self._as_kept(model, self.tested), "current": self._as_kept(current, self.current)}
        # As they were at the first step, for later workers too: customers come meanwhile.
        self.shards = range(job.inputs.get("shards", len(shards.all_of_them())))
        self.customers = job.inputs.get("customers", self.population.count())

    @property
    def inputs(self) -> dict[str, Any]:
        """Return what is kept with the back-test: what it was made of."""
        return {
            "versions": self.versions,
            "segment": self.segment_as_kept,
            "shards": len(self.shards),
            "customers": self.customers,
        }

    @property
    def segment_as_kept(self) -> dict[str, Any] | None:
        segment = self.segment
        return None if segment is None else {"pk": segment.pk, "name": segment.name, "query": segment.query}

    @property
    def population(self) -> CustomerQuerySet:
        """Return whom the version is tested on: everybody, or the customers of its segment as it stands now."""
        everybody = Customer.objects.known()
        return everybody if self.segment is None else segments.among(self.segment, everybody)

    @property
    def compares(self) -> bool:
        """Tell whether the tested version is another than the current one."""
        return self.current is not self.tested

    @cached_property
    def half_lives(self) -> list[int]:
        """Return the half-lives to try, ascending; NO_HALF_LIFE is the longest memory, and last."""
        tried = {half_life for half_life in HALF_LIVES if half_life <= self.tested.model.longest_window}
        tried |= {self.half_life} if self.half_life else set()
        return [*sorted(tried), NO_HALF_LIFE]

    @cached_property
    def activities(self) -> list[int]:
        return [weight.event_type for weight in self.tested.model.weights if weight.is_activity]

    @cached_property
    def fit_share(self) -> float:
        """Return which share (0..1) of the rows without the outcome is kept to fit weights to."""
        rows = self.customers * len(self.days_for(Role.FIT))
        return min(1.0, MOST_FIT_ROWS / max(1, rows))

    def days_for(self, role: Role) -> list[date]:
        return [stand.day for stand in self.stands if stand.role == role]

    def chunks(self, *roles: Role) -> list[Chunk]:
        return [Chunk(stand, shard) for stand in self.stands if stand.role in roles for shard in self.shards]

    def _as_kept(self, model: ScoringModel, batch_engine: BatchEngine) -> dict[str, Any]:
        """Return a version as it is kept with the report, so that a reader knows years later what was tested."""
        return {
            "version": model.pk,
            "name": model.name,
            "segment": None if model.segment is None else model.segment.name,
            "status": model.status,
            "window": model.window,
            "half_life": model.half_life,
            "digest": versions.digest(batch_engine.model),
            "weights": [
                {
                    "event_type": row.event_type_id,
                    "name": row.event_type.name,
                    "points": str(row.points),
                    "daily_cap": row.daily_cap,
                    "window": row.window,
                    "half_life": row.half_life,
                }
                for row in model.weights.select_related("event_type").order_by("event_type_id")
            ],
        }
