"""Turns by name: some at once of each, the others wait until one of their own name ends. For an event loop."""

import asyncio
from collections import Counter


class Lanes:
    """At most `most` at once of each name. Names that nobody uses are forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lanes: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()  # those inside, and those that wait

    def __len__(self) -> int:
        return len(self._lanes)

    async def enter(self, name: str) -> None:
        """Wait for the turn; whoever entered has to leave."""
        lane = self._lanes.setdefault(name, asyncio.Semaphore(self._most))
        self._users[name] += 1
        try:
            await lane.acquire()
        except BaseException:
            self._forget(name)
            raise

    def leave(self, name: str) -> None:
        self._lanes[name].release()
        self._forget(name)

    def _forget(self, name: str) -> None:
        self._users[name] -= 1
        if not self._users[name]:
            del self._users[name], self._lanes[name]
