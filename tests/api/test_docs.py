"""The guide for integrators is true: its calls work in order, and answer what it says."""

import json
import re
import shlex

import pytest

from staff.models import ApiKey
from tests.docs import pages
from tests.docs.shell import Shell

GUIDE = pages.read("docs/integrate/api.md")
MAKES_THE_KEY, *EXAMPLES = [block for block in pages.blocks(GUIDE) if block.info in ("sh", "json")]
STEPS = [(call.text, answer.text) for call, answer in zip(EXAMPLES[::2], EXAMPLES[1::2], strict=True)]


def called(api, line, names):
    """Do what a curl command does; only the options that the guide uses are known."""
    for name, value in names.items():
        line = line.replace(f"'${name}'", value).replace(f"${name}", value)
    words = iter(shlex.split(line.replace("\\\n", " ")))
    assert next(words) == "curl"
    method, headers, body, address = "GET", {}, None, ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _colon, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = json.loads(next(words))
        else:
            address = word
    return api.call(method, address.removeprefix(f"{names['RAPPORT']}/api/v1/"), body, **headers)


def test_the_calls_of_the_guide_work_in_order_and_answer_what_it_says(api):
    shell = Shell("http://rapport.example")
    shell.run(MAKES_THE_KEY.text)
    names = shell.names
    api.key = names["KEY"]
    for line, expected in STEPS:
        said = called(api, line, names).json()
        if "company_id" in said and "id" in said:
            names["ID"] = str(said["id"])
        if "questions" in said and "id" in said:
            names["SURVEY"] = str(said["id"])
        for name, value in json.loads(expected).items():
            if name == "errors":
                assert value[0] in said[name], line
            else:
                assert said[name] == value, line
    assert len(STEPS) >= 9


def test_no_example_is_left_without_its_answer():
    assert MAKES_THE_KEY.text.startswith("RAPPORT=")
    assert [block.info for block in EXAMPLES] == ["sh", "json"] * len(STEPS)


@pytest.mark.parametrize("scope", ApiKey.SCOPES)
def test_every_scope_is_in_the_guide(scope):
    assert f"`{scope}`" in GUIDE


@pytest.mark.parametrize("path", ["schema/", "docs/", "docs/?script="])
def test_the_description_and_the_documentation_are_open_and_name_no_other_host(client, path):
    answer = client.get(f"/api/{path}")
    assert answer.status_code == 200
    hosts = re.findall(rb"https?://[^\s\"'<>]+", answer.content)
    assert hosts == [], hosts
    assert b"<style" not in answer.content and b"style=" not in answer.content
