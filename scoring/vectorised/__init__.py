"""The arithmetic of `scoring.engine` for many customers at once, on int64 columns, bit for bit the same.

Shapes: `customers` is a sorted array of ids; results are aligned with it. Days are proleptic ordinals.
"""

from scoring.vectorised.batch_engine import BatchEngine
from scoring.vectorised.netting import netted
from scoring.vectorised.shapes import (
    ACTIVE_COLUMNS,
    COUNT_COLUMNS,
    ENGAGEMENT_BANDS,
    HEALTH_BANDS,
    LOG_COLUMNS,
    NEVER,
    UNKNOWN,
    Columns,
    Facts,
    Known,
    Row,
    Scores,
    Sums,
    is_judged,
)

__all__ = [
    "ACTIVE_COLUMNS",
    "COUNT_COLUMNS",
    "ENGAGEMENT_BANDS",
    "HEALTH_BANDS",
    "LOG_COLUMNS",
    "NEVER",
    "UNKNOWN",
    "BatchEngine",
    "Columns",
    "Facts",
    "Known",
    "Row",
    "Scores",
    "Sums",
    "is_judged",
    "netted",
]
