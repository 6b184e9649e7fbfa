"""What the pages say of a parting."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags import show
from events.models import Parting
from events.parting import parts

By, State = Parting.By, Parting.State


def title(job: Parting) -> str:
    """Say what it does, in a line."""
    words = {
        By.DEVICE: _("Part “%(id)s” by device"),
        By.EMAIL: _("Part “%(id)s” by e-mail address"),
        By.COMPANY: _("Part “%(id)s” by company"),
    }
    return words[By(job.by_what)] % {"id": job.name.value}


def sentence(job: Parting) -> str:
    """Say in a line into whom it parts."""
    if not job.people:
        return _("Nothing tells these people apart that way.")
    people = ngettext("%(n)s person", "%(n)s people", job.people) % {"n": show.number(job.people)}
    events = ngettext("%(n)s event", "%(n)s events", job.events) % {"n": show.number(job.events)}
    return _("%(people)s with %(events)s") % {"people": people, "events": events}


def notes(job: Parting) -> Iterator[str]:
    """Yield what else to know before it is carried out."""
    if job.rest:
        yield _rest(job)
    if job.homeless:
        yield ngettext(
            "%(n)s event is of people who never named a company: it leaves the customer it is at now.",
            "%(n)s events are of people who never named a company: they leave the customers they are at now.",
            job.homeless,
        ) % {"n": show.number(job.homeless)}


def result(job: Parting) -> Iterator[str]:
    """Yield what was done. One query at most."""
    if job.act_id is None:
        yield _("Nothing was changed.")
        return
    yield ngettext("%(n)s event was told again.", "%(n)s events were told again.", job.changed) % {
        "n": show.number(job.changed)
    }
    if job.rest and job.rest_with:
        yield ngettext(
            "%(n)s event of which nobody knows whose it is stays with %(name)s.",
            "%(n)s events of which nobody knows whose they are stay with %(name)s.",
            job.rest,
        ) % {"n": show.number(job.rest), "name": parts.label(job, job.rest_with)}
    elif job.rest:
        yield _rest(job)
    if job.puts_on_list:
        yield _("The id is on the list of wrong ids: new messages go by their device.")
    else:
        yield _(
            "The id is not on the list of wrong ids: the next message that has it beside a device joins them again."
        )
    if job.state in (State.CANCELLED, State.FAILED):
        yield _("What was done before it stopped stays. Part the rest by asking once more.")
    yield _("It is not undone as a whole: people who are one after all can be merged.")


def _rest(job: Parting) -> str:
    return ngettext(
        "Of %(n)s event nobody knows whose it is: it stays with the contact.",
        "Of %(n)s events nobody knows whose they are: they stay with the contact.",
        job.rest,
    ) % {"n": show.number(job.rest)}
