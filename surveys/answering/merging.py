"""What follows in surveys when colleagues merge customers or contacts, or undo it."""

from customers.curation import Merging, rows
from surveys.answering import inputs
from surveys.models import Answer, Invitation, Token


def customers(merging: Merging) -> None:
    """Have links lead to invitations where these are now, and inputs rest on the answers there."""
    at, to = (merging.kept, merging.gone) if merging.is_undone else (merging.gone, merging.kept)
    invitations = rows.noted(merging.act, Invitation)
    Token.objects.filter(customer=at, invitation_id__in=invitations).update(customer=to)
    moved = Answer.objects.named().filter(customer=to, id__in=rows.noted(merging.act, Answer))
    for kind in sorted(set(moved.values_list("kind", flat=True))):
        inputs.note(kind, [at, to] if merging.is_undone else [to], merging.open_day)


def contacts(merging: Merging) -> None:
    """Have inputs rest on each person's last answer: two contacts are one person now, or are not any more."""
    inputs.note_of_contacts([merging.kept, merging.gone], merging.open_day)
