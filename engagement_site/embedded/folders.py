"""Folders of the servers: private ones for data and sockets, and shared ones that another user passes through."""

import os
import stat
import tempfile
from pathlib import Path

from engagement_site.embedded.accounts import Account
from engagement_site.embedded.errors import ServerError, folder_cannot_be_written

LONGEST_SOCKET_PATH = 100  # bytes; Linux allows 107, macOS 103
SOCKET_NAME = ".s.PGSQL.5432"


def writable(path: Path) -> Path:
    """Make a folder and try it. Raises ServerError with the one sentence the operator needs."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        raise folder_cannot_be_written(path, error) from None


def shared(path: Path) -> Path:
    """Make a folder that every user may pass through, unless it is there already."""
    try:
        if not path.exists():
            path.mkdir(parents=True)
            path.chmod(0o755)
    except OSError as error:
        raise ServerError(
            f"The folder {path}, for the servers that root may not run itself, cannot be made ({error.strerror}). "
            "Start Rapport as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from None
    return path


def private(path: Path, account: Account | None) -> Path:
    """Make a folder that only the servers' user (and root) may enter."""
    path.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(path, account.uid, account.gid)
    if stat.S_IMODE(path.stat().st_mode) != 0o700:
        path.chmod(0o700)
    return path


def for_socket(beside: Path, account: Account | None) -> Path:
    """Return a private folder whose path is short enough for a socket: beside the data, else in /tmp."""
    folder = beside / "sockets"
    if len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return private(folder, account)
    # Not where TMPDIR says: that may be long, too.
    return private(Path(tempfile.mkdtemp(prefix="rapport-", dir="/tmp")), account)
