"""The result of a back-test as plain values: of the days that judge, beside what the others let one expect."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import numpy as np

from scoring.backtest import gather, statistics
from scoring.backtest.fitting import LEAST_OUTCOMES
from scoring.backtest.setup import Chunk, Setup
from scoring.backtest.split import Role
from scoring.backtest.statistics import Bools, Estimate, Floats
from scoring.backtest.sums import NO_HALF_LIFE
from scoring.models import BackTest
from scoring.vectorised import ENGAGEMENT_BANDS, HEALTH_BANDS

BANDS = {"engagement": ENGAGEMENT_BANDS, "health": HEALTH_BANDS}
OTHER = {"engagement": "health", "health": "engagement"}

Report = dict[str, Any]


def report(setup: Setup, job: BackTest, parts: Iterable[tuple[Chunk, bytes]], suggested: Iterator[bytes]) -> Report:
    """Return the report; below LEAST_OUTCOMES, which days there were and why nothing is said of them."""
    days, fits, judges = _sorted(setup, parts, suggested)
    rows, fit = gather.joined(judges), gather.joined(fits)
    result: Report = {"days": days, "left_out": _left_out(days)}
    happened = rows.get("happened", np.zeros(0, dtype=bool))
    outcomes = len(np.unique(rows["customer"][happened])) if rows else 0
    result |= {"rows": len(happened), "outcomes": outcomes, "refused": _refusal(happened, outcomes)}
    if rows:
        result["base"] = _plain(statistics.share(happened, rows["customer"]))
    if result["refused"]:
        # Weights without figures to hold them against would be taken for an advice.
        return {**result, "suggestion": {"refused": "not judged"}}
    judged = job.judged
    risk = -rows[f"tested_{judged}"]
    tenths = statistics.lift(risk, happened, rows["day"])
    return {
        **result,
        "contenders": _contenders(setup, job, rows),
        "calls": _calls(risk, rows, job.calls),
        "lift": [[tenth.number, tenth.rows, tenth.found, tenth.lift] for tenth in tenths],
        "bands": _bands(judged, rows, fit),
        "half_lives": _half_lives(setup, rows, fit),
    }


def _refusal(happened: Bools, outcomes: int) -> str:
    if not len(happened):
        return "nobody"
    if outcomes < LEAST_OUTCOMES:
        return "few"
    return "all" if happened.all() else ""


def _sorted(
    setup: Setup, parts: Iterable[tuple[Chunk, bytes]], suggested: Iterator[bytes]
) -> tuple[list[Report], list[gather.Arrays], list[gather.Arrays]]:
    """Return the days with what became of their rows, and the rows that can be used, of fit and of judging days."""
    days: dict[date, Report] = {
        stand.day: {"day": stand.day.isoformat(), "role": stand.role, "customers": 0, "outcomes": 0, "lost": 0}
        | {"unknown": 0, "unknown_outcomes": 0}
        for stand in setup.stands
    }
    usable: dict[Role, list[gather.Arrays]] = {role: [] for role in Role}
    for chunk, body in parts:
        # The sums are for fitting alone, and by far the largest.
        arrays = gather.unpacked(body, but=("sums", "kept"))
        if chunk.stand.role == Role.JUDGE:
            arrays |= gather.unpacked(next(suggested))
        if "immature" in arrays:
            days[chunk.stand.day]["customers"] += int(arrays["immature"][0])
        elif "customer" in arrays:
            usable[chunk.stand.role].append(_usable(setup.job.judged, arrays, days[chunk.stand.day]))
    return list(days.values()), usable[Role.FIT], usable[Role.JUDGE]


def _usable(judged: str, arrays: gather.Arrays, day: Report) -> gather.Arrays:
    """Leave out, and count, whose outcome or whose score is unknown."""
    lost, unknown = arrays["lost"], np.isnan(arrays[f"tested_{judged}"]) & ~arrays["lost"]
    good = ~lost & ~unknown
    day["lost"] += int(lost.sum())
    day["unknown"] += int(unknown.sum())
    day["unknown_outcomes"] += int((unknown & arrays["happened"]).sum())
    day["customers"] += int(good.sum())
    day["outcomes"] += int((good & arrays["happened"]).sum())
    return {name: values[good] for name, values in arrays.items()}


def _left_out(days: list[Report]) -> Report:
    """Add up what was left out of the days that judge, and the days whose horizon is not over."""
    judging = [day for day in days if day["role"] == Role.JUDGE]
    return {
        **{name: sum(day[name] for day in judging) for name in ("lost", "unknown", "unknown_outcomes")},
        "immature": sum(day["customers"] for day in days if day["role"] == Role.IMMATURE),
        "immature_days": sum(day["role"] == Role.IMMATURE for day in days),
    }


def _risks(setup: Setup, judged: str, rows: gather.Arrays) -> dict[str, Floats]:
    """Return each contender's risk, the tested version's first. What a contender does not know is its greatest risk."""
    risks = {"tested": -rows[f"tested_{judged}"], "tested_other": -rows[f"tested_{OTHER[judged]}"]}
    if setup.compares:
        risks |= {"current": -rows[f"current_{judged}"], "current_other": -rows[f"current_{OTHER[judged]}"]}
    risks |= {"rule_quiet": rows["quiet"], "rule_events": -rows["events"]}
    if "suggested" in rows:
        risks["suggested"] = -rows["suggested"]
    # Every contender ranks the same rows, or their figures could not be compared.
    return {name: np.where(np.isnan(risk), np.inf, risk) for name, risk in risks.items()}


def _contenders(setup: Setup, job: BackTest, rows: gather.Arrays) -> list[Report]:
    risks = _risks(setup, job.judged, rows)
    happened, who = rows["happened"], rows["customer"]
    means, covariances = statistics.aucs(list(risks.values()), happened, who)
    contenders = []
    for i, (name, estimate) in enumerate(zip(risks, statistics.estimates(means, covariances), strict=True)):
        less = None if i == 0 else statistics.difference(means, covariances, 0, i)
        contenders.append(
            {
                "who": name,
                "auc": _plain(estimate),
                "lead": _plain(less),
                **_calls(risks[name], rows, job.calls),
            }
        )
    return contenders


def _calls(risk: Floats, rows: gather.Arrays, each_day: int) -> Report:
    calls = statistics.calls(risk, rows["happened"], rows["day"], each_day)
    return {
        "each_day": calls.each_day,
        "days": calls.days,
        "called": calls.called,
        "found": calls.found,
        "by_chance": calls.by_chance,
        "happened": calls.happened,
        "precision": calls.precision,
        "recall": calls.recall,
    }


def _bands(judged: str, rows: gather.Arrays, fit: gather.Arrays) -> list[Report]:
    """Hold each band's share of outcomes against what the days that fit made one expect."""
    bands = []
    for number, band in enumerate(BANDS[judged]):
        name = f"tested_{judged}_band"
        here = rows[name] == number
        before = fit[name] == number if fit else np.zeros(0, dtype=bool)
        expected = statistics.share(fit["happened"][before], fit["customer"][before]) if fit else None
        bands.append(
            {
                "band": band,
                "rows": int(here.sum()),
                "outcomes": int(rows["happened"][here].sum()),
                "share": _plain(statistics.share(rows["happened"][here], rows["customer"][here])),
                "expected": _plain(expected),
            }
        )
    return bands


def _half_lives(setup: Setup, rows: gather.Arrays, fit: gather.Arrays) -> list[Report]:
    """Rank with the version's own points by each half-life, on both sorts of days; differences from its own one."""
    ranked = [-values for values in rows["by_half_life"].T]
    own = setup.half_lives.index(setup.half_life or NO_HALF_LIFE)
    means, covariances = statistics.aucs(ranked, rows["happened"], rows["customer"])
    judged = statistics.estimates(means, covariances)
    return [
        {
            "half_life": half_life,
            "own": i == own,
            "auc": _plain(judged[i]),
            "lead": None if i == own else _plain(statistics.difference(means, covariances, i, own)),
            "auc_fit": _auc_fit(fit, i),
        }
        for i, half_life in enumerate(setup.half_lives)
    ]


def _auc_fit(fit: gather.Arrays, i: int) -> float | None:
    if not fit or fit["happened"].all() or not fit["happened"].any():
        return None
    return statistics.auc(-fit["by_half_life"][:, i], fit["happened"], fit["customer"]).value


def _plain(estimate: Estimate | None) -> list[float] | None:
    return None if estimate is None else [float(estimate.value), float(estimate.low), float(estimate.high)]
