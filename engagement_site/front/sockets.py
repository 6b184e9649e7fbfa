"""What the system is told about the sockets of this process, as the web server has no settings for it."""

import os
import resource
import socket
import stat
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

UNREAD_SECONDS = 60  # that a client may leave what was sent to it unread; then the system closes its connection
_OPEN_FILES = Path("/proc/self/fd")  # Linux


def allow_many() -> None:
    """Use all the files that the system allows: each idle client holds one."""
    least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if least != most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def give_up_unread() -> None:
    """Let the system close connections whose clients read nothing; where it cannot, they stay until they hang up.

    Call it when the server listens: what it accepts from then on inherits the setting.
    """
    for ours in _sockets():
        if hasattr(socket, "TCP_USER_TIMEOUT") and ours.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)


def cut(client: Sequence[object]) -> None:
    """End the connection with a client (host, port): the server would wait for ever to send what is left."""
    host, port = client
    for ours in _sockets():
        with suppress(OSError):
            if ours.getpeername()[:2] == (host, int(str(port))):
                # Closed without waiting for what the client has not read: the system holds megabytes of it.
                ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                ours.shutdown(socket.SHUT_RDWR)


def _sockets() -> Iterator[socket.socket]:
    """Yield the internet sockets of this process, those of the server among them."""
    names = list(_OPEN_FILES.iterdir()) if _OPEN_FILES.exists() else []
    for name in names:
        with suppress(OSError):  # closed meanwhile
            if stat.S_ISSOCK(name.stat().st_mode):
                with socket.socket(fileno=os.dup(int(name.name))) as ours:
                    if ours.family in (socket.AF_INET, socket.AF_INET6):
                        yield ours
