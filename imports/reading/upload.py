"""Takes an uploaded file: inspects it, then stores it in parts, in one transaction."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import transaction

from imports import reading
from imports.kinds import KINDS
from imports.mapping import recognise
from imports.models import FilePart, Import
from imports.problems import Unreadable, shown
from imports.reading import limits
from staff.models import User


class Capped(FileUploadHandler):
    """Stops keeping a file that is larger than any page takes; the rest of the form is still read."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._size += len(raw_data)
        if self._size > limits.MOST_BYTES:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def receive(file: UploadedFile, kind: str, *, by: User, now: datetime) -> Import:
    """Keep the file and what its columns seem to be. Raises Unreadable."""
    if (file.size or 0) > limits.MOST_BYTES:
        raise Unreadable("large file", most=limits.MOST_BYTES // 1_000_000)
    blocks = _Uploaded(file)
    # Before the transaction: it may read the whole file, and must not hold one open for so long.
    seen = reading.inspect(blocks)
    before = recognise.last_of(kind)
    with transaction.atomic():
        job = Import.objects.create(
            kind=kind,
            file_name=_clean(PurePath(file.name or "").name)[-200:] or "?",
            size=file.size or 0,
            by=by,
            created_at=now,
            mapping=[],
            **fields_of(seen),
        )
        for position, block in enumerate(blocks):
            FilePart.objects.create(of=job, position=position, body=block)
    job.mapping = recognise.columns(KINDS[kind], job.headers, before)  # offered; saved once somebody agrees
    return job


def fields_of(seen: reading.Inspected) -> dict[str, Any]:
    """Return the fields of an import that say what its file looks like."""
    return {
        "shape": seen.shape.as_json(),
        "sheets": seen.sheets,
        "headers": [_clean(header) for header in seen.headers],
        "samples": [[shown(cell) for cell in row] for row in seen.samples],
    }


class _Uploaded:
    """The blocks of a file in a request, as often as they are asked for."""

    def __init__(self, file: UploadedFile) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        yield from self._file.chunks(limits.BLOCK)


class Stored:
    """The blocks of a file that was kept, one at a time."""

    def __init__(self, job: Import) -> None:
        self._job = job

    def __iter__(self) -> Iterator[bytes]:
        position = 0
        # One query for each part: a cursor over all of them would need a transaction for as long as the file is read.
        while (part := FilePart.objects.filter(of=self._job, position=position).first()) is not None:
            yield bytes(part.body)
            position += 1


def _clean(text: str) -> str:
    return text.replace("\0", "�")
