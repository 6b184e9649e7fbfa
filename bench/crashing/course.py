"""The course of faults: one after the other, each until all runs again, and a table of how it went."""

import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import psutil
import psycopg

from bench.crashing.faults import FAULTS
from bench.crashing.judging import Judgement
from bench.crashing.ledger import Ledger
from bench.crashing.rapport import PROGRAMS, DidNotComeBack, Rapport, is_alive, within
from engagement_site.embedded import locks

# `manage.py run` gives up a program that ends five times within a minute: nobody has that luck so often.
MOST_ENDS, WITHIN = 3, 61.0


@dataclass(frozen=True)
class Outcome:
    fault: str
    silence: float  # the longest, in seconds, in which no client was answered with 200
    again: float  # seconds until all ran again
    named: list[str]  # what health named meanwhile
    refused: int  # answers of 503, and connections that broke


class Course:
    """With `until_named`, a server that ended is kept from starting again until health has named what is wrong."""

    def __init__(self, rapport: Rapport, ledger: Ledger, patience: float, *, until_named: bool = False) -> None:
        self.rapport, self.ledger, self.patience, self.until_named = rapport, ledger, patience, until_named
        self.outcomes: list[Outcome] = []
        self._ends: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MOST_ENDS))

    def take(self, name: str, round_: int) -> None:
        """Bring a fault about, and wait until all runs again. Raises DidNotComeBack."""
        fault = FAULTS[name]
        self._wait_for_turn(fault.ends)
        before, at, began = self.rapport.numbers(), time.time(), time.monotonic()
        refused = self._refused()
        with self._kept_down(at) if self.until_named and fault.stays_down else nullcontext():
            ended = fault.bring_about(self.rapport)
        caused = time.monotonic()
        for what, is_so in (
            ("processes", lambda: self._all_are_there(before, ended)),
            ("/v1/track", lambda: self._is_answered_since(caused)),
            ("/health/ready", self.rapport.is_ready),
            ("beat and worker", lambda: self.rapport.has_worked_since(at)),
            ("health", lambda: self.rapport.is_well_since(at)),
        ):
            within(self.patience, is_so, f"after {name}, {what}")
        again = time.monotonic() - began
        if fault.ends:
            self._ends[fault.ends].append(time.monotonic())
        silence, named = self.ledger.silence(began, time.monotonic()), self.rapport.named_since(at)
        self.outcomes.append(Outcome(name, silence, again, named, self._refused() - refused))
        acknowledged = f"{len(self.ledger.acknowledged):>10,} events"
        print(f"{acknowledged}  {name} {round_ + 1}: all runs again after {again:.1f} s, no 200 for {silence:.1f} s;"
              f" health: {', '.join(named) or '–'}", flush=True)  # fmt: skip

    @contextmanager
    def _kept_down(self, since: float) -> Iterator[None]:
        with locks.alone(self.rapport.folder / "running" / "start.lock", patience=self.patience):
            yield
            within(self.patience, lambda: bool(self.rapport.named_since(since)), "health that names what is wrong")

    def _wait_for_turn(self, program: str) -> None:
        ends = self._ends[program]
        if program and len(ends) == MOST_ENDS:
            time.sleep(max(0.0, ends[0] + WITHIN - time.monotonic()))

    def _refused(self) -> int:
        return self.ledger.answers["503"] + self.ledger.answers["none"]

    def _is_answered_since(self, moment: float) -> bool:
        times = self.ledger.answered_at
        return bool(times) and times[-1] > moment

    def _all_are_there(self, before: set[int], ended: Sequence[int]) -> bool:
        """Tell whether all programs and servers run, with as many processes as before, and none of the ended."""
        try:
            if not all(self.rapport.is_held(program) for program in PROGRAMS):
                return False
            now = self.rapport.numbers()
            are_gone = not any(psutil.pid_exists(number) and is_alive(psutil.Process(number)) for number in ended)
            return are_gone and len(now) >= len(before) and all(map(psutil.pid_exists, now))
        except (DidNotComeBack, OSError, psutil.Error, psycopg.Error):
            return False


def show(outcomes: Sequence[Outcome], ledger: Ledger, judgement: Judgement, trouble: Sequence[str]) -> None:
    """Print the table: for each fault how often, and the longest of its times."""
    print(f"\n{'fault':<20}{'times':>6}{'no 200, s':>11}{'all again, s':>14}{'refused':>9}  health named")
    for name in dict.fromkeys(outcome.fault for outcome in outcomes):
        those = [outcome for outcome in outcomes if outcome.fault == name]
        silence, again = max(one.silence for one in those), max(one.again for one in those)
        named = ", ".join(dict.fromkeys(word for one in those for word in one.named)) or "–"
        refused = sum(one.refused for one in those)
        print(f"{name:<20}{len(those):>6}{silence:>11.1f}{again:>14.1f}{refused:>9,}  {named}")
    told = ", ".join(f"{number:,} of {status}" for status, number in sorted(ledger.answers.items()))
    print(f"\nanswers: {told}")
    for what in ("acknowledged", "stored", "counted", "lost", "doubled", "strange", "miscounted"):
        print(f"{what:<14}{getattr(judgement, what):>12,}")
    for sentence in trouble:
        print(f"Wrong: {sentence}")
