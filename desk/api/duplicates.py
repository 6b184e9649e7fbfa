"""Who may be the same as another: proposed as on the page, never merged by themselves."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from core.api.filtering import NoFilter
from core.api.schema import lists
from core.api.views import ApiView, listed
from core.days import business_day
from core.pagination import Page
from customers.finding import duplicates
from customers.finding.likeness import CONTACTS, CUSTOMERS, Why
from customers.models import Contact, Customer
from desk.api.serializers import ContactOut, CustomerOut, with_relations
from staff.api.requests import ApiRequest

TAG = "duplicates"


class GroupOut(serializers.Serializer[Any]):
    why = serializers.ListField(child=serializers.ChoiceField(Why.choices), help_text="What they have in common.")
    more = serializers.IntegerField(help_text="How many more there are than one group shows.")


class DuplicateCustomersOut(GroupOut):
    customers = CustomerOut(many=True, help_text="The one added first comes first.")


class DuplicateContactsOut(GroupOut):
    contacts = ContactOut(many=True, help_text="The one added first comes first.")


class DuplicateCustomers(ApiView):
    area = "customers"
    filterset_class = NoFilter

    @lists("duplicates_customers_list", DuplicateCustomersOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List customers that may be the same: of one domain, or one name but for its legal form; the newest first."""
        today = business_day(self.now)
        visible = self.filtered(Customer.objects.visible_to(request.user).known()).qs
        page = duplicates.page(visible, CUSTOMERS, request.query_params.get("cursor"))
        rows = with_relations(Customer.objects.filter(pk__in=_pks(page)), today).in_bulk()
        return listed(DuplicateCustomersOut, _with_rows(page, "customers", rows), today=today)


class DuplicateContacts(ApiView):
    area = "customers"
    filterset_class = NoFilter

    @lists("duplicates_contacts_list", DuplicateContactsOut, TAG)
    def get(self, request: ApiRequest) -> Response:
        """List contacts that may be the same: of one e-mail, or of one full name at one customer; the newest first."""
        visible = self.filtered(Contact.objects.visible_to(request.user).known()).qs
        page = duplicates.page(visible, CONTACTS, request.query_params.get("cursor"))
        rows = Contact.objects.prefetch_related("identities").in_bulk(_pks(page))
        return listed(DuplicateContactsOut, _with_rows(page, "contacts", rows))


def _pks(page: Page[Any]) -> list[int]:
    return [pk for group in page.rows for pk in group.pks]


def _with_rows(page: Page[Any], name: str, rows: dict[int, Any]) -> Page[Any]:
    groups = [
        {"why": group.why, "more": group.more, name: [rows[pk] for pk in group.pks if pk in rows]}
        for group in page.rows
    ]
    return Page(groups, page.next_cursor, page.is_first)
