"""Confidential surveys show days in blocks of at least five answers, so that no answer stands by itself. Pure.

Every figure is a sum of whole blocks, whatever range is asked for and whenever somebody looks; so the difference of
any two figures is of five answers or more, too.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

LEAST = 5


class Block(NamedTuple):
    first: date
    last: date


def blocks(answers: Mapping[date, int], today: date) -> list[Block]:
    """Return the blocks that are full, in order. Today is still being added to, so it is in none."""
    full, first, count = list[Block](), None, 0
    for day in sorted(day for day in answers if day < today):
        first, count = first or day, count + answers[day]
        if count >= LEAST:
            full.append(Block(first, day))
            first, count = None, 0
    return full


def tellable(members: Mapping[str, frozenset[int]], sizes: Mapping[int, int]) -> set[str]:
    """Return which groups can be shown beside each other and beside the whole.

    `members`: group → the cells it is made of; `sizes`: cell → answers. The largest first, a group is shown unless it,
    what it leaves out, or its difference to one that is shown is of one to four answers.
    """
    shown: dict[str, frozenset[int]] = {"": frozenset(sizes)}
    for name in sorted(members, key=lambda group: (-_size(members[group], sizes), group)):
        cells = members[name]
        apart = (part for other in shown.values() for part in (cells - other, other - cells))
        if _size(cells, sizes) >= LEAST and not any(0 < _size(part, sizes) < LEAST for part in apart):
            shown[name] = cells
    return {*shown} - {""}


def _size(cells: Iterable[int], sizes: Mapping[int, int]) -> int:
    return sum(sizes[cell] for cell in cells)
