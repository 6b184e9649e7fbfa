"""The environment, typed: each reader says what is wrong and what a right value looks like."""

import os
import secrets
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environs import Env, EnvError

from core.names import zones

LEAST_SECRET = 16
MOST_SECONDS = 86_400  # of a limit


class BadSetting(SystemExit):
    """A setting that cannot be used; the message is the one sentence the operator needs."""

    def __init__(self, name: str, problem: str, example: str) -> None:
        super().__init__(f"Setting {name} is wrong: {problem}. Example: {name}={example}")


class Environment:
    """Read settings from the environment; a wrong one ends the process with one clear sentence."""

    def __init__(self) -> None:
        self._env = Env()

    def text(self, name: str, default: str) -> str:
        return self._env.str(name, default)

    def flag(self, name: str, default: bool) -> bool:
        try:
            return self._env.bool(name, default)
        except EnvError:
            raise BadSetting(name, f"{os.environ[name]!r} is neither true nor false", "true") from None

    def number(self, name: str, default: int, low: int, high: int) -> int:
        try:
            value = self._env.int(name, default)
        except EnvError:
            raise BadSetting(name, f"{os.environ[name]!r} is not a whole number", f"{default}") from None
        if not low <= value <= high:
            raise BadSetting(name, f"{value} is not between {low} and {high}", f"{default}")
        return value

    def seconds(self, name: str, default: Mapping[str, int]) -> dict[str, int]:
        """Return whole seconds by kind of process (`web=15,worker=600`); kinds that are not named keep the default."""
        example = ",".join(f"{kind}={value}" for kind, value in default.items())
        try:
            given: dict[str, int] = self._env.dict(name, {}, subcast_values=int)
        except (EnvError, ValueError):
            raise BadSetting(name, f"{os.environ[name]!r} is not of the form kind=seconds", example) from None
        for kind, value in given.items():
            if kind not in default or not 0 <= value <= MOST_SECONDS:
                problem = f"{kind}={value} is not one of {', '.join(default)} with 0 to {MOST_SECONDS} seconds"
                raise BadSetting(name, problem, example)
        return {**default, **given}

    def choice(self, name: str, default: str, among: Collection[str]) -> str:
        value = self._env.str(name, "") or default
        if value not in among:
            raise BadSetting(name, f"{value!r} is none of {', '.join(among)}", default)
        return value

    def words(self, name: str, default: list[str]) -> list[str]:
        return [part.strip() for part in self._env.list(name, default) if part.strip()]

    def folder(self, name: str, default: Path) -> Path:
        return Path(self._env.str(name, "") or default).expanduser().resolve()

    def currency(self, name: str, default: str) -> str:
        value = self._env.str(name, default)
        if len(value) != 3 or not value.isascii() or not value.isupper():
            raise BadSetting(name, f"{value!r} is not a three-letter currency code", "EUR")
        return value

    def zone(self, name: str, default: str) -> str:
        value = self._env.str(name, "") or default
        if value not in zones.names():
            raise BadSetting(name, f"{value!r} is not the name of a time zone", "America/New_York")
        return value

    def database(self, name: str, default: str) -> dict[str, Any]:
        url = self._env.str(name, "") or default
        if urlsplit(url).scheme not in ("postgres", "postgresql"):
            raise BadSetting(name, "only PostgreSQL addresses work", "postgres://user:password@host:5432/rapport")
        try:
            return self._env.dj_db_url(name, default) if os.environ.get(name) else _parsed(url)
        except (EnvError, ValueError) as error:
            raise BadSetting(name, str(error), "postgres://user:password@host:5432/rapport") from None

    def redis(self, name: str, default: str) -> str:
        url = self._env.str(name, "") or default
        if urlsplit(url).scheme not in ("redis", "rediss", "unix", "redis+socket"):
            raise BadSetting(name, "only Redis addresses work", "redis://127.0.0.1:6379/0")
        return url

    def origin(self, name: str, default: str) -> str:
        """Return an address people reach us at, without a slash at its end."""
        value = (self._env.str(name, "") or default).rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
            raise BadSetting(name, f"{value!r} is not an address such as a browser shows", "https://rapport.example")
        return value

    def provider(self, name: str, anymail: Mapping[str, str]) -> str:
        """Return whose webhooks about mail are taken, as anymail calls them; only with a secret that strangers lack."""
        value = self._env.str(name, "")
        if value and len(anymail.get("WEBHOOK_SECRET", "").partition(":")[2]) < LEAST_SECRET:
            problem = f"it needs ANYMAIL_WEBHOOK_SECRET: a name, a colon, {LEAST_SECRET} random characters or more"
            raise BadSetting(name, problem, "postmark")
        return value

    def starting_with(self, prefix: str) -> dict[str, str]:
        """Return the variables whose names begin so, without that beginning."""
        return {name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix)}

    def mail(self, name: str, folder: Path) -> dict[str, Any]:
        """Return Django's settings of mail: SMTP, a provider of anymail (`anymail:postmark`), or files in a folder."""
        url = self._env.str(name, "")
        if not url:
            return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": folder}
        if url.startswith("anymail:"):
            return {"EMAIL_BACKEND": f"anymail.backends.{url.removeprefix('anymail:')}.EmailBackend"}
        if urlsplit(url).scheme not in ("smtp", "smtps", "smtp+tls", "smtp+ssl"):
            raise BadSetting(
                name, f"{url!r} is not the address of a mail server", "smtp+tls://user:password@mail.example:587"
            )
        try:
            return dict(self._env.dj_email_url(name))
        except (EnvError, ValueError) as error:
            raise BadSetting(name, str(error), "smtp+tls://user:password@mail.example:587") from None


def _parsed(url: str) -> dict[str, Any]:
    import dj_database_url

    return dict(dj_database_url.parse(url))


env = Environment()


def data_folder(base: Path) -> Path:
    """Return the folder for everything this installation writes: RAPPORT_DATA, else `var/`."""
    return Path(os.environ.get("RAPPORT_DATA") or base / "var").expanduser().resolve()


def metrics_folder(data: Path) -> Path:
    """Return the folder in which the processes of one web server count together: METRICS_DIR."""
    return env.folder("METRICS_DIR", data / "running" / "metrics")


def secret_key(data: Path) -> str:
    """Return SECRET_KEY, else a random key kept in the data folder (made on first use, readable by us alone)."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    path = data / "secret_key"
    try:
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError as error:
        sys.exit(f"The data folder {data} cannot be written ({error.strerror}). Set RAPPORT_DATA to a folder you own.")
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
