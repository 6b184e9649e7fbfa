"""Keys and tokens stay out of the logs, whoever wrote the line: Django logs paths, libraries log addresses.

Two shapes are known: our API keys, wherever they stand, and the long last parts of public links. Queries go altogether:
write keys may come in them.
"""

import re

_OUR_KEY = re.compile(r"(rapport_[A-Za-z0-9]{8})_[A-Za-z0-9]{8,}")
_AUTHORIZATION = re.compile(r"\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{8,}", re.IGNORECASE)
_PASSWORD = re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@")
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"'<>]*=[^\s\"'<>]*")
_LONG_PART = re.compile(r"(?<=/)[A-Za-z0-9_%-]{20,}(?=[/?#\s\"'),]|$)")


def redacted(text: str) -> str:
    """Return the text without keys, passwords in addresses, queries, and path parts of 20 characters and more."""
    text = _OUR_KEY.sub(r"\1_…", text)
    text = _AUTHORIZATION.sub(r"\1 …", text)
    text = _PASSWORD.sub(r"\1:…@", text)
    text = _QUERY.sub("?…", text)
    return _LONG_PART.sub("…", text)
