"""One spelling for all the ways a text is typed, by hand; and what counts as a slip."""

import unicodedata

import pytest

from core.db import search
from core.names import slips
from core.names.folding import fold, fold_id, is_alphabetic


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("  Acme,  Inc. ", "acme inc"),
        ("Łódź Zz", "lodz zz"),
        ("Société Générale S.A.", "societe generale sa"),
        ("L’Oréal", "loreal"),
        ("O'Brien", "obrien"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Ørsted", "orsted"),
        ("Æsir œuvre þing ðat", "aesir oeuvre thing dat"),
        ("İstanbul", "istanbul"),
        ("ısı", "isi"),
        ("Đặng Văn", "dang van"),
        ("Семёнов", "semenov"),
        ("СЕМЕНОВ", "semenov"),
        ("Подъезд", "podezd"),
        ("Юлия Щукина", "yuliya shchukina"),
        ("Київ", "kiiv"),
        ("Ђорђе Љубић", "djordje ljubic"),
        ("Αθήνα ς", "athina s"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
        ("ﬁne ½", "fine 1 2"),
        ("Ⅳ", "iv"),
        ("٣٤", "34"),
        ("トヨタ", "toyota"),
        ("ﾄﾖﾀ", "toyota"),
        ("삼성", "samseong"),
        ("أهرام", "ahram"),
        ("اهرام", "ahram"),
        ("שלום", "shlvm"),
        ("中国", "u4e2d u56fd"),
        ("😀 Ltd", "u1f600 ltd"),
        ("J.R.R. Tolkien", "jrr tolkien"),
        ("booking.com", "booking com"),
        ("anna.berg@acme.example", "anna berg acme example"),
        ("100% pure_name", "100 pure name"),
        ("zero\u200bwidth", "zerowidth"),
        ("a\0b", "a b"),
        ("\ud800", ""),
    ],
)
def test_a_text_is_folded_to_lower_ascii(text, words):
    assert fold(text) == words


@pytest.mark.parametrize("text", ["Łódź", "Семёнов й", "Đặng Văn", "ガス", "각", "آهرام", "Ǖ", "Ÿ ñ"])
def test_composed_and_decomposed_forms_are_one(text):
    assert len({fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}) == 1


SILENT = {*"ъьءـᲆ"}  # letters that are no sound


def nfkd(character):
    return unicodedata.normalize("NFKD", character).casefold()


def test_every_character_is_folded_to_ascii_words():
    for code in range(0x110000):
        character = chr(code)
        folded = fold(character)
        assert folded.isascii() and folded == folded.lower() and folded == " ".join(folded.split()), hex(code)
        is_letter = unicodedata.category(character) in ("Lu", "Ll", "Lo", "Nd")
        if is_letter and not SILENT & {*nfkd(character)} and not 0xFB50 <= code <= 0xFEFF:
            assert folded, (hex(code), character)


def test_folding_again_changes_nothing():
    for text in ("Łódź Zz", "中国银行", "Семёнов & Söhne", "トヨタ", "S.A. x.y"):
        assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("text", ["CJ-2498", "cj 2498", "cj2498", "Cj_2498", "CJ–2498"])
def test_an_id_is_folded_without_signs(text):
    assert fold_id(text) == "cj2498"


@pytest.mark.parametrize(
    ("text", "is_it"), [("Łódź", True), ("Семёнов", True), ("Αθήνα 7", True), ("中国", False), ("トヨタ", False)]
)
def test_slips_are_forgiven_in_alphabets_where_a_letter_is_a_sound(text, is_it):
    assert is_alphabetic(text) is is_it


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("acme", "acme", 0),
        ("acme", "amce", 1),
        ("acme", "acne", 1),
        ("acme", "acm", 1),
        ("acme", "accme", 1),
        ("cinderfoss", "cindrefoss", 1),
        ("abcd", "badc", 2),
        ("ab", "", 2),
    ],
)
def test_slips_are_counted(one, other, number):
    assert slips.distance(one, other) == slips.distance(other, one) == number


@pytest.mark.parametrize(
    ("typed", "name", "number"),
    [
        ("cindrefoss", "cinderfoss training", 1),
        ("cinderfos trainng", "cinderfoss training", 1),  # the first is a beginning
        ("cindref", "cinderfoss", 1),
        ("mueller", "muller", 1),
        ("amce", "acme", 1),
        ("caem", "acme", None),
        ("kato", "sato", None),  # another first letter of a short word is another name
        ("acm", "amc", None),  # too short
        ("a2498", "a2489", None),  # the next number is another one
        ("semyonov", "semenov", 2),
        ("globex berlin", "globex", None),  # each word must be there
        ("societte generalle", "societe generale", 2),
    ],
)
def test_a_slip_is_forgiven_in_longer_words(typed, name, number):
    assert slips.slips(typed.split(), name.split()) == number


def test_a_column_holds_a_line_for_each_text_that_has_words():
    assert search.lines("Łódź Zz", "", "lodz.example", "!?") == "\n lodz zz \n lodz example \n"
    assert search.lines("", "—") == ""


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("zz", True),
        ("ód", False),
        ("ódź", True),
        ("zz lodz", True),
        ("example x", False),
        ("?", False),
        ("中国", False),
    ],
)
def test_python_tells_what_sql_finds(typed, fits):
    assert search.fits(typed, search.lines("Łódź Zz", "lodz.example")) is fits
