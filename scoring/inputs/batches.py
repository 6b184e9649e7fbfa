"""Naming the customers of a batch to PostgreSQL so that planning costs nothing.

A list of two thousand ids written into a statement is weighed id by id, once for each partition, which takes longer
than the reading. Ids that lie close together are named as a range, others as an array that the planner cannot see into.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.db import column_query as db
from scoring.vectorised.sums import places

DENSE = 4  # ids at most so many times as far apart as there are customers are read as a range


def is_range(customers: Sequence[int]) -> bool:
    """Tell whether sorted ids lie close together."""
    return bool(len(customers)) and customers[-1] - customers[0] < DENSE * len(customers)


def read(
    query: str, customers: Sequence[int], params: Sequence[Any], names: Sequence[str], *, packed: int = 1
) -> np.ndarray:
    """Read columns of sorted customers: `{who}` in the query stands for them, and comes before the other parameters.

    The first column is the customer, times `packed` plus something smaller. One query.
    """
    if not is_range(customers):
        who = "customer_id = ANY(ARRAY(SELECT unnest(%s::bigint[])))"
        return db.read(query.replace("{who}", who), [list(customers), *params], names)
    ends = [customers[0], customers[-1]]
    rows = db.read(query.replace("{who}", "customer_id BETWEEN %s AND %s"), [*ends, *params], names)
    if customers[-1] - customers[0] + 1 == len(customers):
        return rows
    _, is_among = places(np.asarray(customers, dtype=np.int64), rows[names[0]] // packed)
    return rows[is_among]
