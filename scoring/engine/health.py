"""Health: the weighted mean of factors, and what may stand over it: a cap, a colleague's judgement."""

from collections.abc import Mapping, Sequence

from scoring.engine.shapes import POINT, Bands, Factor, FactorLine, Health, Model

HUNDREDTH = POINT // 100
NEW = "new"


def health(
    model: Model,
    inputs: Mapping[str, int | None],
    *,
    days_known: int | None = None,
    overridden_to: int | None = None,
    is_new: bool = False,
) -> Health:
    """Compose health from inputs in hundredths (a factor's key → value; None or absent: unknown).

    `days_known`: for how many days the customer has been known; None counts as 0. `overridden_to`: what a
    colleague set it to, in hundredths. Where health is unknown, the lines contribute nothing. `is_new`: too young to be
    judged, unless a colleague did.
    """
    is_new = is_new and overridden_to is None
    values = [inputs.get(factor.key) for factor in model.factors]
    points = [factor_points(factor, value) for factor, value in zip(model.factors, values, strict=True)]
    everything = sum(factor.weight for factor in model.factors)
    fresh = sum(factor.weight for factor, v in zip(model.factors, values, strict=True) if v is not None)
    is_young = (days_known or 0) < model.least_history
    shares, total = [0] * len(values), None
    if fresh and fresh * 100 >= model.least_coverage * everything and not is_young and not is_new:
        shares, total = _composed(model.factors, points)
    cap = _cap(model.factors, values, points)
    capped = min(0, cap.cap_to - total) if total is not None and cap else 0
    final = total if overridden_to is None and total is None else (total or 0) + capped
    overridden = None if overridden_to is None else overridden_to - (final or 0)
    final = final if overridden_to is None else overridden_to
    return Health(
        lines=tuple(map(FactorLine, model.factors, values, points, shares)),
        total=final,
        band=NEW if is_new else None if final is None else health_band(final, model.bands),
        coverage=fresh * 10_000 // everything if everything else 0,
        inputs=inputs,
        capped_by=cap if capped else None,
        capped=capped,
        overridden=overridden,
        is_young=is_young,
        is_new=is_new,
    )


def factor_points(factor: Factor, value: int | None) -> int | None:
    """Map an input to 0..100 points in millionths; an unknown one by the factor's null rule, None to skip it."""
    if value is None:
        return None if factor.null_points is None else factor.null_points * HUNDREDTH
    span = abs(factor.best - factor.worst)
    way = value - factor.worst if factor.best > factor.worst else factor.worst - value
    return _rounded(max(0, min(way, span)) * 100 * POINT, span)


def _composed(factors: Sequence[Factor], points: Sequence[int | None]) -> tuple[list[int], int]:
    """Return what each factor contributes, and the whole, in hundredths."""
    counted = sum(factor.weight for factor, p in zip(factors, points, strict=True) if p is not None)
    weighted = [0 if p is None else factor.weight * p for factor, p in zip(factors, points, strict=True)]
    total = _rounded(sum(weighted), counted * HUNDREDTH)
    return shared_out(weighted, counted * HUNDREDTH, total), total


def _cap(factors: Sequence[Factor], values: Sequence[int | None], points: Sequence[int | None]) -> Factor | None:
    """Return the factor that caps the whole lowest, the first of several; a value that stands in caps nothing."""
    capping = [
        factor
        for factor, value, p in zip(factors, values, points, strict=True)
        if factor.cap_from is not None and value is not None and p is not None and p <= factor.cap_from * HUNDREDTH
    ]
    return min(capping, key=lambda factor: factor.cap_to, default=None)


def health_band(total: int, bands: Bands) -> str:
    if total < bands.yellow_from:
        return "red"
    return "yellow" if total < bands.green_from else "green"


def shared_out(parts: Sequence[int], divisor: int, total: int) -> list[int]:
    """Divide each part so that the shares add up to `total`: largest remainder, ties in order."""
    shares = [part // divisor for part in parts]
    missing = total - sum(shares)
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(parts[i] % divisor), i))
    for i in by_remainder[:missing]:
        shares[i] += 1
    return shares


def _rounded(part: int, whole: int) -> int:
    """Divide two non-negative numbers, rounding half up."""
    return (2 * part + whole) // (2 * whole)
