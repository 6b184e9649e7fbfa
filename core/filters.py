"""Filters that are closed: an unknown name or a bad value selects no rows and is an error, never ignored."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

UNASSIGNED = "none"  # the choice of rows without an owner, a team

Q = TypeVar("Q", bound=QuerySet[Any])


class ClosedForm(forms.Form):
    """The form of a closed filter. It refuses what django-filter would ignore: unknown and repeated parameters."""

    filterset: "ClosedFilter[Any]"  # set on the class that ClosedFilter makes of this one

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_select = isinstance(field, forms.ChoiceField) or isinstance(field.widget, forms.Select)
            field.widget.attrs.setdefault("class", "form-select" if is_select else "form-control")

    def clean(self) -> dict[str, Any] | None:
        for name in self.data:
            if name not in self.fields and name not in self.filterset.other_parameters:
                raise ValidationError(_("There is no filter named “%(name)s”.") % {"name": name[:50]})
            several = isinstance(self.fields.get(name), forms.MultipleChoiceField)
            # A QueryDict answers with the last of several values: the others would be dropped in silence.
            if isinstance(self.data, QueryDict) and len(self.data.getlist(name)) > 1 and not several:
                raise ValidationError(_("“%(name)s” is given more than once.") % {"name": name[:50]})
        self.filterset.check(self.cleaned_data)
        return super().clean()


class ClosedFilter(django_filters.FilterSet, Generic[Q]):
    """A FilterSet for page, API and segment alike, whose `qs` is empty while a parameter is wrong.

    A parameter must name a filter, be given once (unless it is one of several choices), or be one of
    `other_parameters`. Filters in `listing` say how to list, not which rows, and narrow nothing.
    """

    other_parameters: ClassVar[frozenset[str]] = frozenset({"cursor"})
    listing: ClassVar[frozenset[str]] = frozenset({"sort"})
    field_order: ClassVar[list[str] | None] = None

    class Meta:
        form = ClosedForm

    def __init__(self, data: Mapping[str, Any], *, queryset: Q) -> None:
        super().__init__(data, queryset=queryset)  # type: ignore[arg-type] # any mapping does

    def get_form_class(self) -> type[forms.Form]:
        # A class made for this filter, so attributes may be set on it without reaching another request.
        form: type[forms.Form] = super().get_form_class()
        form.field_order = self.field_order
        form.filterset = self  # type: ignore[attr-defined]
        return form

    def check(self, cleaned: Mapping[str, Any]) -> None:
        """Refuse parameters that do not go together. Raises ValidationError."""

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, value in self.form.cleaned_data.items():
            if name not in self.listing:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    @property
    def qs(self) -> Q:
        """The selected rows; none while a parameter is wrong (then `errors` says why).

        django-filter alone would apply the parameters that are right.
        """
        rows: Any = super().qs if self.is_valid() else self.queryset.none()  # type: ignore[union-attr]
        return rows

    @property
    def cleaned_data(self) -> dict[str, Any]:
        """The values of the parameters. Call `is_valid` first."""
        return self.form.cleaned_data

    @property
    def is_narrowing(self) -> bool:
        """Whether a parameter is given that can leave rows out."""
        return any(self.data.get(name) for name in self.form.fields if name not in self.listing)  # type: ignore[union-attr]

    @property
    def query(self) -> dict[str, Any]:
        """The parameters that have a value, as sent: what a segment keeps."""
        data: Any = self.data
        return {
            name: data.getlist(name) if isinstance(data, QueryDict) and several else data[name]
            for name, field in self.form.fields.items()
            if data.get(name)
            for several in [isinstance(field, forms.MultipleChoiceField)]
        }


class IntegerFilter(django_filters.Filter):
    """A whole number; django-filter's NumberFilter takes decimals, too."""

    field_class = forms.IntegerField


class CheckboxFilter(django_filters.Filter):
    """On when the parameter is given, as a form's checkbox sends it."""

    field_class = forms.BooleanField


def fault_messages(filterset: ClosedFilter[Any]) -> dict[str, list[str]]:
    """Return what is wrong with the parameters, by name; `__all__` for those without a filter."""
    errors = filterset.form.errors.as_data()
    return {name: [message for error in those for message in error.messages] for name, those in errors.items()}
