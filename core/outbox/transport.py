"""What a kind of outgoing message supplies: who writes it (Composer) and what carries it (Transport)."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

Message = TypeVar("Message")
Carried = TypeVar("Carried", contravariant=True)


class Drop(Exception):
    """The message is not to be sent any more; the text says why, for people."""


class Refused(Exception):
    """The receiver refused the message; the text is their answer. If `is_final`, it is given up without another try."""

    def __init__(self, answer: str, *, is_final: bool) -> None:
        super().__init__(answer)
        self.is_final = is_final


class Transport(Protocol[Carried]):
    """What carries messages out: mail, a chat, a webhook. One instance carries a handful of messages, one at a time.

    It opens what it needs with its first message and keeps it open for the next ones.
    """

    def send(self, message: Carried, *, uid: uuid.UUID) -> str:
        """Send one message; return the provider's id of it, or "".

        `uid` is the same in each try: pass it on, so that a receiver who gets a message twice can tell. Raises
        Refused when the receiver answered no; any other exception means that nobody knows, and it is tried again
        over a new connection.
        """

    def close(self) -> None:
        """Close what is open, if anything is. Called after the handful, and after an exception but Refused."""


class Composer(Protocol[Message]):
    """What a kind of message is written by (settings.OUTBOX)."""

    @property
    def transport(self) -> type[Transport[Message]]:
        """The class that carries this kind."""

    def compose(self, payload: Mapping[str, Any], *, now: datetime) -> Message:
        """Return what the transport sends. Raises Drop. May write: it is called again before each try."""

    def sent(self, payload: Mapping[str, Any], *, now: datetime) -> None:
        """Note that it left, in the transaction that notes it in the outbox."""

    def given_up(self, payload: Mapping[str, Any], *, now: datetime, is_refused: bool) -> None:
        """Note that it never will, refused by the receiver or after the last try; in that same transaction."""
