"""What an installation still needs, read from what is there: nothing ticks but what is true."""

from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import ClassVar

from django.db.models import Min

from core.days import business_day
from customers.models import Customer
from events.models import Source, SourceDay
from imports.models import Import, State
from scoring.model_versions import weighing
from scoring.model_versions.weighing import Waiting
from scoring.models import ScoringModel
from staff.models import ApiKey, Company, Role, User

SHOWN = 3  # customers
# A sample's events and those that follow from records are not the newcomer's own.
OWN = (Source.Kind.WRITE_KEY, Source.Kind.CONNECTOR, Source.Kind.IMPORT)


@dataclass(frozen=True, slots=True)
class Steps:
    """Each step: whether it is done, and what its part of the page shows."""

    names: ClassVar = ("has_data", "has_events", "has_weights", "has_name", "has_colleagues")

    company: Company
    has_data: bool  # a file was imported, or a key can send events
    sources: list[str]  # that sent events, by name
    customers: list[Customer]  # the newest
    waiting: Waiting
    has_published: bool  # somebody published the current version since events come
    colleagues: int

    @property
    def has_events(self) -> bool:
        return bool(self.sources)

    @property
    def has_weights(self) -> bool:
        """Whether what came counts. Types that come later than a publication of one's own are announced on Scoring."""
        return self.has_events and (not self.waiting.count or self.has_published)

    @property
    def has_name(self) -> bool:
        return bool(self.company.name)

    @property
    def has_colleagues(self) -> bool:
        return self.colleagues > 1

    @property
    def total(self) -> int:
        return len(self.names)

    @property
    def done(self) -> int:
        return sum(getattr(self, name) for name in self.names)

    @property
    def is_open(self) -> bool:
        """Whether admins are still led here."""
        return self.company.get_started_dismissed_at is None and self.done < self.total

    @property
    def digest(self) -> str:
        """What differs once the page has something else to show."""
        ticks = [getattr(self, name) for name in self.names]
        types = [(row.pk, row.in_draft) for row in self.waiting.types]  # type: ignore[attr-defined] # annotated
        shown = (ticks, self.sources, [row.pk for row in self.customers], types, self.waiting.count)
        return blake2b(repr(shown).encode(), digest_size=8).hexdigest()


def load(today: date) -> Steps:
    """Return how far the installation is. Eight queries, whatever its size."""
    current = ScoringModel.objects.current()
    heard = SourceDay.objects.filter(source__kind__in=OWN).values_list("source__name").annotate(first=Min("known_on"))
    sources = dict(heard.order_by("source__name"))
    keys = ApiKey.objects.filter(revoked_at=None, scopes__contains=[ApiKey.EVENTS_WRITE])
    return Steps(
        company=Company.objects.current(),
        has_data=keys.exists() or Import.objects.filter(state=State.DONE).exists(),
        sources=list(sources),
        customers=list(Customer.objects.known().order_by("-pk").only("name")[:SHOWN]),
        waiting=weighing.waiting(today),
        has_published=_has_published(current, min(sources.values(), default=None)),
        colleagues=User.objects.filter(is_active=True).count(),
    )


def open_for(user: User, today: date) -> Steps | None:
    """Return the steps an admin is led to; None where there is nothing to lead to. Nine queries at most."""
    if user.role != Role.ADMIN or Company.objects.current().get_started_dismissed_at is not None:
        return None
    return loaded if (loaded := load(today)).is_open else None


def _has_published(current: ScoringModel | None, since: date | None) -> bool:
    """Tell whether a colleague published the current version after the first event had come."""
    if current is None or current.published_by_id is None or current.published_at is None or since is None:
        return False
    return business_day(current.published_at) >= since


def admins() -> list[str]:
    """Return the names of those who can do it. One query."""
    rows = User.objects.filter(is_active=True, role=Role.ADMIN).order_by("name")
    return list(rows.values_list("name", flat=True)[:SHOWN])
