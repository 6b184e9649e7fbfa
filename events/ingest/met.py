"""Whom a process has stored events of: identities that need not be looked for before they are locked."""

from collections.abc import Collection

from customers.identities import Key

MOST = 50_000


class Met:
    """Identities that existed when they were last seen. One that does not any more is found out, and all forgotten."""

    def __init__(self) -> None:
        self._keys: set[Key] = set()

    def strangers(self, keys: Collection[Key]) -> set[Key]:
        return {*keys} - self._keys

    def note(self, keys: Collection[Key]) -> None:
        if len(self._keys) > MOST:
            self._keys.clear()
        self._keys.update(keys)

    def forget(self) -> None:
        self._keys.clear()
