"""Shards: ranges of customer ids of one size, so that workers on any machine share a pass."""

from customers.models import Customer
from customers.models.customer import CustomerQuerySet

SIZE = 5_000  # ids


def all_of_them() -> range:
    """Return the numbers of the shards that hold customers today."""
    # From the highest id alone, which is one look into an index; a shard without customers ends at once.
    last = Customer.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return range(last // SIZE + 1)


def bounds(shard: int) -> tuple[int, int]:
    """Return the first and the last id of a shard."""
    return shard * SIZE, (shard + 1) * SIZE - 1


def customers(shard: int, *, of: CustomerQuerySet) -> list[int]:
    """Return those of the customers that are in the shard, in order. One query."""
    within = of.filter(pk__range=bounds(shard))
    return list(within.order_by("pk").values_list("pk", flat=True))
