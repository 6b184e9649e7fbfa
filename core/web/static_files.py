"""Static files: style sheets put together, everything compressed, under names that carry their hash."""

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Each page loads one of them (docs/develop/style-sheets.md).
SHEETS = ("css/site.css", "css/public.css")
IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')
ADDRESS = re.compile(r"""url\((["']?)(?!data:|/|\w+:)([^)"']+)\1\)""")
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


class Storage(CompressedManifestStaticFilesStorage):
    """Put our style sheets together, so that a page fetches one file.

    A name stays as it is when the manifest does not have it: vendors' style sheets name files they do not ship.
    """

    manifest_strict = False

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Hash and compress as ever, but our sheets with what they import in them, and that not by itself."""

        taken = set()

        def read(name: str) -> str:
            taken.add(name)
            storage, path = paths[name]
            with storage.open(path) as file:
                return str(file.read().decode())

        whole = {name: put_together(name, read) for name in SHEETS if name in paths and not dry_run}
        rest = {name: place for name, place in paths.items() if name not in taken}
        for name, text in whole.items():
            self.delete(name)
            rest[name] = (self, self.save(name, ContentFile(text.encode())))
        return super().post_process(rest, dry_run, **options)


def put_together(name: str, read: Callable[[str], str]) -> str:
    """Return a style sheet with what it imports in its place, each in its layer; comments stay behind."""
    folder = posixpath.dirname(name)

    def imported(match: re.Match[str]) -> str:
        part = posixpath.normpath(posixpath.join(folder, match[1]))
        return f"@layer {match[2]} {{\n{_moved(put_together(part, read), posixpath.dirname(part), folder)}}}"

    return IMPORT.sub(imported, COMMENT.sub("", read(name)))


def _moved(sheet: str, source: str, folder: str) -> str:
    """Return a sheet that is read from another folder: the addresses in it lead to the same files."""

    def seen_from_there(match: re.Match[str]) -> str:
        return f'url("{posixpath.relpath(posixpath.join(source, match[2]), folder)}")'

    return ADDRESS.sub(seen_from_there, sheet)
