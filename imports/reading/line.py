from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file: where it ends in the file, and its cells as text; `problem` when it cannot be read."""

    number: int
    cells: list[str] = field(default_factory=list)
    problem: str = ""


def is_blank(cells: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in cells)
