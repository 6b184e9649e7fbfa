from scoring.models.back_test import BackTest, BackTestPart
from scoring.models.compared import Compared
from scoring.models.current_score import CurrentScore, EngagementBand, HealthBand
from scoring.models.factor import Factor, Group, NullRule
from scoring.models.factor_kind import FactorKind
from scoring.models.history import MedianValue, ScoreHistory, Transition
from scoring.models.override import Override
from scoring.models.past_day import DayShare, PastBand, PastDay
from scoring.models.prepared import Prepared, PreparedShard
from scoring.models.scoring_model import ScoringModel, Status, Weight

__all__ = [
    "BackTest",
    "BackTestPart",
    "Compared",
    "CurrentScore",
    "DayShare",
    "EngagementBand",
    "Factor",
    "FactorKind",
    "Group",
    "HealthBand",
    "MedianValue",
    "NullRule",
    "Override",
    "PastBand",
    "PastDay",
    "Prepared",
    "PreparedShard",
    "ScoreHistory",
    "ScoringModel",
    "Status",
    "Transition",
    "Weight",
]
