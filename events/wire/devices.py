"""Which libraries run on people's own devices, whose clocks are wrong.

Servers resend with an old sentAt after an outage: their times are left alone.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_NAMES = frozenset(("analytics.js", "rudderlabs javascript sdk"))
# By whole words, and both must be there: an "acme-swift-backend" is a server of its own, "portfolios" no iOS.
_MAKERS = frozenset(("analytics", "segment", "rudder", "rudderlabs", "rudderstack"))
_DEVICES = frozenset(("android", "ios", "kotlin", "swift", "flutter", "reactnative", "unity"))
_PIECE = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
LONGEST = 100


def is_device(context: Mapping[str, Any]) -> bool:
    """Tell whether `context.library` names an SDK of browsers or phones."""
    library = context.get("library")
    name = library.get("name") if isinstance(library, dict) else None
    return isinstance(name, str) and len(name) <= LONGEST and _is_device_name(name)


@lru_cache(maxsize=256)
def _is_device_name(name: str) -> bool:
    if name.lower() in _NAMES:
        return True
    words = set()
    for piece in _PIECE.findall(name):
        words |= {piece.lower(), *(word.lower() for word in _WORD.findall(piece))}  # iOS, RudderAndroid
    if {"react", "native"} <= words:
        words.add("reactnative")
    return not (words.isdisjoint(_MAKERS) or words.isdisjoint(_DEVICES))
