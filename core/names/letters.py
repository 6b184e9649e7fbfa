"""How letters beyond ASCII are written in it: as people do who have no other keyboard. Small letters, composed."""

from collections.abc import Iterator


def _pairs(letters: str, spelt: str) -> Iterator[tuple[str, str]]:
    return zip(letters.split(), (part.replace("-", "") for part in spelt.split()), strict=True)


LETTERS = {
    # "ß" is "ss" by case folding already; accents and strokes are left out by name.
    **dict(_pairs("æ œ þ ð ŋ ĸ ə ı ſ", "ae oe th d n k a i s")),
    # Cyrillic: Russian, then Ukrainian, Belarusian, Serbian, Macedonian, and the languages of Central Asia.
    **dict(_pairs(
        "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya",
    )),
    **dict(_pairs("є і ї ґ ў ђ ј љ њ ћ џ ѓ ќ ѕ", "e i i g u dj j lj nj c dz g k dz")),
    **dict(_pairs("ә ғ қ ң ө ұ ү һ ҳ ҷ ӣ ӯ", "a g k n o u u h h j i u")),
    # Greek.
    **dict(_pairs(
        "α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ ς τ υ φ χ ψ ω",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o",
    )),
    # Arabic and Persian: forms of one letter that are written for each other are one.
    **dict(_pairs(
        "ا ٱ ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ک ل م ن ه ة و ي ى ی ء پ چ ژ گ ـ",
        "a a b t th j h kh d dh r z s sh s d t z a gh f q k k l m n h h w y y y - p ch zh g -",
    )),
    # Hebrew.
    **dict(_pairs(
        "א ב ג ד ה ו ז ח ט י כ ך ל מ ם נ ן ס ע פ ף צ ץ ק ר ש ת",
        "a b g d h v z ch t y k k l m m n n s a p p ts ts k r sh t",
    )),
    "ー": "",  # what lengthens a vowel in kana
}  # fmt: skip

# Marks that people leave out: accents, and the vowels of Arabic and Hebrew. In other scripts marks are letters.
_DROPPED = (
    (0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06ED), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
)  # fmt: skip


def is_dropped(mark: str) -> bool:
    return any(first <= ord(mark) <= last for first, last in _DROPPED)
