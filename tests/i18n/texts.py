"""Every text of ours, found without xgettext: in Python by Babel, in templates by Django's own templatize."""

from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
NOT_OURS = {"node_modules", "var", "build", "tests", "bench", "locale"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


class Text(NamedTuple):
    id: str
    plural: str | None
    context: str | None


def files(suffix: str) -> Iterator[Path]:
    for folder in sorted(ROOT.iterdir()):
        if folder.is_dir() and folder.name not in NOT_OURS and not folder.name.startswith("."):
            yield from sorted(folder.rglob(f"*{suffix}"))


def everywhere() -> dict[Text, str]:
    """Return every text with one of the files it stands in."""
    found: dict[Text, str] = {}
    for path in files(".py"):
        found.update(dict.fromkeys(_texts(path.read_text()), str(path.relative_to(ROOT))))
    for path in [*files(".html"), *sorted((ROOT / "templates").rglob("*.txt"))]:
        # Templatize keeps the template's indentation, which Python would stumble over.
        code = "\n".join(line.strip() for line in templatize(path.read_text()).splitlines())
        found.update(dict.fromkeys(_texts(code), str(path.relative_to(ROOT))))
    return found


def _texts(code: str) -> Iterator[Text]:
    for _line, message, _comments, context in extract("python", BytesIO(code.encode()), KEYWORDS):
        if isinstance(message, tuple):
            yield Text(message[0], message[1], context)
        else:
            yield Text(message, None, context)


def bare_words(source: str) -> list[str]:
    """Return the words of a template that reach the reader without translation."""
    kept, inside = [], ""
    for token in Lexer(source).tokenize():
        name = token.split_contents()[0] if token.token_type == TokenType.BLOCK else ""
        if name in ("blocktranslate", "comment"):
            inside = f"end{name}"
        elif inside and name == inside:
            inside = ""
        elif token.token_type == TokenType.TEXT and not inside:
            kept.append(token.contents)
    reader = _Reader()
    reader.feed(" ".join(kept))
    return [words for words in reader.words if any(letter.isalpha() for letter in words)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        if self.cdata_elem != "style":  # mails carry their own
            self.words.append(data.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += [value or "" for name, value in attrs if name in ("title", "alt", "aria-label", "placeholder")]
