"""Merging a customer or a contact into another one, and undoing it: pointers change, and nothing is thrown away."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Field

from customers import change_feed, contact_counts, described, inputs, lifecycle
from customers.consent import refusals as consent
from customers.consent.addresses import digest
from customers.curation import (
    Merging,
    Refused,
    acts,
    hold,
    holding,
    places,
    refusals,
    rows,
    steps_of_contacts,
    steps_of_customers,
    take_steps,
)
from customers.models import Act, Contact, Customer, Stage, TakenAlong
from customers.people import moving, pointing
from staff.models import User

CUSTOMER_FIELDS = (
    "name", "domain", "stage", "plan", "seats", "mrr", "currency", "industry", "country", "owner_id",
    "second_owner_id", "team_id", "parent_id",
)  # fmt: skip
CONTACT_FIELDS = ("name", "email", "role", "locale")
_CHILD = "customers.customer.parent"


@transaction.atomic
def customers(kept: Customer, gone: Customer, *, wins: Collection[str], now: datetime, by: User | None) -> Act:
    """Have one customer count for another, whose fields in `wins` it takes over. Raises Refused."""
    open_day = hold(now)
    holding.customers([kept.pk, gone.pk])
    kept, gone = _locked(Customer, kept, gone)
    if refusal := refusals.customers(kept, gone):
        raise Refused(refusal)
    detail = {"of": "customer", **acts.about(kept, "kept"), **acts.about(gone, "gone")}
    act = acts.note(Act.Kind.MERGE, [kept.pk], detail, now=now, by=by)
    members = pointing.give_customers(None, gone.pk, kept.pk)
    pointing.point(pointing.CUSTOMERS, gone.pk, kept.pk)
    places.settle(members, now=now)
    places.affiliate(gone.pk, kept.pk)
    _adopt_children(act, gone.pk, kept.pk)
    acts.mark(act, fields=_take_fields(kept, gone, wins, now, by))
    rows.take(act.pk, gone.pk, kept.pk)
    take_steps(steps_of_customers(), Merging(act.pk, gone.pk, kept.pk, open_day, now, by))
    inputs.note([(gone.pk, "stage", open_day, None, Stage.ARCHIVED)])
    contact_counts.note_for([kept.pk], open_day)
    change_feed.note([kept.pk, gone.pk])
    change_feed.resettle_customer(gone.pk, act=act.pk)
    return act


def undo_customers(act: Act, *, now: datetime, by: User | None) -> Act:
    """Have a merged customer count for itself again, with what came under its names meanwhile."""
    open_day = hold(now)
    gone = act.detail["gone"]
    kept = pointing.root(pointing.CUSTOMERS, gone)
    holding.customers([kept])
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=[kept, gone]).order_by("pk"))
    detail = acts.taken_back(act, undoes=act.pk)
    undo = acts.note(Act.Kind.UNMERGE, [kept, gone], detail, now=now, by=by)
    own = pointing.below(pointing.CUSTOMERS, gone)
    pointing.point(pointing.CUSTOMERS, gone, None)
    places.settle(pointing.give_customers(own, kept, gone), now=now)
    places.affiliate(kept, gone)
    _give_children_back(act, gone, kept)
    rows.give_back(act.pk, kept, gone)
    take_steps(steps_of_customers(), Merging(act.pk, gone, kept, open_day, now, by, undo=undo.pk))
    _give_fields_back(act, kept, now, by)
    described.log_inputs(list(Customer.objects.filter(pk=gone)), open_day)
    contact_counts.note_for([kept, gone], open_day)
    change_feed.note([kept])
    change_feed.resettle_customer(kept, act=undo.pk)
    return undo


@transaction.atomic
def contacts(kept: Contact, gone: Contact, *, wins: Collection[str], now: datetime, by: User | None) -> Act:
    """Have one contact count for another, whose fields in `wins` it takes over. Raises Refused."""
    open_day = hold(now)
    holding.contacts([kept.pk, gone.pk])
    kept, gone = _locked(Contact, kept, gone)
    if refusal := refusals.contacts(kept, gone):
        raise Refused(refusal)
    before = moving.places([gone.pk])[gone.pk]
    detail = {"of": "contact", "contact": kept.pk, **acts.about(kept, "kept"), **acts.about(gone, "gone")}
    act = acts.note(Act.Kind.MERGE, [kept.customer_id, gone.customer_id], detail, now=now, by=by)
    pointing.give_contacts(None, gone.pk, kept.pk)
    pointing.point(pointing.CONTACTS, gone.pk, kept.pk)
    rows.relink(act.pk, gone.pk, kept.pk)
    acts.mark(act, fields=_take_over(kept, gone, wins, now))
    concerned = places.move_all([kept.pk], act=act.pk, now=now)
    present = Contact.objects.values_list("customer", flat=True).get(pk=kept.pk)
    moving.note_elsewhere((kept.pk, other) for other in before.listed if other != present)
    change_feed.resettle(((other, gone.pk) for other in before.all), act=act.pk)
    take_steps(steps_of_contacts(), Merging(act.pk, gone.pk, kept.pk, open_day, now, by))
    contact_counts.note_for([*concerned, *before.all], open_day)
    return act


def undo_contacts(act: Act, *, now: datetime, by: User | None) -> Act:
    """Have a merged contact count for itself again, with what came under its names meanwhile.

    A refusal of surveys that came with the merge stays: only the person lifts it.
    """
    open_day = hold(now)
    gone = act.detail["gone"]
    kept = pointing.root(pointing.CONTACTS, gone)
    holding.contacts([kept])
    list(Contact.objects.select_for_update(no_key=True).filter(pk__in=[kept, gone]).order_by("pk"))
    own = pointing.below(pointing.CONTACTS, gone)
    pointing.point(pointing.CONTACTS, gone, None)
    pointing.give_contacts(own, kept, gone)
    rows.link_back(act.pk, gone, kept)
    detail = acts.taken_back(act, undoes=act.pk)
    undo = acts.note(Act.Kind.UNMERGE, acts.customers_of(act), detail, now=now, by=by)
    _give_texts_back(act, kept, now)
    concerned = places.move_all([kept, gone], act=undo.pk, now=now)
    take_steps(steps_of_contacts(), Merging(act.pk, gone, kept, open_day, now, by, undo=undo.pk))
    contact_counts.note_for(concerned, open_day)
    return undo


def _locked(model: Any, *which: Any) -> list[Any]:
    """Read rows again, under lock, in order of id; return them in the order given. One query."""
    found = model.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in which]).order_by("pk")
    by_id = {row.pk: row for row in found}
    return [by_id[row.pk] for row in which]


def _adopt_children(act: Act, gone: int, kept: int) -> None:
    children = list(Customer.objects.filter(parent=gone).exclude(pk=kept).values_list("pk", flat=True))
    TakenAlong.objects.bulk_create(
        [TakenAlong(act=act, model=_CHILD, customer=gone, row=str(child)) for child in children]
    )
    Customer.objects.filter(pk__in=children).update(parent=kept)


def _give_children_back(act: Act, gone: int, kept: int) -> None:
    children = TakenAlong.objects.filter(act=act, model=_CHILD).values_list("row", flat=True)
    Customer.objects.filter(pk__in=[int(row) for row in children], parent=kept).update(parent=gone)


def _take_fields(kept: Customer, gone: Customer, wins: Collection[str], now: datetime, by: User | None) -> Any:
    """Take fields over from the customer that is merged; return field → [before, after, who had set it], as JSON."""
    taken = {name: getattr(gone, name) for name in CUSTOMER_FIELDS if name in wins}
    if "stage" in taken:
        taken["churned_on"] = gone.churned_on
    before = {name: [_plain(getattr(kept, name)), (kept.field_origins or {}).get(name)] for name in taken}
    if taken:
        try:
            lifecycle.edit({kept.pk: taken}, now=now, by=by)
        except ValueError as why:  # a field that follows another source
            raise Refused(str(why)) from None
    return {name: [was, _plain(taken[name]), origin] for name, (was, origin) in before.items()}


def _give_fields_back(act: Act, kept: int, now: datetime, by: User | None) -> None:
    """Set the fields that a merge changed back to what they were, unless they were changed again since."""
    row = Customer.objects.get(pk=kept)
    changed = act.detail.get("fields", {})
    back = {
        name: _typed(name, was) for name, (was, then, _origin) in changed.items() if _plain(getattr(row, name)) == then
    }
    if not back:
        return
    lifecycle.edit({kept: back}, now=now, by=by)
    # Whoever had set them may set them again.
    row = Customer.objects.get(pk=kept)
    origins = {name: changed[name][2] for name in back}
    row.field_origins = {
        name: origin for name, origin in {**(row.field_origins or {}), **origins}.items() if origin is not None
    }
    row.save(update_fields=["field_origins"])


def _typed(name: str, value: Any) -> Any:
    field = Customer._meta.get_field(name.removesuffix("_id"))
    return value if name.endswith("_id") or not isinstance(field, Field) else field.to_python(value)


def _take_over(kept: Contact, gone: Contact, wins: Collection[str], now: datetime) -> dict[str, list[str]]:
    """Take texts over from the contact that is merged, and a refusal of surveys; return field → [before, after]."""
    changed = {name: [getattr(kept, name), getattr(gone, name)] for name in CONTACT_FIELDS if name in wins}
    refused = kept.survey_opt_out
    kept.survey_opt_out = kept.survey_opt_out or gone.survey_opt_out
    _write_texts(kept, {name: after for name, (_, after) in changed.items()}, refused, now)
    return changed


def _give_texts_back(act: Act, kept: int, now: datetime) -> None:
    row = Contact.objects.get(pk=kept)
    changed = act.detail.get("fields", {})
    back = {name: was for name, (was, then) in changed.items() if getattr(row, name) == then}
    _write_texts(row, back, row.survey_opt_out, now)


def _write_texts(contact: Contact, texts: dict[str, str], refused: bool, now: datetime) -> None:
    """Write texts of a contact; what is refused under their addresses holds."""
    for name, text in texts.items():
        setattr(contact, name, text)
        contact.set_at[name] = now.isoformat()
    contact.address = digest(contact.email)
    consent.go_over([contact], refused={contact.pk} if refused else (), called=(), now=now)
    contact.save(update_fields=[*texts, "search", "role_words", "set_at", "address", "survey_opt_out"])


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
