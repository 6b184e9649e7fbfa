"""A filter is closed: an unknown name or a bad value finds nobody and says so, never everybody."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

NOBODY = "none"  # the choice of rows without an owner, a team

Q = TypeVar("Q", bound=QuerySet[Any])


class ClosedFilter(forms.Form, Generic[Q]):
    """Narrow a queryset by query parameters. Each field `x` has a method `by_x(queryset, value)`.

    Page, API and segment use the same class. A parameter must be a field, given once (unless it is one for
    several choices), or stand in `paging`; fields in `how` say how to list, not whom, and have no such method.
    """

    paging: ClassVar[frozenset[str]] = frozenset({"cursor"})
    how: ClassVar[frozenset[str]] = frozenset({"sort"})

    def __init__(self, data: Mapping[str, Any], *, queryset: Q) -> None:
        super().__init__(data)
        self._queryset = queryset
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    @property
    def found(self) -> Q:
        """The rows asked for; none when the question is bad (then `errors` says why)."""
        if not self.is_valid():
            return self._queryset.none()
        found = self._queryset
        for name, value in self.cleaned_data.items():
            if value not in EMPTY_VALUES and name not in self.how:
                found = getattr(self, f"by_{name}")(found, value)
        return found

    @property
    def asks(self) -> bool:
        """Whether anything was asked that can leave somebody out."""
        return any(self.data.get(name) for name in self.fields if name not in self.how)

    @property
    def asked(self) -> dict[str, Any]:
        """The parameters that say something, as sent: what a saved view keeps."""
        return {
            name: self.data.getlist(name) if isinstance(self.data, QueryDict) and several else self.data[name]
            for name in self.fields
            if self.data.get(name)
            for several in [isinstance(self.fields[name], forms.MultipleChoiceField)]
        }

    def clean(self) -> dict[str, Any] | None:
        for name in self.data:
            if name not in self.fields and name not in self.paging:
                raise ValidationError(_("There is no filter named “%(name)s”.") % {"name": name[:50]})
            several = isinstance(self.fields.get(name), forms.MultipleChoiceField)
            if isinstance(self.data, QueryDict) and len(self.data.getlist(name)) > 1 and not several:
                raise ValidationError(_("“%(name)s” is given more than once.") % {"name": name[:50]})
        return super().clean()
