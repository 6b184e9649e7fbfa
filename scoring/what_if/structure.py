"""What of a model its facts depend on: two models of one structure are judged from the same facts."""

from dataclasses import replace
from hashlib import blake2b

from scoring import engine


def bare(model: engine.Model) -> engine.Model:
    """Return the model without all that may change and be judged again: points, weights, spans, rules, bands.

    Since when a customer is known is always gathered, so that "least history" may change as well.
    """
    factors = [
        replace(factor, weight=1, worst=0, best=1, null_points=None, cap_from=None, cap_to=0)
        for factor in model.factors
    ]
    return engine.Model(
        version=0,
        window=model.window,
        weights=tuple(replace(weight, points=0) for weight in model.weights),
        factors=tuple(sorted(factors, key=lambda factor: factor.key)),
        bands=engine.Bands(0, 0, 0, 0, 0, 0),
        least_coverage=0,
        least_history=1,
    )


def digest(model: engine.Model) -> str:
    return blake2b(repr(bare(model)).encode(), digest_size=16).hexdigest()
