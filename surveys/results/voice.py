"""The voice index: satisfaction, loyalty, and the share of contacts that surveys reach."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Sum

from core import days, intervals
from core.intervals import Estimate
from customers.models import AddressConsent, Contact, Customer
from staff.models import User
from surveys.answering.tallies import SCORE
from surveys.kinds import CSAT, NPS
from surveys.models import AddressGuard, Answer, Tally
from surveys.results import statistics

LOOK_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Voice:
    """Each part with its interval; None: nobody was asked. `index` is 0..1, None while a part is missing."""

    satisfaction: Estimate | None
    loyalty: Estimate | None
    awareness: Estimate | None
    index: float | None


def customer_voice(user: User, *, today: date) -> Voice:
    """Return the voice index of the customers a colleague sees, over 365 days, without confidential surveys.

    Two queries.
    """
    counts = _own_score_counts(user, today - LOOK_BACK) if user.is_limited else _score_counts(today - LOOK_BACK)
    satisfaction = CSAT.estimate(counts[CSAT.name])
    loyalty = NPS.estimate(counts[NPS.name])
    awareness = _awareness(user, today - LOOK_BACK)
    values = (None if estimate is None else estimate.value for estimate in (satisfaction, loyalty, awareness))
    return Voice(satisfaction, loyalty, awareness, statistics.voice_index(*values))


def _score_counts(since: date) -> defaultdict[str, Counter[int]]:
    rows = Tally.objects.filter(
        name=SCORE, day__gt=since, survey__kind__in=(NPS.name, CSAT.name), survey__is_confidential=False
    )
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for kind, value, count in rows.order_by().values_list("survey__kind", "value").annotate(Sum("count")):
        counts[kind][int(value)] += count
    return counts


def _own_score_counts(user: User, since: date) -> defaultdict[str, Counter[int]]:
    """Count the answers themselves: tallies do not know customers."""
    answers = Answer.objects.visible_to(user).named().filter(days.within("answered_at", since + days.ONE_DAY, None))
    rows = answers.filter(kind__in=(NPS.name, CSAT.name)).exclude(score=None).order_by().values_list("kind", "score")
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for kind, score, count in rows.annotate(Count("id")):
        counts[kind][score] += count
    return counts


def _awareness(user: User, since: date) -> Estimate | None:
    """Return the share of the contacts with an address, at customers we follow, whom a survey reached."""
    moment = days.start(since + days.ONE_DAY)
    followed = Customer.objects.visible_to(user).followed()
    reachable = Contact.objects.standing().filter(customer__in=followed).exclude(email="")
    asked = AddressGuard.objects.filter(address=OuterRef("address"), asked_at__gte=moment)
    bounced = AddressConsent.objects.filter(
        address=OuterRef("address"), kind=AddressConsent.Kind.BOUNCED, at__gte=moment
    )
    counted = reachable.annotate(is_reached=Exists(asked) & ~Exists(bounced)).aggregate(
        every=Count("pk"), reached=Count("pk", filter=Q(is_reached=True))
    )
    return intervals.share(counted["reached"], counted["every"]) if counted["every"] else None
