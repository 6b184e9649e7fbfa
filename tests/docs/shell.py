"""Runs the shell blocks of the documentation without a shell: curl becomes a request to the test server.

No curl or jq has to be on the machine. What a block uses beyond this fails the test instead of being skipped.
"""

import io
import re
import shlex

import requests
from django.core.management import call_command

ADDRESS = "http://127.0.0.1:8000"
_ASSIGNMENT = re.compile(r"([A-Z_]+)=(.*)", re.DOTALL)


class Shell:
    """Holds the variables of the commands run so far, and the answers of the last block."""

    def __init__(self, server: str) -> None:
        self.server, self.names, self.answers = server, {}, []

    def run(self, text: str) -> list[requests.Response]:
        self.answers = []
        for command in _commands(text):
            self._do(command)
        return self.answers

    def _do(self, command: str) -> None:
        if assignment := _ASSIGNMENT.fullmatch(command):
            name, value = assignment.groups()
            self.names[name] = self._value(value)
        else:
            self.answers.append(self._curl(command))

    def _value(self, value: str) -> str:
        if not value.startswith("$("):
            return value.replace(ADDRESS, self.server)
        inner = value.removeprefix("$(").removesuffix(")")
        if inner.startswith(".venv/bin/python manage.py "):
            printed = io.StringIO()
            call_command(*shlex.split(inner.replace("\\\n", " "))[2:], stdout=printed)
            return printed.getvalue().strip()
        command, _pipe, field = inner.rpartition(" | jq .")
        return str(self._curl(command).json()[field])

    def _curl(self, command: str) -> requests.Response:
        for name in sorted(self.names, key=len, reverse=True):
            command = command.replace(f"'${name}'", self.names[name]).replace(f"${name}", self.names[name])
        words = iter(shlex.split(command.replace("\\\n", " ")))
        assert next(words) == "curl", command
        method, headers, auth, body, address = None, {}, None, None, ""
        for word in words:
            if word == "-X":
                method = next(words)
            elif word == "-H":
                name, _colon, value = next(words).partition(": ")
                headers[name] = value
            elif word == "-u":
                auth = tuple(next(words).split(":"))
            elif word == "-d":
                body = next(words).encode()
            else:
                assert not word.startswith("-"), f"{word} is not an option this test knows"
                address = word.replace(ADDRESS, self.server)
        headers["Connection"] = "close"
        method = method or ("GET" if body is None else "POST")
        return requests.request(method, address, headers=headers, auth=auth, data=body, timeout=20)


def _commands(text: str) -> list[str]:
    """Return the commands of a block: lines, joined where a quotation mark or a backslash leaves one open."""
    commands, command = [], ""
    for line in text.splitlines():
        command = f"{command}\n{line}" if command else line
        if command.endswith("\\") or command.count("'") % 2 or command.count("$(") > command.count(")"):
            continue
        if command.strip():
            commands.append(command.strip())
        command = ""
    assert not command, command
    return commands
