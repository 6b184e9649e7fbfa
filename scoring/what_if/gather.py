"""Gathering the base: what a closed day says of some customers, as it was known at its close."""

from collections.abc import Sequence

from scoring.inputs import read
from scoring.runs import recompute
from scoring.vectorised import BatchEngine, Facts
from scoring.what_if.base import Bands, Compact, Part
from scoring.what_if.swap import Swap

BATCH = 2_000


def gather(swap: Swap, customers: Sequence[int]) -> list[Part]:
    """Return the base of those who were followed on the day and whom publishing the draft touches, by version.

    Scores before are computed again, with the versions that score today, as publishing would: the day's history may
    name an earlier version, or stand from before a merge.
    """
    parts = []
    for start in range(0, len(customers), BATCH):
        followed = read.followed_then(customers[start : start + BATCH], swap.day).tolist()
        parts += [_part(swap, before, after, some) for before, after, some in swap.halves(followed)]
    return parts


def facts_of(batch_engine: BatchEngine, customers: Sequence[int], swap: Swap) -> Facts:
    columns = read.current(batch_engine, customers, as_of=swap.day, known_on=swap.day)
    return recompute.facts(batch_engine, columns, swap.day, digests=False)


def _part(swap: Swap, before: BatchEngine | None, after: BatchEngine, customers: list[int]) -> Part:
    facts = facts_of(swap.bare if swap.is_draft(after) else after, customers, swap)
    if before is None:
        was = Bands.unknown(len(customers))
    elif swap.is_draft(after) and swap.shares_facts(before):
        was = Bands.of(before.judge(facts))
    else:
        was = Bands.of(before.judge(facts_of(before, customers, swap)))
    version = None if before is None else before.model.version
    if swap.is_draft(after):
        return Part(facts.customers, version, None, was, facts=Compact.of(facts))
    return Part(facts.customers, version, after.model.version, was, after=Bands.of(after.judge(facts)))
