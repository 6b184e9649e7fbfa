"""Half-life and weights, chosen on the days that fit alone."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from scoring import engine
from scoring.backtest import drafts, gather, suggest
from scoring.backtest.setup import Chunk, Setup
from scoring.backtest.statistics import Bools, Floats
from scoring.backtest.suggest import DoesNotConverge, Fit
from scoring.backtest.sums import NO_HALF_LIFE

LEAST_OUTCOMES = 50  # customers with the outcome; fewer say more about chance than about the score
_NAMES = ("customer", "happened", "lost", "kept", "sums")

Suggestion = dict[str, Any]


def suggestion(setup: Setup, parts: Iterable[tuple[Chunk, bytes]]) -> Suggestion:
    """Return the half-life and weights of the highest likelihood, or why there are none."""
    # Only the named arrays: the others of a part are many times as large.
    loaded = [rows for _, body in parts if (rows := gather.unpacked(body, _NAMES))]
    if not loaded:
        return {"refused": "no days"}
    rows = gather.joined([_sample(part) for part in loaded])
    outcomes = len(np.unique(rows["customer"][rows["happened"]]))
    counts = {
        "outcomes": outcomes,
        "rows": sum(len(part["happened"]) for part in loaded),
        "used": len(rows["happened"]),
    }
    if outcomes < LEAST_OUTCOMES:
        return {"refused": "few", **counts}
    if rows["happened"].all():
        return {"refused": "all", **counts}
    try:
        fits = _fits(setup, rows)
    except (DoesNotConverge, np.linalg.LinAlgError):
        return {"refused": "no fit", **counts}
    # By likelihood, not by AUC: it is what the weights were fitted to, and on the days that fit alone.
    best = max(range(len(fits)), key=lambda i: fits[i].likelihood)
    return {
        **counts,
        "half_life": setup.half_lives[best],
        "likelihoods": [fit.likelihood for fit in fits],
        "intercept": fits[best].intercept,
        "weights": _weights(setup, fits[best]),
    }


def _sample(rows: Mapping[str, np.ndarray]) -> gather.Arrays:
    """Return the kept rows whose outcome is known, `sums` (rows, half-lives, weights) among them."""
    known = ~rows["lost"][rows["kept"]]
    of_kept = {name: rows[name][rows["kept"]] for name in ("customer", "happened")}
    return {name: values[known] for name, values in {**of_kept, "sums": rows["sums"]}.items()}


def _fits(setup: Setup, rows: Mapping[str, np.ndarray]) -> list[Fit]:
    happened, who = rows["happened"], rows["customer"]
    counts_for = _counts_for(setup, happened)
    signs = np.array([-_limit(setup, weight) for weight in setup.tested.model.weights])
    return [
        suggest.logistic(rows["sums"][:, i, :].astype(np.float64), happened, who, counts_for=counts_for, signs=signs)
        for i in range(len(setup.half_lives))
    ]


def _counts_for(setup: Setup, happened: Bools) -> Floats:
    """Rows with the outcome were all kept, of the others a share: each of these stands for several."""
    return np.where(happened, 1.0, 1 / setup.fit_share)


def _limit(setup: Setup, weight: engine.Weight) -> int:
    return int(setup.job.signs.get(str(weight.event_type), 0))


def _weights(setup: Setup, fit: Fit) -> list[dict[str, Any]]:
    """Say each coefficient as points: −100 × the change of log-odds by one event of today, so that more is better."""
    names = {tested["event_type"]: tested["name"] for tested in setup.versions["tested"]["weights"]}
    return [
        {
            "event_type": weight.event_type,
            "name": names[weight.event_type],
            "points_now": weight.points / 100,
            "points": _points(-float(fit.coefficients[i])),
            "low": _points(-float(fit.high[i])) if np.isfinite(fit.errors[i]) else None,
            "high": _points(-float(fit.low[i])) if np.isfinite(fit.errors[i]) else None,
            "limit": _limit(setup, weight),
            "held": bool(fit.held[i]),
            "idle": bool(fit.idle[i]),
        }
        for i, weight in enumerate(setup.tested.model.weights)
    ]


def _points(log_odds: float) -> float:
    most = drafts.MOST_POINTS / 100
    # + 0.0: a rounded −0.0 would be shown with its sign.
    return max(-most, min(most, round(100 * log_odds, 2))) + 0.0


def suggested_model(setup: Setup, suggestion: Suggestion) -> engine.Model | None:
    """Return the tested version's engagement with the suggested weights; None where nothing is suggested."""
    if "weights" not in suggestion:
        return None
    points = {weight["event_type"]: round(weight["points"] * 100) for weight in suggestion["weights"]}
    half_life = None if suggestion["half_life"] == NO_HALF_LIFE else suggestion["half_life"]
    return drafts.with_points(setup.tested.model, points, half_life, setup.own)
