"""Valkey from the wheel: it wakes the worker and stores nothing, listens on this machine only, asks a password.

TCP, although a socket would be more private: Celery and redis-py disagree on how to write a socket's address.
"""

import secrets
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

from engagement_site.embedded.launch import Launch
from engagement_site.embedded.places import Places

NAME = "Valkey"
KEY = "valkey"
PROGRAM = "valkey"
VARIABLE = "REDIS_URL"
STOP_SIGNAL = signal.SIGTERM
HUNG_SECONDS = 20  # then it is killed and started again: it stores nothing that would be lost

SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
save ""
appendonly no
maxmemory 128mb
maxmemory-policy noeviction
databases 2
loglevel warning
"""


def prepared(places: Places, *, log: Path, for_tests: bool, former: str | None = None) -> Launch:
    """Return how to start it, on a free port or where it was before.

    The settings go through its standard input: they hold a secret.
    """
    url = former or f"redis://:{secrets.token_urlsafe(32)}@127.0.0.1:{free_port()}/0"
    port, password = urlsplit(url).port, urlsplit(url).password
    return Launch(
        url=url,
        command=[str(places.valkey_program), "-"],
        folder=places.data,
        stop=("SIGTERM:5",),
        account=places.account,
        stdin=SETTINGS.format(port=port, password=password).encode(),
    )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers(url: str) -> bool:
    """Tell whether the server at the address knows our password: another's on the same port would not."""
    address = urlsplit(url)
    try:
        with socket.create_connection(("127.0.0.1", address.port or 0), timeout=2) as connection:
            connection.sendall(f"AUTH {address.password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as answer:
                return answer.readline() == b"+OK\r\n" and answer.readline() == b"+PONG\r\n"
    except OSError:
        return False
