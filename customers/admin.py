"""Customers in the admin, to look up who is who (they are worked with on the product's own pages); wrong ids."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import CLEANED, ReadOnlyAdmin
from core.names import ids
from customers.described import rules
from customers.finding import by_text
from customers.models import AttributeDefinition, Customer, FieldSource, FieldTrait, Identity, WrongId

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
    search_fields = ("search",)  # shows the field; what is found says get_search_results
    search_help_text = _("A name, a domain, or the exact id of a company or contact in any system.")
    ordering = ("-pk",)
    # Counting a million rows takes longer than showing a page of them.
    show_full_result_count = False
    exclude = ("set_at", "field_origins")
    readonly_fields = ("people",)
    inlines = (IdentityInline,)

    def view_on_site(self, customer: Customer) -> str:
        return reverse("desk:customer", args=[customer.pk])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        if not search_term.strip():
            return queryset, False
        # As everywhere, and whole ids of any kind: the admin's own search follows no such link.
        fitting = by_text.customers(Customer.objects.all(), search_term, is_forgiving=False).rows.order_by()
        known_as = Identity.objects.filter(value=search_term.strip())
        by_id = Q(pk__in=known_as.values("customer")) | Q(pk__in=known_as.values("contact__customer"))
        return queryset.filter(Q(pk__in=fitting.values("pk")) | by_id), False

    @admin.display(description=_("people"))
    def people(self, customer: Customer) -> str:
        """Say who is known here, and under which identities."""
        contacts = customer.contacts.standing().prefetch_related("identities").order_by("pk")[:PEOPLE_SHOWN]
        lines = [(contact, ", ".join(str(identity) for identity in contact.identities.all())) for contact in contacts]
        return format_html_join("", "<p>{} ({})</p>", lines) or "–"


class WrongIdForm(forms.ModelForm):
    """A value as it is compared."""

    def clean_value(self) -> str:
        typed: str = self.cleaned_data["value"]
        if ids.is_wrong(typed):
            raise forms.ValidationError(_("This id is built in: it is refused already."))
        return ids.folded(typed)


@admin.register(WrongId)
class WrongIdAdmin(admin.ModelAdmin):
    """The web processes take up what is added or taken off within five seconds, with the next look-up of a key."""

    form = WrongIdForm
    formfield_overrides = CLEANED
    list_display = ("value", "note", "by", "added_at")
    list_select_related = ("by",)
    search_fields = ("value", "note")

    def get_fieldsets(self, request: HttpRequest, obj: WrongId | None = None) -> Any:
        names = ("value", "note") if obj is None else ("value", "note", "by", "added_at")
        texts = (
            gettext(
                "Such an id names nobody, as user id, anonymous id, company id or previous id, also in imports and by"
                " the API. An event is kept under its other id; without one it is among the rejected events."
            ),
            gettext(
                "It holds for what comes from now on, within seconds. Contacts and customers who are known by it stay"
                " as they are, and keep their events."
            ),
            gettext("Built in, and not to be taken off: %(ids)s; what consists of zeros and dashes; empty templates.")
            % {"ids": ", ".join(ids.WORDS)},
        )
        return [(None, {"fields": names, "description": "<br>".join(map(escape, texts))})]

    def get_readonly_fields(self, request: HttpRequest, obj: WrongId | None = None) -> tuple[str, ...]:
        return () if obj is None else ("value", "by", "added_at")

    def save_model(self, request: HttpRequest, obj: WrongId, form: Any, change: bool) -> None:
        if not change:
            obj.added_at, obj.by = timezone.now(), request.user  # type: ignore[assignment] # only colleagues get here
        super().save_model(request, obj, form, change)


@admin.register(FieldTrait)
class FieldTraitAdmin(admin.ModelAdmin):
    """As wrong ids, they hold within five seconds, for what comes from then on."""

    formfield_overrides = CLEANED
    list_display = ("trait", "field")
    search_fields = ("trait",)

    def get_fieldsets(self, request: HttpRequest, obj: FieldTrait | None = None) -> Any:
        texts = (
            "A trait of group calls that is a field of customers; all others are kept among the attributes. It holds"
            " for calls that come from now on, within seconds.",
            "A field takes what it can hold: a whole number, an amount, the host name of a web address. A value it"
            " cannot hold stays an attribute.",
            f"Built in: {', '.join(f'{trait} → {field}' for trait, field in rules.BUILT_IN.items())}.",
        )
        return [(None, {"fields": ("trait", "field"), "description": "<br>".join(map(escape, texts))})]


@admin.register(FieldSource)
class FieldSourceAdmin(admin.ModelAdmin):
    list_display = ("field", "origin")

    def get_fieldsets(self, request: HttpRequest, obj: FieldSource | None = None) -> Any:
        texts = (
            "Whose word a field follows. Once that source has set it for a customer, nobody else can change it there.",
            "A field that is not on the list follows colleagues, files and the API before tracking calls by server"
            " keys, these before browsers; among equals, whoever spoke last.",
        )
        return [(None, {"fields": ("field", "origin"), "description": "<br>".join(map(escape, texts))})]


@admin.register(AttributeDefinition)
class AttributeDefinitionAdmin(admin.ModelAdmin):
    """Of attributes that conditions of segments may ask for."""

    formfield_overrides = CLEANED
    list_display = ("label", "key", "type")
    list_filter = ("type",)
    search_fields = ("label", "key")
