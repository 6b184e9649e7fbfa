"""Query results as NumPy columns, read in the caller's own transaction.

Each column comes as one array in PostgreSQL's binary form, in which every bigint has the same size: a whole column is
one NumPy array without a Python object per row. COPY would send a message per row, which a driver in Python takes
apart one by one, at several times the cost. (A second driver would read in a transaction of its own:
docs/decisions/0003-numpy-columns.md.)
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection
from psycopg import Cursor

_HEADER = 20  # dimensions, flags, type, length, lower bound
_ELEMENT = np.dtype([("size", ">i4"), ("value", ">i8")])


def read(query: str, params: Sequence[Any], names: Sequence[str]) -> np.ndarray:
    """Return a structured int64 array with one field per name.

    `query` selects as many columns, each cast to bigint and never null. One query.
    """
    columns = [f"c{i}" for i in range(len(names))]
    arrays = ", ".join(f"array_send(array_agg({column}))" for column in columns)
    whole = f"SELECT {arrays} FROM ({query}) AS answer ({', '.join(columns)})"  # noqa: S608
    # The second cursor below goes past Django's, so its errors are turned into Django's here.
    with connection.wrap_database_errors, connection.cursor() as cursor:
        # Written into the text, as Django's own cursor does: a plan of its own for each batch's size.
        text = cursor.cursor.mogrify(whole, params)
        # Django's cursor knows only texts as answers, so this one writes its own line into the log of queries.
        with Cursor(connection.connection) as binary:
            bodies = binary.execute(text, binary=True).fetchone() or ()
        if connection.queries_logged:
            connection.queries_log.append({"sql": text, "time": ""})
    size = 0 if not bodies or bodies[0] is None else (len(bodies[0]) - _HEADER) // _ELEMENT.itemsize
    answer = np.empty(size, dtype=[(name, np.int64) for name in names])
    for name, body in zip(names, bodies, strict=True):
        if size:
            answer[name] = np.frombuffer(body, dtype=_ELEMENT, offset=_HEADER)["value"]
    return answer
