"""Databases of a test's own on the server the tests run on, and commands that use them, as an operator does."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings


class Database:
    """An empty database; commands run on it in processes of their own."""

    def __init__(self, name: str) -> None:
        self.name = name
        given = urlsplit(os.environ["DATABASE_URL"])
        self.server, self.url = urlunsplit(given), urlunsplit(given._replace(path=f"/{name}"))

    def create(self, template: str = "template1") -> None:
        self.drop()
        self._on_server(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')

    def drop(self) -> None:
        self._on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)

    def ask(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def script(self, name: str, *words: object, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a script of deploy/ to its end."""
        return self._run([str(settings.BASE_DIR / "deploy" / name), *map(str, words)], more)

    def manage(self, *words: str) -> str:
        return self.python("manage.py", *words)

    def python(self, *words: str, **more: str) -> str:
        """Run Python to its end; return what it printed."""
        done = self._run([sys.executable, *words], more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run(self, command: list[str], more: dict[str, str]) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "tests.settings"} | more
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False, timeout=200
        )
