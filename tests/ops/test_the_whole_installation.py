"""The commands of compose.yaml, run here without containers: they make an installation that says it is well."""

import subprocess
import sys
import time

import pytest

from engagement_site.embedded import valkey
from tests.ops import deployed
from tests.setup.installation import ROOT

PATIENCE = 200  # seconds, on a machine with much else to do


@pytest.fixture
def run(installation):
    """Run a command of a service to its end, or start it, with the environment the image gives it."""
    _, database, bell = installation.hold_servers()
    environment = {
        "DATABASE_URL": database, "REDIS_URL": bell, "PORT": str(valkey.free_port()), "LOG_FORMAT": "json",
        "METRICS_DIR": str(installation.folder / "metrics"), "ALLOWED_HOSTS": "rapport.example.com",
        "BEHIND_PROXY": "on", "HTTPS": "on", "WEB_PROCESSES": "1", "WORKER_PROCESSES": "1",
    }  # fmt: skip

    def run(command, *, to_the_end=True):
        assert command[0] == "python"
        if to_the_end:
            return installation.finish(*command[1:], **environment)
        return installation.start(*command[1:], **environment)

    return run


def passes_within(seconds, run, check):
    give_up_at = time.monotonic() + seconds
    while (done := run(check)).returncode:
        assert time.monotonic() < give_up_at, done.stdout + done.stderr
        time.sleep(0.5)


def test_the_commands_of_compose_make_an_installation_that_is_well(installation, run):
    services = deployed.ours()
    checks = {
        name: service["healthcheck"]["test"][1:] for name, service in services.items() if "healthcheck" in service
    }
    assert set(checks) == {"web", "worker", "beat"}
    assert run(checks["web"]).returncode == 1
    prepared = run(services["prepare"]["command"])
    assert prepared.returncode == 0, prepared.stderr
    assert run(checks["worker"]).returncode == 1
    programs = [run(services[name]["command"], to_the_end=False) for name in ("web", "worker", "beat")]
    for name in checks:
        passes_within(PATIENCE, run, checks[name])
    for program in reversed(programs):
        program.terminate()
        program.communicate(timeout=PATIENCE)


def test_a_program_nobody_knows_is_refused():
    done = subprocess.run(
        [sys.executable, "-m", "engagement_site.running", "kitchen"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
