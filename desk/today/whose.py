"""Whose customers Today shows a colleague: their own, their teams', or those they follow."""

from django.db.models import Q

from customers.models import Customer, Following
from customers.models.customer import CustomerQuerySet
from staff.models import TodayChoice, User, Whose


def chosen(user: User) -> TodayChoice:
    """Return what Today remembers of the colleague; an unsaved one, where it remembers nothing. One query."""
    return TodayChoice.objects.filter(pk=user.pk).first() or TodayChoice(colleague=user)


def customers_of(user: User, whose: str) -> CustomerQuerySet:
    """Return the customers, of those the colleague may see."""
    return Customer.objects.visible_to(user).known().filter(_condition(user, whose))


def _condition(user: User, whose: str) -> Q:
    if whose == Whose.FOLLOWING:
        return Q(pk__in=Following.objects.filter(colleague=user).values("customer"))
    if whose == Whose.TEAM:
        teams = user.teams.values("pk")
        members = User.objects.filter(teams__in=teams).values("pk")
        return Q(team__in=teams) | Q(owner__in=members) | Q(second_owner__in=members) | Q(owner=user)
    return Q(owner=user) | Q(second_owner=user)


def tasks_of(user: User, whose: str) -> Q:
    """Return which tasks of these customers are on the list; for themselves also theirs at other customers."""
    within = Q(customer__in=customers_of(user, whose))
    if whose == Whose.MINE:
        return Q(assignee=user) | within & Q(assignee=None)
    return within
