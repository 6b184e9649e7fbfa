"""Backups on disk: NAME.dump, NAME.dump.sha256 (for `sha256sum --check`) and NAME.json, which says what is in it."""

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from engagement_site.backup.contents import Table

PATTERN = "rapport-????????T??????Z.dump"
UNFINISHED = ".unfinished"


def named(folder: Path, now: datetime) -> Path:
    return folder / f"rapport-{now:%Y%m%dT%H%M%S}Z.dump"


def checksum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def put(unfinished: Path, file: Path, tables: dict[str, Table], server: int, now: datetime) -> None:
    """Give a finished dump and its companions their names, the dump last: what is called .dump is whole.

    When anything fails, none of the three has its name.
    """
    described = {"taken_at": now.isoformat(), "postgresql": server, "tables": {k: asdict(v) for k, v in tables.items()}}
    texts = {
        _contents(file): json.dumps(described, indent=1),
        _checksum(file): f"{checksum(unfinished)}  {file.name}\n",
    }
    written = {path: path.with_name(f"{path.name}{UNFINISHED}") for path in texts}
    try:
        for path, text in texts.items():
            _write(written[path], text)
        _flush(unfinished)
        for path, temporary in written.items():
            temporary.rename(path)
        unfinished.rename(file)
        _flush(file.parent)  # the names, too
    except BaseException:
        for path in (file, *written, unfinished, *written.values()):
            with suppress(OSError):  # the first failure is the one to tell
                path.unlink(missing_ok=True)
        raise


def delete(file: Path) -> None:
    """Delete a dump and what belongs to it, the dump first: what is left is no backup to anyone."""
    _delete([file, _checksum(file), _contents(file)])


def forget_unfinished(folder: Path, *, before: datetime) -> None:
    """Delete what a backup left that was killed, once it is a day old: another one may be under way."""
    for path in folder.glob(f"rapport-*{UNFINISHED}"):
        if path.stat().st_mtime < before.timestamp() - 86_400:
            path.unlink(missing_ok=True)


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
    """Delete all but the newest dumps and what belongs to them; return those that went. 0 keeps all.

    A dump without its companions is no backup of ours: it neither counts nor goes.
    """
    complete = [file for file in sorted(folder.glob(PATTERN)) if _checksum(file).exists() and _contents(file).exists()]
    gone = complete[:-number] if number else []
    for file in gone:
        delete(file)
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


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
