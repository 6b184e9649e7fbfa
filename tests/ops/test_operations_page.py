"""docs/operate/monitor.md speaks of what there is."""

import re
from dataclasses import fields

from django.conf import settings

from engagement_site.health import judgement
from engagement_site.health.facts import Facts

PAGE = (settings.BASE_DIR / "docs" / "operate" / "monitor.md").read_text()


def test_every_figure_and_every_problem_is_explained():
    assert [field.name for field in fields(Facts) if f"`{field.name}`" not in PAGE] == []
    assert [name for name in judgement.PROBLEMS if f"`{name}`:" not in PAGE] == []


def test_thresholds_are_those_of_the_code():
    assert f"`beat_silent`: {judgement.BEAT_SECONDS} s" in PAGE
    assert f"`scores_late`: {judgement.TOUCHED_SECONDS} s" in PAGE
    assert f"`backup_old`: {judgement.BACKUP_SECONDS // 3600} h" in PAGE
    assert f"`day_not_closed`: {judgement.CLOSE_SECONDS // 60} min" in PAGE


def test_every_file_and_command_it_names_is_there():
    for name in set(re.findall(r"deploy/[\w./@-]*\w", PAGE)):
        assert (settings.BASE_DIR / name).exists(), name
    commands = {path.stem for path in (settings.BASE_DIR / "engagement_site/management/commands").glob("*.py")}
    assert set(re.findall(r"manage\.py (\w+)", PAGE)) - {"check", "createsuperuser"} <= commands


def test_every_link_within_it_leads_somewhere():
    titles = [title.lower() for title in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)]
    titles = {re.sub(r"[^a-z0-9 -]", "", title).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= titles
