"""A score breakdown as the rows of a CSV file."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from scoring.explain.explanation import Explanation

HEAD = ("part", "name", "kind", "events", "counted", "points", "divided_by", "input", "weight", "contribution", "note")


def rows(explanation: Explanation) -> Iterator[Sequence[object]]:
    """Yield the head, then the lines. The contributions of each part add up to its total."""
    yield HEAD
    yield from _engagement(explanation)
    yield from _health(explanation)


def _engagement(explanation: Explanation) -> Iterator[list[object]]:
    for line in explanation.lines:
        kind, name = line.event_type.channel, line.event_type.name
        yield ["engagement", name, kind, line.count, line.quantity, line.points, line.contacts, "", "",
               _points(line.contribution), ""]  # fmt: skip
    yield _total("engagement", explanation.engagement, explanation, explanation.engagement_band)


def _health(explanation: Explanation) -> Iterator[list[object]]:
    for factor in explanation.factors:
        name = factor.name or factor.kind.value
        yield ["health", name, factor.group.value, "", "", _points(factor.points), "", _points(factor.input),
               factor.weight, _points(factor.contribution), factor.why or factor.note]  # fmt: skip
    if explanation.capped_by:
        yield ["health", "cap", explanation.capped_by.kind.value, *[""] * 6, _points(explanation.capped), ""]
    if explanation.overridden is not None:
        yield ["health", "override", "", *[""] * 6, _points(explanation.overridden), ""]
    yield _total("health", explanation.health, explanation, explanation.health_band)


def _total(part: str, total: int | None, explanation: Explanation, band: str | None) -> list[object]:
    note = f"as of {explanation.as_of}, as known on {explanation.known_on}, version {explanation.model.pk}"
    return [part, "total", band or "unknown", *[""] * 6, _points(total), note]


def _points(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths) / 100
