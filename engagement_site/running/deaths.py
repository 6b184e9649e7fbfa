"""How often something of ours ended lately: the pause before it starts again, and when that is of no more use."""

from collections import deque
from pathlib import Path

TOO_OFTEN = 5
WITHIN = 60.0  # seconds


class KeepsCrashing(Exception):
    """It ended too often; the message names its log."""


class Deaths:
    def __init__(self, what: str, log: Path) -> None:
        self.what = what
        self.log = log
        self._at: deque[float] = deque(maxlen=TOO_OFTEN)

    def note(self, now: float) -> int:
        """Note one, and return the seconds to wait before the next start: twice as long each time.

        Raises KeepsCrashing at the fifth within a minute.
        """
        self._at.append(now)
        recent = sum(now - death < WITHIN for death in self._at)
        if recent >= TOO_OFTEN:
            raise KeepsCrashing(f"{self.what} ended {TOO_OFTEN} times within a minute; its log says why: {self.log}")
        return int(2 ** (recent - 1))
