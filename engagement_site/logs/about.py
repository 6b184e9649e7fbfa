"""What the lines of a log are about: the request or the task that this thread is working on."""

from contextvars import ContextVar, Token
from logging import LogRecord

IN_REQUEST = "rapport.request_id"  # in request.META

_ABOUT: ContextVar[dict[str, str]] = ContextVar("about", default={})  # noqa: B039 (never changed, only replaced)


def current(record: LogRecord) -> dict[str, str]:
    """Return what the record is about, by name.

    Django logs an answer of 4xx after the outermost middleware has returned; but it names the request.
    """
    if facts := _ABOUT.get():
        return facts
    meta = getattr(getattr(record, "request", None), "META", {})
    return {"request_id": meta[IN_REQUEST]} if IN_REQUEST in meta else {}


def request_id() -> str:
    """Return the id of the request being answered, or of the one that led to the task; "" outside both."""
    return _ABOUT.get().get("request_id", "")


def begin(**facts: str) -> Token[dict[str, str]]:
    return _ABOUT.set(facts)


def end(token: Token[dict[str, str]]) -> None:
    _ABOUT.reset(token)
