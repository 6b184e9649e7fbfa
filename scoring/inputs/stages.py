"""Who was followed, as it was known then: stages from the log of inputs."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from customers.models import Stage
from scoring.inputs import batches
from scoring.inputs.logged import ORDINAL

_FOLLOWED_THEN = """
    SELECT customer_id FROM (
        SELECT DISTINCT ON (customer_id) customer_id, text FROM customers_inputlog
        WHERE {who} AND name = 'stage' AND known_on <= %s ORDER BY customer_id, known_on DESC
    ) AS stages WHERE text = ANY(%s::text[])
"""
_STAGES = f"""
    WITH stages AS (
        SELECT customer_id, {ORDINAL.format("known_on")} AS known_on, COALESCE(text, '') AS text
        FROM customers_inputlog WHERE {{who}} AND name = 'stage' AND known_on <= %s
    ) SELECT customer_id, known_on, (text = ANY(%s::text[]))::int::bigint FROM stages ORDER BY known_on
"""  # noqa: S608


def followed_then(customers: Sequence[int], known_on: date) -> np.ndarray:
    """Return, sorted, those of the customers who were on trial or active, as known on the day. One query."""
    rows = batches.read(_FOLLOWED_THEN, sorted(customers), [known_on, list(Stage.followed())], ["customer"])
    return np.sort(rows["customer"])


def all_logged(customers: Sequence[int], until: date) -> np.ndarray:
    """Return (customer, known_on, followed: 0 or 1) of every stage logged up to the day, in order. One query."""
    names = ["customer", "known_on", "followed"]
    return batches.read(_STAGES, sorted(customers), [until, list(Stage.followed())], names)
