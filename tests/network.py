"""No test reaches the network: a connection to another machine is refused, and fails the test that asked for it.

Programs that a test starts are on their own, and so is libpq, which goes where DATABASE_URL says.
"""

import ipaddress
import os
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

tried: list[str] = []  # what was refused: much of our code catches whatever a connection raises


class Refused(RuntimeError):
    """No OSError: those are caught, and tried again."""


def close(patch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every look-up of a name but this machine's own, and those of REDIS_URL."""
    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse_stranger(host)
        return real(host, *arguments, **options)

    patch.setattr(socket, "getaddrinfo", getaddrinfo)


def fail_if_tried() -> None:
    """Fail the test that tried, and forget it."""
    if tried:
        names = ", ".join(tried)
        tried.clear()
        pytest.fail(f"This test asked for {names}: tests have no network.")


def _guarded(real: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_stranger(arguments[-1][0])  # sendto has the address last, after the data and perhaps flags
        return real(self, *arguments)

    return guarded


def _refuse_stranger(host: Any) -> None:
    text = host.decode() if isinstance(host, bytes) else host
    if not _is_here(text):
        tried.append(text)
        raise Refused(f"A test asked for {text}: tests have no network.")


def _is_here(host: str | None) -> bool:
    if host in (None, "", "localhost", urlsplit(os.environ.get("REDIS_URL", "")).hostname):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
