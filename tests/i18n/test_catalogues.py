"""Every text is translated, in every language, with the same placeholders, and the catalogues compile."""

import gettext
import re
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

from tests.i18n import texts

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
NAMES = {"Rapport", "· Rapport", "×", "× 2", "Ctrl K", "Ctrl ↵", "Enter", *"jkltsdoz"}  # said alike in every language


@pytest.fixture(scope="module")
def ours():
    return texts.everywhere()


def catalogue(language):
    path = texts.ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    return read_po(BytesIO(path.read_bytes()), locale=language, abort_invalid=True)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


def strings(message):
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string]


def test_texts_are_found_in_python_and_in_templates(ours):
    assert texts.Text("Churn risk", None, None) in ours
    assert texts.Text("Sign in", None, None) in ours
    assert texts.Text("%(days)s day ago", "%(days)s days ago", None) in ours
    assert texts.Text("Events of %(days)s day count.", "Events of %(days)s days count.", None) in ours


def test_every_text_is_translated(ours, language):
    known = catalogue(language)
    missing = []
    for text, file in ours.items():
        message = known.get(text.id, context=text.context)
        wanted = text.plural and (text.id, text.plural)
        if message is None or message.fuzzy or not all(strings(message)) or (wanted and message.id != wanted):
            missing.append(f"{file}: {text.id}")
    assert not missing


def test_every_plural_form_is_there(language):
    known = catalogue(language)
    short = [m.id for m in known if m.pluralizable and len(strings(m)) != known.num_plurals]
    assert not short


def test_translations_keep_the_placeholders(language):
    def placeholders(text):
        return set(re.findall(r"%\(\w+\)[a-z]|%%|\{\w*\}", text))

    broken = [
        (message.id, string)
        for message in catalogue(language)
        if message.id
        for string in strings(message)
        if placeholders(string) != placeholders(message.id[-1] if message.pluralizable else message.id)
    ]
    assert not broken


def test_the_catalogue_compiles(language):
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    assert gettext.GNUTranslations(compiled).gettext("At risk") != "At risk"


def test_plurals_follow_the_language():
    def said(language, *numbers):
        compiled = BytesIO()
        write_mo(compiled, catalogue(language))
        compiled.seek(0)
        spoken = gettext.GNUTranslations(compiled)
        return [spoken.ngettext("%(said)s customer", "%(said)s customers", n) % {"said": n} for n in numbers]

    assert said("ru", 1, 2, 5, 11, 21) == [
        "1\xa0клиент",
        "2\xa0клиента",
        "5\xa0клиентов",
        "11\xa0клиентов",
        "21\xa0клиент",
    ]
    assert said("fr", 0, 1, 2) == ["0\xa0client", "1\xa0client", "2\xa0clients"]


def test_a_bare_word_in_a_template_is_noticed():
    source = '<p title="Foo">{% translate "a" %} bar <b>{{ x }}</b>{% comment %}no{% endcomment %}</p>'
    assert texts.bare_words(source) == ["Foo", "bar"]


@pytest.mark.parametrize("path", list(texts.files(".html")), ids=lambda path: str(path.relative_to(texts.ROOT)))
def test_no_template_says_a_word_outside_gettext(path):
    assert set(texts.bare_words(path.read_text())) - NAMES == set()
