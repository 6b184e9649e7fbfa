"""What an e-mail address is: one rule for every door."""

import re

from core.names.cleaning import cleaned_id

MOST = 200  # characters: what an identity holds
# Loose: what a mail server accepts is its own to say. No spaces, and nothing that parts addresses in a list, quotes a
# name or brackets an address; in front of the domain's last part a point. "localhost" is for trials.
_NEVER = r"@\s\0,;:<>()\[\]\\\""
_ADDRESS = re.compile(rf"[^{_NEVER}]+@(?:[^.{_NEVER}]+(?:\.[^.{_NEVER}]+)+|localhost)")


def email(text: object) -> str | None:
    """Return the address in small letters and without invisible characters; None for what is none.

    None also for what is longer than 200 characters, and for several addresses, or one with a name.
    """
    if not isinstance(text, str):
        return None
    address = folded(text)
    return address if len(address) <= MOST and _ADDRESS.fullmatch(address) else None


def folded(text: str) -> str:
    """Return the text as addresses are stored, whether or not it is one: to look up what was stored by older rules."""
    return cleaned_id(text).lower()
