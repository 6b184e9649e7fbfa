"""What a closed day says of some customers whatever a draft's points: gathered once, judged for each draft or try."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scoring.inputs import read, stages
from scoring.runs import recompute
from scoring.vectorised import UNKNOWN, BatchEngine, Facts, Known, Scores
from scoring.vectorised.shapes import Additive, Sums
from scoring.vectorised.sparse import Sparse, narrow, to_sparse
from scoring.what_if.swap import Swap

BATCH = 2_000  # customers whose counts are in memory at once


class Bands(NamedTuple):
    """A judgement, aligned with customers: numbers in hundredths, which count where the band is not UNKNOWN."""

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
    None before the first publication and, after, for the draft.
    """

    customers: np.ndarray
    version_before: int | None
    version_after: int | None
    before: Bands
    facts: "Compact | None" = None
    after: Bands | None = None

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
    for which, bands in (("was", part.before), ("becomes", part.after)):
        for name, array in bands._asdict().items() if bands is not None else ():
            yield f"{which}/{name}", array
    if (facts := part.facts) is None:
        return
    yield from ((f"sums/{name}", array) for name, array in facts.sums.arrays().items())
    for ago, sums in facts.before.items():
        yield from ((f"before {ago}/{name}", array) for name, array in sums.arrays().items())
    for i, key in enumerate(sorted(facts.inputs)):
        yield from _named(f"input {i}", facts.inputs[key])
    yield from _named("override", facts.override)
    yield "quiet_days", facts.quiet_days
    yield "days_known", facts.days_known


def _named(name: str, known: Known) -> Iterable[tuple[str, np.ndarray]]:
    yield f"{name}/value", known.value
    yield f"{name}/known", known.known


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


def _facts(batch_engine: BatchEngine, customers: Sequence[int], swap: Swap) -> Facts:
    columns = read.current(batch_engine, customers, as_of=swap.day, known_on=swap.day)
    return recompute.facts(batch_engine, columns, swap.day, digests=False)


def _part(swap: Swap, before: BatchEngine | None, after: BatchEngine, customers: list[int]) -> Part:
    facts = _facts(swap.bare if swap.is_draft(after) else after, customers, swap)
    if before is None:
        was = Bands.unknown(len(customers))
    # The usual case, in which only points or bands were changed: the facts are gathered once for both.
    elif swap.is_draft(after) and swap.shares_facts(before):
        was = Bands.from_scores(before.judge(facts))
    else:
        was = Bands.from_scores(before.judge(_facts(before, customers, swap)))
    # By number, because what is prepared is read by another process.
    version = None if before is None else before.model.version
    if swap.is_draft(after):
        return Part(facts.customers, version, None, was, facts=Compact.from_facts(facts))
    return Part(facts.customers, version, after.model.version, was, after=Bands.from_scores(after.judge(facts)))


@dataclass(frozen=True, slots=True)
class Judged:
    """Customers in order of their parts, with what they have before and after. Versions: 0 is the draft, or none."""

    customers: np.ndarray
    before: Bands
    after: Bands
    version_before: np.ndarray
    version_after: np.ndarray

    def only(self, mask: np.ndarray) -> "Judged":
        return Judged(
            self.customers[mask],
            Bands(*(array[mask] for array in self.before)),
            Bands(*(array[mask] for array in self.after)),
            self.version_before[mask],
            self.version_after[mask],
        )


def judge(parts: Sequence[Part], batch_engine: BatchEngine) -> Judged:
    """Score all parts with a model of the base's structure."""
    after = [_after(part, batch_engine) for part in parts]
    sizes = [len(part.customers) for part in parts]
    return Judged(
        customers=_joined(part.customers for part in parts),
        before=_bands([part.before for part in parts]),
        after=_bands(after),
        version_before=np.repeat(np.array([part.version_before or 0 for part in parts], dtype=np.int64), sizes),
        version_after=np.repeat(np.array([part.version_after or 0 for part in parts], dtype=np.int64), sizes),
    )


def _after(part: Part, batch_engine: BatchEngine) -> Bands:
    if part.facts is None:
        assert part.after is not None
        return part.after
    scores = batch_engine.judge(part.facts.unfold(part.customers))
    return Bands(scores.engagement, scores.engagement_band, scores.health, scores.health_band)


def _bands(parts: Sequence[Bands]) -> Bands:
    return Bands(*(_joined(getattr(part, name) for part in parts) for name in Bands._fields))


def _joined(arrays: Iterable[np.ndarray]) -> np.ndarray:
    present = list(arrays)
    return np.concatenate(present) if present else np.zeros(0, dtype=np.int64)
