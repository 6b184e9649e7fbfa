"""The outline of a customer's life, before anything it does: how it came, when it pays, when it is quiet."""

from dataclasses import dataclass
from enum import StrEnum

from samples.portfolio.spec import Portfolio, Stream

NEVER = 1_000_000  # a day beyond every portfolio

_QUIET_SHARE = 0.09
_CONVERTING_SHARE = 0.55


class Origin(StrEnum):
    OLD = "old"  # paid before the first day
    DIRECT = "direct"  # signed without a trial
    TRIAL = "trial"
    SILENT = "silent"  # signed lately and did nothing yet: no data


_ORIGINS = ((Origin.OLD, 0.68), (Origin.TRIAL, 0.24), (Origin.DIRECT, 0.065), (Origin.SILENT, 0.015))


@dataclass(frozen=True, slots=True)
class Life:
    """Day numbers. `pays_from` is NEVER for a trial that does not convert, or still runs on the last day."""

    origin: Origin
    begins: int
    pays_from: int
    trial_ends: int
    quiet_from: int
    quiet_to: int
    paid_before: int  # days an old customer had paid for before day 0

    @property
    def is_new(self) -> bool:
        return self.origin in (Origin.DIRECT, Origin.TRIAL)

    @property
    def lapses_on(self) -> int:
        """Return the day a trial ends for good; NEVER when it converts or runs on."""
        return self.trial_ends if self.origin is Origin.TRIAL and self.pays_from == NEVER else NEVER


def outline(portfolio: Portfolio, index: int) -> Life:
    """Return the outline of a customer's life, drawn from the seed and its index alone."""
    # All draws come first, whatever the origin: another branch must not shift the numbers of the others.
    random = portfolio.random(index, Stream.LIFE)
    origin = _ORIGINS[random.choice(len(_ORIGINS), p=[share for _, share in _ORIGINS])][0]
    last = portfolio.days - 1
    begins = int(random.integers(1, last))
    trial = int(random.choice((14, 30)))
    converts = bool(random.random() < _CONVERTING_SHARE)
    paid_before = int(random.integers(1, 1_100))
    quiet = bool(random.random() < _QUIET_SHARE)
    quiet_at, quiet_days = random.random(), int(random.integers(35, 250))
    if origin is Origin.SILENT:
        begins = last - int(random.integers(3, 45))
        return Life(origin, begins, begins, begins, 0, NEVER, 0)
    if origin is Origin.OLD:
        begins = 0
    trial_ends = begins + trial if origin is Origin.TRIAL else begins
    pays_from = trial_ends if origin is not Origin.TRIAL or (converts and trial_ends <= last) else NEVER
    if not quiet or pays_from == NEVER:
        return Life(origin, begins, pays_from, trial_ends, NEVER, NEVER, paid_before)
    quiet_from = pays_from + 60 + int(quiet_at * max(1, last - pays_from - 60))
    return Life(origin, begins, pays_from, trial_ends, quiet_from, quiet_from + quiet_days, paid_before)
