"""The same messages in any order, batching and repetition give the same people, memberships, customers and counts.

Compared with a plain model that reads all messages at once and knows no order of arrival.
"""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Contact, Customer, Identity
from events import ingest
from events.log import resettling
from events.models import Event
from tests.conftest import NOW
from tests.events.belonging import Model
from tests.events.checks import counts_are_those_of_the_log, everything_is_where_it_belongs, nothing_hangs_in_the_air

MANY = settings.default.max_examples // 2  # 50 in every run, 500 in `make test-long`; with acts, tests/events/curation
USERS, DEVICES, COMPANIES = ("u1", "u2", "u3"), ("a1", "a2"), ("acme", "birch")
AGO = st.integers(0, 5)  # hours: many are of the same instant
SOMEBODY = st.one_of(
    st.fixed_dictionaries({"userId": st.sampled_from(USERS)}),
    st.fixed_dictionaries({"anonymousId": st.sampled_from(DEVICES)}),
    st.fixed_dictionaries({"userId": st.sampled_from(USERS), "anonymousId": st.sampled_from(DEVICES)}),
)
CONTEXT = st.one_of(st.just({}), st.sampled_from(COMPANIES).map(lambda name: {"groupId": name}))


def _message(kind, ago, who, context, group, previous):
    message = {"type": kind, "timestamp": (NOW - timedelta(hours=ago)).isoformat(), **who}
    if kind == "group":
        return {**message, "groupId": group}
    if kind == "alias":
        return {"userId": "u1", **message, "previousId": previous}
    if kind == "track":
        message["event"] = "Report created"
    return {**message, "context": context}


MESSAGES = st.lists(
    st.builds(
        _message,
        st.sampled_from(["track", "track", "track", "identify", "group", "group", "alias", "page"]),
        AGO,
        SOMEBODY,
        CONTEXT,
        st.sampled_from(COMPANIES),
        st.sampled_from([*USERS, *DEVICES]),
    ),
    min_size=2,
    max_size=14,
)


def _parts(messages, cuts):
    ends = sorted({*(cut % (len(messages) + 1) for cut in cuts), len(messages)})
    return [messages[first:last] for first, last in zip([0, *ends], ends, strict=False) if first < last]


@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(messages=MESSAGES, chance=st.randoms(use_true_random=False), cuts=st.lists(st.integers(0, 30), max_size=5))
def test_any_order_gives_the_same(website, messages, chance, cuts):
    named = [{**message, "messageId": f"m{i}"} for i, message in enumerate(messages)]
    sending = [*named, *chance.sample(named, len(named) // 3)]
    chance.shuffle(sending)
    with transaction.atomic():
        for part in _parts(sending, cuts):
            ingest.record(part, source=website, now=NOW)
            if chance.random() < 0.3:
                resettling.settle_all(now=NOW)
        resettling.settle_all(now=NOW)
        counts_are_those_of_the_log()
        everything_is_where_it_belongs()
        nothing_hangs_in_the_air()
        _is_as_the_model_says(Model(named))
        transaction.set_rollback(True)


def _is_as_the_model_says(model):
    names = {(i.kind, i.value): i.contact_id for i in Identity.objects.filter(contact__isnull=False)}
    assert _groups(names) == model.people()
    customers = {i.customer_id: i.value for i in Identity.objects.filter(kind="company")}
    assert {*customers.values()} == model.companies()
    homes = {customer.pk for customer in Customer.objects.filter(provisional=True)}
    assert {*customers} | homes == {customer.pk for customer in Customer.objects.all()}
    stored = Counter(
        (customers.get(event.customer_id), event.contact_id, event.occurred_at) for event in Event.objects.live()
    )
    by_name = {frozenset(group): names[next(iter(group))] for group in model.people()}
    expected = Counter((company, by_name.get(who), at) for company, who, at in model.events())
    assert stored == expected
    for contact in Contact.objects.all():
        who = next(group for group, pk in by_name.items() if pk == contact.pk)
        company, since = model.present(who)
        assert (customers.get(contact.customer_id), contact.joined_at) == (company, since)
        assert contact.customer_id in homes or company is not None


def _groups(names):
    groups = {}
    for name, contact in names.items():
        groups.setdefault(contact, set()).add(name)
    return {frozenset(group) for group in groups.values()}
