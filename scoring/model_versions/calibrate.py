"""Calibrate a draft: multiply its points so that the portfolio's 90th percentile of engagement is 100."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from core import days
from core.db import bulk
from customers.models import Customer
from scoring.inputs import read
from scoring.model_versions import versions
from scoring.models import ScoringModel, Status, Weight
from scoring.runs import recompute
from scoring.vectorised import UNKNOWN, BatchEngine

BATCH = 2_000
MOST = 20_000  # customers looked at: every k-th, by id, of a larger portfolio
TARGET = 100_00
LIMIT = Decimal(1000)
_CENT = Decimal("0.01")


class CannotCalibrate(Exception):
    """The points cannot be multiplied; the message says why."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The 90th percentile before, in points, what the points are multiplied by, and the weights with their points."""

    percentile: Decimal
    factor: Decimal
    weights: list[Weight]
    before: list[Decimal]  # of each weight, in the same order


@transaction.atomic
def calibrate(draft: ScoringModel) -> Calibrated:
    """Multiply the draft's points by 100 / p90 of the last closed day, rounded to hundredths. Raises CannotCalibrate.

    p90 is the lowest engagement that nine of ten customers on trial or active do not exceed (of those with data).
    """
    draft = ScoringModel.objects.select_for_update().get(pk=draft.pk)
    done = work_out(draft)
    bulk.update(done.weights, ["points"])
    return done


def work_out(draft: ScoringModel) -> Calibrated:
    """Return what `calibrate` would do, and write nothing. Raises CannotCalibrate."""
    if draft.status != Status.DRAFT:
        raise CannotCalibrate(
            _("Version %(version)s was published before. Copy it to a draft.") % {"version": draft.pk}
        )
    percentile = _percentile(draft)
    if percentile <= 0:
        raise CannotCalibrate(_("Nine of ten customers score 0 or below: give their events more points first."))
    factor = Decimal(TARGET) / percentile
    weights = list(draft.weights.select_related("event_type"))
    before = [weight.points for weight in weights]
    for weight in weights:
        weight.points = _multiplied(weight.points, factor)
    return Calibrated(Decimal(percentile) / 100, factor.quantize(Decimal("0.0001")), weights, before)


def _multiplied(before: Decimal, factor: Decimal) -> Decimal:
    points = (before * factor).quantize(_CENT, ROUND_HALF_UP)
    if before and not points:
        raise CannotCalibrate(_("A weight would be rounded to 0 points: take a shorter half-life or lower caps first."))
    if abs(points) > LIMIT:
        raise CannotCalibrate(_("A weight would exceed 1,000 points: its events are too rare beside the others."))
    return points


def _percentile(draft: ScoringModel) -> int:
    closed = days.last_closed()
    ids = list(Customer.objects.followed().order_by("pk").values_list("pk", flat=True))
    # Every k-th, not a random sample: the page that asks and the POST that acts must find the same factor.
    ids = ids[:: max(1, -(-len(ids) // MOST))]
    batch_engine, engagements = BatchEngine(versions.load(draft)), []
    for start in range(0, len(ids) if closed else 0, BATCH):
        assert closed is not None
        columns = read.current(batch_engine, ids[start : start + BATCH], as_of=closed, known_on=closed)
        scores = batch_engine.judge(recompute.facts(batch_engine, columns, closed, digests=False))
        engagements.append(scores.engagement[scores.engagement_band != UNKNOWN])
    known = np.sort(np.concatenate(engagements)) if engagements else np.zeros(0, dtype=np.int64)
    if not len(known):
        raise CannotCalibrate(
            _("No customer has data on the last closed day, so there is nothing to calibrate against.")
        )
    # The smallest value that nine of ten do not exceed: rounded up, counted from 0.
    return int(known[-(-9 * len(known) // 10) - 1])
