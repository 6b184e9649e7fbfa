"""What must be the same of two customers whom nobody would tell apart but by their ids, and of their people."""

from events.models import ActiveNow, CountNow, Event
from records.kinds import KINDS
from scoring.models import ScoreHistory
from surveys.models import Answer
from tests.records import twins

FIELDS = ("name", "plan", "mrr", "currency", "industry", "stage")
_OF_ITS_OWN = {"id", "customer", "told", "contact", "external_id"}  # of a record: ids


def events(customer, names):
    live = Event.objects.live().filter(customer=customer).select_related("event_type")
    return sorted(
        (e.event_type.name, e.occurred_at, e.day, str(names.get(e.contact_id)), e.value, _but_ids(e.properties))
        for e in live
    )


def _but_ids(properties):
    return sorted(item for item in properties.items() if item[0] != "answer")


def counts(customer, names):
    rows = CountNow.objects.filter(customer=customer).values_list("event_type__name", "day", "count", "value_sum")
    return sorted(row for row in rows if row[2] or row[3])


def active_days(customer, names):
    rows = ActiveNow.objects.filter(customer=customer).values_list("contact", "day")
    return sorted((names[contact], day) for contact, day in rows)


def inputs(customer, names):
    return twins.inputs(customer)


def score(customer, names):
    return twins.score(customer)


def records(customer, names):
    found = []
    for kind in KINDS.values():
        fields = [f.name for f in kind.model._meta.concrete_fields if f.name not in _OF_ITS_OWN]
        for row in kind.model.objects.filter(customer=customer):
            who = names.get(getattr(row, "contact_id", None))
            found.append((kind.name, who, [str(getattr(row, name)) for name in fields]))
    return sorted(found, key=str)


def answers(customer, names):
    rows = Answer.objects.filter(customer=customer).values_list("contact", "kind", "score", "answered_at")
    return sorted((names[contact], *rest) for contact, *rest in rows)


def members(customer, names):
    return sorted(names[pk] for pk in customer.contacts.values_list("pk", flat=True) if pk in names)


def fields(customer, names):
    return [getattr(customer, name) for name in FIELDS]


ALL = (events, counts, active_days, inputs, score, records, answers, members, fields)


def history(days, customer):
    """Return the history of these days, without the digest, which tells when something was known."""
    rows = ScoreHistory.objects.filter(customer=customer, day__in=days).order_by("day")
    return list(rows.values_list("day", *twins.SCORES))


def differences(pair, twin):
    """Return what is not the same of the two: (customer, what) → (only of the pair, only of the twin)."""
    found, ours, theirs = {}, pair.names(), twin.names()
    for one, other in zip(pair.customers(), twin.customers(), strict=True):
        for same in ALL:
            here, there = same(one, ours), same(other, theirs)
            if here != there:
                found[str(one), same.__name__] = _only(here, there), _only(there, here)
    return found


def _only(these, those):
    if isinstance(these, dict):
        these, those = list(these.items()), list(those.items())
    return [one for one in these if one not in those]
