"""Backups on disk: NAME.dump, NAME.dump.sha256 (for `sha256sum --check`) and NAME.json, which says what is in it."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from engagement_site.backup.contents import Table

PATTERN = "rapport-????????T??????Z.dump"


def named(folder: Path, now: datetime) -> Path:
    return folder / f"rapport-{now:%Y%m%dT%H%M%S}Z.dump"


def checksum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def put(unfinished: Path, file: Path, tables: dict[str, Table], server: int, now: datetime) -> None:
    """Give a finished dump its name, last of all: what is called .dump is whole."""
    described = {"taken_at": now.isoformat(), "postgresql": server, "tables": {k: asdict(v) for k, v in tables.items()}}
    _write(_contents(file), json.dumps(described, indent=1))
    _write(_checksum(file), f"{checksum(unfinished)}  {file.name}\n")
    descriptor = os.open(unfinished, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    unfinished.rename(file)


def is_intact(file: Path) -> bool | None:
    """Tell whether the dump has its checksum; None when there is no checksum to compare with."""
    if not _checksum(file).exists():
        return None
    return _checksum(file).read_text().split()[0] == checksum(file)


def contents(file: Path) -> dict[str, Table] | None:
    """Return what was in the database when the dump was taken; None when nobody wrote it down."""
    if not _contents(file).exists():
        return None
    return {name: Table(**table) for name, table in json.loads(_contents(file).read_text())["tables"].items()}


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Delete all but the newest dumps and what belongs to them; return those that went. 0 keeps all."""
    gone = sorted(folder.glob(PATTERN))[:-number] if number else []
    for file in gone:
        _delete([file, _checksum(file), _contents(file)])
    return gone


def _checksum(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _contents(file: Path) -> Path:
    return file.with_suffix(".json")


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
