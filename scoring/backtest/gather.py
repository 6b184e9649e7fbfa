"""One day of one shard: what each version said then, and what happened after. Arrays, one element per customer."""

import io
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from scoring.backtest import outcomes, sums
from scoring.backtest.outcomes import Seen
from scoring.backtest.setup import Chunk, Setup
from scoring.backtest.split import Role
from scoring.backtest.statistics import Bools, Floats, Ints
from scoring.inputs import read, stages
from scoring.inputs.read import Columns
from scoring.runs import recompute, shards
from scoring.vectorised import NEVER, UNKNOWN, BatchEngine, Scores, is_judged

BATCH = 1_000  # customers whose counts are in memory at once

Arrays = dict[str, np.ndarray]


def scored(setup: Setup, chunk: Chunk) -> Arrays:
    """Return a chunk's rows. Of days that are immature, only how many customers were followed."""
    customers = shards.customers(chunk.shard, of=setup.population)
    # Nothing of them is scored: they are only counted, for the report to say how many.
    if chunk.stand.role == Role.IMMATURE:
        return {"immature": np.array([_followed(customers, chunk)])}
    parts = [_batch(setup, chunk, customers[i : i + BATCH]) for i in range(0, len(customers), BATCH)]
    return joined([part for part in parts if part])


def suggested(setup: Setup, chunk: Chunk, batch_engine: BatchEngine, customers: Ints) -> Arrays:
    """Return the engagement that suggested weights give to the customers of a chunk's rows."""
    parts = [
        {"suggested": _engagement(recompute.score(batch_engine, _columns(batch_engine, batch, chunk), chunk.stand.day))}
        for batch in (customers[i : i + BATCH].tolist() for i in range(0, len(customers), BATCH))
    ]
    return joined(parts)


def _followed(customers: Sequence[int], chunk: Chunk) -> int:
    return len(stages.followed_then(customers, chunk.stand.day)) if customers else 0


def _batch(setup: Setup, chunk: Chunk, ids: Sequence[int]) -> Arrays:
    day = chunk.stand.day
    # Sorted, because everything here is aligned by bisection.
    who = np.array(sorted(ids), dtype=np.int64)
    seen = outcomes.seen(who, setup.outcome, day, setup.activities, least_days=setup.job.least_days)
    who, seen = who[seen.followed], _only(seen, seen.followed)
    if not len(who):
        return {}
    columns = _columns(setup.tested, who.tolist(), chunk)
    scores = recompute.score(setup.tested, columns, day)
    if setup.outcome.kind == outcomes.Kind.QUIET:  # who never was active cannot go quiet
        seen = Seen(seen.followed & (scores.last_active != NEVER), seen.happened, seen.lost)
    arrays: Arrays = {
        "customer": who,
        "day": np.full(len(who), day.toordinal()),
        "happened": seen.happened,
        "lost": seen.lost,
        **_scores_of("tested", scores),
    }
    # Twice the time, so only when there is another version to compare with.
    if setup.compares:
        arrays |= _scores_of(
            "current", recompute.score(setup.current, _columns(setup.current, who.tolist(), chunk), day)
        )
    counted = recompute.score(setup.counting, _columns(setup.counting, who.tolist(), chunk), day)
    arrays["events"] = np.nan_to_num(_engagement(counted)) / 100
    arrays["quiet"] = np.where(counted.last_active == NEVER, np.nan, day.toordinal() - counted.last_active)
    arrays |= _by_half_life(setup, chunk, columns, seen.happened)
    return {name: values[seen.followed] for name, values in arrays.items()}


def _columns(batch_engine: BatchEngine, ids: Sequence[int], chunk: Chunk) -> Columns:
    return read.current(batch_engine, ids, as_of=chunk.stand.day, known_on=chunk.stand.day)


def _only(seen: Seen, mask: Bools) -> Seen:
    return Seen(seen.followed[mask], seen.happened[mask], seen.lost[mask])


def _scores_of(whose: str, scores: Scores) -> Arrays:
    return {
        f"{whose}_engagement": _engagement(scores),
        f"{whose}_engagement_band": scores.engagement_band.astype(np.int8),
        f"{whose}_health": np.where(is_judged(scores.health_band), scores.health.astype(float), np.nan),
        f"{whose}_health_band": scores.health_band.astype(np.int8),
    }


def _engagement(scores: Scores) -> Floats:
    return np.where(scores.engagement_band == UNKNOWN, np.nan, scores.engagement.astype(float))


def _by_half_life(setup: Setup, chunk: Chunk, columns: Columns, happened: Bools) -> Arrays:
    """Return the version's own points by each half-life, and for days that fit, the sums of a sample of rows."""
    weights = setup.tested.model.weights
    table = sums.decays(weights, setup.own, setup.half_lives)
    decayed = sums.decayed(columns, weights, table, chunk.stand.day.toordinal())
    points = np.array([weight.points for weight in weights], dtype=float)
    arrays = {"by_half_life": (decayed @ points).T}
    if chunk.stand.role == Role.FIT:
        kept = happened | (chance(columns.customers) < setup.fit_share)
        arrays["kept"] = kept
        # float32 halves the largest array; a regression needs no more digits.
        arrays["sums"] = np.where(kept[:, None, None], np.moveaxis(decayed, 0, 1), 0).astype(np.float32)
    return arrays


def chance(customers: Ints) -> Floats:
    """Return a number 0..1 for each customer, always the same: all days of one are in a sample, or none."""
    # A multiplicative hash (the golden ratio's 64 bits): no random state to keep between workers.
    mixed = (customers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(11)
    return mixed.astype(float) / 2.0**53


def joined(parts: Sequence[Mapping[str, np.ndarray]]) -> Arrays:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}


def packed(arrays: Arrays) -> bytes:
    """Return the arrays as bytes for `unpacked`; of `sums`, only the rows that were kept."""
    if "sums" in arrays:  # only the sample is worth keeping
        kept = arrays["kept"]
        arrays = {**arrays, "sums": arrays["sums"][kept]}
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def unpacked(body: bytes, names: Collection[str] | None = None, *, but: Collection[str] = ()) -> Arrays:
    """Return the arrays there are: all, or of `names`; those in `but` are not read at all."""
    with np.load(io.BytesIO(body), allow_pickle=False) as file:
        return {name: file[name] for name in file.files if (names is None or name in names) and name not in but}
