"""What a health factor declares about itself; each file of `scoring.engine.factors` holds one."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from scoring.engine.customer_day import CustomerDay
from scoring.engine.shapes import Factor, Reading, Weight


class Unit(Enum):
    """The unit of a factor's input, of which the engine takes whole hundredths. Pages format inputs by it."""

    NUMBER = auto()
    WHOLE_NUMBER = auto()
    POINTS_CHANGE = auto()
    PERCENT = auto()
    DAYS = auto()
    HOURS = auto()
    MONEY = auto()  # in the base currency


class Period(Enum):
    """What a factor looks at in its `days`; those that declare none ignore `days`."""

    COUNTS = auto()  # the counts of so many days
    CONTACTS = auto()  # the contacts who were active in so many days
    ENGAGEMENT_CHANGE = auto()  # engagement, against that of so many days before
    INPUT_CHANGE = auto()  # its logged input, against the row of so many days before


@dataclass(frozen=True, slots=True)
class FactorDefinition:
    """One kind of factor. `input_name`: what the log of inputs calls it, None when it comes from counts alone.

    `counts`: the event types it counts, where none is a number. `counts_contacts`: it counts who was active.
    """

    unit: Unit
    read: Callable[[CustomerDay, Factor], Reading]
    input_name: str | None = None
    period: Period | None = None
    reads_touches: bool = False
    counts: Callable[[Weight], bool] | None = None
    counts_contacts: bool = False

    def log_name(self, factor: Factor) -> str | None:
        """Return the name of the factor's input in the log; attributes have a name each."""
        return None if self.input_name is None else self.input_name.format(name=factor.name)


def logged_number(input_name: str, unit: Unit = Unit.NUMBER) -> FactorDefinition:
    """Define a factor that takes the last number of the log as it is, unless that is too old."""
    return FactorDefinition(
        unit=unit,
        input_name=input_name,
        read=lambda customer, factor: customer.number(input_name.format(name=factor.name), factor),
    )
