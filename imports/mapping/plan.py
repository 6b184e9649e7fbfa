"""Applies the meaning of a file's columns to its rows. Pure: names are looked up in imports/mapping/lookups.py."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.names import ids
from core.spreadsheets.cells import plain
from imports.cells.formats import Evidence, Formats
from imports.mapping.schema import LEAVE, Column, ImportKind, Row
from imports.problems import Problem, Wrong, shown

ASIDE = "+"  # a column that is none of the kind's, kept under its own name


@dataclass(slots=True)
class Plan:
    kind: ImportKind
    headers: Sequence[str]
    mapping: Sequence[str]
    formats: Formats = field(default_factory=Formats)
    once: Mapping[str, str] = field(default_factory=dict)  # chosen for the whole file: field → text
    wrong_ids: Container[str] = ids.BUILT_IN  # folded
    columns: list[tuple[int, Column]] = field(init=False)
    aside: list[tuple[int, str]] = field(init=False)

    def __post_init__(self) -> None:
        named = [(i, name) for i, name in enumerate(self.mapping) if name]
        named += enumerate(self.once, len(self.headers))  # as if each row had these cells, too
        self.columns = [(i, self.kind.column(name)) for i, name in named if name != ASIDE]
        prefix = f"{self.kind.rest}."
        self.aside = [(i, plain(self.headers[i]).removeprefix(prefix)) for i, name in named if name == ASIDE]

    def header(self, name: str) -> str:
        """Return what the file calls the field."""
        known = next((i for i, column in self.columns if column.name == name), len(self.headers))
        return self.headers[known] if known < len(self.headers) else name

    def has(self, name: str) -> bool:
        return any(column.name == name for _, column in self.columns)

    def see(self, cells: Sequence[str], evidence: Evidence) -> None:
        """Note the row's evidence of how the file writes days and amounts."""
        for i, column in self.columns:
            if (column.is_day or column.is_amount) and i < len(cells):
                see = evidence.see_day if column.is_day else evidence.see_amount
                see(cells[i].strip())

    def read(self, number: int, cells: Sequence[str]) -> Row:
        """Read a row's cells; what is wrong with them stands in its `problems`."""
        row = Row(number, cells)
        if len(cells) < len(self.headers) or any(cells[len(self.headers) :]):
            row.problems.append(Problem("width", params={"found": len(cells), "wanted": len(self.headers)}))
            return row
        whole = [*cells[: len(self.headers)], *self.once.values()]
        for i, column in self.columns:
            self._read_cell(row, column, plain(whole[i].strip()))
        for i, name in self.aside:
            if text := plain(cells[i].strip()):
                row.rest[name] = text
                if "\0" in text:
                    row.problems.append(Problem("nul", name))
        self._need_either(row)
        self._need_order(row)
        return row

    def _read_cell(self, row: Row, column: Column, text: str) -> None:
        if not text:
            if column.required:
                row.problems.append(Problem("required", column.name))
            elif column.empty is not LEAVE:
                row.values[column.name] = column.empty
        elif "\0" in text:
            row.problems.append(Problem("nul", column.name))
        else:
            try:
                self._keep(row, column, column.read(text, self.formats))
            except Wrong as wrong:
                row.problems.append(Problem(wrong.code, column.name, wrong.params))

    def _keep(self, row: Row, column: Column, value: Any) -> None:
        if isinstance(value, str) and not value:  # of invisible characters there is nothing left
            self._read_cell(row, column, value)
        elif column.is_id and ids.is_wrong(value, self.wrong_ids):
            raise Wrong("wrong id", got=shown(value))
        else:
            row.values[column.name] = value

    def _need_either(self, row: Row) -> None:
        wrong = {problem.column for problem in row.problems}
        for group in self.kind.either:
            if not wrong.intersection(group) and not any(row.values.get(name) for name in group):
                mapped = [self.header(name) for name in group if self.has(name)]
                row.problems.append(Problem("either", params={"columns": mapped}))

    def _need_order(self, row: Row) -> None:
        for earlier, later in self.kind.ordered:
            first, second = row.values.get(earlier), row.values.get(later)
            if first is not None and second is not None and second < first:
                row.problems.append(Problem("order", later, {"earlier": self.header(earlier)}))
