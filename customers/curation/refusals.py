"""Why something cannot be put right as asked, in a sentence for a colleague; "" when it can."""

from django.utils.translation import gettext as _

from customers.lifecycle import why_gone
from customers.models import Act, Contact, Customer
from customers.people import pointing


def customers(kept: Customer, gone: Customer) -> str:
    """Say why one customer cannot be merged into another. A query for each level above the one that stays."""
    if kept.pk == gone.pk:
        return _("A customer cannot be merged with itself.")
    for customer in (kept, gone):
        if refusal := why_gone(customer) or _listed(customer):
            return refusal
    if _is_below(kept, gone):
        return _("“%(kept)s” stands below “%(gone)s”. Keep “%(gone)s” instead, or change the parent first.") % {
            "kept": kept.name,
            "gone": gone.name,
        }
    return ""


def contacts(kept: Contact, gone: Contact) -> str:
    """Say why one contact cannot be merged into another."""
    if kept.pk == gone.pk:
        return _("A contact cannot be merged with itself.")
    return why_gone(kept) or why_gone(gone)


def removal(which: Customer | Contact) -> str:
    """Say why a customer or contact cannot be deleted, or a contact not be moved."""
    return why_gone(which)


def release(act: Act) -> str:
    """Say why the ids of what an act deleted cannot be released."""
    if act.kind != Act.Kind.REMOVAL:
        return _("Nothing was deleted by this.")
    return _done(act) or (_("The ids have been released already.") if act.detail.get("released") else "")


def undoing(act: Act) -> str:
    """Say why an act cannot be undone. Three queries at most."""
    if act.kind == Act.Kind.OWNER:
        return _done(act)
    if act.kind not in (Act.Kind.MERGE, Act.Kind.REASSIGN, Act.Kind.REMOVAL) or "gone" not in act.detail:
        return _("This cannot be undone here.")
    if refusal := _done(act):
        return refusal
    if act.detail.get("released"):
        return _("The ids have been released, and may name others by now.")
    model = Customer if act.detail["of"] == "customer" else Contact
    row = model._default_manager.filter(pk=act.detail["gone"]).first()
    if row is None or (act.kind == Act.Kind.MERGE and row.merged_into_id is None):
        return _("Calls have said meanwhile that the two are one person.")
    if act.kind == Act.Kind.MERGE and (counting := _counting(row)).removed_at is not None:
        return _("“%(name)s” has been deleted. Undo that first.") % {"name": counting}
    return ""


def _counting(row: Customer | Contact) -> Customer | Contact:
    """Return the one that counts for a merged one."""
    table = pointing.CUSTOMERS if isinstance(row, Customer) else pointing.CONTACTS
    return type(row)._default_manager.get(pk=pointing.root(table, row.pk))


def _done(act: Act) -> str:
    return _("This has been undone already.") if act.detail.get("undone") else ""


def _listed(customer: Customer) -> str:
    return _("“%(name)s” is not in the list of customers yet.") % {"name": customer} if customer.provisional else ""


def _is_below(customer: Customer, other: Customer) -> bool:
    above = customer.parent
    while above is not None:
        if above.pk == other.pk:
            return True
        above = above.parent
    return False
