"""What is wrong with JSON that cannot be stored, and where: slow, for what was refused already (core/db/jsonb.py)."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

MAX_DEPTH = 20
MAX_KEY = 100  # characters
MAX_BYTES = 64 * 1024
LONGEST_PATH = 160  # characters
_TOO_LARGE = f"The message is larger than {MAX_BYTES // 1024} KiB"
_PLAIN_KEY = re.compile(r"[^\W\d][\w$-]{0,40}")


def first(value: Any) -> str:
    """Return a sentence of at most 300 characters on the first fault of a tree that `jsonb.tree` refuses.

    What has none of the other faults is too large. Looks at no more than the first 64 KiB.
    """
    search = _Search()
    fault = search.look(value, 0) or _TOO_LARGE
    return f"{fault}: {shown(search.path)}." if search.path else f"{fault}."


def shown(path: Sequence[str | int]) -> str:
    """Return a path as JavaScript writes it: `properties.order.items[3].name`, its middle left out when it is long."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{_quoted(part)}]"
    half = LONGEST_PATH // 2
    return f"`{text if len(text) <= LONGEST_PATH else f'{text[:half]}…{text[-half:]}'}`"


class _Search:
    """Walks as `jsonb.tree` does; `path` is where it stands, and stays there when it meets a fault."""

    def __init__(self) -> None:
        self.path: list[str | int] = []
        self.size = 0

    def look(self, value: Any, depth: int) -> str | None:
        """Return what is wrong, without a full stop; None when nothing is."""
        if depth > MAX_DEPTH:
            return f"The message is nested more than {MAX_DEPTH} levels deep"
        if isinstance(value, dict):
            return self._object(value, depth)
        if isinstance(value, list):
            self.size += 2 * len(value)
            return self._each(enumerate(value), depth)
        if isinstance(value, str):
            return self._text("A text", value)
        if isinstance(value, float) and value - value != 0:
            return f"{'NaN' if value != value else 'Infinity'} is no number that can be stored"
        return self._grown(8)

    def _object(self, value: dict[Any, Any], depth: int) -> str | None:
        for key in value:
            if not isinstance(key, str):
                return f"A key is no text but of the type {type(key).__name__[:20]}"
            if len(key) > MAX_KEY:
                return f"The key {_quoted(key)} is longer than {MAX_KEY} characters"
            if fault := self._text(f"The key {_quoted(key)}", key):
                return fault
        return self._each(value.items(), depth)

    def _each(self, items: Iterable[tuple[str | int, Any]], depth: int) -> str | None:
        for part, item in items:
            self.path.append(part)
            if fault := self.look(item, depth + 1):
                return fault
            self.path.pop()
        return None

    def _text(self, what: str, value: str) -> str | None:
        try:
            return self._grown(len(value.encode()))
        except UnicodeEncodeError:
            return f"{what} holds half a surrogate pair, which is no character"

    def _grown(self, by: int) -> str | None:
        self.size += by + 3
        return _TOO_LARGE if self.size > MAX_BYTES else None


def _quoted(key: str) -> str:
    return ascii(key) if len(key) <= 20 else f"{key[:20]!a}…"
