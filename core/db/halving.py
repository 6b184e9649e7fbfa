"""Find the one row that a set-based write fails on, by writing halves."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def write(
    items: Sequence[Item],
    act: Callable[[Sequence[Item]], Result],
    *,
    refusals: type[Exception] | tuple[type[Exception], ...],
    refused: Callable[[Item, Exception], Result],
) -> list[Result]:
    """Call `act` with all items; when it raises one of `refusals`, with each half, down to the single item.

    Returns what each call that succeeded returned, in the order of the items, with `refused(item, error)` in place
    of an item that is refused alone. `act` must leave nothing behind when it raises: it has a transaction of its
    own, or it begins with what may raise. One bad item of n costs about 2·log2(n) further calls. No items: no call.
    """
    if not items:
        return []
    try:
        return [act(items)]
    except refusals as error:
        refusal = error
    if len(items) == 1:
        return [refused(items[0], refusal)]
    middle = len(items) // 2
    halves = items[:middle], items[middle:]
    return [result for half in halves for result in write(half, act, refusals=refusals, refused=refused)]
