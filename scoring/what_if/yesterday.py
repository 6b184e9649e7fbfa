"""Whom the version that scores now had at risk the day before already: the others came by what happened since."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import numpy as np

from scoring.model_versions import versions
from scoring.models import CurrentScore, ScoreHistory, ScoringModel
from scoring.risk.danger import are_in_danger
from scoring.vectorised import BatchEngine
from scoring.what_if.base import FALL, facts_and_earlier, in_history, judged_and_earlier


def at_risk_by_version(scores: Iterable[CurrentScore], day: date) -> set[int]:
    """Return the customers at risk on a closed day by the version of their score, where its history names another.

    One query where no version changed since; some ten for each that did.
    """
    version_of = {score.customer_id: score.model_id for score in scores}
    rows = ScoreHistory.objects.filter(customer__in=list(version_of), day=day).values_list("customer", "model")
    by_version: dict[int, list[int]] = defaultdict(list)
    for customer, version in rows:
        if version != version_of[customer]:
            by_version[version_of[customer]].append(customer)
    return {customer for version, some in by_version.items() for customer in _at_risk(version, sorted(some), day)}


def _at_risk(version: int, customers: list[int], day: date) -> list[int]:
    batch_engine = BatchEngine(versions.load(ScoringModel.objects.get(pk=version)))
    there = in_history(customers, day - FALL)
    bands, earlier = judged_and_earlier(batch_engine, *facts_and_earlier(batch_engine, customers, day), there)
    at_risk = are_in_danger(bands.engagement_band, bands.health, bands.health_band, earlier)
    found: list[int] = np.array(customers)[at_risk].tolist()
    return found
