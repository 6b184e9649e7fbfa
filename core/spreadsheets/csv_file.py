"""CSV files that any spreadsheet opens safely: texts are neutralised, numbers and days written as they are."""

import csv
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from core.spreadsheets import cells

BOM = "\ufeff"  # without it, spreadsheets take UTF-8 for something older
CONTENT_TYPE = "text/csv; charset=utf-8"

Response = TypeVar("Response", bound=HttpResponseBase)


def lines(rows: Iterable[Iterable[object]], *, separator: str = ",") -> Iterator[str]:
    """Yield the lines of a file, one for each row; None is an empty cell.

    Pass texts as they are: `cells.safe` is applied here, and only here. Pass numbers as numbers, or a minus sign
    would be neutralised like a formula's.
    """
    writer = csv.writer(_Echo(), delimiter=separator)
    yield BOM
    for row in rows:
        yield writer.writerow([cells.safe(cell) if isinstance(cell, str) else cell for cell in row])


def stream(rows: Iterable[Iterable[object]], *, filename: str, separator: str = ",") -> StreamingHttpResponse:
    """Return a download that is written while it is sent.

    The rows are read after the view has returned, when no language is active: those with words in them must
    activate the reader's language themselves.
    """
    body = lines(rows, separator=separator)
    return _attached(StreamingHttpResponse(body, content_type=CONTENT_TYPE), filename)


def respond(rows: Iterable[Iterable[object]], *, filename: str) -> HttpResponse:
    """Return a download that is written at once, in the language of the request. For files of a few pages."""
    return _attached(HttpResponse("".join(lines(rows)), content_type=CONTENT_TYPE), filename)


class _Echo:
    """A file for csv.writer whose `writerow` returns the line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _attached(response: Response, filename: str) -> Response:
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    # Customers' data must not stay in a cache.
    response["Cache-Control"] = "no-store"
    return response
