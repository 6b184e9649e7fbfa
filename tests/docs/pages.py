"""The Markdown pages of this repository, and what is in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROOT_PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
PAGES = [*(ROOT / name for name in ROOT_PAGES), *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: `info` is what follows the opening fence, such as `sh` or `sh not-run: needs root`."""

    info: str
    text: str

    @property
    def language(self) -> str:
        return self.info.partition(" ")[0]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def read(name: str) -> str:
    return (ROOT / name).read_text()


def blocks(text: str) -> list[Block]:
    return [Block(info.strip(), body) for _indent, info, body in _FENCE.findall(text)]


def prose(text: str) -> Iterator[str]:
    """Yield the lines outside of fenced blocks and comments."""
    yield from _COMMENT.sub("", _FENCE.sub("", text)).splitlines()


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings, as GitHub makes them."""
    titles = [line.lstrip("#").strip().lower() for line in prose(text) if line.startswith("#")]
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title) for title in titles)
    return {re.sub(r"[^\w -]", "", title).replace(" ", "-") for title in plain}
