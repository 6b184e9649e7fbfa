"""Invoices, tickets, notes and answers as rows, derived from the messages about them. Pure.

Their verbs write those events, so the messages themselves are not sent (`TOLD`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from samples.portfolio import billing
from samples.portfolio.chapter import Chapter

TOLD = frozenset(
    {
        "Invoice paid",
        "Invoice overdue",
        "Ticket opened",
        "Ticket escalated",
        "Ticket solved",
        "Note logged",
        "Survey answered",
    }
)
PULSES = {"Called, all well": "green", "Budget under review": "yellow"}
_PAYABLE_WITHIN = timedelta(days=billing.OVERDUE_AFTER - 1)

Row = dict[str, Any]
Message = Mapping[str, Any]


@dataclass(slots=True)
class Records:
    """One customer's rows; `contact` of a ticket or an answer is a user id, to be looked up."""

    chapter: Chapter
    customer: int
    author: int | None
    invoices: dict[int, Row] = field(default_factory=dict)  # by number
    tickets: list[Row] = field(default_factory=list)
    notes: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)

    def sift(self, messages: Iterable[Message]) -> Iterator[Message]:
        """Pass on what is to be sent as an event; keep what is to be a row."""
        for message in messages:
            name = message.get("event", "")
            if name in TOLD or name == "Payment failed":
                self._keep(name, message, datetime.fromisoformat(message["timestamp"]))
            if name not in TOLD:
                yield message

    def finished(self) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
        """Return invoices, tickets, notes and answers. Invoices not yet due when a customer left are cancelled."""
        left = self.chapter.story.left_on is not None
        for row in self.invoices.values():
            row["is_void"] = left and row["paid_on"] is None and not row.pop("is_late")
            row.pop("is_late", None)
        return list(self.invoices.values()), self.tickets, self.notes, self.answers

    def _keep(self, name: str, message: Message, at: datetime) -> None:
        if "ticket" in message["properties"]:
            self._ticket(name, message, at)
        elif name == "Note logged":
            self._note(message, at)
        elif name == "Survey answered":
            self._answer(message, at)
        else:
            self._invoice(name, message["properties"], at.astimezone(self.chapter.portfolio.zone).date())

    def _invoice(self, name: str, properties: Row, day: date) -> None:
        """The first message about an invoice, paid or failed, comes on the day of its issue."""
        number = properties["invoice"]
        row = self.invoices.setdefault(number, self._issued(number, properties, day))
        if name == "Invoice paid":
            row["paid_on"] = day
        row["is_late"] |= name == "Invoice overdue"

    def _issued(self, number: int, properties: Row, day: date) -> Row:
        name = f"R-{self.chapter.story.index:05}-{number:02}"
        return {
            "customer_id": self.customer,
            "external_id": name,
            "number": name,
            "issued_on": day,
            "due_on": day + _PAYABLE_WITHIN,
            "paid_on": None,
            "amount": properties.get("total", properties.get("amount")),
            "currency": properties["currency"],
            "is_late": False,
        }

    def _ticket(self, name: str, message: Message, at: datetime) -> None:
        """The oldest is solved first; the newest that is not escalated yet escalates."""
        if name == "Ticket opened":
            self.tickets.append(self._opened(message, at))
        elif name == "Ticket escalated":
            row = next(row for row in reversed(self.tickets) if row["escalated_at"] is None)
            row["escalated_at"], row["priority"] = at, "high"
        else:
            row = next(row for row in self.tickets if row["solved_at"] is None)
            row["solved_at"] = at
            # The first response was drawn when the ticket was opened, and cannot come after the solution.
            row["first_response_at"] = min(row["first_response_at"], at)

    def _opened(self, message: Message, at: datetime) -> Row:
        properties = message["properties"]
        return {
            "customer_id": self.customer,
            "external_id": properties["ticket"],
            "subject": properties["subject"],
            "priority": "normal",
            "contact": message.get("userId"),
            "opened_at": at,
            "first_response_at": at + timedelta(hours=1 + len(self.tickets) * 7 % 20),
            "escalated_at": None,
            "solved_at": None,
        }

    def _answer(self, message: Message, at: datetime) -> None:
        properties = message["properties"]
        self.answers.append(
            {
                "customer_id": self.customer,
                "contact": message.get("userId"),
                "survey": properties["survey"],
                "score": properties["score"],
                "at": at,
                "external_id": message["messageId"],
            }
        )

    def _note(self, message: Message, at: datetime) -> None:
        text = message["properties"]["note"]
        self.notes.append(
            {
                "customer_id": self.customer,
                "external_id": message["messageId"],
                "kind": "note",
                "text": text,
                "pulse": PULSES.get(text, ""),
                "author_id": self.author,
                "at": at,
            }
        )
