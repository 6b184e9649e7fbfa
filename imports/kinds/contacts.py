"""Contacts by user id, else by e-mail. Empty cells leave the field as it is."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.consent import refusals
from customers.models import Contact, Identity, Origin
from imports.cells import values
from imports.kinds import owner_columns
from imports.mapping import schema
from imports.mapping.schema import CHANGED, NEW, SAME, Column, ImportContext, Row
from imports.problems import Problem
from records import contacts
from records import rows as records

REFUSES = contacts.REFUSES


def _identify(row: Row) -> tuple[tuple[Any, ...], bool]:
    return contacts.key_of(row.values), True


def _compare(rows: Sequence[Row], _context: ImportContext) -> None:
    keys = [contacts.key_of(row.values) for row in rows]
    identities = Identity.objects.filter(
        kind__in={kind for kind, _ in keys}, value__in={value for _, value in keys}, contact__isnull=False
    )
    named = {(row.kind, row.value): row.contact for row in identities.select_related("contact")}
    allowing = [row for row in rows if row.values.get(REFUSES) is False]
    refused = refusals.refused({row.values["email"] for row in allowing if row.values.get("email")})
    for row, key in zip(rows, keys, strict=True):
        contact = named.get(key)
        stands = (contact is not None and contact.survey_opt_out) or row.values.get("email") in refused
        if stands and row.values.get(REFUSES) is False:
            row.notices.append(Problem("refuses", REFUSES))
        row.becomes = NEW if contact is None else CHANGED if _differs(row, contact) else SAME


def _differs(row: Row, contact: Contact) -> bool:
    # A user id is what the contact was found by, and is no field of it. A file takes no refusal back.
    silent = {"user_id", *(notice.column for notice in row.notices)}
    return any(value != getattr(contact, name) for name, value in row.values.items() if name not in silent)


def _write(rows: Sequence[Row], context: ImportContext) -> Iterable[int]:
    contacts.write([row.values for row in rows], now=context.now, by=context.by, origin=Origin.FILE)
    return ()


def _prepare(_rows: Sequence[Row], context: ImportContext) -> None:
    records.source(context.now)


KIND = schema.ImportKind(
    name="contacts",
    label=_("Contacts"),
    columns=(
        owner_columns.COMPANY_ID,
        owner_columns.RAPPORT_ID,
        Column(
            "user_id",
            _("User id"),
            values.identifier(200),
            is_id=True,
            also=("id", "user", "contact id"),
            example="u-17",
        ),
        Column("email", _("E-mail"), values.email, also=("e-mail address", "mail"), example="kim@acme.example"),
        Column(
            "name",
            pgettext_lazy("person", "Name"),
            values.name(200),
            also=("full name", "contact", "contact name"),
            example="Kim Li",
        ),
        Column("role", _("Role"), values.name(100), also=("title", "job title", "position"), example="Buyer"),
        Column("locale", _("Language"), values.name(20), also=("locale",), example="fr"),
        Column("survey_opt_out", _("No surveys"), values.flag, also=("survey opt out", "opt out"), example="no"),
        Column("stop_scoring", _("Not scored"), values.flag, also=("stop scoring",)),
    ),
    identify=_identify,
    compare=_compare,
    write=_write,
    prepare=_prepare,
    either=(owner_columns.EITHER, ("user_id", "email")),
)
