"""When customers were active last, whichever types the model weighs: a type without a weight is activity all the same.

It is shown and says how long a silence is. Engagement and health do not read it: they go by the activity that their
version weighs, so that a version depends on nothing but itself.
"""

from dataclasses import replace
from datetime import date

import numpy as np

from scoring.inputs import batches
from scoring.inputs.logged import ORDINAL
from scoring.inputs.read import STORED, Tables
from scoring.vectorised import BatchEngine, Scores

_LAST_SEEN = f"""
    SELECT customer_id, {ORDINAL.format("max(day)")}
    FROM (
        SELECT customer_id, day FROM {{counts}}
        WHERE {{{{who}}}} AND day <= %s AND known_on <= %s AND event_type_id = ANY(ARRAY(
            SELECT id FROM events_eventtype WHERE is_activity AND id <> ALL(%s::bigint[])
        ))
        GROUP BY customer_id, event_type_id, day HAVING sum(count) > 0
    ) AS days GROUP BY 1
"""  # noqa: S608


def with_last_seen(scores: Scores, batch_engine: BatchEngine, day: date, *, tables: Tables = STORED) -> Scores:
    """Return the scores with each customer's last day of any activity, weighed or not, as known on the day. One query.

    `scores` in order of customers.
    """
    query, params = _LAST_SEEN.format(counts=tables.counts), [day, day, batch_engine.event_types.tolist()]
    seen = batches.read(query, scores.customers.tolist(), params, ["customer", "day"])
    last = scores.last_active.copy()
    np.maximum.at(last, np.searchsorted(scores.customers, seen["customer"]), seen["day"])
    return replace(scores, last_active=last)
