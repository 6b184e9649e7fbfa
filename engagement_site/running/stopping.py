"""Stopping by Ctrl-C, SIGTERM or a closed terminal: the first lets work finish, the second stops at once."""

import os
import signal
import threading
import time
from types import FrameType

from engagement_site.running.words import fall_silent

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopping:
    """Whether somebody wants us to stop.

    Work that does not check these flags is interrupted (KeyboardInterrupt). Once `interrupts` is off, the running
    loop checks `asked` and `forced`. Once `leaves` is on, only the servers remain, which stop without us.
    """

    def __init__(self) -> None:
        # Plain attributes: an Event set by a handler can wait for ever for a lock the interrupted code holds.
        self.asked = False
        self.forced = False
        self.interrupts = True
        self.leaves = False

    def listen(self) -> None:
        for number in SIGNALS:
            # nohup sets SIGHUP to be ignored, and our handler would undo that.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._heard)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            fall_silent()
        if self.leaves:
            os._exit(1)
        self.forced = self.asked
        self.asked = True
        if self.interrupts:
            raise KeyboardInterrupt


def ask_when_left_alone(*, with_parent: bool) -> None:
    """Stop when the terminal or, with `with_parent`, our parent is gone without having sent a signal.

    A `make` killed outright sends us no signal, and neither does one that leads the session of a closed terminal
    (ssh -t host make run): it waits for us, and the kernel signals its children only once it is gone.
    """
    parent = os.getppid() if with_parent else 0
    terminals = [stream for stream in (0, 1, 2) if os.isatty(stream)]

    def wait() -> None:
        number = None
        while number is None:
            time.sleep(0.5)
            if parent and os.getppid() != parent:
                number = signal.SIGTERM
            elif not all(os.isatty(stream) for stream in terminals):
                number = signal.SIGHUP
        os.kill(os.getpid(), number)

    threading.Thread(target=wait, daemon=True).start()
