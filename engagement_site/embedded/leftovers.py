"""Finds and stops a server whose guard process was itself killed."""

import contextlib
import signal
import time
from pathlib import Path

import psutil

TOLERANCE = 3.0  # seconds between a process's own start and the one written down


def stop(pid: int, started_at: float, *, program: str, gently: signal.Signals) -> bool:
    """Stop the process if it is that program and started then; tell whether it was, and is now gone."""
    process = same_process(pid, started_at, program)
    if process is None:
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(gently)
        if not gone_within(20, process):
            process.kill()
            gone_within(10, process)
    return True


def stop_noted(note: Path, *, program: str, gently: signal.Signals) -> bool:
    """Stop the process a guard noted as "PID STARTED_AT" and could not strike out."""
    try:
        pid, started_at = note.read_text().split()
        return stop(int(pid), float(started_at), program=program, gently=gently)
    except (OSError, ValueError):
        return False


def same_process(pid: int, started_at: float, program: str) -> psutil.Process | None:
    """Return the process with this number, unless it is a stranger who was given it later."""
    try:
        process = psutil.Process(pid)
        is_that_one = abs(process.create_time() - started_at) <= TOLERANCE and program in process.name()
    except (psutil.Error, ValueError):
        return None
    return process if is_that_one else None


def kill_orphans(*, program: str, folder: Path) -> None:
    """End what a killed server left working in its folder: it would keep the next one from starting.

    Call while no server runs there. Processes of others, which we may not look at, are passed over.
    """
    orphans = [process for process in psutil.process_iter(["name", "cwd"]) if _works_in(folder, program, process)]
    for process in orphans:
        with contextlib.suppress(psutil.Error):
            process.kill()
    for process in orphans:
        gone_within(10, process)


def _works_in(folder: Path, program: str, process: psutil.Process) -> bool:
    return program in (process.info["name"] or "") and process.info["cwd"] == str(folder)


def gone_within(seconds: float, process: psutil.Process) -> bool:
    """Wait for the end; a zombie has ended, even if no parent has waited for it yet."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False
