"""Group commit: what arrives while one transaction is committed goes into the next one, without a timer.

All state belongs to the event loop; only the storing happens in threads. A request is answered when the transaction
that holds its messages is committed. Requests about people whom others are changing wait apart from the rest, and so
does who names one of these people meanwhile. Where only a lock is known to hold up a group, each is tried alone.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Container, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import InterfaceError, InternalError, OperationalError

from core.days import business_day
from core.web.bodies import Crowded
from customers.identities import Key
from events.ingest import Busy, Parcel
from events.ingest.opening import keys_of

MOST_MESSAGES = 1_000  # of one transaction, unless one request alone brings more
LONGEST_QUEUE = 1.0  # seconds that the first in the queue may wait before others are turned away
MOST_APART = 1_000  # requests that wait for others at the same time
APART = 2  # of them are being stored at the same time
LONGEST_APART = 8.0  # seconds that a request may wait to be one of these

_NOBODY_CAN = (OperationalError, InterfaceError, InternalError)  # store anything: gone, full, read-only


class Pace(Enum):
    """How a transaction meets locks: the seconds it waits for one, and whether it leaves out people who are busy."""

    TOGETHER = 0.3, True  # it holds up everybody
    ALONE = 0.05, True  # finds out, among a few, who it is
    APART = 4.0, False  # it holds up one request

    @property
    def seconds(self) -> float:
        return self.value[0]

    @property
    def skips_busy(self) -> bool:
        return self.value[1]


# Stores parcels, which came then
Store = Callable[[Sequence[Parcel], datetime, Pace], Awaitable[object]]


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
        self._aside: set[asyncio.Task[None]] = set()  # those that are tried alone, or wait apart
        self._turns = asyncio.Semaphore(APART)
        self._busy: set[Key] = set()  # whom those that wait apart name

    async def commit(self, parcel: Parcel, now: datetime) -> None:
        """Return once the parcel is stored. Raises Crowded, and what storing raises."""
        loop = asyncio.get_running_loop()
        if self._queue and loop.time() - self._queue[0].since > LONGEST_QUEUE:
            raise Crowded
        waiting = _Waiting(parcel, now, loop.time(), loop.create_future())
        if self._busy and _concerns(parcel, self._busy):
            self._set_aside([waiting], self._commit_apart)
            return await waiting.done
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
                await self._store([one.parcel for one in group], group[0].now, Pace.TOGETHER)
            except Busy as busy:
                late = [one for one in group if _concerns(one.parcel, busy.keys)]
                if not late:
                    return self._set_aside(group, self._commit_alone)
                self._set_aside(late, self._commit_apart)
                group = [one for one in group if not _concerns(one.parcel, busy.keys)]
                continue
            except Exception as error:
                if len(group) == 1 or isinstance(error, _NOBODY_CAN):
                    return _tell(group, error)
                # A fault of ours that one message brings out: the others are not to suffer for it.
                return self._set_aside(group, self._commit_alone)
            return _tell(group, None)

    def _set_aside(self, group: list[_Waiting], commit: Callable[[_Waiting], Coroutine[None, None, None]]) -> None:
        for one in group:
            if len(self._aside) >= MOST_APART:
                _tell([one], Crowded())
                continue
            task = asyncio.get_running_loop().create_task(commit(one))
            self._aside.add(task)
            task.add_done_callback(self._aside.discard)

    async def _commit_alone(self, one: _Waiting) -> None:
        try:
            await self._store([one.parcel], one.now, Pace.ALONE)
        except Busy:
            return await self._commit_apart(one)
        except Exception as error:
            return _tell([one], error)
        _tell([one], None)

    async def _commit_apart(self, one: _Waiting) -> None:
        names = {key for message in one.parcel.messages for key in keys_of(message)}
        self._busy.update(names)
        try:
            async with asyncio.timeout(LONGEST_APART):
                await self._turns.acquire()
            try:
                await self._store([one.parcel], one.now, Pace.APART)
            finally:
                self._turns.release()
        except TimeoutError:
            return _tell([one], Crowded())
        except Exception as error:
            return _tell([one], error)
        finally:
            # Whoever still waits for them is not named by these: what comes next finds out anew, once.
            self._busy -= names
        _tell([one], None)


def _concerns(parcel: Parcel, busy: Container[Key]) -> bool:
    """Tell whether the parcel names somebody who is busy."""
    return any(key in busy for message in parcel.messages for key in keys_of(message))


def _tell(group: Sequence[_Waiting], error: Exception | None) -> None:
    for one in group:
        if one.done.done():  # its client hung up
            continue
        if error is None:
            one.done.set_result(None)
        else:
            one.done.set_exception(error)
