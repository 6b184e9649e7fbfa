"""Progress of a load: how far it is, and how long each phase took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import OutputWrapper

_WIDTH = 30
_SHORT = 2.0  # seconds


class Progress:
    """A bar on a terminal; elsewhere, such as in a log, a line per 10 % of what takes more than two seconds."""

    def __init__(self, out: OutputWrapper, label: str) -> None:
        self._out, self._label, self._tenth = out, label, -1
        self._terminal, self._began = out.isatty(), time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        share = min(1.0, done / total) if total else 1.0
        # Only a terminal understands a carriage return; a log would get hundreds of bars.
        if self._terminal:
            bar = "#" * int(share * _WIDTH)
            self._out.write(f"\r  {self._label} [{bar:<{_WIDTH}}] {share:4.0%}", ending="\n" * (share == 1))
        elif int(share * 10) > self._tenth and time.monotonic() - self._began > _SHORT:
            self._tenth = int(share * 10)
            self._out.write(f"  {self._label}: {self._tenth * 10} %")
        self._out.flush()


class Phases:
    """Announces each phase and, when it ends, how long it took."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out = out

    @contextmanager
    def phase(self, name: str) -> Iterator[Progress]:
        began = time.monotonic()
        yield Progress(self.out, name)
        self.out.write(f"{name}: {time.monotonic() - began:.1f} s")
        self.out.flush()
