"""JSON from outside, made fit for storage: what jsonb cannot hold is replaced or refused, per message."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from core.db import json_faults
from core.db.json_faults import MAX_BYTES, MAX_DEPTH, MAX_KEY

MAX_INTEGER = 2**53  # beyond, JavaScript and other readers of JSON round
REPLACEMENT = "\ufffd"
# Decimal reads 1_000 and the digits of all alphabets as well, which no other reader of the same JSON would.
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


class Unclean(Exception):
    """A tree that cannot be stored; the message says what is wrong with it, and where."""


class _Refused(Exception):
    """Stops the walk; which fault it was is found out afterwards."""


def tree(value: Any) -> Any:
    """Return what jsonb can hold of it: NUL becomes U+FFFD, integers are clamped to ±2⁵³. Raises Unclean.

    The value itself where nothing has to be replaced, which is nearly always, else a copy.
    """
    if _is_clean(value):
        return value
    try:
        return _Walk().clean(value, 0)
    except _Refused:
        raise Unclean(json_faults.first(value)) from None


def _is_clean(value: Any) -> bool:
    """Tell in one pass whether the value can be stored as it is. Half of what the copying walk takes."""
    size, level = 0, [value]
    for _depth in range(MAX_DEPTH):
        below: list[Any] = []
        for node in level:
            if type(node) is dict:
                items: Any = node.values()
                for key in node:
                    if type(key) is not str or len(key) > MAX_KEY or "\0" in key:
                        return False
                    size += 6 + (len(key) if key.isascii() else _bytes(key))
            elif type(node) is list:
                items = node
            else:
                items = (node,)
            size += 4 * len(items)
            for item in items:
                kind = type(item)
                if kind is str:
                    if "\0" in item:
                        return False
                    size += len(item) if item.isascii() else _bytes(item)
                elif kind is dict or kind is list:
                    below.append(item)
                elif kind is int:
                    if not -MAX_INTEGER <= item <= MAX_INTEGER:
                        return False
                elif kind is float:
                    if item - item != 0:
                        return False
                elif kind is not bool and item is not None:
                    return False
        if size > MAX_BYTES:
            return False
        if not below:
            return True
        level = below
    return False


def _bytes(text: str) -> int:
    """Return the length in UTF-8; half a surrogate pair, which has none, counts as more than fits."""
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return MAX_BYTES + 1


class _Walk:
    def __init__(self) -> None:
        self.size = 0

    def clean(self, value: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise _Refused
        if isinstance(value, dict):
            return self._object(value, depth)
        if isinstance(value, list):
            self._grow(2 * len(value))
            return [self.clean(item, depth + 1) for item in value]
        if isinstance(value, str):
            return self._text(value)
        self._grow(8)
        if isinstance(value, int) and not isinstance(value, bool):
            return max(-MAX_INTEGER, min(MAX_INTEGER, value))
        if isinstance(value, float) and value - value != 0:
            raise _Refused
        return value

    def _object(self, value: dict[Any, Any], depth: int) -> dict[str, Any]:
        cleaned = {}
        for key, item in value.items():
            if not isinstance(key, str) or len(key) > MAX_KEY:
                raise _Refused
            cleaned[self._text(key)] = self.clean(item, depth + 1)
        return cleaned

    def _text(self, value: str) -> str:
        self._grow(len(value) if value.isascii() else len(value.encode("utf-8", "replace")))
        try:
            value.isascii() or value.encode()
        except UnicodeEncodeError:
            raise _Refused from None
        return value.replace("\0", REPLACEMENT) if "\0" in value else value

    def _grow(self, by: int) -> None:
        self.size += by + 3
        if self.size > MAX_BYTES:
            raise _Refused


def number(value: Any) -> Decimal | None:
    """Return a number, also one sent as text in ASCII digits ("12.5", "1e3"); None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        value = value.strip()
        if len(value) > 40 or not _NUMBER.fullmatch(value):
            return None
    try:
        number = Decimal(value) if isinstance(value, int) else Decimal(str(value))
    except InvalidOperation:  # an exponent of twenty digits
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 40 else None
