from scoring.models.current_score import CurrentScore, EngagementBand, HealthBand
from scoring.models.history import MedianValue, ScoreHistory, Transition
from scoring.models.scoring_model import Factor, FactorKind, NullRule, ScoringModel, Status, Weight

__all__ = [
    "CurrentScore",
    "EngagementBand",
    "Factor",
    "FactorKind",
    "HealthBand",
    "MedianValue",
    "NullRule",
    "ScoreHistory",
    "ScoringModel",
    "Status",
    "Transition",
    "Weight",
]
