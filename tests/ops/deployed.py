"""The files of deploy/, read; and the settings the code knows."""

import re
from typing import Any

import yaml
from django.conf import settings

DEPLOY = settings.BASE_DIR / "deploy"
_READ = re.compile(r'\benv\.[a-z]+\(\s*"([A-Z_]+)"|environ(?:\.get\(|\[)"([A-Z_]+)"')
_NOT_OURS = {"DJANGO_SETTINGS_MODULE", "CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"}  # the last two are WSGI's
OF_POSTGRESQL = {"POSTGRES_PASSWORD", "RAPPORT_PASSWORD"}  # read by its container alone


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def ours() -> dict[str, dict[str, Any]]:
    """Return the services that run our image."""
    return {name: service for name, service in compose()["services"].items() if service["image"] == "rapport"}


def known_settings() -> set[str]:
    """Return every environment variable our code reads."""
    found: set[str] = set()
    for path in (settings.BASE_DIR / "engagement_site").rglob("*.py"):
        found.update(filter(None, (name for pair in _READ.findall(path.read_text()) for name in pair)))
    return found - _NOT_OURS


def env_example() -> dict[str, str]:
    lines = [line for line in (DEPLOY / "env.example").read_text().splitlines() if line and line[0] != "#"]
    values = dict(line.split("=", 1) for line in lines)
    return {name: value.removeprefix("'").removesuffix("'") for name, value in values.items()}


def dockerfile_env() -> set[str]:
    block = re.search(r"^ENV ((?:.*\\\n)*.*)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    return set(re.findall(r"([A-Z_]+)=", block.group(1)))


def systemd_env() -> set[str]:
    text = "\n".join(path.read_text() for path in (DEPLOY / "systemd").glob("*.service"))
    lines = re.findall(r"^Environment=(.*)$", text, re.MULTILINE)
    return {name for line in lines for name in re.findall(r"([A-Z_]+)=", line)}
