"""Whatever wrote the file: it is read as its author meant it, or refused with what to do about it."""

import io
import resource
import zipfile
from itertools import repeat

import pytest

from imports import reading
from imports.problems import Unreadable
from imports.reading import encodings, limits
from tests.imports.files import workbook

TEXT = "Company id;Name\r\nacme;Société Générale\r\nbirch;“Birch” €\r\n"
CYRILLIC = "id;Название\r\nacme;Ромашка и Партнёры\r\n"


def read(body, block=7):
    """Return headers and rows; blocks are tiny, so that everything is cut in the middle somewhere."""
    blocks = [body[i : i + block] for i in range(0, len(body), block)]
    seen = reading.inspect(blocks)
    return [seen.headers, *(line.cells for line in list(reading.lines(blocks, seen.shape))[1:])]


def refusal(body):
    with pytest.raises(Unreadable) as refused:
        reading.inspect([body])
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_the_encoding_is_found(encoding):
    assert read(TEXT.encode(encoding))[1:] == [["acme", "Société Générale"], ["birch", "“Birch” €"]]


def test_windows_cyrillic_is_told_from_windows_western():
    assert read(CYRILLIC.encode("cp1251"))[1] == ["acme", "Ромашка и Партнёры"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_though_another_stands_in_cells(separator):
    body = f'id{separator}name{separator}note\na{separator}"x, y; z"{separator}p|q\n'.replace(
        "p|q", "p" if separator == "|" else "p|q"
    )
    assert read(body.encode())[1][:2] == ["a", "x, y; z"]


def test_a_cell_may_hold_line_ends_and_quotes():
    assert read(b'id,text\na,"one\r\ntwo ""three"""\n')[1] == ["a", 'one\r\ntwo "three"']


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_machine_and_blank_ones_say_nothing(end):
    assert read(f"id,name{end}{end}a,b{end}  ,{end}c,d".encode()) == [["id", "name"], ["a", "b"], ["c", "d"]]


def test_a_row_is_numbered_by_the_line_it_ends_on():
    lines = list(reading.lines([b'id,t\n\na,"x\ny"\nb,z\n'], reading.Shape("utf-8", ",")))
    assert [line.number for line in lines] == [1, 4, 5]


def test_a_quote_that_never_closes_costs_its_own_row_and_says_so():
    body = b'id,t\na,"' + b"x" * 200_000 + b"\nb,c\n"
    lines = list(reading.lines([body], reading.Shape("utf-8", ",")))
    assert lines[1].problem == "long cell"


def test_a_cell_beyond_the_limit_is_a_problem_of_its_row_only():
    body = b"id,t\na," + b"x" * (limits.LONGEST_CELL + 1) + b"\nb,c\n"
    lines = list(reading.lines([body], reading.Shape("utf-8", ",")))
    assert [(line.problem, line.cells) for line in lines[1:]] == [("long cell", []), ("", ["b", "c"])]


def test_a_line_of_a_gigabyte_is_refused_before_it_costs_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    blocks = repeat(b"x" * limits.BLOCK, 4_000)  # 1 GB
    with pytest.raises(Unreadable, match="longer than"):
        list(encodings.text_lines(blocks, "utf-8"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty file"),
        (b"\n\n", "empty file"),
        (b"id,name\n", "only a header"),
        (b"id,Name,name \na,b,c\n", "same header"),
        (b"id,na\0me\na,b\n", "bad header"),
        (b"id\n\x81\x98\n", "undecodable"),
        (b"\xd0\xcf\x11\xe0old", "old workbook"),
        (b"PK\x03\x04 no zip", "broken workbook"),
        (",".join(map(str, range(501))).encode() + b"\n1\n", "too many columns"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(body, code):
    assert refusal(body) == code


def test_the_refusal_of_equal_headers_names_both_columns():
    with pytest.raises(Unreadable, match="Columns 1 and 3 are both called “id”"):
        reading.inspect([b"id,name,id\na,b,c\n"])


def test_more_rows_than_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MOST_ROWS", 3)
    shape = reading.Shape("utf-8", ",")
    assert len(list(reading.lines([b"h,i\n" + b"a,b\n" * 3], shape))) == 4
    with pytest.raises(Unreadable, match="more than 3 rows"):
        list(reading.lines([b"h,i\n" + b"a,b\n" * 4], shape))


def test_a_workbook_is_read_as_a_person_would_type_it():
    body = workbook([["id", "seats", "mrr", "since"], ["acme", 5, 12.5, "2026-01-31"], ["birch", 1e15, 0.1, ""]])
    assert read(body, 1000) == [
        ["id", "seats", "mrr", "since"],
        ["acme", "5", "12.5", "2026-01-31"],
        ["birch", "1000000000000000", "0.1", ""],
    ]


def test_one_cell_far_away_does_not_make_a_sheet_of_gigabytes():
    assert refusal(workbook([["id"]], corner="XFD1048576")) == "heavy workbook"
    assert refusal(workbook([["id"]], corner="XFD900")) == "large sheet"


def test_a_row_of_a_workbook_is_no_longer_than_a_line():
    cells = '<c t="inlineStr"><is><t>' + "x" * 30_000 + "</t></is></c>"
    body = workbook([["id"], ["a"]], raw=f"<row>{cells * 34}</row>")
    with pytest.raises(Unreadable, match="Line 3 is longer than 1000000"):
        list(reading.lines([body], reading.Shape()))


def test_a_row_of_too_many_cells_is_a_problem_of_its_row_only():
    body = b"id,t\n" + b"," * limits.MOST_COLUMNS + b"\nb,c\n"
    lines = list(reading.lines([body], reading.Shape("utf-8", ",")))
    assert [(line.problem, line.cells) for line in lines[1:]] == [("many cells", []), ("", ["b", "c"])]


def test_a_row_whose_cells_hold_line_ends_is_no_longer_than_a_line():
    body = b"id,t\n" + b'"a\n1",' * 200_000
    with pytest.raises(Unreadable, match="longer than 1000000"):
        list(reading.lines([body], reading.Shape("utf-8", ",")))


def test_rows_are_worked_on_together_until_they_are_heavy(monkeypatch):
    rows = [reading.Line(i, ["x" * 1_000]) for i in range(10)]
    waiting = iter(rows)
    assert reading.take(waiting, 4) == (rows[:4], False)
    monkeypatch.setattr(limits, "MOST_HELD", 2_000)
    assert reading.take(waiting, 4) == (rows[4:6], False)
    monkeypatch.undo()
    assert reading.take(waiting, 5) == (rows[6:], True)


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert refusal(out.getvalue()) == "broken workbook"
