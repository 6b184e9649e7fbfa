"""How a file writes days and amounts, inferred from the cells that can be read in one way only.

Pure. Where every cell could be either (01/02/2026; 1,234) the likelier way is taken and the reader is asked.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
POINT, COMMA = ".", ","

NUMERIC_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_ONE_SIGN = re.compile(r"\d*([.,])(\d+)")


@dataclass(frozen=True, slots=True)
class Formats:
    day: str = DAY_FIRST
    decimal: str = POINT

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> "Formats":
        return cls(stored.get("day", DAY_FIRST), stored.get("decimal", POINT))


@dataclass(slots=True)
class Evidence:
    """What the cells seen so far say; `asks` keeps one that could be either."""

    day: dict[str, int] = field(default_factory=dict)
    decimal: dict[str, int] = field(default_factory=dict)
    asks: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, dict[str, Any]]:
        """Return what `Evidence(**…)` takes to go on from here."""
        return asdict(self)

    def see_day(self, text: str) -> None:
        """Count the way a cell writes its day, if it can be read in one way only."""
        match = NUMERIC_DAY.match(text)
        if match is None:
            return
        first, second = int(match[1]), int(match[3])
        if match[2] == "." or (first > 12 and second <= 12):  # nobody writes months first with points
            _count(self.day, DAY_FIRST)
        elif second > 12 and first <= 12:
            _count(self.day, MONTH_FIRST)
        elif first != second:
            self.asks.setdefault("day", match[0])

    def see_amount(self, text: str) -> None:
        """Count the decimal sign of a cell, if it can be read in one way only."""
        digits = re.sub(r"[^\d.,]", "", text)
        last = max(digits.rfind(POINT), digits.rfind(COMMA))
        if last < 0:
            return
        sign = digits[last]
        other = COMMA if sign == POINT else POINT
        match = _ONE_SIGN.fullmatch(digits)
        if match is None:
            _count(self.decimal, sign if other in digits and digits.count(sign) == 1 else other)
        # Three digits behind the only sign may be thousands; any other number of digits is a fraction.
        elif len(match[2]) != 3 or digits.startswith(("0", sign)):
            _count(self.decimal, sign)
        else:
            self.asks.setdefault("decimal", digits)

    def settle(self, chosen: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the formats to use: what was chosen, else what the cells say, else what the last such file used.

        "asked" holds, for each format that was only guessed, a cell that could be read either way.
        """
        settled: dict[str, Any] = {"chosen": dict(chosen), "asked": {}}
        for name, seen, usual in (("day", self.day, DAY_FIRST), ("decimal", self.decimal, POINT)):
            evident = max(seen, key=lambda way, seen=seen: seen[way]) if seen else None  # type: ignore[misc]
            settled[name] = chosen.get(name) or evident or before.get(name) or usual
            if evident is None and name in self.asks:
                settled["asked"][name] = self.asks[name]
        return settled


def _count(seen: dict[str, int], what: str) -> None:
    seen[what] = seen.get(what, 0) + 1
