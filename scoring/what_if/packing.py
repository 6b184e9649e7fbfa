"""Bases as bytes, to be kept in PostgreSQL: arrays in NumPy's own format, with a JSON head; nothing of it is code."""

import io
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from scoring.vectorised import Known
from scoring.vectorised.sparse import from_arrays
from scoring.what_if.base import Bands, Compact, Part, arrays_of


def pack(parts: Iterable[Part]) -> bytes:
    """Return parts as bytes. Compressed lightly: it is the narrow types that make them small."""
    parts = list(parts)
    arrays = {f"{i}/{name}": array for i, part in enumerate(parts) for name, array in arrays_of(part)}
    heads = [_head(part) for part in parts]
    file = io.BytesIO()
    arrays["heads"] = np.frombuffer(json.dumps(heads).encode(), dtype=np.uint8)
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return zlib.compress(file.getvalue(), level=1)


def unpack(body: bytes) -> list[Part]:
    """Return what `pack` was given, bit for bit."""
    # Without pickle, so that reading a row of the database can never run code.
    with np.load(io.BytesIO(zlib.decompress(body)), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    heads = json.loads(arrays.pop("heads").tobytes())
    return [_part(head, _within(arrays, f"{i}/")) for i, head in enumerate(heads)]


def _head(part: Part) -> dict[str, Any]:
    facts = part.facts
    # The names of the earlier facts are the same.
    return {
        "versions": [part.version_before, part.version_after],
        "before": [] if facts is None else sorted(facts.before),
        "inputs": [] if facts is None else sorted(facts.inputs),
        "silent": [] if facts is None else sorted(facts.silent),
    }


def _part(head: dict[str, Any], arrays: dict[str, np.ndarray]) -> Part:
    before, after = head["versions"]
    becomes = _within(arrays, "becomes/")
    return Part(
        customers=arrays["customers"],
        version_before=before,
        version_after=after,
        before=Bands(**_within(arrays, "was/")),
        before_earlier=Known(**_within(arrays, "was earlier/")),
        there=arrays["there"],
        facts=_facts(head, _within(arrays, "facts/")) if after is None else None,
        facts_earlier=_facts(head, _within(arrays, "earlier facts/")) if after is None else None,
        after=Bands(**becomes) if becomes else None,
        after_earlier=Known(**_within(arrays, "becomes earlier/")) if becomes else None,
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
        is_new=arrays["is_new"],
    )


def _within(arrays: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
