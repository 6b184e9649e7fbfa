"""The hour of the portfolio's zone at which each type of event happens; what follows from another comes after it."""

import numpy as np
from numpy.typing import NDArray

_AT_WORK = (7.0, 19.0)
HOURS: dict[str, tuple[float, float]] = {
    "Trial started": (6.0, 6.4),
    "Trial converted": (6.4, 6.9),
    "Invoice paid": (5.1, 5.9),
    "Payment failed": (5.1, 5.9),
    "Invoice overdue": (5.1, 5.9),
    "Price raised": (5.1, 5.9),
    "Champion left": (7.0, 7.9),
    "Teammate removed": (8.0, 9.0),
    "Email sent": (7.0, 8.0),
    "Email bounced": (8.0, 8.2),
    "Email opened": (8.2, 13.0),
    "Email clicked": (13.0, 16.0),
    "Ticket opened": (7.0, 12.0),
    "Ticket escalated": (12.0, 15.0),
    "Ticket solved": (15.0, 18.5),
    "Subscription cancelled": (15.0, 17.0),
    "Screen viewed": (6.9, 22.0),
    "Push opened": (6.9, 22.0),
    "Post seen": (6.9, 22.0),
}
# People must be known before their first event, or it would belong to a stranger.
PEOPLE_COME_AT = 5 * 3600  # seconds of the day; before anything else


def seconds(random: np.random.Generator, name: str, number: int) -> NDArray[np.int64]:
    """Return that many times of the day, in seconds, most of them towards the middle of the type's hours."""
    low, high = HOURS.get(name, _AT_WORK)
    return ((low + (high - low) * random.beta(1.8, 1.8, number)) * 3600).astype(np.int64)
