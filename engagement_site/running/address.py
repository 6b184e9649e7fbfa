"""Where the pages are served: HOST and PORT, and whether that place is free."""

import errno
import socket
from dataclasses import dataclass
from pathlib import Path

from engagement_site.environment import env

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (not what we listen on, what we recognise)
NOTED = "web.address"


@dataclass(frozen=True)
class Address:
    """A host and a port to listen on."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Return the address a browser on this machine can use."""
        host = EVERYWHERE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"


def chosen() -> Address:
    return Address(env.text("HOST", "127.0.0.1") or "127.0.0.1", env.number("PORT", 8000, 1, 65535))


def note(place: Address, folder: Path) -> None:
    """Leave word in the data folder where this Rapport is served, for commands that ask it."""
    (folder / "running" / NOTED).write_text(f"{place.host} {place.port}")


def noted(folder: Path) -> Address | None:
    """Return where the Rapport of this data folder is served, or was last; None when nobody left word."""
    try:
        host, port = (folder / "running" / NOTED).read_text().split()
        return Address(host, int(port))
    except (OSError, ValueError):
        return None


def port_problem(address: Address) -> str | None:
    """Return the sentence to say when nobody can listen there; None when it is free.

    Bound without SO_REUSEPORT: with it, as the web server does, two of them would share the port in silence.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
            listener.listen(1)
    except OSError as error:
        return _said(address, error)
    return None


def _said(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = address.port + 1 if address.port < 65535 else 8000
        return (
            f"Port {address.port} on {address.host} is already in use, perhaps by another Rapport. "
            f"Choose another port: make run PORT={other}"
        )
    if error.errno == errno.EACCES:
        return f"Port {address.port} may be used by root only. Choose another port: make run PORT=8000"
    return f"HOST={address.host} is no address of this machine ({error.strerror}). Try: make run HOST=127.0.0.1"
