"""Tasks of customers and contacts that colleagues merge: what they told is withdrawn, and told where they are."""

from customers.curation import Merging
from playbooks.task_events import KIND
from records.leaving import merging as records


def customers(merging: Merging) -> None:
    records.take_along([KIND], merging)


def contacts(merging: Merging) -> None:
    records.tell_of_contacts([KIND], merging)
