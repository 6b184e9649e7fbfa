from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from core.filters import CheckboxFilter, ClosedFilter
from core.models import Notice
from core.notices import kinds
from core.pagination import Column, Keyset

UNREAD_FIRST = Keyset((Column("is_read"), Column("at", descending=True), Column("pk", descending=True)))


class NoticeFilter(ClosedFilter[QuerySet[Notice]]):
    """The filters of a colleague's notices, on the page and in the API."""

    unread = CheckboxFilter(label=_("Unread only"), method="filter_unread")
    kind = ChoiceFilter(label=_("About"), choices=kinds.labels, empty_label=_("Anything"))

    def filter_unread(self, queryset: QuerySet[Notice], name: str, value: bool) -> QuerySet[Notice]:
        return queryset.filter(is_read=False) if value else queryset
