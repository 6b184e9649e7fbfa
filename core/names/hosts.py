"""The host names of websites: what two addresses of one company have in common."""

import re
from urllib.parse import urlsplit

from core.names.cleaning import cleaned_id

MOST = 253  # characters: what the domain name system allows
# Letters of any script, as people write their domain; the last part is no number, which would be an IP address.
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


def host(text: str) -> str | None:
    """Return the host name in a web address or by itself, in small letters and without "www."; None if there is none.

    Without "www.", because www.nine.example and nine.example are one company.
    """
    address = cleaned_id(text).lower()
    scheme, _, rest = address.partition("://")
    if scheme not in ("http", "https") if rest else "@" in address:  # another protocol, or an e-mail address
        return None
    try:
        name = urlsplit(f"//{rest or address}").hostname or ""
    except ValueError:  # brackets, which begin an IP address of the newer kind
        return None
    name = name.removesuffix(".").removeprefix("www.")
    return name if len(name) <= MOST and _HOST.fullmatch(name) else None
