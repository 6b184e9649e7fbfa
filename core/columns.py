"""Query results as NumPy columns, read in the caller's own transaction.

PostgreSQL's binary COPY of columns that are all `bigint NOT NULL` has rows of one fixed size, so the whole
answer is one array without a Python object per row. (A second driver would be as fast, but would read in a
transaction of its own: docs/decisions/0003-numpy-columns.md.)
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection

_HEADER = 19  # signature, flags, no extension
_TRAILER = 2


def read(query: str, params: Sequence[Any], names: Sequence[str]) -> np.ndarray:
    """Return a structured int64 array with one field per name.

    `query` selects as many columns, each cast to bigint and never null. One query.
    """
    wire = np.dtype([("_fields", ">i2")] + [part for name in names for part in ((f"_{name}", ">i4"), (name, ">i8"))])
    with connection.cursor() as cursor:
        # COPY takes no parameters, so the driver writes them into the text, quoted.
        text = cursor.cursor.mogrify(query, params)
        with cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT binary)") as copy:
            body = b"".join(bytes(block) for block in copy)
    rows = np.frombuffer(body, dtype=wire, offset=_HEADER, count=(len(body) - _HEADER - _TRAILER) // wire.itemsize)
    answer = np.empty(len(rows), dtype=[(name, np.int64) for name in names])
    for name in names:
        answer[name] = rows[name]
    return answer
