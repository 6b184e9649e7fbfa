"""The customers and contacts most like a text, of those that a colleague may see."""

from django.contrib.postgres.search import TrigramWordSimilarity

from customers.finding import by_text
from customers.models import Contact, Customer
from staff.models import User

MOST = 8
CANDIDATES = 200  # of which the most alike are returned
LONGEST = 200  # of a text that is searched for


def asked_for(text: str) -> str:
    """Return what somebody typed as it is searched for."""
    return " ".join(text.replace("\0", "").split())[:LONGEST]


def customers(user: User, text: str) -> list[Customer]:
    """Return the customers most like the text. Two queries; none for no text."""
    if not text:
        return []
    visible = Customer.objects.visible_to(user).known()
    # Two steps: the indexes find the candidates, and only these are compared letter by letter.
    pks = list(by_text.matching(visible, text).order_by().values_list("pk", flat=True)[:CANDIDATES])
    alike = visible.filter(pk__in=pks).select_related("score", "owner")
    return list(alike.order_by(TrigramWordSimilarity(text, "name").desc(), "name", "pk")[:MOST])


def contacts(user: User, text: str) -> list[Contact]:
    """Return the contacts most like the text, with their customers. Two queries; none for no text."""
    if not text:
        return []
    visible = Contact.objects.visible_to(user).known()
    pks = list(by_text.matching_contacts(visible, text).order_by().values_list("pk", flat=True)[:CANDIDATES])
    alike = visible.filter(pk__in=pks).select_related("customer").defer("traits", "set_at")
    return list(alike.order_by(TrigramWordSimilarity(text, "name").desc(), "name", "pk")[:MOST])
