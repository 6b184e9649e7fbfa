"""Calibrate a draft: multiply its points so that the portfolio's 90th percentile of engagement is 100."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from core import days
from customers.models import Customer
from scoring import past, read, versions
from scoring.columns import UNKNOWN, Arithmetic
from scoring.models import ScoringModel, Status

BATCH = 2_000
MOST = 20_000  # customers looked at: every k-th, by id, of a larger portfolio
TARGET = 100_00
LIMIT = Decimal(1000)
_CENT = Decimal("0.01")


class CannotCalibrate(Exception):
    """The points cannot be multiplied; the message says why."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The 90th percentile before, in points, and what the points were multiplied by."""

    percentile: Decimal
    factor: Decimal


@transaction.atomic
def calibrate(draft: ScoringModel) -> Calibrated:
    """Multiply the draft's points by 100 / p90 of the last closed day, rounded to hundredths. Raises CannotCalibrate.

    p90 is the lowest engagement that nine of ten customers on trial or active do not exceed (of those with data).
    """
    draft = ScoringModel.objects.select_for_update().get(pk=draft.pk)
    if draft.status != Status.DRAFT:
        raise CannotCalibrate(
            _("Version %(version)s was published before. Copy it to a draft.") % {"version": draft.pk}
        )
    percentile = _percentile(draft)
    if percentile <= 0:
        raise CannotCalibrate(_("Nine of ten customers stand at 0 or below: give what they do more points first."))
    factor = Decimal(TARGET) / percentile
    weights = list(draft.weights.all())
    for weight in weights:
        before, weight.points = weight.points, (weight.points * factor).quantize(_CENT, ROUND_HALF_UP)
        if before and not weight.points:
            raise CannotCalibrate(
                _("A weight would be rounded to 0 points: take a shorter half-life or lower caps first.")
            )
        if abs(weight.points) > LIMIT:
            raise CannotCalibrate(_("A weight would exceed 1,000 points: its events are too rare beside the others."))
    type(weights[0]).objects.bulk_update(weights, ["points"])
    return Calibrated(Decimal(percentile) / 100, factor.quantize(Decimal("0.0001")))


def _percentile(draft: ScoringModel) -> int:
    closed = days.last_closed()
    ids = list(Customer.objects.followed().order_by("pk").values_list("pk", flat=True))
    ids = ids[:: max(1, -(-len(ids) // MOST))]
    arithmetic, found = Arithmetic(versions.load(draft)), []
    for start in range(0, len(ids) if closed else 0, BATCH):
        assert closed is not None
        columns = read.current(arithmetic, ids[start : start + BATCH], as_of=closed, known_on=closed)
        scores = arithmetic.judge(past.facts(arithmetic, columns, closed, digests=False))
        found.append(scores.engagement[scores.engagement_band != UNKNOWN])
    known = np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
    if not len(known):
        raise CannotCalibrate(_("Nobody has data on the last closed day: there is nothing to calibrate by."))
    return int(known[-(-9 * len(known) // 10) - 1])
