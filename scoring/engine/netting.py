"""Signed counts added up to what was known on a day: what was withdrawn by then is as if it had never been."""

from collections import Counter
from collections.abc import Collection, Iterable

from scoring.engine.shapes import Active, Count

ActiveDay = tuple[int, int]  # contact and day


def net_counts(rows: Iterable[Count], known_on: int) -> list[Count]:
    """Return one row for each event type and day on which there was anything, as known then."""
    sums: dict[tuple[int, int], tuple[int, int]] = {}
    for row in rows:
        if row.known_on <= known_on:
            count, value = sums.get((row.event_type, row.day), (0, 0))
            sums[row.event_type, row.day] = count + row.count, value + row.value_sum
    return [Count(*key, known_on, count, value) for key, (count, value) in sums.items() if count > 0]


def active_days(rows: Iterable[Active], known_on: int) -> Collection[ActiveDay]:
    """Return the days on which each contact did something, as known then."""
    counts: Counter[ActiveDay] = Counter()
    for row in rows:
        if row.known_on <= known_on:
            counts[row.contact, row.day] += row.count
    return [key for key, count in counts.items() if count > 0]
