"""Customers in the admin: to look up who is who. They are worked with, and changed, on the product's own pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from core.admin import ReadOnlyAdmin
from customers.models import Customer, Identity

PEOPLE_SHOWN = 50


class IdentityInline(admin.TabularInline):
    model = Identity
    fields = ("kind", "value")
    can_delete = False
    max_num = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    list_display = ("name", "id", "kind", "stage", "owner", "team", "provisional", "created_at")
    list_filter = ("provisional", "stage", "kind")
    list_select_related = ("owner", "team")
    search_fields = ("name", "domain")
    search_help_text = _("A name, a domain, or the exact id of a company or contact in any system.")
    ordering = ("-pk",)
    # Counting a million rows takes longer than showing a page of them.
    show_full_result_count = False
    exclude = ("set_at",)
    readonly_fields = ("people",)
    inlines = (IdentityInline,)

    def view_on_site(self, customer: Customer) -> str:
        return reverse("desk:customer", args=[customer.pk])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        matches, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return matches, may_repeat
        known_as = Identity.objects.filter(value=search_term.strip())
        by_id = Q(pk__in=known_as.values("customer")) | Q(pk__in=known_as.values("contact__customer"))
        # Names in other systems are how admins know customers; the admin's own search follows no such link.
        return matches | queryset.filter(by_id), may_repeat

    @admin.display(description=_("people"))
    def people(self, customer: Customer) -> str:
        """Say who is known here, and under which identities."""
        contacts = customer.contacts.prefetch_related("identities").order_by("pk")[:PEOPLE_SHOWN]
        lines = [(contact, ", ".join(str(identity) for identity in contact.identities.all())) for contact in contacts]
        return format_html_join("", "<p>{} ({})</p>", lines) or "–"
