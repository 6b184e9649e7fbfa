"""A survey as one form: all about it, and its questions, which can be added, moved and taken out before saving."""

from datetime import date
from hashlib import blake2b
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.web import pictures
from surveys import kinds, lifecycle
from surveys.forms import question as question_forms
from surveys.forms.about import AboutForm
from surveys.forms.question import TYPES, QuestionForm
from surveys.models import Survey, SurveyStatus
from surveys.questionnaire import questions
from surveys.questionnaire.questions import MOST_QUESTIONS


class EditConflict(Exception):
    """Somebody else changed or started the survey; the message says what to do."""


class Editor:
    """All parts of a survey; they are saved together or not at all."""

    def __init__(self, survey: Survey, data: Any = None, files: Any = None, *, today: date) -> None:
        self.survey, self._today = survey, today
        self.is_draft = survey.status == SurveyStatus.DRAFT
        self._stood = _digest(survey)
        self.seen = self._stood if data is None else data.get("seen", "")
        self.errors: list[str] = []
        if data is not None and files:
            data = self._with_logo(data, files)
        self.about = AboutForm(data, survey=survey, today=today)
        self.questions = self._forms(data) if self.is_draft else []

    def is_valid(self) -> bool:
        valid = [self.about.is_valid()]
        for form in self.questions:
            form.check(self.about.chosen)
            valid.append(form.is_valid())
        if self.is_draft and not self.questions:
            self.errors.append(_("Ask at least one question."))
        return all(valid) and not self.errors

    def act(self, act: str) -> None:
        """Add, move or take out a question, as a button says: `add-text`, `up-2`, `down-2`, `remove-2` (from 0)."""
        if not self.is_draft:
            return
        rows = [form.raw() for form in self.questions]
        verb, _dash, what = act.partition("-")
        if verb == "add" and what in TYPES and len(rows) < MOST_QUESTIONS:
            rows.append({"type": what, "low": "1", "high": 5})
        elif what.isascii() and what.isdigit() and self.fixed <= int(what[:3]) < len(rows):
            _move(rows, verb, int(what[:3]), self.fixed)
        # As initial values: a bound form would judge what is half written.
        about = {name: self.about[name].value() for name in self.about.fields}
        self.about = AboutForm(initial=about, survey=self.survey, today=self._today)
        self.questions = [self._form(i, initial=row) for i, row in enumerate(rows)]

    def save(self) -> Survey:
        """Save the form. Raises EditConflict, InvalidState, ValidationError (its texts are in `errors` then)."""
        with transaction.atomic():
            # Locked from the comparison to the saving, so that nobody's change slips in between.
            held = Survey.objects.select_for_update(of=("self",)).get(pk=self.survey.pk)
            if held.status != self.survey.status:
                raise EditConflict(
                    _("A colleague started or closed it in the meantime. Nothing was saved; open it again.")
                )
            if _digest(held) != self.seen:
                self.seen = self._stood  # the conflict is shown now, so saving again overwrites
                raise EditConflict(_("A colleague changed the survey in the meantime. Save again to overwrite it."))
            try:
                return lifecycle.change(held, self._entered())
            except ValidationError as refusal:
                self._note(refusal.message_dict)
                raise

    @property
    def can_grow(self) -> bool:
        return len(self.questions) < MOST_QUESTIONS

    def _entered(self) -> dict[str, Any]:
        entered = self.about.entered()
        if self.is_draft:
            keys = self._keys()
            entered_questions = [
                form.question(key, self.about.chosen) for form, key in zip(self.questions, keys, strict=True)
            ]
            entered["questions"] = questions.dump(entered_questions)
        return entered

    def _keys(self) -> list[str]:
        """Return the keys entered; a question without one gets the next free."""
        keys = [form.cleaned_data["key"] for form in self.questions]
        free = (f"question-{n}" for n in range(1, 2 * MOST_QUESTIONS + 1) if f"question-{n}" not in keys)
        return [key or next(free) for key in keys]

    def _note(self, problems: dict[str, list[str]]) -> None:
        """Put the reasons of `lifecycle.change` beside the fields they name; the others go to the top of the form."""
        by_key = {form.cleaned_data.get("key") or "": form for form in self.questions}
        for field, texts in problems.items():
            for words in texts:
                key, _colon, about = words.partition(": ")
                if field == "questions" and about and key in by_key:
                    by_key[key].add_error(None, about)
                elif field in self.about.fields:
                    self.about.add_error(field, words)
                else:
                    self.errors.append(words)

    def _with_logo(self, data: Any, files: Any) -> Any:
        """Keep an uploaded picture, so that it need not be chosen again when something else is wrong."""
        sent = files.get("logo_file")
        if sent is None:
            return data
        data = data.copy()
        try:
            # One byte over the limit is enough to be refused; a huge file is not read into memory.
            data["logo"] = lifecycle.keep_logo(sent.read(pictures.LARGEST + 1)).digest
            data.pop("no_logo", None)
        except ValidationError as refusal:
            self.errors += refusal.messages
        return data

    @property
    def fixed(self) -> int:
        """The number of questions its kind begins with, which stay where they are."""
        return len(kinds.get(self.survey.kind).keys)

    def _forms(self, data: Any) -> list[QuestionForm]:
        if data is None:
            survey_questions = questions.load(self.survey.questions)
            return [
                self._form(i, initial=question_forms.shown(question)) for i, question in enumerate(survey_questions)
            ]
        text = data.get("count", "")
        # The field comes from the browser: isdigit() alone passes "²", which int() refuses.
        count = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        return [self._form(i, data) for i in range(min(count, MOST_QUESTIONS))]

    def _form(self, number: int, data: Any = None, **more: Any) -> QuestionForm:
        is_first = number < self.fixed
        return QuestionForm(data, prefix=f"q{number}", kind=self.survey.kind, is_first=is_first, **more)


def _move(rows: list[Any], verb: str, at: int, first: int) -> None:
    if verb == "remove":
        del rows[at]
    elif verb == "up" and at > first:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    elif verb == "down" and at < len(rows) - 1:
        rows[at + 1], rows[at] = rows[at], rows[at + 1]


def _digest(survey: Survey) -> str:
    """Return a digest that differs once anything of the survey was changed."""
    values = [getattr(survey, name) for name in lifecycle.FIELDS]
    return blake2b(repr(values).encode(), digest_size=8).hexdigest()
