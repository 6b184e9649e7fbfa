"""Guard one program: when its owner is gone, however it went, the program is stopped properly.

    python -I -S guard_process.py [--lease FILE] [--alive FILE] [--user UID --group GID] [--in FOLDER]
                          [--tidy FOLDER] [--stop SIGNAL:SECONDS ...] -- PROGRAM ARGUMENT...

The owner is the process at the other end of our standard input or, with --lease, every process sharing the lock
on FILE; the kernel ends both with the owner, even after kill -9. (Linux could send a signal on a parent's death,
but macOS cannot, and Linux forgets that setting when the program changes its user.) With --lease we also leave
the terminal and our parent: the servers belong to all processes that lease them, not to the first.

A file of its own that imports nothing of ours: it has to start fast and stay small. SIGTERM stops the program
as a missing owner does; SIGUSR1 kills it and everything it started.
"""

import argparse
import contextlib
import fcntl
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

ENDED, OWNER_GONE, KILL = "ended", "owner gone", "kill"


def main() -> int:
    args = parsed()
    alive = lock_of_our_life(args.alive) if args.alive else None
    if args.lease and os.fork():
        os._exit(0)
    os.setsid()  # no terminal reaches us: Ctrl-C is for our owner to act upon
    happened: queue.SimpleQueue[str] = queue.SimpleQueue()
    listen_to_signals(happened)
    child = started(args)
    if alive is not None:
        # A guard that was killed has left its note, which may be the longer one.
        os.ftruncate(alive, 0)
        os.pwrite(alive, f"{child.pid} {time.time()}\n".encode(), 0)
    in_background(wait_until_owner_goes, args.lease, happened)
    in_background(wait_until_ended, child, happened)
    see_it_end(child, args.stop, happened)
    if alive is not None:
        os.ftruncate(alive, 0)
    if args.tidy:
        with contextlib.suppress(OSError):
            Path(args.tidy).rmdir()
    code = child.wait()
    return code if code >= 0 else 128 - code


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("--lease", "--alive", "--in", "--tidy"):
        parser.add_argument(name)
    parser.add_argument("--user", type=int)
    parser.add_argument("--group", type=int)
    parser.add_argument("--stop", action="append", default=[])
    parser.add_argument("program", nargs="+")
    return parser.parse_args()


def lock_of_our_life(path: str) -> int:
    """Hold the lock by which others see that we live; after the fork it is the child's."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def started(args: argparse.Namespace) -> "subprocess.Popen[bytes]":
    other_user: dict[str, Any] = {}
    if args.user is not None:
        other_user = {"user": args.user, "group": args.group, "extra_groups": []}
    return subprocess.Popen(
        args.program,
        stdin=None if args.lease else subprocess.DEVNULL,
        cwd=getattr(args, "in"),
        start_new_session=True,  # its own process group, so that whatever it started can be ended with it
        umask=0o077,
        **other_user,
    )


def listen_to_signals(happened: "queue.SimpleQueue[str]") -> None:
    def put(number: int, _frame: FrameType | None) -> None:
        happened.put(KILL if number == signal.SIGUSR1 else OWNER_GONE)

    def pass_over(_number: int, _frame: FrameType | None) -> None:
        """Do nothing; SIG_IGN would be handed down to the program."""

    signal.signal(signal.SIGTERM, put)
    signal.signal(signal.SIGUSR1, put)
    signal.signal(signal.SIGINT, pass_over)
    signal.signal(signal.SIGHUP, pass_over)


def in_background(work: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=work, args=arguments, daemon=True).start()


def wait_until_ended(child: "subprocess.Popen[bytes]", happened: "queue.SimpleQueue[str]") -> None:
    child.wait()
    happened.put(ENDED)


def wait_until_owner_goes(lease: str | None, happened: "queue.SimpleQueue[str]") -> None:
    if lease is None:
        while os.read(0, 4096):
            pass
    else:
        # Not closed again: while we hold it, newcomers wait for the old server to be gone.
        fcntl.flock(os.open(lease, os.O_RDWR | os.O_CREAT, 0o600), fcntl.LOCK_EX)
    happened.put(OWNER_GONE)


def see_it_end(child: "subprocess.Popen[bytes]", steps: list[str], happened: "queue.SimpleQueue[str]") -> None:
    """Wait for the end or for a reason to end it; then go through the steps, and leave nothing of it behind."""
    news = happened.get()
    for step in steps:
        if news != OWNER_GONE:
            break
        name, seconds = step.split(":")
        child.send_signal(signal.Signals[name])
        news = next_other_than_owner_gone(happened, float(seconds))
    # No such group: nothing is left. macOS says "not permitted" of a group of zombies.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def next_other_than_owner_gone(happened: "queue.SimpleQueue[str]", patience: float) -> str:
    give_up_at = time.monotonic() + patience
    while (left := give_up_at - time.monotonic()) > 0:
        try:
            news = happened.get(timeout=left)
        except queue.Empty:
            break
        if news != OWNER_GONE:
            return news
    return OWNER_GONE


if __name__ == "__main__":
    # Not sys.exit: a thread may still wait for the owner, and nothing here needs unwinding.
    code = main()
    sys.stdout.flush()
    os._exit(code)
