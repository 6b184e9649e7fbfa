"""Prints to a terminal that may be gone by then."""

import contextlib
import os
import sys


def say(sentence: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(sentence, flush=True)


def fall_silent() -> None:
    """Say nothing any more: the terminal is closed, and writing to it is an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
