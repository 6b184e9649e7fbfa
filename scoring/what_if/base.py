"""What a closed day says of some customers whatever a draft's points: gathered once, judged for each draft or try."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from scoring.inputs import several_days, stages
from scoring.models import ScoreHistory
from scoring.risk.signals import FALL_DAYS
from scoring.runs import recompute
from scoring.vectorised import UNKNOWN, BatchEngine, Facts, Known, Scores, is_judged
from scoring.vectorised.shapes import Additive, Sums
from scoring.vectorised.sparse import Sparse, narrow, to_sparse
from scoring.what_if.swap import Swap

BATCH = 2_000  # customers whose counts are in memory at once
FALL = timedelta(days=FALL_DAYS)


class Bands(NamedTuple):
    """A judgement, aligned with customers, in hundredths: engagement counts where known, health where judged."""

    engagement: np.ndarray
    engagement_band: np.ndarray
    health: np.ndarray
    health_band: np.ndarray

    @classmethod
    def from_scores(cls, scores: Scores) -> "Bands":
        return cls(*(narrow(getattr(scores, name)) for name in cls._fields))

    @classmethod
    def unknown(cls, size: int) -> "Bands":
        nothing = np.zeros(size, dtype=np.int8)
        return cls(nothing, nothing + UNKNOWN, nothing, nothing + UNKNOWN)


@dataclass(frozen=True, slots=True)
class Part:
    """Customers of a shard who are scored by one version before, and by one after.

    `facts` when the draft is to score them; else `after`, what another published version gives them. Versions are
    None before the first publication and, after, for the draft. What is `earlier` is FALL_DAYS before the day, by the
    same versions; `there` tells who has a history on that day.
    """

    customers: np.ndarray
    version_before: int | None
    version_after: int | None
    before: Bands
    before_earlier: Known  # health
    there: np.ndarray
    facts: "Compact | None" = None
    facts_earlier: "Compact | None" = None
    after: Bands | None = None
    after_earlier: Known | None = None

    @property
    def size(self) -> int:
        """Return the bytes it takes in memory."""
        return sum(array.nbytes for _, array in arrays_of(self))


@dataclass(frozen=True, slots=True)
class Compact:
    """Facts in the narrowest types; what only digests and lists need is left out."""

    sums: Sparse
    before: Mapping[int, Sparse]
    inputs: Mapping[str, Known]
    silent: frozenset[str]
    quiet_days: np.ndarray
    days_known: np.ndarray
    override: Known
    is_new: np.ndarray

    @classmethod
    def from_facts(cls, facts: Facts) -> "Compact":
        return cls(
            sums=_sparse(facts.sums),
            before={ago: _sparse(sums) for ago, sums in facts.before.items()},
            inputs={key: _known(known) for key, known in facts.inputs.items()},
            silent=facts.silent,
            quiet_days=narrow(facts.quiet_days),
            days_known=narrow(facts.days_known),
            override=_known(facts.override),
            is_new=facts.is_new,
        )

    def unfold(self, customers: np.ndarray) -> Facts:
        """Return facts to judge: 64 bits again, so that nothing overflows."""
        nothing = np.zeros(len(customers), dtype=np.int64)
        return Facts(
            customers=customers,
            sums=self.sums,
            before=self.before,
            inputs={key: _wide(known) for key, known in self.inputs.items()},
            silent=self.silent,
            last_active_day=nothing,
            quiet_days=self.quiet_days.astype(np.int64),
            days_known=self.days_known.astype(np.int64),
            override=_wide(self.override),
            is_new=self.is_new,
            flagged=nothing.astype(bool),
            digests=[],
        )


def _sparse(sums: Additive) -> Sparse:
    assert isinstance(sums, Sums)
    return to_sparse(sums)


def _known(known: Known) -> Known:
    return Known(narrow(np.where(known.known, known.value, 0)), known.known.astype(bool))


def _wide(known: Known) -> Known:
    return Known(known.value.astype(np.int64), known.known)


def arrays_of(part: Part) -> Iterable[tuple[str, np.ndarray]]:
    """Yield the arrays of a part by name, to be weighed and packed."""
    yield "customers", part.customers
    yield "there", part.there
    numbers: dict[str, Bands | Known | None] = {
        "was": part.before,
        "was earlier": part.before_earlier,
        "becomes": part.after,
        "becomes earlier": part.after_earlier,
    }
    for which, arrays in numbers.items():
        yield from () if arrays is None else _named(which, arrays)
    for which, facts in (("facts", part.facts), ("earlier facts", part.facts_earlier)):
        yield from () if facts is None else _arrays_of_facts(which, facts)


def _arrays_of_facts(which: str, facts: Compact) -> Iterable[tuple[str, np.ndarray]]:
    yield from ((f"{which}/sums/{name}", array) for name, array in facts.sums.arrays().items())
    for ago, sums in facts.before.items():
        yield from ((f"{which}/before {ago}/{name}", array) for name, array in sums.arrays().items())
    for i, key in enumerate(sorted(facts.inputs)):
        yield from _named(f"{which}/input {i}", facts.inputs[key])
    yield from _named(f"{which}/override", facts.override)
    yield f"{which}/quiet_days", facts.quiet_days
    yield f"{which}/days_known", facts.days_known
    yield f"{which}/is_new", facts.is_new


def _named(name: str, arrays: Bands | Known) -> Iterable[tuple[str, np.ndarray]]:
    yield from ((f"{name}/{field}", array) for field, array in arrays._asdict().items())


def gather(swap: Swap, customers: Sequence[int]) -> list[Part]:
    """Return the base of the customers followed on the day whose version publishing the draft changes, by version.

    Scores before are computed again, with the versions that score today, as publishing would: the day's history may
    name an earlier version, or stand from before a merge.
    """
    parts = []
    for start in range(0, len(customers), BATCH):
        followed = stages.followed_then(customers[start : start + BATCH], swap.day).tolist()
        parts += [_part(swap, before, after, some) for before, after, some in swap.halves(followed)]
    return parts


def _part(swap: Swap, before: BatchEngine | None, after: BatchEngine, customers: list[int]) -> Part:
    there = in_history(customers, swap.day - FALL)
    facts, facts_earlier = facts_and_earlier(swap.bare if swap.is_draft(after) else after, customers, swap.day)
    if before is None:
        was, was_earlier = Bands.unknown(len(customers)), _health(None, there)
    # The usual case, in which only points or bands were changed: the facts are gathered once for both.
    elif swap.is_draft(after) and swap.shares_facts(before):
        was, was_earlier = judged_and_earlier(before, facts, facts_earlier, there)
    else:
        was, was_earlier = judged_and_earlier(before, *facts_and_earlier(before, customers, swap.day), there)
    # By number, because what is prepared is read by another process.
    version = None if before is None else before.model.version
    part = Part(facts.customers, version, None, was, was_earlier, there)
    if swap.is_draft(after):
        return replace(part, facts=Compact.from_facts(facts), facts_earlier=Compact.from_facts(facts_earlier))
    becomes, becomes_earlier = judged_and_earlier(after, facts, facts_earlier, there)
    return replace(part, version_after=after.model.version, after=becomes, after_earlier=becomes_earlier)


def in_history(customers: Sequence[int], day: date) -> np.ndarray:
    """Tell who has a history on the day: a fall is measured against nothing else. One query."""
    rows = ScoreHistory.objects.filter(customer__in=customers, day=day).values_list("customer", flat=True)
    return np.isin(customers, list(rows))


def facts_and_earlier(batch_engine: BatchEngine, customers: Sequence[int], day: date) -> tuple[Facts, Facts]:
    """Gather the facts of the day, and those of FALL_DAYS before, each as known then."""
    gathered = {
        then: recompute.facts(batch_engine, columns, then, digests=False)
        for then, columns in several_days.days_as_known_then(batch_engine, customers, [day - FALL, day])
    }
    return gathered[day], gathered[day - FALL]


def judged_and_earlier(
    batch_engine: BatchEngine, facts: Facts, earlier: Facts, there: np.ndarray
) -> tuple[Bands, Known]:
    """Return what a day comes to, and the health of FALL_DAYS before of those who were `there`."""
    return Bands.from_scores(batch_engine.judge(facts)), _health(batch_engine.judge(earlier), there)


def _health(scores: Scores | None, there: np.ndarray) -> Known:
    if scores is None:
        return Known(np.zeros(len(there), dtype=np.int8), np.zeros(len(there), dtype=bool))
    return Known(narrow(scores.health), there & is_judged(scores.health_band))
