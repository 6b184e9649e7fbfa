"""Keeps one program running: guarded, started again when it dies, given up when it keeps crashing."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from engagement_site.embedded import leftovers
from engagement_site.embedded.launch import guard_command, opened
from engagement_site.running.deaths import Deaths
from engagement_site.running.programs import Program
from engagement_site.running.words import say

BASE_DIR = Path(__file__).resolve().parent.parent.parent


class Watched:
    """A program, its guard process, and when it died."""

    def __init__(self, program: Program, folder: Path) -> None:
        self.program = program
        self.log = folder / "logs" / f"{program.name}.log"
        self.alive = folder / "running" / f"{program.name}.alive"
        self.guard: subprocess.Popen[bytes] | None = None
        self.deaths = Deaths(f"The {program.name} process", self.log)
        self.start_at = 0.0

    def start(self) -> None:
        leftovers.stop_noted(self.alive, program="python", gently=signal.SIGTERM)
        options = ["--alive", str(self.alive), "--in", str(BASE_DIR)]
        for step in self.program.stop:
            options += ["--stop", step]
        with opened(self.log) as log:
            self.guard = subprocess.Popen(
                [*guard_command(), *options, "--", *self.program.command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=os.environ | self.program.environment,
            )

    def look_after(self, now: float) -> None:
        """Start it when its time has come; notice its death. Raises KeepsCrashing."""
        if self.guard is None:
            if now >= self.start_at:
                self.start()
        elif self.guard.poll() is not None:
            self.on_exit(now)

    def on_exit(self, now: float) -> None:
        """Note a death, and put off the next start a little longer each time."""
        self.forget_guard()
        pause = self.deaths.note(now)
        self.start_at = now + pause
        say(f"The {self.program.name} process ended and starts again in {pause} s; its log: {self.log}")

    def stop(self, is_forced: Callable[[], bool]) -> None:
        """Let go of the guard and wait until it and the program are gone; kill them when forced."""
        if self.guard is None or self.guard.stdin is None:
            return
        self.guard.stdin.close()
        while self.guard.poll() is None:
            if is_forced():
                self.guard.send_signal(signal.SIGUSR1)
                self.guard.wait(5)
            time.sleep(0.02)
        self.forget_guard()

    def forget_guard(self) -> None:
        if self.guard is not None and self.guard.stdin is not None:
            self.guard.stdin.close()
        self.guard = None
