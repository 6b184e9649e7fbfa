"""Bytes into lines of text: UTF-8, UTF-16 and UTF-32, with a mark or without, and what old spreadsheets write."""

import codecs
import io
import re
from collections.abc import Iterable, Iterator

from imports.problems import Unreadable
from imports.reading import limits

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # Before UTF-16, whose mark is the beginning of this one.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_END = re.compile(r"\r\n?|\n")
_CYRILLIC_SHARE = 0.5
_HIGH = re.compile(rb"[\x80-\xff]+")


def detect(blocks: Iterable[bytes]) -> str:
    """Return the encoding the whole file can be read in. Raises Unreadable."""
    head = next(iter(blocks), b"")
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if encoding := _unmarked_utf16(head[:4096]):
        return encoding
    # The whole file, not its head: the only accent may be in the last row. Other encodings seldom decode as UTF-8.
    return "utf-8" if _decodes(blocks, "utf-8") else _of_old(blocks)


def text_lines(blocks: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Yield lines with their ends. At most one block and one line are in memory. Raises Unreadable."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=False)
    rest, count = "", 0
    for block in _with_end(blocks):
        try:
            rest += decoder.decode(block or b"", final=block is None)
        except UnicodeError:
            raise Unreadable("undecodable") from None
        start = 0
        for end in _END.finditer(rest):
            line, start, count = rest[start : end.end()], end.end(), count + 1
            if len(line) > limits.LONGEST_LINE:
                raise Unreadable("long line", line=count, most=limits.LONGEST_LINE)
            yield line
        rest = rest[start:]
        if len(rest) > limits.LONGEST_LINE:
            raise Unreadable("long line", line=count + 1, most=limits.LONGEST_LINE)
    if rest:
        yield rest


def _with_end(blocks: Iterable[bytes]) -> Iterator[bytes | None]:
    yield from blocks
    yield None


def _unmarked_utf16(head: bytes) -> str:
    """Return UTF-16's byte order when every other byte is a zero, as in text of Latin letters."""
    pairs = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if pairs > 1 and max(even, odd) > pairs * 0.4 and min(even, odd) < pairs * 0.1:
        return "utf-16-be" if even > odd else "utf-16-le"
    return ""


def _decodes(blocks: Iterable[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _with_end(blocks):
            decoder.decode(block or b"", final=block is None)
    except UnicodeDecodeError:
        return False
    return True


def _of_old(blocks: Iterable[bytes]) -> str:
    """Return Windows' Cyrillic or Western code page: accents stand alone among letters, Cyrillic in whole words."""
    alone = together = 0
    for block in blocks:
        for run in _HIGH.findall(block):
            if len(run) > 2:
                together += len(run)
            else:
                alone += len(run)
    candidates = ["cp1251", "cp1252"] if together > _CYRILLIC_SHARE * (alone + together) else ["cp1252", "cp1251"]
    encoding = next((encoding for encoding in candidates if _decodes(blocks, encoding)), None)
    if encoding is None:
        raise Unreadable("undecodable")
    return encoding
