"""What deploy/ says is true of the code. No container engine is needed: commands and names are what can go stale."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from tests.ops import deployed
from tests.ops.deployed import DEPLOY


def test_every_service_of_ours_runs_the_same_image_without_rights():
    assert set(deployed.ours()) == {"prepare", "web", "worker", "beat", "backup", "restore"}
    for service in deployed.ours().values():
        assert service["env_file"] == ".env"
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True


def test_what_runs_starts_again_by_itself_and_tells_whether_it_works():
    services = deployed.compose()["services"]
    for name in ("web", "worker", "beat", "postgres", "redis"):
        assert services[name]["restart"] == "unless-stopped"
        assert services[name]["healthcheck"]["test"][0] == "CMD"


def test_nothing_starts_before_the_database_is_prepared():
    services = deployed.compose()["services"]
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert services["prepare"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_the_servers_are_those_rapport_needs():
    services = deployed.compose()["services"]
    assert int(services["postgres"]["image"].removeprefix("postgres:")) >= 15
    assert services["redis"]["image"] == "redis:7"
    assert services["redis"]["command"][-2:] == ["--maxmemory-policy", "noeviction"]
    assert not any("ports" in services[name] for name in ("postgres", "redis"))
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_every_volume_is_declared():
    services = deployed.compose()["services"].values()
    used = {volume.split(":")[0] for service in services for volume in service.get("volumes", [])}
    files = {name for name in used if name.startswith("./")}
    assert all((DEPLOY / name).is_file() for name in files)
    assert used - files == set(deployed.compose()["volumes"])


def test_the_superusers_password_reaches_postgresql_alone():
    assert all(service["environment"]["POSTGRES_PASSWORD"] == "" for service in deployed.ours().values())
    postgres = deployed.compose()["services"]["postgres"]
    assert set(postgres["environment"]) == deployed.OF_POSTGRESQL
    assert "env_file" not in postgres


def test_every_name_in_an_environment_is_one_the_code_reads():
    not_ours = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    assert set(deployed.env_example()) - deployed.OF_POSTGRESQL <= deployed.known_settings()
    assert deployed.dockerfile_env() - not_ours <= deployed.known_settings()
    assert deployed.systemd_env() - not_ours <= deployed.known_settings()
    for service in deployed.ours().values():
        assert set(service["environment"]) - deployed.OF_POSTGRESQL <= deployed.known_settings()


def test_every_setting_is_documented():
    page = (settings.BASE_DIR / "docs" / "operate" / "configure.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)`", page, re.M))
    assert documented == deployed.known_settings()


def test_the_image_is_built_from_files_that_are_there_and_runs_as_nobody_special():
    text = (DEPLOY / "Dockerfile").read_text()
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M):
        assert all((settings.BASE_DIR / name).exists() for name in line.split())
    targets = re.findall(r"make (\.venv\S+) (\S+)", text)[0]
    makefile = (settings.BASE_DIR / "Makefile").read_text()
    assert all(f"\n{target}:" in makefile for target in targets)
    assert "rm -rf node_modules var" in text  # the set-up makes a SECRET_KEY there
    for source in settings.STATICFILES_DIRS:
        if isinstance(source, tuple):
            assert str(source[1].relative_to(settings.BASE_DIR)) in text
    assert re.findall(r"^USER (\S+)", text, re.M) == ["rapport"]


@pytest.mark.parametrize("name", ["backup.sh", "restore.sh", "drill.sh"])
def test_scripts_run_and_say_how_they_are_used(name):
    done = subprocess.run([DEPLOY / name, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "usage: " in done.stdout


def test_units_start_programs_that_are_there():
    unit = (DEPLOY / "systemd" / "rapport@.service").read_text()
    assert "ExecStart=/opt/rapport/.venv/bin/python -m engagement_site.running %i\n" in unit
    done = subprocess.run([sys.executable, "-m", "engagement_site.running", "--help"], capture_output=True, text=True)
    assert "{worker,web,beat}" in done.stdout


def test_nothing_is_published_but_the_pages_on_this_machine_alone():
    services = deployed.compose()["services"]
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_every_setting_of_deploy_is_in_the_table_of_settings():
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", (settings.BASE_DIR / "docs" / "operate" / "configure.md").read_text()))
    used = set(deployed.env_example())
    for service in deployed.ours().values():
        used |= set(service["environment"])
    assert "DATABASE_URL" in used and used <= told


def test_settings_of_production_pass_djangos_own_check():
    filled = deployed.env_example() | {"SECRET_KEY": "k" * 10 + os.urandom(32).hex()}
    plain = {name: value for name, value in os.environ.items() if name not in deployed.known_settings()}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=plain | filled | {"DJANGO_SETTINGS_MODULE": "engagement_site.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
