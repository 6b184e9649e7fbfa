"""Group commit: what arrives while one transaction is committed goes into the next one, without a timer.

All state belongs to the event loop; only the storing happens in threads. A request is answered when the transaction
that holds its messages is committed. Requests about people whom others are changing wait apart from the rest.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, InternalError, OperationalError

from core.days import business_day
from core.web.bodies import Crowded
from events.ingest import Busy, Parcel
from events.ingest.opening import keys_of

MOST_MESSAGES = 1_000  # of one transaction, unless one request alone brings more
LONGEST_QUEUE = 1.0  # seconds that the first in the queue may wait before others are turned away
MOST_APART = 1_000  # requests that wait for others at the same time
WAIT_TOGETHER = 0.3  # seconds for a lock, when it holds up everybody
WAIT_APART = 4.0  # seconds for a lock, when it holds up one request

_NOBODY_CAN = (OperationalError, InterfaceError, InternalError)  # store anything: gone, full, read-only

# Stores parcels: (parcels, when they came, seconds to wait for locks, whether to leave out who is busy)
Store = Callable[[Sequence[Parcel], datetime, float, bool], Awaitable[object]]


@dataclass(slots=True)
class _Waiting:
    parcel: Parcel
    now: datetime
    since: float  # by the loop's clock
    done: "asyncio.Future[None]"


class Commits:
    """The queue of one process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: deque[_Waiting] = deque()
        self._together: asyncio.Task[None] | None = None
        self._apart: set[asyncio.Task[None]] = set()

    async def commit(self, parcel: Parcel, now: datetime) -> None:
        """Return once the parcel is stored. Raises Crowded, and what storing raises."""
        loop = asyncio.get_running_loop()
        if self._queue and loop.time() - self._queue[0].since > LONGEST_QUEUE:
            raise Crowded
        waiting = _Waiting(parcel, now, loop.time(), loop.create_future())
        self._queue.append(waiting)
        if self._together is None:
            self._together = loop.create_task(self._work_off())
        await waiting.done

    async def _work_off(self) -> None:
        try:
            while self._queue:
                await self._commit_together(self._next())
        finally:
            self._together = None

    def _next(self) -> list[_Waiting]:
        """Take the next ones, all received on the same day: that is when they become known."""
        first = self._queue.popleft()
        group, messages, day = [first], len(first.parcel), business_day(first.now)
        while self._queue:
            following = self._queue[0]
            messages += len(following.parcel)
            if messages > MOST_MESSAGES or business_day(following.now) != day:
                break
            group.append(self._queue.popleft())
        return group

    async def _commit_together(self, group: list[_Waiting]) -> None:
        while group:
            try:
                await self._store([one.parcel for one in group], group[0].now, WAIT_TOGETHER, True)
            except Busy as busy:
                late = [one for one in group if _concerns(one.parcel, busy)]
                group = [one for one in group if not _concerns(one.parcel, busy)]
                self._set_apart(late)
                continue
            except Exception as error:
                if len(group) == 1 or isinstance(error, _NOBODY_CAN):
                    _tell(group, error)
                else:
                    # A fault of ours that one message brings out: the others are not to suffer for it.
                    self._set_apart(group)
                return
            _tell(group, None)
            return

    def _set_apart(self, group: list[_Waiting]) -> None:
        for one in group:
            if len(self._apart) >= MOST_APART:
                _tell([one], Crowded())
                continue
            task = asyncio.get_running_loop().create_task(self._commit_apart(one))
            self._apart.add(task)
            task.add_done_callback(self._apart.discard)

    async def _commit_apart(self, one: _Waiting) -> None:
        try:
            await self._store([one.parcel], one.now, WAIT_APART, False)
        except Exception as error:
            _tell([one], error)
            return
        _tell([one], None)


def _concerns(parcel: Parcel, busy: Busy) -> bool:
    """Tell whether the parcel names somebody who is busy; without names, everything does."""
    return not busy.keys or any(key in busy.keys for message in parcel.messages for key in keys_of(message))


def _tell(group: Sequence[_Waiting], error: Exception | None) -> None:
    for one in group:
        if one.done.done():  # its client hung up
            continue
        if error is None:
            one.done.set_result(None)
        else:
            one.done.set_exception(error)
