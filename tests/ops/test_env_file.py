"""deploy/env.example means the same to every program that reads it, and names every setting an operator has."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.ops import deployed
from tests.ops.deployed import DEPLOY
from tests.ops.programs import needs

EXAMPLE = DEPLOY / "env.example"
# systemd's own reader of files of settings, in the one program that shows what it read
GENERATOR = Path("/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator")
# Not in the example, and why: the units and the image set them, or they are not for a server.
SET_BY_UNITS_AND_IMAGE = {"HOST", "LOG_FORMAT", "METRICS_DIR", "RAPPORT_PROCESS"}
NOT_FOR_A_SERVER = {"DEBUG", "RAPPORT_SAMPLE", "RAPPORT_EMBEDDED"}


def as_a_shell_reads(file, shell="sh"):
    """Return what is in the environment after a shell has read the file, and nothing else."""
    script = 'set -a; . "$1"; set +a; env -0'
    command = ["env", "-i", f"PATH={os.environ['PATH']}", shell, "-euc", script, shell, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    read = dict(line.split("=", 1) for line in done.stdout.split("\0") if line)
    return {name: value for name, value in read.items() if name not in {"PATH", "PWD", "SHLVL", "_", "OLDPWD"}}


def as_systemd_reads(file, folder):
    """Return what systemd reads, beside what this machine has in such files of its own.

    This program passes over empty values, and says so; EnvironmentFile= of a unit takes them.
    """
    (folder / "environment.d").mkdir()
    (folder / "environment.d" / "00.conf").symlink_to(file)
    environment = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    done = subprocess.run([GENERATOR], env=environment, capture_output=True, text=True, check=True)
    (folder / "read").write_text(done.stdout)  # quoted for a shell
    empty = re.findall(r': invalid syntax \(around "([A-Z_]+)"\), ignoring\.$', done.stderr, re.M)
    assert len(empty) == len(done.stderr.splitlines())
    return as_a_shell_reads(folder / "read", "bash") | dict.fromkeys(empty, "")


def names_in(text):
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.M))


@needs("dash", "bash")
@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_a_shell_reads_every_name_with_its_value(shell):
    assert as_a_shell_reads(EXAMPLE, shell) == deployed.env_example()
    assert len(deployed.env_example()) > 15


def test_the_issues_own_line_yields_every_name():
    command = "set -a; . deploy/env.example; env -0"
    done = subprocess.run(["sh", "-c", command], cwd=DEPLOY.parent, capture_output=True, text=True, check=True)
    assert set(deployed.env_example()) <= {line.split("=", 1)[0] for line in done.stdout.split("\0")}
    assert "EMAIL_FROM=Rapport <rapport@example.com>\0" in done.stdout


@needs("systemd-analyze")
def test_systemd_reads_the_same(tmp_path):
    read = as_systemd_reads(EXAMPLE, tmp_path)
    assert {name: read.get(name) for name in deployed.env_example()} == deployed.env_example()


@needs("systemd-analyze")
def test_what_is_filled_in_by_the_rule_at_the_top_is_read_alike_by_all(tmp_path):
    """Every sign of a keyboard in quotes; `$` apart, for which this program of systemd's puts in variables."""
    signs = "".join(chr(code) for code in range(32, 127) if chr(code) not in "'$")
    file = tmp_path / "filled.env"
    file.write_text(f"SECRET_KEY='{signs}'\nPLAIN=aZ09_./:@%+,=?*^!{{}}-\nDOUBLE=\"a b<c>&#;()~\"\nEMPTY=\n")
    expected = as_a_shell_reads(file)
    assert expected["SECRET_KEY"] == signs
    assert as_a_shell_reads(file, "bash") == expected
    read = as_systemd_reads(file, tmp_path)
    assert {name: read.get(name) for name in expected} == expected


def test_every_setting_an_operator_has_is_in_it():
    named = names_in(EXAMPLE.read_text())
    assert deployed.known_settings() - named == SET_BY_UNITS_AND_IMAGE | NOT_FOR_A_SERVER
    anymail = {name for name in named if name.startswith("ANYMAIL_")}
    assert named - deployed.known_settings() == {"POSTGRES_PASSWORD", "RAPPORT_PASSWORD"} | anymail


def test_its_values_are_the_defaults_the_table_names():
    """So that filling in the file changes nothing by itself but what stands in `ours`."""
    page = (DEPLOY.parent / "docs" / "operate" / "configure.md").read_text()
    defaults = dict(re.findall(r"^\| `([A-Z_]+)` \| `?([^|`]*?)`? \|", page, re.M))
    ours = {"ALLOWED_HOSTS", "HTTPS", "BEHIND_PROXY", "EMAIL_FROM", "PUBLIC_ADDRESS"}
    given = {name: value for name, value in deployed.env_example().items() if value and name not in ours}
    assert {name: defaults[name] for name in given} == given


def test_debian_has_its_own_names_as_comments():
    text = EXAMPLE.read_text()
    for name in ("DATABASE_URL", "REDIS_URL", "RAPPORT_DATA"):
        assert re.search(rf"^# {name}=\S+$", text, re.M), name


@pytest.fixture
def units(tmp_path):
    """The units, with a program that is there in the place of /opt/rapport."""
    rapport = tmp_path / "rapport"
    rapport.symlink_to(DEPLOY.parent)  # the folder of a checkout may have a space in its name, a unit's may not
    for unit in (DEPLOY / "systemd").iterdir():
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/rapport", str(rapport)))
    return tmp_path


def verify(*units):
    command = ["systemd-analyze", "verify", "--man=no", *map(str, units)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@needs("systemd-analyze")
def test_systemd_finds_no_fault_in_the_units(units):
    names = ["rapport@web.service", "rapport@worker.service", "rapport-backup.service", "rapport-backup.timer"]
    done = verify(*(units / name for name in names))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs("systemd-analyze")
@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("ProtectSystem=strict", "ProtectSystm=strict", "Unknown key"),
        ("ExecStart=", "ExecStart=/nowhere", "is not executable"),
        ("Type=oneshot", "Type=often", "Failed to parse service type"),
    ],
)
def test_systemd_would_have_found_one(units, right, wrong, says):
    unit = units / "rapport-backup.service"
    unit.write_text(unit.read_text().replace(right, wrong))
    assert says in verify(unit).stderr
