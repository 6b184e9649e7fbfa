"""Whether the worker is to stop: its processes leave their jobs after the step they are in, and give leases back."""

import mmap

# Shared with the processes that the worker forks: its first one hears the signal, they do the work.
_asked = mmap.mmap(-1, 1)


def ask() -> None:
    _asked[0] = 1


def is_asked() -> bool:
    return _asked[0] == 1
