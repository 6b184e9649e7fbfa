"""All of a survey but its questions: names, words around the questions, look, rules."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.show import long_day
from core.web.forms import DayField, EntryForm, NameField
from surveys.lifecycle import ALWAYS
from surveys.models import Basis, Logo, Survey, SurveyStatus
from surveys.questionnaire.checking import LONGEST, ORIGIN
from surveys.sending.reminders import OLDEST

TEXTS = {
    "title": gettext_lazy("Page title"),
    "subject": gettext_lazy("E-mail subject"),
    "intro": gettext_lazy("Introduction"),
    "thanks": gettext_lazy("Thanks after answering"),
}
LOOK = "form-control"
NEEDED = ("title", "subject")
LOGO = ("logo", "logo_file", "no_logo")
FIELDS = ("name", "languages", "colour", "basis", "is_confidential", "closes_on", "reminder_days", "widget_origins")


class AboutForm(EntryForm):
    use_required_attribute = False  # a colour has no such attribute

    name = NameField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("For colleagues; recipients do not see it."),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )
    colour = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=gettext_lazy("Colour"),
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=gettext_lazy(
            "For buttons and the chosen answer. Text on it stays readable automatically. As long as it is #1257b0, the"
            " company’s colour goes before it."
        ),
        error_messages={"invalid": gettext_lazy("A colour looks like #1257b0.")},
    )
    logo_file = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 200 KB."),
    )
    logo = forms.CharField(required=False, widget=forms.HiddenInput)
    no_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)
    basis = forms.ChoiceField(
        label=gettext_lazy("Lawful basis"),
        choices=Basis.choices,
        help_text=gettext_lazy("Why you may ask these people (GDPR, article 6). It is shown below the survey."),
    )
    is_confidential = forms.BooleanField(
        label=gettext_lazy("Confidential survey"),
        required=False,
        help_text=gettext_lazy(
            "Only figures of five answers or more are shown, never a single answer or a name. You cannot follow up."
        ),
    )
    closes_on = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("It closes automatically after this day."),
    )
    reminder_days = forms.IntegerField(
        label=gettext_lazy("Remind after (days)"),
        required=False,
        min_value=1,
        max_value=OLDEST.days - 1,
        help_text=gettext_lazy("Once, to contacts asked by e-mail who have not answered. Empty: never."),
    )
    widget_origins = forms.CharField(
        label=gettext_lazy("Sites that may show it"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "https://app.example"}),
        help_text=gettext_lazy("For the widget: one address on each line, such as https://app.example."),
    )

    def __init__(self, *args: Any, survey: Survey, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial=kwargs.pop("initial", None) or shown(survey), **kwargs)
        self.survey, self._today = survey, today
        for code, language in settings.LANGUAGES:
            for name in TEXTS:
                self.fields[f"{name}-{code}"] = _text(name, language)
        self.fields["languages"].widget.attrs["class"] = "form-check-input"
        self.fields["closes_on"].widget.attrs["min"] = f"{today}"
        # Taken out, not disabled: what is not a field cannot be sent either.
        if survey.status != SurveyStatus.DRAFT:
            for name in set(self.fields) - {*ALWAYS, *LOGO}:
                del self.fields[name]

    @property
    def chosen(self) -> list[str]:
        """The languages chosen, in their order, whether or not the rest is right."""
        if "languages" not in self.fields:
            return list(self.survey.languages)
        picked = self["languages"].value() or []
        # From the raw value: the texts of these languages are checked even when another field is wrong.
        return [code for code, _name in settings.LANGUAGES if code in picked]

    def texts(self) -> list[tuple[str, list[tuple[str, forms.BoundField]]]]:
        """Return what is written around the questions: label, and the field of each language."""
        if "title-en" not in self.fields:
            return []
        codes = [code for code, _name in settings.LANGUAGES]
        return [(str(label), [(code, self[f"{name}-{code}"]) for code in codes]) for name, label in TEXTS.items()]

    def clean_closes_on(self) -> date | None:
        day: date | None = self.cleaned_data["closes_on"]
        # The day it has already may be over: another field must be changeable all the same.
        if day is not None and day < self._today and day != self.survey.closes_on:
            raise forms.ValidationError(_("Choose %(today)s or a later day.") % {"today": long_day(self._today)})
        return day

    def clean_logo(self) -> str | None:
        digest: str = self.cleaned_data["logo"]
        # A hidden field: it brings back the picture that was uploaded when the form was refused before.
        if digest and digest != self.survey.logo_id and not Logo.objects.filter(digest=digest).exists():
            raise forms.ValidationError(_("Choose the logo again."))
        return digest or None

    def clean_widget_origins(self) -> list[str]:
        origins = [origin.rstrip("/").lower() for origin in self.cleaned_data["widget_origins"].split()]
        if wrong := next((origin for origin in origins if not ORIGIN.fullmatch(origin)), None):
            raise forms.ValidationError(
                _("“%(site)s” is not a site such as https://app.example.") % {"site": wrong[:60]}
            )
        return list(dict.fromkeys(origins))

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        for code in self.chosen if "title-en" in self.fields else []:
            for name in NEEDED:
                if not data.get(f"{name}-{code}") and f"{name}-{code}" not in self.errors:
                    self.add_error(f"{name}-{code}", _("Please write it in this language, or leave the language out."))
        return data

    def entered(self) -> dict[str, Any]:
        """Return what was entered, for `lifecycle.change`."""
        data = dict(self.cleaned_data)
        fields = {name: data[name] for name in FIELDS if name in data}
        fields["logo_id"] = None if data["no_logo"] else data["logo"]
        fields["colour"] = data["colour"].lower()
        if "title-en" in self.fields:
            fields["languages"] = self.chosen
            fields["texts"] = {code: {name: data[f"{name}-{code}"] for name in TEXTS} for code in self.chosen}
        return fields


def shown(survey: Survey) -> dict[str, Any]:
    """Return what a survey's form shows first."""
    texts = {
        f"{name}-{code}": survey.texts.get(code, {}).get(name, "")
        for code, _name in settings.LANGUAGES
        for name in TEXTS
    }
    plain = {name: getattr(survey, name) for name in FIELDS}
    return {**plain, **texts, "logo": survey.logo_id or "", "widget_origins": "\n".join(survey.widget_origins)}


def _text(name: str, language: Any) -> forms.CharField:
    is_long = name in ("intro", "thanks")
    return forms.CharField(
        label=language,
        required=False,
        max_length=LONGEST[name],
        widget=forms.Textarea(attrs={"rows": 2, "class": LOOK}) if is_long else forms.TextInput(attrs={"class": LOOK}),
    )
