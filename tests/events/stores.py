"""A store that is not one, and requests for the queue before it."""

import asyncio
from types import SimpleNamespace

from customers.models import IdentityKind
from events.door.commits import Commits, Pace
from tests.conftest import NOW


class Parcel(SimpleNamespace):
    def __len__(self):
        return len(self.messages)


def parcel(user, count=1):
    """Return what a request brings: so many messages of one user."""
    message = SimpleNamespace(user_id=user, anonymous_id=None, email=None, company=None, previous_id=None)
    return Parcel(messages=[message] * count, refused=[], name=user)


def key(user):
    return IdentityKind.USER.value, user


class Store:
    """Notes what it is given; `answer` raises what the store is to raise, or waits."""

    def __init__(self, answer=None):
        self.calls = []
        self.answer = answer
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, parcels, now, pace):
        names = [one.name for one in parcels]
        self.calls.append((pace.name, names))
        if pace is Pace.TOGETHER:
            await self.open.wait()
        if self.answer:
            await self.answer(names, pace)

    def calls_at(self, pace):
        return [names for name, names in self.calls if name == pace.name]


def run(scenario):
    asyncio.run(asyncio.wait_for(scenario(), 30))


async def sent(queue, *names, now=NOW, count=1):
    """Send these, and let each take its place in the queue; return the tasks."""
    tasks = [asyncio.create_task(queue.commit(parcel(name, count), now)) for name in names]
    await asyncio.sleep(0)
    return tasks


async def outcomes(tasks):
    return [type(one).__name__ if one else None for one in await asyncio.gather(*tasks, return_exceptions=True)]


async def held(*names, **more):
    """Return a store that is closed, its queue, and the tasks of these, which it has been given."""
    store = Store()
    queue = Commits(store)
    store.open.clear()
    tasks = await sent(queue, *names, **more)
    await asyncio.sleep(0)
    return store, queue, tasks
