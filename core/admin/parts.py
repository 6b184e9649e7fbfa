"""What pages of the admin share: read-only lists, a filter, one page that asks "sure?"."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from core.web.forms import NameField

# What people type in the admin is kept without invisible characters.
CLEANED: dict[Any, Any] = {models.CharField: {"form_class": NameField}}


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at, not to touch: rows that other code writes."""

    actions: Sequence[str] | None = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FilledIn(admin.SimpleListFilter):
    """Whether a column has a value. `words` say what "no" and "yes" mean for it."""

    column: str
    words: tuple[Any, Any]

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return list(zip(("no", "yes"), self.words, strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(**{f"{self.column}__isnull": self.value() == "no"})


def ask(
    request: HttpRequest,
    model_admin: admin.ModelAdmin,
    *,
    title: str,
    paragraphs: Iterable[str],
    button: str,
    listed: Iterable[str] = (),
    sent_along: Iterable[tuple[str, str]] = (),
    original: Any = None,
) -> TemplateResponse:
    """Answer with a page that says what is about to happen and posts back to its own address.

    `paragraphs` explain it, `listed` names what is concerned, `sent_along` hidden fields of the form.
    """
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": original,
        "title": title,
        "paragraphs": paragraphs,
        "listed": list(listed),
        "button": button,
        "sent_along": sent_along,
    }
    return TemplateResponse(request, "admin/ask.html", context)
