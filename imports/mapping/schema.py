"""What a kind of file may hold: its columns, how each cell is read, and what makes two rows the same."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from imports.cells.values import Reader
from imports.problems import Problem

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from staff.models import User

LEAVE = object()  # an empty cell leaves the field as it is
NEW, CHANGED, SAME, BAD = "new", "changed", "same", "bad"


@dataclass(frozen=True, slots=True)
class Column:
    """A column a file may have. `name` is the field its value goes to."""

    name: str
    label: "StrPromise"
    read: Reader
    required: bool = False
    also: tuple[str, ...] = ()  # other names files use, lower case
    empty: Any = LEAVE  # what an empty cell means
    find: Callable[[Collection[str]], Mapping[str, int]] | None = None  # what is read is a name: whose id is it?
    missing: str = ""  # the problem when `find` does not find it
    example: str = ""
    is_day: bool = False
    is_amount: bool = False
    is_id: bool = False  # of a person or a company: a wrong one (core.names.ids) is refused
    once: Callable[[], Sequence[tuple[str, str]]] | None = None  # may be chosen for the whole file, one of these


@dataclass(slots=True)
class Row:
    """A row of a file, read. `values` by field; `rest` by the file's own names."""

    number: int
    cells: Sequence[str]
    values: dict[str, Any] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)  # what `find` looked for: as it stands in the file
    rest: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)  # what stays as it is, though the row says otherwise
    key: bytes | None = None
    nth: int = 0  # how many rows before it have the same cells
    becomes: str = BAD


@dataclass(frozen=True, slots=True)
class ImportContext:
    """Who imports what, when, and how; `coming` are hashes of company ids further down the file."""

    now: datetime
    by: "User | None" = None
    history: bool = False
    coming: Collection[int] | None = frozenset()  # None: any may come
    job: int | None = None  # the import's number


@dataclass(frozen=True, slots=True)
class ImportKind:
    name: str
    label: "StrPromise"
    columns: tuple[Column, ...]
    # What identifies a row, and whether it is a name (then a repetition is a mistake).
    identify: Callable[[Row], tuple[tuple[Any, ...], bool]]
    # Set `becomes` of rows without problems; may add problems and notices. Called before writing, in the same
    # transaction.
    compare: Callable[[Sequence[Row], ImportContext], None]
    # Write rows that are new or changed; return the customers whose past it may have changed.
    write: Callable[[Sequence[Row], ImportContext], Iterable[int]]
    either: tuple[tuple[str, ...], ...] = ()  # of each of these one must be filled
    rest: str = ""  # where columns go that are none of `columns`: "" nowhere
    ordered: tuple[tuple[str, str], ...] = ()  # the first is never after the second
    has_history: bool = False
    prepare: Callable[[Sequence[Row], ImportContext], None] | None = None  # small shared tables, before the transaction
    link: Callable[[Sequence[Row], ImportContext], None] | None = (
        None  # what needs all rows to stand: done in a second pass
    )
    links: str = ""  # the field `link` is for
    # The problem of what is chosen for the whole file (field → text), if it has one.
    refuse_once: Callable[[Mapping[str, str]], Problem | None] | None = None

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)
