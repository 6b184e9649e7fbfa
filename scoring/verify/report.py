from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Difference:
    """One stored thing that is not what the log says. `explained` names the Act that changed the past, if one did."""

    what: str
    where: str
    stored: object
    derived: object
    explained: str = ""

    def __str__(self) -> str:
        because = f" ({self.explained})" if self.explained else ""
        return f"{self.what} {self.where}: stored {self.stored}, derived {self.derived}{because}"


@dataclass(slots=True)
class Report:
    """What was compared and what differed; only the first differences are kept, all are counted."""

    compared: Counter[str] = field(default_factory=Counter)
    pending: Counter[str] = field(default_factory=Counter)
    unexplained: list[Difference] = field(default_factory=list)
    explained: list[Difference] = field(default_factory=list)
    differences: int = 0
    explained_differences: int = 0
    most_kept: int = 100

    def add(self, difference: Difference) -> None:
        """Count a difference, and keep it while there is room."""
        if difference.explained:
            self.explained_differences += 1
            kept = self.explained
        else:
            self.differences += 1
            kept = self.unexplained
        if len(kept) < self.most_kept:
            kept.append(difference)
