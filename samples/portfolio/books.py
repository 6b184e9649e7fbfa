"""The rows of many customers, written through the verbs that write their events."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from core.days import start
from customers.models import Identity, IdentityKind
from events.models import Source
from records import invoices, notes, tickets
from samples.loading import feed
from samples.loading.feed import Message, Tally
from samples.portfolio import surveys
from samples.portfolio.chapter import Chapter
from samples.portfolio.records import TOLD, Records

SKIPPED = "told by an invoice, a ticket, a note or an answer instead"


class Books:
    """Keeps rows until there is a batch of them. Written again, a row is the same, and its events stay one."""

    def __init__(self, owners: list[int], tally: Tally, *, source: Source, now: datetime, first: date) -> None:
        self._owners, self._tally, self._source, self._now = owners, tally, source, now
        self._surveys = surveys.ensure(now, start(first))
        self._waiting: tuple[list[Any], list[Any], list[Any], list[Any]] = ([], [], [], [])

    def sift(self, chapter: Chapter, customer: int, messages: Iterable[Message]) -> Iterator[Message]:
        """Pass on a customer's messages that are to be sent; write the others as rows once there is a batch of them."""
        owner = chapter.company.owner
        kept = Records(chapter, customer, None if owner is None else self._owners[owner])
        yield from kept.sift(self._counted(messages))
        for waiting, rows in zip(self._waiting, kept.finished(), strict=True):
            waiting += rows
        if sum(map(len, self._waiting)) >= feed.BATCH:
            self.write()

    def write(self) -> None:
        """Write the rows that wait, through the verbs that write their events as well."""
        bills, ticket_rows, noted, survey_answers = self._waiting
        written = len(bills + ticket_rows + noted + survey_answers)
        self._tally.beside["invoices, tickets, notes and answers, with events of their own"] += written
        shared: dict[str, Any] = {"now": self._now, "source": self._source, "history": True}
        invoices.write(bills, **shared)
        tickets.write(list(self._answered(ticket_rows)), **shared)
        notes.write(noted, **shared)
        surveys.write(survey_answers, self._surveys, now=self._now)
        self._waiting = ([], [], [], [])

    def _counted(self, messages: Iterable[Message]) -> Iterator[Message]:
        for message in messages:
            self._tally.skipped[SKIPPED] += message.get("event") in TOLD
            yield message

    def _answered(self, rows: list[Any]) -> Iterator[dict[str, Any]]:
        """Put in the requester's contact, and leave out a first response that lies ahead of the load."""
        users = Identity.objects.filter(kind=IdentityKind.USER, value__in={row["contact"] for row in rows})
        contacts = dict(users.values_list("value", "contact"))
        for row in rows:
            user, answered = row.pop("contact"), row.pop("first_response_at")
            answer = answered if answered <= self._source.created_at else None
            yield {**row, "contact_id": contacts.get(user), "first_response_at": answer}
