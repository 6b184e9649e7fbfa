"""One question of a survey as a form, in every language."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.forms import EntryForm
from surveys import kinds
from surveys.kinds.template import QuestionType
from surveys.questionnaire.questions import MOST_OPTIONS, Question

TYPES: dict[QuestionType, Any] = {
    "rating": gettext_lazy("Rating"),
    "choice": gettext_lazy("Single choice"),
    "choices": gettext_lazy("Multiple choice"),
    "text": gettext_lazy("Text"),
}
Texts = list[tuple[str, forms.BoundField]]
TEXTS = ("text", "low", "high", "options")
LONGEST = {"text": 500, "low": 60, "high": 60, "options": 4_000}


class QuestionForm(EntryForm):
    """A question that `is_first` of its kind is a rating on the kind's scale, and asked of everybody."""

    key = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]{0,39}$",
        label=gettext_lazy("Key"),
        required=False,
        help_text=gettext_lazy("Names it in exports and the API: small letters, digits, hyphens."),
        error_messages={"invalid": gettext_lazy("A key is up to 40 small letters, digits and hyphens.")},
    )
    type = forms.ChoiceField(label=gettext_lazy("Answered by"), choices=list(TYPES.items()), initial="text")
    low = forms.ChoiceField(
        label=gettext_lazy("Scale from"), choices=[("0", "0"), ("1", "1")], initial="1",
        required=False,
    )  # fmt: skip
    high = forms.IntegerField(label=gettext_lazy("Scale to"), min_value=1, max_value=11, initial=5, required=False)
    is_required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)
    shown_to = forms.MultipleChoiceField(
        label=gettext_lazy("Asked of"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, kind: str, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind, self.is_first = kinds.get(kind), is_first
        self.fields["shown_to"].choices = [(group.name, group.label) for group in self._kind.groups]  # type: ignore[attr-defined]
        self.fields["shown_to"].widget.attrs["class"] = "form-check-input"
        if is_first:
            for name in ("type", "low", "high", "is_required", "shown_to"):
                # The kind fixes these (`kinds.base.ScoredKind`), so they are no fields.
                del self.fields[name]
            self.fields["key"].widget = forms.HiddenInput()
        elif not self._kind.groups:
            del self.fields["shown_to"]
        for code, language in settings.LANGUAGES:
            for name in TEXTS:
                self.fields[f"{name}-{code}"] = _text(name, language)

    @property
    def scale(self) -> tuple[int, int]:
        """The kind's, of a first question."""
        return self._kind.scale

    @property
    def kind_of_answer(self) -> str:
        return "rating" if self.is_first else str(self["type"].value())

    @property
    def texts_text(self) -> Texts:
        return self._texts("text")

    @property
    def texts_low(self) -> Texts:
        return self._texts("low")

    @property
    def texts_high(self) -> Texts:
        return self._texts("high")

    @property
    def texts_options(self) -> Texts:
        return self._texts("options")

    def _texts(self, name: str) -> Texts:
        """Return a text's fields: language code, field."""
        return [(code, self[f"{name}-{code}"]) for code, _name in settings.LANGUAGES]

    def raw(self) -> dict[str, Any]:
        """Return what was typed, for a form that shows it again unjudged."""
        # Not `cleaned_data`: an unfinished question may be moved, too.
        return {name: self[name].value() for name in self.fields}

    def check(self, languages: list[str]) -> None:
        """Add what is wrong in these languages: a missing text, answers to choose from that do not match."""
        if not self.is_valid():
            return
        numbers = set()
        for code in languages:
            if not self.cleaned_data[f"text-{code}"]:
                self.add_error(f"text-{code}", _("Please write it in this language, or leave the language out."))
            if self.kind_of_answer in ("choice", "choices"):
                options = _lines(self.cleaned_data[f"options-{code}"])
                numbers.add(len(options))
                if not 2 <= len(options) <= MOST_OPTIONS:
                    self.add_error(
                        f"options-{code}", _("Offer 2 to %(n)s answers, one on each line.") % {"n": MOST_OPTIONS}
                    )
        if len(numbers) > 1:
            self.add_error(None, _("Offer as many answers in each language: the first lines mean the same, and so on."))

    def question(self, key: str, languages: list[str]) -> Question:
        """Return what was entered."""
        data, is_rating = self.cleaned_data, self.kind_of_answer == "rating"
        low, high = self.scale if self.is_first else (int(data["low"] or 1), data["high"] or 5)
        return Question(
            key=key,
            type=self.kind_of_answer,  # type: ignore[arg-type]
            low=low if is_rating else 0,
            high=high if is_rating else 0,
            is_required=self.is_first or data["is_required"],
            shown_to=tuple(data.get("shown_to", ())),
            texts={code: self._words(code) for code in languages},
        )

    def _words(self, code: str) -> dict[str, Any]:
        names = {"rating": ("text", "low", "high"), "text": ("text",)}.get(self.kind_of_answer, ("text", "options"))
        entered: dict[str, Any] = {name: self.cleaned_data[f"{name}-{code}"] for name in names}
        if "options" in entered:
            entered["options"] = _lines(entered["options"])
        return {name: words for name, words in entered.items() if words}


def shown(question: Question) -> dict[str, Any]:
    """Return what a question's form shows first."""
    plain: dict[str, Any] = {
        "key": question.key,
        "type": question.type,
        "is_required": question.is_required,
        "shown_to": list(question.shown_to),
    }
    if question.type == "rating":
        plain |= {"low": str(question.low), "high": question.high}
    return {**plain, **_texts(question.texts)}


def _texts(texts: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    initial: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        in_language = texts.get(code, {})
        initial |= {f"{name}-{code}": str(in_language.get(name, "")) for name in TEXTS if name != "options"}
        initial[f"options-{code}"] = "\n".join(map(str, in_language.get("options", [])))
    return initial


def _text(name: str, language: Any) -> forms.CharField:
    widget: forms.Widget = forms.TextInput(attrs={"class": "form-control"})
    if name == "options":
        widget = forms.Textarea(attrs={"class": "form-control", "rows": 4})
    return forms.CharField(label=language, required=False, max_length=LONGEST[name], widget=widget)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
