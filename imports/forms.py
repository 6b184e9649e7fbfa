from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from core.spreadsheets.cells import plain
from imports.cells.formats import COMMA, DAY_FIRST, MONTH_FIRST, POINT
from imports.kinds import KINDS
from imports.mapping.plan import ASIDE
from imports.mapping.schema import Column
from imports.models import Import
from imports.models.import_ import ONCE
from imports.problems import describe
from imports.reading.limits import MOST_BYTES

MEGABYTES = MOST_BYTES // 1_000_000


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("Contents of the file"))
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx", "class": "form-control"}),
        error_messages={
            "required": _("Choose a file of at most %(most)s MB.") % {"most": MEGABYTES},
            "empty": _("The file is empty. Its first row must name the columns."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in KINDS.values()]  # type: ignore[attr-defined]
        self.fields["kind"].widget.attrs["class"] = "form-select"


class ColumnsForm(forms.Form):
    """What each column of the file means; and, where the kind has it, whether the rows are history."""

    def __init__(self, job: Import, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job, self.kind = job, KINDS[job.kind]
        choices = self._choices()
        for i, header in enumerate(job.headers):
            name = plain(header) or translate("Column %(number)s") % {"number": i + 1}
            self.fields[f"column-{i}"] = forms.ChoiceField(
                label=name,
                choices=choices,
                required=False,
                initial=job.mapping[i] if job.mapping else "",
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        for column in self.kind.columns:
            if column.once is not None:
                self.fields[f"{ONCE}{column.name}"] = self._once(column, job.once.get(column.name, ""))
        if self.kind.has_history:
            self.fields["history"] = forms.ChoiceField(
                label=_("When this data became known"),
                choices=[
                    ("now", _("Today: past scores stay as they are")),
                    ("then", _("On the day they happened: past scores are recalculated as if they had been known")),
                ],
                widget=forms.RadioSelect,
                # No default at first: the choice decides whether past scores change.
                initial="then" if job.history else "now" if job.formats else None,
            )
        chosen = job.formats.get("chosen", {})
        self.fields["day"] = self._format(
            _("Days such as 01/02/2026"),
            chosen.get("day"),
            [(DAY_FIRST, _("1 February (day first)")), (MONTH_FIRST, _("2 January (month first)"))],
        )
        self.fields["decimal"] = self._format(
            _("Amounts such as 1,234"),
            chosen.get("decimal"),
            [(POINT, _("1234 (decimal point)")), (COMMA, _("1.234 (decimal comma)"))],
        )

    @staticmethod
    def _once(column: Column, chosen: str) -> forms.ChoiceField:
        assert column.once is not None
        return forms.ChoiceField(
            label=_("%(name)s of all rows") % {"name": column.label},
            choices=[("", _("As a column says")), *column.once()],
            required=False,
            initial=chosen,
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    @staticmethod
    def _format(label: Any, chosen: str | None, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=label,
            choices=[("", _("Detect from the file")), *choices],
            required=False,
            initial=chosen or "",
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    def _choices(self) -> list[tuple[str, Any]]:
        fields = [(column.name, _with_mark(column.label, column.required)) for column in self.kind.columns]
        aside = [(ASIDE, _("Keep as an attribute"))] if self.kind.rest else []
        return [("", _("Leave out")), *aside, *fields]

    @property
    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """The choice for each column, with the first cells of the column."""
        samples = self.job.samples
        return [
            # Cells that hold something: an empty column tells nothing about what it means.
            (self[f"column-{i}"], [row[i] for row in samples if i < len(row) and row[i]][:3])
            for i in range(len(self.job.headers))
        ]

    @property
    def mapping(self) -> list[str]:
        return [self.cleaned_data.get(f"column-{i}", "") for i in range(len(self.job.headers))]

    @property
    def chosen(self) -> dict[str, str]:
        names = ("day", "decimal", *(name for name in self.fields if name.startswith(ONCE)))
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}

    @property
    def said_once(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(ONCE)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        once = {name.removeprefix(ONCE): text for name, text in cleaned.items() if name.startswith(ONCE) and text}
        self._check_columns([*self.mapping, *once])
        # Before anything is read: a scale that does not fit its survey would make every row wrong.
        if once and self.kind.refuse_once and (problem := self.kind.refuse_once(once)):
            self.add_error(f"{ONCE}{problem.column}", describe(problem.as_json()))
        return cleaned

    def _check_columns(self, mapped: Sequence[str]) -> None:
        """Refuse a field given twice, one that is needed and missing, and a group of which none is given."""
        label = {column.name: str(column.label) for column in self.kind.columns}
        for name in label:
            if mapped.count(name) > 1:
                problem = _("Two columns mean “%(name)s”. Leave one of them out.")
                raise ValidationError(problem, params={"name": label[name]})
        for column in self.kind.columns:
            if column.required and column.name not in mapped:
                problem = _("Choose the column that holds “%(name)s”.")
                raise ValidationError(problem, params={"name": label[column.name]})
        for group in self.kind.either:
            if not set(group) & set(mapped):
                names = ", ".join(f"“{label[name]}”" for name in group)
                problem = _("Choose the column that identifies each row, one of these: %(names)s.")
                raise ValidationError(problem, params={"names": names})


def _with_mark(label: Any, required: bool) -> Any:
    return _("%(name)s (required)") % {"name": label} if required else label
