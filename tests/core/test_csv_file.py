"""CSV downloads: texts neutralised once, numbers left alone, written line by line."""

import csv
from datetime import date
from decimal import Decimal

from core.spreadsheets import cells, csv_file


def read(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(text.removeprefix("\ufeff").splitlines()))


def test_a_text_that_a_spreadsheet_could_run_is_neutralised_and_a_negative_number_is_not():
    (row,) = read("".join(csv_file.lines([["=1+1", "-2", -2, Decimal("-0.50"), 'say "hi", then', "plain"]])))
    assert row == ["'=1+1", "'-2", "-2", "-0.50", 'say "hi", then', "plain"]


def test_an_unknown_value_is_an_empty_cell_and_a_day_is_written_as_iso():
    assert read("".join(csv_file.lines([[None, "", date(2026, 9, 7), True]]))) == [["", "", "2026-09-07", "True"]]


def test_a_cell_that_comes_from_a_file_of_ours_is_the_same_after_another_round():
    cell = "'=1+1"
    assert read("".join(csv_file.lines([[cells.plain(cell)]]))) == [[cell]]


def test_a_stream_reads_a_row_only_when_it_is_sent():
    asked = []

    def rows():
        for number in range(3):
            asked.append(number)
            yield [number]

    response = csv_file.stream(rows(), filename="numbers.csv", separator=";")
    parts = iter(response.streaming_content)
    assert (asked, next(parts)) == ([], "\ufeff".encode())
    assert (next(parts), asked) == (b"0\r\n", [0])


def test_both_answers_are_downloads_that_no_cache_keeps():
    for response in (csv_file.stream([["a", "b"]], filename="x.csv"), csv_file.respond([["a", "b"]], filename="x.csv")):
        assert response["Content-Disposition"] == 'attachment; filename="x.csv"'
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Cache-Control"] == "no-store"
        assert response.getvalue().decode("utf-8-sig") == "a,b\r\n"
