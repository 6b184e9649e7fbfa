from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import CheckboxFilter, ClosedFilter
from core.models import Notice
from core.pagination import Column, Keyset

UNREAD_FIRST = Keyset((Column("is_read"), Column("at", descending=True), Column("pk", descending=True)))


class NoticeFilter(ClosedFilter[QuerySet[Notice]]):
    """The filters of a colleague's notices, on the page and in the API."""

    unread = CheckboxFilter(label=_("Unread only"), method="filter_unread")

    def filter_unread(self, queryset: QuerySet[Notice], name: str, value: bool) -> QuerySet[Notice]:
        return queryset.filter(is_read=False) if value else queryset
