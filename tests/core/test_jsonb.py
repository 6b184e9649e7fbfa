"""What jsonb cannot hold is refused, and the reason says which fault it is and where."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.db import json_faults, jsonb


def nested(levels, inner):
    for _ in range(levels):
        inner = [inner]
    return inner


def after(levels, key):
    """Return a tree in which a fault lies below so many keys."""
    tree = {"a": float("nan")}
    for _ in range(levels):
        tree = {key: tree}
    return tree


DEEP = "`a.b" + "[0]" * 19 + "`"
FAULTS = [
    ({"a": float("nan")}, "NaN is no number that can be stored: `a`."),
    ({"a": [1, float("-inf")]}, "Infinity is no number that can be stored: `a[1]`."),
    (float("nan"), "NaN is no number that can be stored."),
    (
        {"properties": {"order": {"items": [{}, {}, {}, {"name": "\ud800"}]}}},
        "A text holds half a surrogate pair, which is no character: `properties.order.items[3].name`.",
    ),
    ({"a": {"\udfff": 1}}, r"The key '\udfff' holds half a surrogate pair, which is no character: `a`."),
    ({"a": {"b": nested(19, 1)}}, f"The message is nested more than 20 levels deep: {DEEP}."),
    ({"a": {"k" * 101: 1}}, f"The key '{'k' * 20}'… is longer than 100 characters: `a`."),
    ({"a": {7: 1}}, "A key is no text but of the type int: `a`."),
    ({"a": {("b", "c"): 1}}, "A key is no text but of the type tuple: `a`."),
    ({"a": 1, "b": "x" * 65_536}, "The message is larger than 64 KiB: `b`."),
    ({"a": ["я" * 10_000] * 4}, "The message is larger than 64 KiB: `a[3]`."),
    ({"a": [0] * 100_000}, "The message is larger than 64 KiB: `a[0]`."),
    ({"a b": {"": [{"7": float("inf")}]}}, "Infinity is no number that can be stored: `['a b'][''][0]['7']`."),
    ({"\0`\n": float("nan")}, r"NaN is no number that can be stored: `['\x00`\n']`."),
]


@pytest.mark.parametrize(("value", "reason"), FAULTS, ids=[reason[:40] for _, reason in FAULTS])
def test_each_fault_is_named_with_its_place(value, reason):
    with pytest.raises(jsonb.Unclean) as caught:
        jsonb.tree(value)
    assert str(caught.value) == reason


@pytest.mark.parametrize("key", ["k" * 40, "ключ" * 10, "no plain key", "\0" * 100])
def test_a_long_path_is_shortened_in_its_middle(key):
    with pytest.raises(jsonb.Unclean) as caught:
        jsonb.tree(after(15, key))
    assert "…" in str(caught.value)
    assert str(caught.value).endswith(".a`.")
    assert len(str(caught.value)) < 300


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["\ud800", "x" * 30_000, "я" * 9_000]),
    lambda some: st.lists(some) | st.dictionaries(st.text() | st.sampled_from(["k" * 101, "\udfff", "\0"]), some),
    max_leaves=20,
)


@given(value=ANYTHING, levels=st.integers(0, 22))
def test_whatever_it_is_it_is_stored_or_refused_with_a_reason_that_fits(value, levels):
    try:
        clean = jsonb.tree(nested(levels, value))
    except jsonb.Unclean as error:
        reason = str(error)
        assert reason.endswith(".") and len(reason) <= 300
        assert reason.encode().decode() == reason and "\0" not in reason
    else:
        assert json.loads(json.dumps(clean, allow_nan=False)) == clean
        assert "\\u0000" not in json.dumps(clean)


def test_a_tree_without_another_fault_is_too_large():
    """What the walk refuses and the search does not: both count the same, and this is what is left."""
    assert json_faults.first({"a": 1}) == "The message is larger than 64 KiB."


@pytest.mark.parametrize("value", [0, -7, 12.5, "12.5", " 8 ", "1e3", "+1.E-2", ".5", "-0", 10**39, "9" * 40])
def test_a_number_also_in_a_text(value):
    assert float(jsonb.number(value)) == float(value)


@pytest.mark.parametrize(
    "value",
    [
        "½", "1_000", "١٢", "１２", "1,5", "1 000", "0x10", "1e", "e3", ".", "", " ", "+", "--1",
        "1e99999999999999999999", "NaN", "Infinity", "-inf", "sNaN", "9" * 41, "1e40", 10**40,
        float("nan"), float("inf"), True, None, [], {},
    ],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_number(value):
    assert jsonb.number(value) is None


def test_a_whole_number_of_any_length_does_no_harm():
    assert jsonb.number(10**5_000) is None
