"""Locks the kernel keeps: they go when their process goes, however it ended, so none is ever stale."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.05  # between two tries


def try_to_hold(path: Path, *, shared: bool) -> int | None:
    """Return the descriptor that holds the lock until it is closed; None when others stand in the way."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def hold(path: Path, *, shared: bool, patience: float) -> int:
    """Wait for the lock and return its descriptor. Raises TimeoutError after `patience` seconds."""
    give_up_at = time.monotonic() + patience
    while (descriptor := try_to_hold(path, shared=shared)) is None:
        if time.monotonic() > give_up_at:
            raise TimeoutError(path)
        time.sleep(POLL_SECONDS)
    return descriptor


@contextmanager
def alone(path: Path, *, patience: float) -> Iterator[None]:
    """Let one process at a time into the block."""
    descriptor = hold(path, shared=False, patience=patience)
    try:
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Tell whether some process holds the lock alone."""
    if not path.exists():
        return False
    descriptor = try_to_hold(path, shared=True)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def has_holders(path: Path) -> bool:
    """Tell whether some process shares the lock (and nobody holds it alone)."""
    alone_now = try_to_hold(path, shared=False)
    if alone_now is not None:
        os.close(alone_now)
        return False
    return not is_held(path)
