"""The columns that name a row's customer: by company id, or by our own id."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from imports.cells import values
from imports.mapping import resolve
from imports.mapping.schema import Column, Row

COMPANY_ID = Column(
    "company_id",
    _("Company id"),
    values.identifier(200),
    is_id=True,
    also=("company", "account id", "customer id", "external id", "group id"),
    find=resolve.companies,
    missing="no company",
    example="acme",
)
RAPPORT_ID = Column(
    "rapport_id",
    _("Rapport id"),
    values.identifier(200),
    find=resolve.customers,
    missing="no customer",
    also=("rapport",),
)
EITHER = ("company_id", "rapport_id")


def settle(rows: Collection[Row]) -> None:
    """Put the customer's id under "customer_id"; our own id decides when both are given."""
    for row in rows:
        company, ours = row.values.pop("company_id", None), row.values.pop("rapport_id", None)
        if "customer_id" not in row.values and (ours or company):
            row.values["customer_id"] = ours or company
