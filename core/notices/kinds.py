"""What a kind of notice supplies, and the kinds there are (settings.NOTICES)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from core.models import NoticeSubject


@dataclass(frozen=True, slots=True)
class Thing:
    """What a subject is called, in the reader's language, and the address it leads to."""

    name: str
    address: str


class Kind(Protocol):
    """A kind of notice. Made anew for each request: it may keep nothing."""

    @property
    def label(self) -> Any:
        """What the colleague switches on and off, such as “Customers assigned to me”."""

    def visible(self, subjects: QuerySet[NoticeSubject], person: Any) -> QuerySet[NoticeSubject]:
        """Keep what the person may see now and what still holds. No query: it becomes part of one."""

    def things(self, subjects: Sequence[NoticeSubject]) -> Mapping[int, Thing]:
        """Return by the subjects' ids what they are called; those it leaves out are not shown. One query at most."""

    def one(self, name: str, by: str) -> str:
        """Return the sentence for one thing; `by` is the name of who did it, "" for no colleague."""

    def many(self, count: int, by: str) -> str:
        """Return the sentence for two things and more."""


def load() -> dict[str, Kind]:
    """Return the kinds by name, in the order of the settings."""
    return {name: import_string(path)() for name, path in settings.NOTICES.items()}


def labels() -> list[tuple[str, str]]:
    return [(name, str(kind.label)) for name, kind in load().items()]
