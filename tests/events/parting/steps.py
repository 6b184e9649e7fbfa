"""A parting step by step, as staff and a worker take them, and the people it is about."""

from datetime import timedelta

from customers.models import Identity
from events.log import resettling
from events.models import Parting
from events.parting import lifecycle, work
from tests.conftest import NOW
from tests.events.people import group, identify, track

TOMORROW = NOW + timedelta(days=1)


def did(days, company=None, event="Report created", **who):
    """Say what somebody did, at the company that the message names, if any."""
    mark = "-".join(who.values())
    return track(
        days,
        event,
        messageId=f"{event}-{days}-{mark}-{company}",
        context={"groupId": company} if company else {},
        **who,
    )


def two_people(prefix="", **shared):
    """Say what two people did, each at a device and a company of theirs; `shared` is what both send beside it."""
    ann, bob = ({"anonymousId": f"{prefix}{name}-phone", **shared} for name in ("ann", "bob"))
    acme, birch = f"{prefix}acme", f"{prefix}birch"
    return [
        group(acme, 20, messageId=f"{acme}-g", traits={"name": acme}, **ann),
        group(birch, 19, messageId=f"{birch}-g", traits={"name": birch}, **bob),
        identify(18, messageId=f"{acme}-i", traits={"name": "Ann"}, **ann),
        *(did(days, acme, **ann) for days in (9, 3, 1)),
        *(did(days, birch, **bob) for days in (8, 2)),
        did(5, birch, "Meeting held", **bob),
    ]


def worked(job, now=NOW):
    """Let workers do what waits, and settle; return the parting as it is then."""
    work.go_on(clock=lambda: now)
    resettling.settle_all(now=now)
    return Parting.objects.get(pk=job.pk)


def counted(value, by_what="device", kind="user", now=NOW):
    """Return the preview of parting an id."""
    job = worked(lifecycle.ask(Identity.objects.get(kind=kind, value=value), by_what, now=now, by=None), now)
    assert job.state == "ready"
    return job


def parted(value, by_what="device", kind="user", now=NOW, **how):
    job = counted(value, by_what, kind, now)
    lifecycle.carry_out(job, now=now, by=None, **how)
    return worked(job, now)
