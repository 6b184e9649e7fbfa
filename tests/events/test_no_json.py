"""Each fault of bytes that are no JSON is named in its own words, with the character where it is."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from events.wire.no_json import no_json_reason

FAULTS = {
    b'{"value": NaN}': "NaN is no number (character 11)",
    b"[nan]": "NaN is no number (character 2)",
    b'{"value": Infinity}': "Infinity is no number (character 11)",
    b'{"value": -Infinity}': "Infinity is no number (character 12)",
    b'{"value": 1e400}': "1e400 is beyond all numbers (character 11)",
    b'{"value": -1E+400}': "-1E+400 is beyond all numbers (character 11)",
    b"[" + b"9" * 5_000 + b"]": "a number of 5,000 characters is too long (character 2)",
    b"[" + b"9" * 50_000 + b"]": "a number of 10,000 or more characters is too long (character 2)",
    rb'{"a": "\ud800"}': "half a surrogate pair in a text (character 8)",
    rb'{"a": "\ud800\u0041"}': "half a surrogate pair in a text (character 8)",
    rb'{"\udfff": 1}': "half a surrogate pair in a text (character 3)",
    b'{"a": "\xff\xfe"}': "the byte 0xFF is no UTF-8 (character 8)",
    '{"я": "'.encode() + b"\xc0\xaf": "the byte 0xC0 is no UTF-8 (character 8)",
    b'{"a": "\x00\x01"}': "the control character U+0000 stands unescaped in a text (character 8)",
    b'{"a": "x\ny"}': "the control character U+000A stands unescaped in a text (character 9)",
    b'{"a":' * 100_000: "nested too deep (character 5,122)",
    b'{"a": 1,}': "a comma too many (character 8)",
    b"[1,]": "a comma too many (character 3)",
    b"{'a': 1}": "texts stand in double quotes, not in single ones (character 2)",
    b"{} /* why */": "comments are not allowed (character 4)",
    b'{// why\n"a": 1}': "comments are not allowed (character 2)",
    b"{} {}": "something follows after its end (character 4)",
    b"[True]": "True is no value of JSON (character 2)",
    b"[undefined]": "undefined is no value of JSON (character 2)",
    b"": "nothing is there (character 1)",
    b"  ": "nothing is there (character 1)",
    b'{"a": 1': "it ends too early (character 8)",
    b'{"a": }': "unexpected character, expected a JSON value (character 7)",
    b"{a: 1}": "unexpected character, expected a string key (character 2)",
    b'{"a" 1}': "unexpected character, expected ':' after key (character 6)",
    b"[1 2]": "unexpected character, expected ',' or ']' (character 4)",
    b"[01]": "number with leading zero is not allowed (character 2)",
    rb'["\x41"]': "invalid escaped sequence in string (character 3)",
}


@pytest.mark.parametrize("part", FAULTS, ids=lambda part: ascii(part[:30]))
def test_the_reason_names_the_fault_and_its_place(part):
    assert no_json_reason(part) == f"It is no JSON: {FAULTS[part]}."


@pytest.mark.parametrize("levels", [255, 1_000])
def test_what_could_not_be_written_again_is_too_deep(levels):
    reason = no_json_reason(b"[" * levels + b"]" * levels)
    assert reason == "It is no JSON that can be kept: it is nested more than 254 levels deep."


SCRAPS = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        '"',
        ":",
        ",",
        "\\",
        r"\ud800",
        "NaN",
        "-",
        "1",
        "e",
        "9" * 50,
        "/*",
        "'",
        "true",
        "я",
        "\n",
        " ",
    ]
)


@given(part=st.lists(SCRAPS, max_size=12).map("".join).map(str.encode) | st.binary())
@example(part=b"\xef\xbb\xbf{}")
@example(part=b'"\xed\xa0\x80"')
@example(part=b"-")
def test_whatever_the_bytes_are_the_reason_fits(part):
    reason = no_json_reason(part)
    assert reason.startswith("It is no JSON") and reason.endswith(".")
    assert len(reason) <= 300 and "\0" not in reason and reason.encode()
