"""How long to wait after wrong passwords. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Delay:
    """`free` failures cost nothing; then the pause doubles from a second to `longest`. Each `forgotten` undoes one."""

    free: int
    longest: timedelta
    forgotten: timedelta

    def standing(self, failures: int, last_at: datetime, now: datetime) -> int:
        """Return how many of the failures still count."""
        return max(0, failures - max(timedelta(), now - last_at) // self.forgotten)

    def pause(self, failures: int) -> timedelta:
        """Return how long after the last of so many failures the next attempt may come."""
        if failures < self.free:
            return timedelta()
        # Beyond 2**20 seconds any delay is at its longest; a larger power would only be a larger number.
        return min(self.longest, timedelta(seconds=2 ** min(failures - self.free, 20)))

    def wait(self, failures: int, last_at: datetime, now: datetime) -> timedelta:
        """Return how long the next attempt has to wait; nothing when it may come."""
        return max(timedelta(), last_at + self.pause(self.standing(failures, last_at, now)) - now)


# One account from one network, or from one browser that signed in before: whoever guesses is slowed down here first.
PAIR = Delay(free=5, longest=timedelta(minutes=5), forgotten=timedelta(minutes=10))
# One account from everywhere: against guesses from many networks. Looser, because strangers can fill it.
ACCOUNT = Delay(free=100, longest=timedelta(minutes=1), forgotten=timedelta(minutes=1))
# All accounts from one network: against one password tried on many. An office of colleagues shares one.
NETWORK = Delay(free=10, longest=timedelta(minutes=1), forgotten=timedelta(minutes=1))
# Mails that strangers can have sent to somebody.
REQUEST = Delay(free=3, longest=timedelta(minutes=5), forgotten=timedelta(minutes=10))
