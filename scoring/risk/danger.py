"""Which scores put a followed customer at risk: asked of one, and of many at once. Pure."""

import numpy as np

from scoring.models import EngagementBand, HealthBand
from scoring.risk.signals import GRAVE_FALL
from scoring.vectorised import ENGAGEMENT_BANDS, HEALTH_BANDS, UNKNOWN, Known, is_judged

_RED = HEALTH_BANDS.index(HealthBand.RED)
_DANGERS = [ENGAGEMENT_BANDS.index(band) for band in EngagementBand.in_danger()]


def is_in_danger(band: str | None, health: int | None, colour: str | None, health_before: int | None) -> bool:
    """Tell whether health is red (before it is known: engagement in danger), or fell by 20 points in FALL_DAYS.

    Who is new is not judged yet.
    """
    if colour == HealthBand.NEW:
        return False
    if health is None:
        return band in EngagementBand.in_danger()
    fell = health_before is not None and health_before - health >= GRAVE_FALL
    return colour == HealthBand.RED or fell


def are_in_danger(
    engagement_band: np.ndarray, health: np.ndarray, health_band: np.ndarray, health_before: Known
) -> np.ndarray:
    """Tell the same of many: bands are indices, health counts where it is judged."""
    # In 64 bits: health is kept in 16, and a difference may need more.
    fall = health_before.value.astype(np.int64) - health
    fell = health_before.known & (fall >= GRAVE_FALL)
    known = is_judged(health_band) & ((health_band == _RED) | fell)
    return np.where(health_band == UNKNOWN, np.isin(engagement_band, _DANGERS), known)
