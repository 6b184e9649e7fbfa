from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from imports.reading import limits

_CELL = 64  # bytes that a cell takes beside its characters, roughly


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file: where it ends in the file, and its cells as text; `problem` when it cannot be read."""

    number: int
    cells: list[str] = field(default_factory=list)
    problem: str = ""


def is_blank(cells: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in cells)


def take(lines: Iterator[Line], most: int) -> tuple[list[Line], bool]:
    """Return the next lines, `most` of them or fewer where they are long, and whether they are the last."""
    taken: list[Line] = []
    held = 0
    for line in lines:
        taken.append(line)
        held += sum(map(len, line.cells)) + _CELL * len(line.cells)
        if len(taken) == most or held > limits.MOST_HELD:
            return taken, False
    return taken, True
