import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spreadsheets import cells


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+49 30",
        "-1",
        "@SUM",
        "|cmd",
        "%x",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "＝1",
        "\u3000＝1",
        "\0=1",
        "\u200b=1",
    ],
)
def test_what_a_spreadsheet_could_run_gets_an_apostrophe(text):
    assert cells.safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Acme", "a=b", "1-2", "'tis", "  Acme", "é", "ﬁn"])
def test_other_text_stays_as_it_is(text):
    assert cells.safe(text) == text == cells.plain(text)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("'=+-@|% \t\r\n＝")), max_size=12))
def test_every_text_comes_back_as_it_was_and_never_begins_with_a_formula(text):
    cell = cells.safe(text)
    assert cells.plain(cell) == text
    assert cells.safe(cell[1:]) == cell if cell != text else True
    assert not cell.lstrip().startswith(tuple("=+-@|%"))
