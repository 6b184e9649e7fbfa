"""What the arithmetic takes and gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

DECAY_ONE = 1_000_000
POINT = 1_000_000  # one point of a factor, in millionths
VALUE_LIMIT = 9 * 10**18  # a day's value sum beyond this is taken as this
COUNT_LIMIT = 10**9  # a day's count, in what looks at counts alone
PERIOD_VALUE_LIMIT = 10**14  # a day's value sum, in what adds many days up
INPUT_LIMIT = 10**14  # a logged number, either side of zero


@dataclass(frozen=True, slots=True)
class Weight:
    event_type: int
    points: int
    daily_cap: int
    decay: tuple[int, ...]  # by age; its length is the window
    unit: int | None = None  # None: events are counted
    per_contact: bool = False
    is_activity: bool = True
    is_key_action: bool = False
    is_touch: bool = False
    is_purchase: bool = False
    is_grave: bool = False  # once it happened, a customer is new no longer

    @property
    def window(self) -> int:
        return len(self.decay)


@dataclass(frozen=True, slots=True)
class Factor:
    kind: str
    weight: int
    worst: int  # in the hundredths of the input
    best: int
    null_points: int | None = None  # what counts when the input is unknown; None: the others share the weight
    max_age: int = 365
    days: int = 30  # the period, of kinds that look at one
    name: str = ""  # the attribute, of that kind
    cap_from: int | None = None  # at so many points (hundredths) or fewer, health is at most `cap_to`
    cap_to: int = 0
    source: int | None = None  # where its input comes from; silent for `silent_after` days, nothing is believed
    silent_after: int = 0

    @property
    def key(self) -> str:
        """Tell factors of one model apart."""
        return f"{self.kind}:{self.name}" if self.name else self.kind


@dataclass(frozen=True, slots=True)
class Bands:
    """Lower and upper bounds, hundredths. `disengaged_to` and those after it belong to the band below them."""

    disengaged_from: int
    disengaged_to: int
    somewhat_to: int
    highly_to: int
    yellow_from: int
    green_from: int


@dataclass(frozen=True, slots=True)
class Model:
    version: int
    window: int
    weights: tuple[Weight, ...]
    factors: tuple[Factor, ...]
    bands: Bands
    least_coverage: int  # per cent
    least_history: int = 0  # days a customer must be known before its health is judged
    new_days_trial: int = 0  # a customer on trial is new for so many days
    new_days_active: int = 0
    unsent_is_unknown: bool = False  # a factor is unknown while nobody ever sent an event that it counts

    @property
    def longest_window(self) -> int:
        return max([self.window, *(weight.window for weight in self.weights)])


@dataclass(frozen=True, slots=True)
class Count:
    event_type: int
    day: int
    known_on: int
    count: int
    value_sum: int = 0


@dataclass(frozen=True, slots=True)
class Active:
    contact: int
    day: int
    known_on: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Logged:
    """One row of the log of inputs. `mark` is what its text says: a day, a currency; 0 is nothing."""

    name: str
    known_on: int
    number: int | None
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one customer. The last days are as known then, however long ago; None if never."""

    counts: Sequence[Count] = ()
    actives: Sequence[Active] = ()
    logged: Sequence[Logged] = ()
    last_active_day: int | None = None
    last_touch_day: int | None = None
    first_known: int | None = None
    silent: frozenset[str] = frozenset()  # keys of factors that nothing is sent for, for anybody
    within_new_days: bool = False  # younger than the model's days for its stage


@dataclass(frozen=True, slots=True)
class Line:
    """What one event type contributes: `count` events, of which `quantity` after units and caps."""

    weight: Weight
    count: int
    quantity: int
    contacts: int
    contribution: int


@dataclass(frozen=True, slots=True)
class Engagement:
    """`total` is None when the customer never did anything and nothing counts: no data."""

    lines: tuple[Line, ...]
    total: int | None
    band: str | None
    last_active: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A factor's input in hundredths, None when it is not to be used, and why: unknown, old or silent."""

    value: int | None
    known_on: int | None = None  # of logged inputs: the day it was last said
    why: str = ""


@dataclass(frozen=True, slots=True)
class FactorLine:
    factor: Factor
    input: int | None
    points: int | None  # millionths of a point; None: unknown and skipped
    contribution: int


@dataclass(frozen=True, slots=True)
class Health:
    """Contributions of `lines`, `capped` and `overridden` add up to `total`."""

    lines: tuple[FactorLine, ...]
    total: int | None
    band: str | None
    coverage: int  # hundredths of a per cent
    inputs: Mapping[str, int | None] = field(default_factory=dict)
    capped_by: Factor | None = None
    capped: int = 0  # what the cap takes away, negative
    overridden: int | None = None  # what a colleague's judgement adds or takes away
    is_young: bool = False  # not known for long enough to be judged
    is_new: bool = False  # in place of the band
