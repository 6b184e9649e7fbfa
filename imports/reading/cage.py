"""Starts the process that reads a workbook, with limits of memory and time, and takes its output line by line.

The file may be made to harm whoever reads it. So nothing of the process is believed, or waited for without an end: it
has no connection to a database, no environment and no file but the one, and it is gone when the reading ends.
"""

import json
import logging
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from imports.problems import Unreadable
from imports.reading import limits

logger = logging.getLogger(__name__)

_PROGRAM = Path(__file__).with_name("workbook_process.py")
_KEPT = ("LD_LIBRARY_PATH",)  # of the environment: without it some builds of Python do not start
_PIECE = 64 * 1024  # bytes: what a pipe holds
_one_at_a_time = threading.BoundedSemaphore()  # in each of our processes: what memory a workbook may take, all may take


class Failed(Exception):
    """The process ended before its output did, or took too long."""


@contextmanager
def output(blocks: Iterable[bytes], sheet: str) -> Iterator[Iterator[bytes]]:
    """Start the process for this file, and yield its lines of output as they come; afterwards it is gone.

    Raises Unreadable when it cannot be started. The iterator raises Failed.
    """
    if not _one_at_a_time.acquire(timeout=limits.TURN):
        raise Unreadable("busy")
    try:
        with _start(blocks, sheet) as process:
            try:
                yield _lines(process)
            finally:
                process.kill()
    finally:
        _one_at_a_time.release()


def _start(blocks: Iterable[bytes], sheet: str) -> subprocess.Popen[bytes]:
    try:
        # A copy without a name: it goes with the process, however that ends.
        with tempfile.TemporaryFile() as file:
            file.writelines(blocks)
            file.seek(0)
            process = _popen(file)
            assert process.stdin is not None
            with suppress(BrokenPipeError):  # ended already; its output says so
                process.stdin.write(_request(file, sheet))
                process.stdin.close()
            return process
    except OSError as error:  # no memory, no process, no room for the file: not the file's fault
        logger.exception("The process that reads a workbook could not be started")
        raise Unreadable("busy") from error


def _popen(file: IO[bytes]) -> subprocess.Popen[bytes]:
    package = find_spec("python_calamine")
    assert package is not None and package.origin is not None
    return subprocess.Popen(
        # -I -S: nothing of the environment, nothing that packages would have done at the start.
        [sys.executable, "-I", "-S", str(_PROGRAM), str(Path(package.origin).parents[1])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=[file.fileno()],
        env={name: os.environ[name] for name in _KEPT if name in os.environ},
        cwd="/",
        start_new_session=True,  # Ctrl-C in a terminal is for us, and must not look like a broken file
    )


def _request(file: IO[bytes], sheet: str) -> bytes:
    request = {
        "file": file.fileno(),
        "sheet": sheet,
        "memory": limits.MEMORY,
        "seconds": limits.SECONDS,
        "cells": limits.MOST_SHEET_CELLS,
        "columns": limits.MOST_COLUMNS,
        "longest_cell": limits.LONGEST_CELL,
        "longest_line": limits.LONGEST_LINE,
        "text": limits.MOST_TEXT,
    }
    return json.dumps(request).encode()


def _lines(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in _pieces(process):
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        if len(rest) > limits.LONGEST_OUTPUT:
            raise Failed("It wrote a line that is too long.")
    # Its end is in its output: who reads so far reads what never ends.
    with suppress(subprocess.TimeoutExpired):
        process.wait(1)
    raise Failed(f"It ended with {process.returncode}.")


def _pieces(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """Yield what it writes. Only the time in which we wait for it counts: a row may take us longer than it."""
    assert process.stdout is not None
    patience: float = limits.SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            begun_at = time.monotonic()
            if not selector.select(patience):
                raise Failed("It took too long.")
            patience = max(0, patience - (time.monotonic() - begun_at))
            if not (piece := os.read(process.stdout.fileno(), _PIECE)):
                return
            yield piece
