"""Why a message names nobody, in words for the rejected-events page. Called only for one that does."""

from collections.abc import Mapping
from typing import Any

SHOWN = 40  # characters of an id


def reason(message: Mapping[str, Any], kind: str) -> str:
    """Return what to change: the wrong id, if there is one, else the id that is missing."""
    if kind == "group":
        return wrong_id(message, "groupId") or "A group call needs a groupId."
    if found := wrong_id(message, "userId", "anonymousId"):
        return found
    if kind == "identify":
        return "An identify call needs a userId or an anonymousId."
    context = message.get("context")
    company = wrong_id(context, "groupId", path="context.") if isinstance(context, Mapping) else None
    return company or "Nobody did this: give a userId, an anonymousId or context.groupId."


def wrong_id(message: Mapping[str, Any], *names: str, path: str = "") -> str | None:
    """Say of the first of these ids that is given that it is a wrong one; None when none is given."""
    given = next(((name, message[name]) for name in names if _is_given(message.get(name))), None)
    if given is None:
        return None
    name, value = given
    shown = str(value).lower() if isinstance(value, bool) else f"“{str(value)[:SHOWN]}”"
    return (
        f"`{path}{name}` is {shown}. Programs send that where an id is missing, so it names nobody. "
        "Send the id of one person or company there, or nothing there and another id."
    )


def _is_given(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None
