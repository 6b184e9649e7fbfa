"""Scoring models in the admin: a draft is edited, tried on and published; a published version is only looked at."""

from scoring.admin.event_types import WeightedEventTypeAdmin
from scoring.admin.scoring_model import ScoringModelAdmin

__all__ = ["ScoringModelAdmin", "WeightedEventTypeAdmin"]
