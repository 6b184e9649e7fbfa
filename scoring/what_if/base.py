"""What a closed day says of some customers, whatever a draft's points: kept compact, unfolded when it is judged."""

import io
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from scoring.vectorised import UNKNOWN, Facts, Known, Scores
from scoring.vectorised.shapes import Additive, Sums
from scoring.vectorised.sparse import Sparse, from_arrays, narrow, of


class Bands(NamedTuple):
    """A judgement, aligned with customers: numbers in hundredths, which count where the band is not UNKNOWN."""

    engagement: np.ndarray
    engagement_band: np.ndarray
    health: np.ndarray
    health_band: np.ndarray

    @classmethod
    def of(cls, scores: Scores) -> "Bands":
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
        return sum(array.nbytes for _, array in _arrays(self))


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
    def of(cls, facts: Facts) -> "Compact":
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
    return of(sums)


def _known(known: Known) -> Known:
    return Known(narrow(np.where(known.known, known.value, 0)), known.known.astype(bool))


def _wide(known: Known) -> Known:
    return Known(known.value.astype(np.int64), known.known)


def pack(parts: Iterable[Part]) -> bytes:
    """Return parts as bytes; nothing of it is code."""
    parts = list(parts)
    arrays = {f"{i}/{name}": array for i, part in enumerate(parts) for name, array in _arrays(part)}
    heads = [_head(part) for part in parts]
    file = io.BytesIO()
    arrays["heads"] = np.frombuffer(json.dumps(heads).encode(), dtype=np.uint8)
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return zlib.compress(file.getvalue(), level=1)


def unpack(body: bytes) -> list[Part]:
    with np.load(io.BytesIO(zlib.decompress(body)), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    heads = json.loads(arrays.pop("heads").tobytes())
    return [_part(head, _within(arrays, f"{i}/")) for i, head in enumerate(heads)]


def _head(part: Part) -> dict[str, Any]:
    facts = part.facts
    return {
        "versions": [part.version_before, part.version_after],
        "before": [] if facts is None else sorted(facts.before),
        "inputs": [] if facts is None else sorted(facts.inputs),
        "silent": [] if facts is None else sorted(facts.silent),
    }


def _arrays(part: Part) -> Iterable[tuple[str, np.ndarray]]:
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


def _part(head: dict[str, Any], arrays: dict[str, np.ndarray]) -> Part:
    before, after = head["versions"]
    becomes = _within(arrays, "becomes/")
    return Part(
        customers=arrays["customers"],
        version_before=before,
        version_after=after,
        before=Bands(**_within(arrays, "was/")),
        facts=_facts(head, arrays) if after is None else None,
        after=Bands(**becomes) if becomes else None,
    )


def _facts(head: dict[str, Any], arrays: dict[str, np.ndarray]) -> Compact:
    return Compact(
        sums=from_arrays(_within(arrays, "sums/")),
        before={ago: from_arrays(_within(arrays, f"before {ago}/")) for ago in head["before"]},
        inputs={key: Known(**_within(arrays, f"input {i}/")) for i, key in enumerate(head["inputs"])},
        silent=frozenset(head["silent"]),
        quiet_days=arrays["quiet_days"],
        days_known=arrays["days_known"],
        override=Known(**_within(arrays, "override/")),
    )


def _within(arrays: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
