"""Bases kept in this process after their first use: the least used go first, and none stays that is too large."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from scoring.what_if.base import Part

MOST_BYTES = 256 * 2**20

Parts = list[Part]


class Kept:
    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._lock = most, Lock()
        self._kept: OrderedDict[str, tuple[datetime, int, Parts]] = OrderedDict()

    def get(self, key: str, make: Callable[[], Parts], *, now: datetime, good_for: timedelta) -> Parts:
        with self._lock:
            found = self._kept.pop(key, None)
            if found is not None and now - found[0] <= good_for:
                self._kept[key] = found
                return found[2]
        parts = make()
        size = sum(part.size for part in parts)
        with self._lock:
            self._kept[key] = (now, size, parts)
            while sum(size for _, size, _ in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
        return parts

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


kept = Kept()
