"""Names and ids without invisible characters, and what an e-mail address is: pure, the same at every door."""

import unicodedata

import pytest

from core.names import addresses, ids
from core.names.cleaning import cleaned_id, cleaned_name

FORMAT = [chr(code) for code in range(1, 0x110000) if unicodedata.category(chr(code)) in ("Cf", "Cc")]


def test_no_format_or_control_character_stays_in_an_id_but_nul():
    assert cleaned_id("a" + "".join(FORMAT) + "b") == "ab"
    assert cleaned_id("a\0b") == "a\0b"
    assert all(cleaned_id(character) == "" for character in FORMAT)


def test_no_format_or_control_character_stays_in_a_latin_name():
    drawn = {character for character in FORMAT if cleaned_name(f"a{character}b") == f"a{character}b"}
    assert {unicodedata.name(character).split()[0] for character in drawn} == {"ARABIC", "SYRIAC", "KAITHI"}
    spaces = {character for character in FORMAT if cleaned_name(f"a{character}b") == "a b"}
    assert spaces == set("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")
    assert all(cleaned_name(f"a{character}b") == "ab" for character in set(FORMAT) - drawn - spaces)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ann ", "Ann"),
        ("Ann\u200bLee", "AnnLee"),
        ("\ufeffAcme\u00ad Ltd", "Acme Ltd"),
        ("\u202etxt.exe\u202c", "txt.exe"),
        ("\u2066Acme\u2069", "Acme"),
        ("Kim\nLi", "Kim Li"),
        ("Kim\u2028Li", "Kim Li"),
        ("An\x07n", "Ann"),
        ("\u3164", ""),
        ("\u2800\u200b", ""),
        ("\ufe0f", ""),
        ("A\u200dB", "AB"),
        ("Zoë\u200c", "Zoë"),
        ("👩\u200d💻 Ann", "👩\u200d💻 Ann"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("👩\u200d\u200d💻", "👩\u200d💻"),
        ("نمی\u200cدانم", "نمی\u200cدانم"),
        ("क्\u200dष", "क्\u200dष"),
        ("അവന്\u200d", "അവന്\u200d"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴"),
        ("株式会社 Ünï", "株式会社 Ünï"),
    ],
)
def test_a_name_keeps_what_is_seen_and_nothing_else(typed, kept):
    assert cleaned_name(typed) == kept


@pytest.mark.parametrize("text", ["👩\u200d💻", "नमी\u200cद", "❤\ufe0f", "\u3164", "a\u200b", "\u061c"])
def test_an_id_loses_joiners_too(text):
    assert cleaned_id(f"x{text}") == "x" + "".join(c for c in text if c not in "\u200b\u200c\u200d\ufe0f\u3164\u061c")


GOOD = {
    "kim@acme.example": "kim@acme.example",
    " Kim@ACME.example ": "kim@acme.example",
    "\ufeffkim@acme\u200b.example\u202c": "kim@acme.example",
    "kim+list@sub.acme.co.uk": "kim+list@sub.acme.co.uk",
    "o'hara@acme.example": "o'hara@acme.example",
    "jürgen@müller.example": "jürgen@müller.example",
    "kim@localhost": "kim@localhost",
    "k" * 187 + "@acme.example": "k" * 187 + "@acme.example",
}
BAD = [
    None, 7, True, "", " ", "kim", "kim@", "@acme.example", "kim@acme", "kim@.acme.example", "kim@acme..example",
    "kim@acme.example.", "kim@@acme.example", "kim@a@acme.example", "kim li@acme.example",
    "kim@acme.example, a@b.example",
    "Kim <kim@acme.example>", "mailto:kim@acme.example", '"kim"@acme.example', "kim@[127.0.0.1]", "kim\0@acme.example",
    "kim@acme.example\nBcc: a@b.example", "k" * 188 + "@acme.example",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), GOOD.items())
def test_an_address_comes_in_small_letters_without_what_is_not_seen(typed, kept):
    assert addresses.email(typed) == kept


@pytest.mark.parametrize("typed", BAD, ids=repr)
def test_what_is_no_address_is_none(typed):
    assert addresses.email(typed) is None


RIGHT = [
    "ann", "u-1", "1", "10", "-10", "-x", "007", "1.0", "0ab3", "00ff", "#5", "$12", "nullarbor", "noneofyour",
    "guest7",
    "annid", "ы", "😀", "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", "00000000-0000-0000-0000-000000000001",
    "kim@acme.example", "<kim@acme.example>", "no", "na", "test", "admin", "default", "x" * 200,
]  # fmt: skip


@pytest.mark.parametrize("text", RIGHT)
def test_what_could_be_an_id_is_one(text):
    assert not ids.is_wrong(text)
    assert ids.read(text) == text


def test_wrong_ids_that_are_added_count_besides():
    known = ids.with_built_in([ids.folded(" 'Kiosk-1' ")])
    assert ids.read("kiosk-1", known) == ids.read('"KIOSK-1"', known) == ids.read("null", known) == ""
    assert ids.read("kiosk-1") == "kiosk-1"


def test_reading_an_id_is_cleaning_it_and_asking_whether_it_is_wrong():
    for text in ("n\u200bull", " null\ufeff", "\u2066", "ann\u200b", "ann", "{{ x.y }}"):
        assert ids.read(text) == ("" if ids.is_wrong(cleaned_id(text)) else cleaned_id(text))
