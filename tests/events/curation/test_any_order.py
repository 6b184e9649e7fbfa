"""Calls in any order and batches between acts of colleagues: the same as a plain model of both expects."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.curation import Refused, merges, moves, removals, undoing
from customers.models import Contact, Customer, Identity
from events import ingest
from events.log import resettling
from events.models import Event
from tests.conftest import NOW
from tests.events.checks import counts_are_those_of_the_log, everything_is_where_it_belongs, nothing_hangs_in_the_air
from tests.events.curation.world import World
from tests.events.test_any_order import COMPANIES, MESSAGES, USERS, _groups, _parts

# 200 in every run, 5,000 in `make test-long`, each with several acts
MANY = 200 if settings.default.max_examples <= 100 else 5_000
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("people"), st.permutations(USERS)),
        st.tuples(st.just("companies"), st.permutations(COMPANIES)),
        st.tuples(st.just("move"), st.tuples(st.sampled_from(USERS), st.integers(0, 5), st.sampled_from(COMPANIES))),
        st.tuples(st.just("remove company"), st.sampled_from(COMPANIES)),
        st.tuples(st.just("remove person"), st.sampled_from(USERS)),
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.just("undo"), st.integers(0, 5)),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(messages=MESSAGES, acts=ACTS, chance=st.randoms(use_true_random=False))
def test_any_order_between_acts_gives_the_same(website, messages, acts, chance):
    named = [{**message, "messageId": f"m{i}"} for i, message in enumerate(messages)]
    with transaction.atomic():
        office = Office(website, chance)
        cuts = sorted(chance.randrange(len(named) + 1) for _ in acts)
        for first, last, act in zip([0, *cuts], [*cuts, len(named)], [*acts, None], strict=True):
            office.receive(named[first:last])
            if act is not None:
                office.do(*act)
            office.is_as_expected()
        transaction.set_rollback(True)


class Office:
    """Calls and acts, done to Rapport and to the model."""

    def __init__(self, website, chance):
        self.website, self.chance, self.world = website, chance, World()
        self.done = []  # the act, and what takes it back in the model
        self.merged = 0

    def receive(self, messages):
        sending = [*messages, *self.chance.sample(messages, len(messages) // 3)]
        self.chance.shuffle(sending)
        for part in _parts(sending, [self.chance.randrange(30) for _ in range(2)]):
            ingest.record(part, source=self.website, now=NOW)
            if self.chance.random() < 0.3:
                resettling.settle_all(now=NOW)
        for message in messages:
            self.world.take(message)

    def do(self, kind, about):
        with suppress(Refused, Identity.DoesNotExist):
            getattr(self, kind.replace(" ", "_"))(about)
        if self.chance.random() < 0.5:
            resettling.settle_all(now=NOW)

    def people(self, users):
        kept, gone = self._identity("user", users[0]), self._identity("user", users[1])
        if self.merged:  # the model knows no chains that calls join
            return
        act = merges.contacts(kept.contact, gone.contact, wins=(), now=NOW, by=None)
        self.merged += 1
        self.done.append((act, self.world.merge_people(users[0], users[1])))

    def companies(self, names):
        kept, gone = self._identity("company", names[0]), self._identity("company", names[1])
        act = merges.customers(kept.customer, gone.customer, wins=(), now=NOW, by=None)
        self.done.append((act, self.world.merge_companies(*names)))

    def move(self, about):
        user, ago, company = about
        who, where = self._identity("user", user), self._identity("company", company)
        if who.via is None and where.via is None:
            since = NOW - timedelta(hours=ago, minutes=30, seconds=len(self.done))
            act = moves.contact(who.contact, where.customer, since=since, now=NOW, by=None)
            self.done.append((act, self.world.move(user, since, company)))

    def remove_company(self, name):
        customer = self._identity("company", name).customer
        act = removals.customer(customer, reason="A test", now=NOW, by=None)
        self.done.append((act, self.world.remove_company(act.pk, self.world.root(name))))

    def remove_person(self, user):
        contact = self._identity("user", user).contact
        names = list(contact.identities.values_list("kind", "value"))
        act = removals.contact(contact, reason="A test", now=NOW, by=None)
        self.done.append((act, self.world.remove_person(act.pk, names)))

    def undo(self, number):
        if self.done:
            act, take_back = self.done[number % len(self.done)]
            undoing.undo(act, now=NOW, by=None)
            take_back()
            if act.kind == "merge" and act.detail["of"] == "contact":
                self.merged -= 1

    def is_as_expected(self):
        resettling.settle_all(now=NOW)
        counts_are_those_of_the_log()
        everything_is_where_it_belongs()
        nothing_hangs_in_the_air()
        _is_as_the_model_says(self.world.model())

    def _identity(self, kind, value):
        return Identity.objects.select_related("contact", "customer").get(kind=kind, value=value)


def _is_as_the_model_says(model):
    names = {(i.kind, i.value): i.contact_id for i in Identity.objects.filter(contact__isnull=False)}
    assert _groups(names) == model.people()
    companies = Identity.objects.filter(kind="company")
    customers = {i.customer_id: model.company_of_name(i.value) for i in companies}
    standing = {customers[pk] for pk in Customer.objects.known().values_list("pk", flat=True)}
    assert standing == model.companies()
    stored = Counter(
        (customers.get(event.customer_id), event.contact_id, event.occurred_at) for event in Event.objects.live()
    )
    by_name = {frozenset(group): names[next(iter(group))] for group in model.people()}
    expected = Counter((company, by_name.get(who), at) for company, who, at in model.events())
    assert stored == expected
    homes = {customer.pk for customer in Customer.objects.filter(provisional=True)}
    for contact in Contact.objects.standing():
        who = next(group for group, pk in by_name.items() if pk == contact.pk)
        company, since = model.present(who)
        assert (customers.get(contact.customer_id), contact.joined_at) == (company, since)
        assert contact.customer_id in homes or company is not None
