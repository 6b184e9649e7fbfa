"""How many queries a view makes, and how many its templates make: a template should make none.

But for the bell in the header, which counts what is unread, by one query or two on every page
(tests/core/notices/test_queries.py pins them). Counts of pages leave it out, to say what the page itself asks.
"""

from typing import Any, NamedTuple

from django.db import connection
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext


class OnPages(CaptureQueriesContext):
    """Captures the queries of a page, but for its bell's."""

    @property
    def captured_queries(self) -> list[dict[str, str]]:
        return [query for query in super().captured_queries if not is_of_the_bell(query["sql"])]


class PageQueries(NamedTuple):
    view: int  # with middleware and context processors
    template: int  # from the moment the first template begins to render


def is_of_the_bell(sql: str) -> bool:
    return sql.startswith(("SELECT COUNT(*)", 'SELECT DISTINCT "core_notice"."kind"')) and '"core_notice"' in sql


def page_queries(client: Client, path: str, **query: Any) -> PageQueries:
    """Open a page, which must answer 200, and count its queries."""
    before_template: list[int] = []

    def note(**_kwargs: Any) -> None:
        before_template.append(len(connection.queries_log))

    template_rendered.connect(note)
    try:
        with OnPages(connection) as captured:
            response = client.get(path, query)
    finally:
        template_rendered.disconnect(note)
    assert response.status_code == 200, response.status_code
    view = before_template[0] - captured.initial_queries if before_template else len(captured)
    return PageQueries(view, len(captured) - view)
