"""The guard's note of what it guards."""

import contextlib
import os
import signal
import subprocess
import sys
import time

from engagement_site.embedded import guard_process

LONGER = "8856 1796058996.1142016 and more than any note has\n"


def test_a_note_takes_the_place_of_a_longer_one(tmp_path):
    note = tmp_path / "valkey.alive"
    note.write_text(LONGER)  # by a guard that was killed

    command = [sys.executable, "-I", "-S", guard_process.__file__, "--alive", str(note), "--", "sleep", "60"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as guard:
        words = _noted(note)
        guard.send_signal(signal.SIGUSR1)  # it kills the program, too
    assert len(words) == 2
    assert float(words[1]) <= time.time()
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(words[0]), signal.SIGKILL)
        raise AssertionError("The program outlived its guard.")


def _noted(note):
    give_up_at = time.monotonic() + 30
    while (text := note.read_text()) in ("", LONGER) and time.monotonic() < give_up_at:
        time.sleep(0.01)
    return text.split()
