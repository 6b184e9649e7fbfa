"""What a migration may not do to a big table while everything goes on: rewrite it, or read it whole under a lock.

Judged is what Django would do in the database, and SQL by its words. A finding is a sentence; its way out stands in
docs/develop/migrations.md.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from types import FunctionType

from django.contrib.postgres import operations as of_postgres
from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.state import ProjectState

# Tables that grow with customers or with what they do, by model; not what a retention bounds, or people type in.
BIG = {
    "core": {"outgoing", "delivery"},
    "customers": {
        "customer",
        "contact",
        "addressconsent",
        "identity",
        "affiliation",
        "act",
        "change",
        "changed",
        "inputlog",
        "exclusion",
    },
    "playbooks": {"task", "taskchange", "checklist"},
    "events": {"event", "seen", "dailycount", "activeday"},
    "records": {"contract", "invoice", "ticket", "note", "recordkey"},
    "scoring": {"currentscore", "scorehistory", "transition"},
    "surveys": {"invitation", "answer", "revision", "token", "addressguard"},
}
TABLES = {f"{app}_{name}" for app, names in BIG.items() for name in names}

# They change Django's picture alone, or take a lock for as long as a name takes to change.
QUICK = (
    operations.CreateModel, operations.DeleteModel, operations.RemoveField, operations.RemoveIndex,
    operations.RemoveConstraint, operations.AlterConstraint, operations.AlterModelOptions,
    operations.AlterModelManagers, operations.AlterModelTableComment, operations.RenameIndex,
    operations.AlterOrderWithRespectTo, of_postgres.RemoveIndexConcurrently, of_postgres.ValidateConstraint,
    of_postgres.CreateExtension,
    of_postgres.CreateCollation, of_postgres.RemoveCollation,
)  # fmt: skip
RENAMES = (operations.RenameField, operations.RenameModel, operations.AlterModelTable)


def findings(migration: Migration, before: ProjectState) -> list[str]:
    """Return what is wrong with the migration, applied to a project in the state `before`."""
    state, new, found = before.clone(), set(), []
    for operation in migration.operations:
        found += _judged(operation, migration, state, new)
        if isinstance(operation, operations.CreateModel):
            new.add((migration.app_label, operation.name_lower))
        operation.state_forwards(migration.app_label, state)
    if {type(operation) for operation in migration.operations} >= {
        of_postgres.AddConstraintNotValid, of_postgres.ValidateConstraint
    }:  # fmt: skip
        found.append("validates a constraint in the transaction that added it, whose lock it still holds")
    return [f"{migration.app_label}.{migration.name}: {sentence}" for sentence in found]


def _judged(operation, migration, state, new) -> Iterator[str]:
    if isinstance(operation, operations.SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from _judged(inner, migration, state, new)
    elif isinstance(operation, operations.RunSQL):
        made = {f"{app}_{name}" for app, name in new}
        for statement in _statements(operation.sql):
            yield from _judged_sql(statement, TABLES - made, atomic=migration.atomic)
    elif isinstance(operation, operations.RunPython):
        yield from _judged_python(operation, migration)
    elif (place := _place(operation, migration.app_label)) and _is_big(place) and place not in new:
        yield from _judged_table(operation, "_".join(place), place, state)


def _place(operation, app) -> tuple[str, str] | None:
    name = getattr(operation, "model_name", None) or getattr(operation, "name", None)
    return (app, name.lower()) if name else None


def _is_big(place: tuple[str, str]) -> bool:
    return place[1] in BIG.get(place[0], ())


def _judged_table(operation, table: str, place, state) -> Iterator[str]:
    if isinstance(operation, QUICK):
        return
    if isinstance(operation, operations.AddField):
        yield from (f"adds {operation.name} to {table}: {why}" for why in _added(operation.field))
    elif isinstance(operation, operations.AlterField):
        old = state.models[place].fields[operation.name]
        yield from (f"alters {operation.name} of {table}: {why}" for why in _altered(old, operation.field))
    elif isinstance(operation, of_postgres.AddIndexConcurrently | of_postgres.AddConstraintNotValid):
        return
    elif isinstance(operation, operations.AddIndex):
        yield f"makes an index of {table} that writers wait for: make it concurrently, of each partition"
    elif isinstance(operation, operations.AddConstraint):
        yield f"adds a constraint to {table} that is checked under a lock: add it NOT VALID, validate it later"
    elif isinstance(operation, RENAMES):
        yield f"renames in {table}, which the program that still runs does not know"
    else:
        yield f"does something to {table} that this test does not know: {type(operation).__name__}"


def _added(field: models.Field) -> Iterator[str]:
    if field.many_to_many:
        return
    if isinstance(field, models.GeneratedField):
        yield "a computed column rewrites the table"
        return
    if isinstance(field, models.AutoField | models.BigAutoField | models.SmallAutoField):
        yield "a counter rewrites the table"
    if field.db_default is not models.NOT_PROVIDED and hasattr(field.db_default, "resolve_expression"):
        if not isinstance(field.db_default, models.Value):
            yield "a default that is computed for each row rewrites the table"
    elif field.db_default is models.NOT_PROVIDED:
        if field.has_default() and callable(field.default) and field.default not in (dict, list):
            yield "a default that is called gives all rows the same value"
        if not field.null and not field.has_default():
            yield "not null without a default"
    yield from _needs(field)


def _needs(field: models.Field) -> Iterator[str]:
    if field.unique or field.db_index:
        yield "its index is made while writers wait: db_index=False, and make the index concurrently"
    if field.is_relation and field.db_constraint:
        yield "its foreign key is checked under a lock: db_constraint=False, or NOT VALID in SQL"
    if not field.is_relation and _named(field).db_check(connection):
        yield "its check is made under a lock"


def _altered(old: models.Field, new: models.Field) -> Iterator[str]:
    before, after = _type(old), _type(new)
    if before != after and not _is_wider(before, after):
        yield f"from {before} to {after} rewrites the table"
    if old.null and not new.null:
        yield "not null is checked under a lock: add a constraint NOT VALID, validate it, then set it"
    known = set(_needs(old))
    yield from (why for why in _needs(new) if why not in known)


def _type(field: models.Field) -> str:
    """Return the type of the column; of a foreign key where it leads, because that has the type."""
    if field.is_relation:
        return str(field.deconstruct()[3]["to"]).lower()
    return str(_named(field).db_parameters(connection)["type"])


def _named(field: models.Field) -> models.Field:
    """Return a copy with a name, without which a field does not know its check."""
    copy = field.clone()
    copy.set_attributes_from_name(field.name or "x")
    return copy


def _is_wider(old: str, new: str) -> bool:
    """Only the limit of a text grows: a change of the catalogue."""
    length = re.compile(r"varchar\((\d+)\)")
    if not (was := length.fullmatch(old)):
        return False
    now = length.fullmatch(new)
    return new in ("text", "varchar") or (now is not None and int(now.group(1)) >= int(was.group(1)))


def _statements(sql) -> Iterator[str]:
    """Yield the statements without comments, in one line each."""
    for part in [sql] if isinstance(sql, str) else sql:
        text = part if isinstance(part, str) else part[0]
        plain = re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL)
        yield from (" ".join(statement.split()) for statement in plain.split(";") if statement.strip())


_NAME = r'(?:ONLY )?(?:IF EXISTS )?(?:"?public"?\.)?"?(\w+)"?'
_ADD_COLUMN = re.compile(r"\bADD (?:COLUMN )?(?!CONSTRAINT|CHECK|UNIQUE|FOREIGN|PRIMARY|EXCLUDE)(?:IF NOT EXISTS )?")


def _judged_sql(statement: str, big: set[str], *, atomic: bool) -> Iterator[str]:
    def named(pattern: str) -> str | None:
        match = re.search(pattern + _NAME, statement, re.IGNORECASE)
        name = match.group(1).lower() if match else ""
        table = next((table for table in big if re.fullmatch(rf"{table}(_default|_\d{{4}}_\d{{2}})?", name)), None)
        return name if table else None

    text = statement.upper()
    if (
        (table := named(r"\bCREATE (?:UNIQUE )?INDEX .*?\bON "))
        and "CONCURRENTLY" not in text
        and " ON ONLY " not in text
    ):
        yield f"makes an index of {table} that writers wait for: make it concurrently, of each partition"
    if table := named(r"\bALTER TABLE "):
        yield from (f"{why} ({table})" for why in _judged_alter(text))
    for pattern, what in ((r"\bUPDATE ", "updates"), (r"\bDELETE FROM ", "deletes from"), (r"\bINTO ", "writes into")):
        if atomic and (table := named(pattern)):
            yield f"{what} {table} in one transaction: in batches, in a migration with atomic = False"
    for pattern in (r"\bVACUUM FULL ", r"\bCLUSTER ", r"\bLOCK TABLE ", r"\bREINDEX TABLE ", r"\bTRUNCATE (?:TABLE )?"):
        if table := named(pattern):
            yield f"holds {table} for itself alone: {pattern.strip().removeprefix(chr(92) + 'b').split('(')[0].strip()}"


def _judged_alter(text: str) -> Iterator[str]:
    if re.search(r"\bALTER (?:COLUMN )?\S+ (?:SET DATA )?TYPE\b", text):
        yield "another type rewrites the table"
    if "SET NOT NULL" in text:
        yield "not null is checked under a lock"
    checked = "NOT VALID" not in text and "USING INDEX" not in text
    if checked and re.search(r"\bADD (?:CONSTRAINT|CHECK|UNIQUE|FOREIGN|PRIMARY|EXCLUDE)\b", text):
        yield "a constraint is checked under a lock: add it NOT VALID, validate it later"
    if re.search(r"\bSET (?:LOGGED|UNLOGGED|TABLESPACE|ACCESS METHOD)\b", text):
        yield "it rewrites the table"
    if _ADD_COLUMN.search(text):
        yield from _judged_column(text)


def _judged_column(text: str) -> Iterator[str]:
    if "GENERATED" in text or re.search(r"\b(?:BIG|SMALL)?SERIAL\b", text):
        yield "a computed column rewrites the table"
    if re.search(r"\bDEFAULT [^,]*\(", text):
        yield "a default that is computed for each row rewrites the table"
    if "NOT NULL" in text and "DEFAULT" not in text and "GENERATED" not in text:
        yield "a column that is not null without a default"
    if re.search(r"\bREFERENCES\b|\bUNIQUE\b|\bPRIMARY KEY\b|\bCHECK\b", text) and "NOT VALID" not in text:
        yield "its index, check or foreign key is made under a lock"


def _judged_python(operation, migration: Migration) -> Iterator[str]:
    """By what the file says: a model or a table that is big, or a function of an app that has big tables."""
    if not migration.atomic:
        return
    text = _source(operation.code)
    models_named = {
        f"{app}_{name}".lower() for app, name in re.findall(r"get_model\(\s*['\"](\w+)['\"],\s*['\"](\w+)['\"]", text)
    } | {f"{app}_{name}".lower() for app, name in re.findall(r"get_model\(\s*['\"](\w+)\.(\w+)['\"]", text)}
    tables_named = {table for table in TABLES if re.search(rf"\b{table}\b", text)}
    for table in sorted((models_named & TABLES) | tables_named):
        yield f"runs Python over {table} in one transaction: in batches, in a migration with atomic = False"


def _source(code, seen: set[str] | None = None) -> str:
    """Return the text of a function, of those of its file that it calls, and of the SQL they name."""
    seen = {code.__name__} if seen is None else seen
    module, text = sys.modules[code.__module__], inspect.getsource(code)
    parts = [text]
    for name in re.findall(r"\b[A-Za-z_]\w*\b", text):
        value = getattr(module, name, None)
        if name in seen or not isinstance(value, str | FunctionType):
            continue
        seen.add(name)
        parts.append(value if isinstance(value, str) else _source(value, seen))
    return "\n".join(parts)
