"""A score taken apart, as lines of CSV that any spreadsheet opens safely."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from core.spreadsheets import cells
from scoring.explain.explanation import Explanation

HEAD = ("part", "name", "kind", "events", "counted", "points", "divided_by", "input", "weight", "contribution", "note")


def written(explanation: Explanation) -> str:
    """Return the whole file. The contributions of each part add up to its total."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows(_engagement(explanation))
    writer.writerows(_health(explanation))
    return "\ufeff" + out.getvalue()  # so that spreadsheets read it as UTF-8


def _engagement(explanation: Explanation) -> Iterator[list[object]]:
    for line in explanation.lines:
        kind, name = line.event_type.channel, cells.safe(line.event_type.name)
        yield ["engagement", name, kind, line.count, line.quantity, line.points, line.contacts, "", "",
               _points(line.contribution), ""]  # fmt: skip
    yield _total("engagement", explanation.engagement, explanation, explanation.engagement_band)


def _health(explanation: Explanation) -> Iterator[list[object]]:
    for factor in explanation.factors:
        name = cells.safe(factor.name or factor.kind.value)
        yield ["health", name, factor.group.value, "", "", _points(factor.points), "", _points(factor.input),
               factor.weight, _points(factor.contribution), factor.why or factor.note]  # fmt: skip
    if explanation.capped_by:
        yield ["health", "cap", explanation.capped_by.kind.value, *[""] * 6, _points(explanation.capped), ""]
    if explanation.overridden is not None:
        yield ["health", "override", "", *[""] * 6, _points(explanation.overridden), ""]
    yield _total("health", explanation.health, explanation, explanation.health_band)


def _total(part: str, total: int | None, explanation: Explanation, band: str | None) -> list[object]:
    said = f"as of {explanation.as_of}, as known on {explanation.known_on}, version {explanation.model.pk}"
    return [part, "total", band or "unknown", *[""] * 6, _points(total), said]


def _points(hundredths: int | None) -> str:
    return "" if hundredths is None else str(Decimal(hundredths) / 100)
