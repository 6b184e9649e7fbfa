"""JSON from outside, made fit for storage: what jsonb cannot hold is replaced or refused, per message."""

from decimal import Decimal, InvalidOperation
from typing import Any

MAX_DEPTH = 20
MAX_KEYS = 255
MAX_KEY = 100
MAX_BYTES = 64 * 1024
MAX_INTEGER = 2**53  # beyond, JavaScript and other readers of JSON round
REPLACEMENT = "\ufffd"


class Unclean(Exception):
    """A tree that cannot be stored; the message says what is wrong with it."""


def tree(value: Any) -> Any:
    """Return what jsonb can hold of it: NUL becomes U+FFFD, integers are clamped to ±2⁵³. Raises Unclean.

    The value itself where nothing has to be replaced, which is nearly always, else a copy.
    """
    return value if _is_clean(value) else _Walk().clean(value, 0)


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
        self.keys = 0
        self.size = 0

    def clean(self, value: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise Unclean(f"The message is nested more than {MAX_DEPTH} levels deep.")
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
            raise Unclean("NaN and Infinity are not numbers that can be stored.")
        return value

    def _object(self, value: dict[Any, Any], depth: int) -> dict[str, Any]:
        self.keys += len(value)
        if self.keys > MAX_KEYS:
            raise Unclean(f"The message has more than {MAX_KEYS} keys.")
        cleaned = {}
        for key, item in value.items():
            if len(key) > MAX_KEY:
                raise Unclean(f"The key {key[:40]!r}… is longer than {MAX_KEY} characters.")
            cleaned[self._text(key)] = self.clean(item, depth + 1)
        return cleaned

    def _text(self, value: str) -> str:
        self._grow(len(value) if value.isascii() else len(value.encode("utf-8", "replace")))
        try:
            value.isascii() or value.encode()
        except UnicodeEncodeError:
            raise Unclean("A text holds half a surrogate pair, which is no character.") from None
        return value.replace("\0", REPLACEMENT) if "\0" in value else value

    def _grow(self, by: int) -> None:
        self.size += by + 3
        if self.size > MAX_BYTES:
            raise Unclean(f"The message is larger than {MAX_BYTES // 1024} KiB.")


def number(value: Any) -> Decimal | None:
    """Return a number, also one sent as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and (not value.strip() or len(value) > 40):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 40 else None
