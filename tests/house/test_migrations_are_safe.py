"""A new migration neither rewrites nor locks a big table: an upgrade is done while events come in."""

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models.functions import Lower, Now, Random

from tests.house import migration_lint, ours

# Applied wherever Rapport runs by now, whatever they did; no new one joins them.
BEFORE = frozenset((Path(__file__).parent / "migrations_before.txt").read_text().split())
# What has to be done all the same: "app.name" → why, and what an operator is told in the changelog.
ALLOWED: dict[str, str] = {}


@pytest.fixture(scope="module")
def loader():
    return MigrationLoader(None)


@pytest.fixture(scope="module")
def state(loader):
    return loader.project_state()


def test_no_new_migration_does_what_stops_an_installation(loader):
    local = {app.rpartition(".")[2] for app in ours.packages()}
    found = []
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in local and f"{app}.{name}" not in BEFORE | ALLOWED.keys():
            found += migration_lint.findings(migration, loader.project_state((app, name), at_end=False))
    assert found == []


def test_those_from_before_are_still_there_or_were_squashed(loader):
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    replaced = {f"{app}.{name}" for one in loader.disk_migrations.values() for app, name in one.replaces}
    assert BEFORE - known - replaced == set()


def test_the_big_tables_are_there_and_what_is_partitioned_is_among_them():
    tables = {model._meta.db_table for model in apps.get_models()}
    assert migration_lint.TABLES - tables == set()
    assert {model._meta.db_table for model in apps.get_models() if hasattr(model, "partitioned_by")} <= (
        migration_lint.TABLES
    )


def text(**options):
    return models.CharField(max_length=20, **options)


def link(**options):
    return models.ForeignKey("staff.user", null=True, on_delete=models.DO_NOTHING, **options)


CHECK = models.CheckConstraint(condition=models.Q(mrr__gte=0), name="planted")
UNIQUE = models.UniqueConstraint(fields=["name"], name="planted")
OVERLAP = ExclusionConstraint(name="planted", expressions=[("name", "=")])


def over_customers(apps, schema_editor):
    apps.get_model("customers", "Customer").objects.update(name="x")


def over_events(apps, schema_editor):
    schema_editor.execute(STATEMENT)


def over_events_by_another(apps, schema_editor):
    over_events(apps, schema_editor)


def over_teams(apps, schema_editor):
    apps.get_model("staff", "Team").objects.update(name="x")


STATEMENT = "UPDATE events_event SET day = day"
add, alter, sql, python = migrations.AddField, migrations.AlterField, migrations.RunSQL, migrations.RunPython
PLANTED = {
    "a default of the database, computed": add("customer", "x", models.FloatField(db_default=Random())),
    "a default of the database, the time": add("customer", "x", models.DateTimeField(db_default=Now())),
    "a default that is called": add("customer", "x", text(default=lambda: "x")),
    "not null without a default": add("customer", "x", text()),
    "a computed column": add(
        "customer",
        "x",
        models.GeneratedField(expression=Lower("name"), output_field=models.TextField(), db_persist=True),
    ),
    "an index with the column": add("customer", "x", text(null=True, db_index=True)),
    "a unique column": add("customer", "x", text(null=True, unique=True)),
    "a foreign key with its index": add("customer", "x", link(db_constraint=False)),
    "a foreign key": add("customer", "x", link(db_index=False)),
    "a check with the column": add("customer", "x", models.PositiveIntegerField(default=0)),
    "another type": alter("customer", "name", models.IntegerField()),
    "a shorter text": alter("customer", "name", models.CharField(max_length=3)),
    "not null later": alter("customer", "mrr", models.DecimalField(max_digits=12, decimal_places=2)),
    "an index later": alter("contact", "name", models.CharField(max_length=200, blank=True, db_index=True)),
    "an index": migrations.AddIndex("customer", models.Index(fields=["name"], name="planted")),
    "a constraint": migrations.AddConstraint("customer", CHECK),
    "a unique constraint": migrations.AddConstraint("customer", UNIQUE),
    "an exclusion": migrations.AddConstraint("customer", OVERLAP),
    "another name": migrations.RenameField("customer", "name", "title"),
    "another name of the table": migrations.AlterModelTable("customer", "kunden"),
    "unique together": migrations.AlterUniqueTogether("customer", {("name", "domain")}),
    "an index by SQL": sql("CREATE INDEX x ON customers_customer (name)"),
    "an index of a partition": sql("CREATE UNIQUE INDEX IF NOT EXISTS x ON events_event_2026_06 (id)"),
    "a constraint by SQL": sql("ALTER TABLE events_event ADD CONSTRAINT x CHECK (value > 0)"),
    "another type by SQL": sql("ALTER TABLE ONLY events_seen ALTER COLUMN source_id TYPE bigint"),
    "not null by SQL": sql(["ALTER TABLE customers_contact ALTER name SET NOT NULL"]),
    "a computed column by SQL": sql("ALTER TABLE events_event ADD COLUMN x int GENERATED ALWAYS AS (1) STORED"),
    "a computed default by SQL": sql("ALTER TABLE customers_customer ADD x float DEFAULT random()"),
    "a column not null by SQL": sql("ALTER TABLE customers_customer ADD COLUMN x int NOT NULL"),
    "a column that refers by SQL": sql("ALTER TABLE customers_customer ADD x bigint REFERENCES staff_user"),
    "all rows by SQL": sql("-- harmless\nUPDATE customers_customer SET name = ''"),
    "all rows, deleted": sql([("DELETE FROM scoring_scorehistory WHERE day < %s", ["2020-01-01"])]),
    "all rows, copied": sql("INSERT INTO events_activeday SELECT * FROM events_activenow"),
    "a lock": sql("LOCK TABLE events_event"),
    "a rewrite": sql("VACUUM FULL events_event"),
    "in a second statement": sql("SELECT 1; CREATE INDEX x\n  ON events_event (day);"),
    "beside a state": migrations.SeparateDatabaseAndState(
        [sql("CREATE INDEX x ON customers_customer (name)")], [migrations.AlterModelOptions("customer", {})]
    ),
    "all rows by Python": python(over_customers),
    "all rows by Python, in SQL": python(over_events),
    "all rows by Python, further down": python(over_events_by_another),
}
HARMLESS = {
    "a column that may be null": add("customer", "x", text(null=True)),
    "a column with a default": add("customer", "x", text(default="")),
    "a column with a default of the database": add("customer", "x", text(db_default="")),
    "a column of JSON": add("customer", "x", models.JSONField(default=dict)),
    "a foreign key without both": add("customer", "x", link(db_constraint=False, db_index=False)),
    "a longer text": alter("customer", "name", models.CharField(max_length=500)),
    "any text": alter("customer", "name", models.TextField()),
    "null from now on": alter("contact", "name", models.CharField(max_length=200, blank=True, null=True)),
    "a constraint for what comes": AddConstraintNotValid("customer", CHECK),
    "a constraint, validated later": ValidateConstraint("customer", "customer_name_is_not_empty"),
    "a constraint for what comes, by SQL": sql("ALTER TABLE events_event ADD CONSTRAINT x CHECK (value > 0) NOT VALID"),
    "a column by SQL": sql("ALTER TABLE events_event ADD COLUMN IF NOT EXISTS x int NOT NULL DEFAULT 0"),
    "an index of the parent alone": sql("CREATE INDEX x ON ONLY events_event (day)"),
    "a column less": migrations.RemoveField("customer", "domain"),
    "a small table": migrations.AddIndex("segment", models.Index(fields=["name"], name="planted")),
    "a small table by SQL": sql("UPDATE staff_team SET name = ''; CREATE INDEX x ON staff_team (name)"),
    "a small table by Python": python(over_teams),
    "what is read": sql("INSERT INTO core_run SELECT FROM customers_customer"),
}


def judged(operations, state, *, atomic=True):
    migration = migrations.Migration("0999_planted", "customers")
    migration.operations, migration.atomic = operations, atomic
    return migration_lint.findings(migration, state)


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_fault_is_found(state, what):
    found = judged([PLANTED[what]], state)
    assert len(found) >= 1
    assert all(sentence.startswith("customers.0999_planted: ") for sentence in found)


@pytest.mark.parametrize("what", HARMLESS)
def test_what_is_harmless_is_not(state, what):
    assert judged([HARMLESS[what]], state) == []


def test_indexes_are_made_concurrently_outside_of_a_transaction(state):
    index = models.Index(fields=["name"], name="planted")
    by_hand = sql("CREATE INDEX CONCURRENTLY x ON events_event_2026_06 (day)")
    operations = [AddIndexConcurrently("customer", index), RemoveIndexConcurrently("customer", "planted"), by_hand]
    assert judged(operations, state, atomic=False) == []


def test_batches_are_committed_one_by_one(state):
    operations = [python(over_customers), python(over_events), sql(STATEMENT)]
    assert len(judged(operations, state)) == 3
    assert judged(operations, state, atomic=False) == []


def test_a_constraint_is_not_validated_under_the_lock_that_added_it(state):
    [found] = judged([AddConstraintNotValid("customer", CHECK), ValidateConstraint("customer", "planted")], state)
    assert "in the transaction that added it" in found


def test_a_table_that_the_migration_makes_is_empty(state):
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", text())]
    index = models.Index(fields=["name"], name="planted")
    big = migration_lint.BIG["customers"] | {"thing"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(migration_lint.BIG, "customers", big)
        made = migrations.CreateModel("Thing", fields)
        assert judged([made, migrations.AddIndex("thing", index), add("thing", "x", text())], state) == []
