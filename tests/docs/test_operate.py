"""The operator's pages name each figure, problem, threshold, file and command as the code has them."""

import re
from dataclasses import fields
from datetime import date

from django.conf import settings

from engagement_site.health import judgement
from engagement_site.health.facts import Facts
from engagement_site.health.machine import Machine
from engagement_site.health.metrics import FactsCollector
from engagement_site.health.progress import Progress
from engagement_site.health.server import IDLE_SECONDS, OPEN_SECONDS, WAIT_SECONDS, Server
from tests.docs import pages

OPERATE = {path.stem: path.read_text() for path in sorted((pages.ROOT / "docs" / "operate").glob("*.md"))}
MONITOR, NIGHT, TEXT = OPERATE["monitor"], OPERATE["night"], "\n".join(OPERATE.values())


def test_every_figure_and_every_problem_is_explained():
    figures = [field.name for part in (Machine, Server, Progress) for field in fields(part)]
    assert [name for name in figures if f"`{name}`" not in MONITOR] == []
    assert [name for name in judgement.PROBLEMS if f"`{name}`:" not in MONITOR] == []


BY_SOMETHING = (
    "oldest_change_seconds",
    "runs_waiting",
    "runs_failing",
    "default_partition_bytes",
    "disk_free_bytes",
    "sources_silent",
)


def filled(part, **more):
    """Return facts in which every figure is there."""
    numbers = {field.name: {"x": 1} if field.name in BY_SOMETHING else 1 for field in fields(part)}
    return part(**{**numbers, **more})


def test_every_metric_is_named_in_full():
    server = filled(Server, old_transaction=None)
    facts = Facts("", filled(Machine), server, filled(Progress, last_closed_day=date(2026, 6, 15)))
    names = {metric.name for metric in FactsCollector(facts).collect()}
    assert len(names) > 10
    assert [name for name in names if not re.search(rf"`{name}(\{{\w+\}})?`", MONITOR)] == []


def test_the_night_page_has_a_section_for_every_problem():
    assert [name for name in judgement.PROBLEMS if f"\n## {name}\n" not in NIGHT] == []


def test_each_section_of_the_night_page_says_what_is_seen_what_to_check_and_what_to_do():
    """One screen each, in this order; who is woken by an alarm reads nothing else."""
    sections = re.split(r"^## ", NIGHT, flags=re.MULTILINE)[1:]
    orders = {section.splitlines()[0]: re.findall(r"^- \*\*(\w+)\*\*", section, re.M) for section in sections}
    assert {title: order for title, order in orders.items() if order != ["Symptom", "Check", "Do"]} == {}
    assert [section.splitlines()[0] for section in sections if len(section.splitlines()) > 25] == []


def test_thresholds_are_those_of_the_code():
    assert f"`beat_silent`: {judgement.BEAT_SECONDS} s" in MONITOR
    assert f"`scores_late`: {judgement.CHANGE_SECONDS} s" in MONITOR
    assert f"`backup_old`: {judgement.BACKUP_SECONDS // 3600} h" in MONITOR
    assert f"`day_not_closed`: {judgement.CLOSE_SECONDS // 60} min" in MONITOR
    assert f"`mail_late`: {judgement.MAIL_SECONDS // 60} min" in MONITOR
    assert f"`locks_waited_for`: {WAIT_SECONDS} s" in MONITOR
    assert f"`transaction_old`: {IDLE_SECONDS} s without a statement, or {OPEN_SECONDS // 60} min" in MONITOR
    assert (
        f"`rejected_many`: {judgement.REJECTED_LEAST} in a day, and {judgement.REJECTED_SHARE:.0%}"
        in MONITOR.replace(" %", "%")
    )


def test_every_file_and_command_it_names_is_there():
    for name in set(re.findall(r"deploy/[\w./@-]*\w", TEXT)):
        assert (settings.BASE_DIR / name).exists(), name
    commands = {path.stem for path in (settings.BASE_DIR / "engagement_site/management/commands").glob("*.py")}
    named = set(re.findall(r"(?:manage\.py|^rapport|`rapport) ([a-z_]+)", TEXT, re.MULTILINE))
    assert named - {"check", "createsuperuser", "changepassword"} <= commands
    assert {"backup", "health", "prepare", "verify", "restore"} <= named
