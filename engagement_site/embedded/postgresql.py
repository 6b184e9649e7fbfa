"""PostgreSQL from the wheel: made once, started on a private socket, never on the network."""

import contextlib
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import psutil
import psycopg

from engagement_site.embedded import folders, leftovers
from engagement_site.embedded.accounts import Account
from engagement_site.embedded.errors import ServerError, did_not_start
from engagement_site.embedded.launch import Launch, opened, plain_environment
from engagement_site.embedded.places import Places

NAME = "PostgreSQL"
KEY = "postgresql"
PROGRAM = "postgres"
VARIABLE = "DATABASE_URL"
STOP_SIGNAL = signal.SIGINT  # fast: end the sessions, write a checkpoint
HUNG_SECONDS = None  # killed while it only works hard, it would lose minutes to recovery: people decide that
USER = DATABASE = "rapport"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_locks_per_transaction": "256",  # one query may touch hundreds of partitions
    "wal_level": "minimal",  # nobody replicates from it, and bulk loads get faster
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling a plan over hundreds of partitions takes longer than running it
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
NOTHING_TO_LOSE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def prepared(places: Places, *, log: Path, for_tests: bool, former: str | None = None) -> Launch:
    """Make the cluster if there is none, see to what a crash left, and return how to start it, where it was before."""
    settle_leftovers(places.cluster, for_tests=for_tests)
    if not (places.cluster / "PG_VERSION").exists():
        make_cluster(places, log)
    refuse_other_version(places)
    sockets = former_sockets(former, places.account) or folders.for_socket(places.data, places.account)
    settings = SETTINGS | {"unix_socket_directories": '"{}"'.format(str(sockets).replace('"', '""'))}
    command = [str(places.postgresql_programs / PROGRAM), "-D", str(places.cluster)]
    for name, value in (settings | NOTHING_TO_LOSE if for_tests else settings).items():
        command += ["-c", f"{name}={value}"]
    return Launch(
        url=f"postgres://{USER}@{quote(str(sockets), safe='')}/{DATABASE}",
        command=command,
        folder=places.cluster,
        stop=("SIGINT:30", "SIGQUIT:5"),  # fast: end the sessions, write a checkpoint; then: recover at next start
        account=places.account,
        tidy=None if sockets.parent == places.data else sockets,
    )


def settle_leftovers(cluster: Path, *, for_tests: bool) -> None:
    """See to what a crash left: a server without its guard, or a lock file that names a stranger.

    PostgreSQL recovers by itself, but takes any process with the old number for its old self, and in a
    container the same numbers come round at every start.
    """
    lock = cluster / "postmaster.pid"
    pid, started_at = _owner_of(lock)
    was_running = leftovers.stop(pid, started_at, program=PROGRAM, gently=STOP_SIGNAL)
    leftovers.kill_orphans(program=PROGRAM, folder=cluster)
    if was_running or not lock.exists():
        return
    if for_tests:  # without fsync, what a crash left cannot be trusted
        shutil.rmtree(cluster)
    elif psutil.pid_exists(pid):
        lock.unlink()


def former_sockets(url: str | None, account: Account | None) -> Path | None:
    """Return the folder of the sockets in a former address, made again if it is gone."""
    if url is None:
        return None
    return folders.private(Path(unquote(urlsplit(url).netloc.partition("@")[2])), account)


def _owner_of(lock: Path) -> tuple[int, float]:
    try:
        lines = lock.read_text().splitlines()
        return int(lines[0]), float(lines[2])
    except (OSError, ValueError, IndexError):
        return 0, 0.0


def make_cluster(places: Places, log: Path) -> None:
    """Run initdb under another name first: a cluster either is whole or is not there."""
    unfinished = places.data / f"{KEY}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    folders.private(unfinished, places.account)
    command = [str(places.postgresql_programs / "initdb"), "-D", str(unfinished), "--username", USER]
    command += ["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    # Whoever can reach the socket may enter: its folder lets in the servers' user and root, who own the files anyway.
    command += ["--auth-local", "trust", "--auth-host", "reject"]
    as_account = places.account.as_popen_arguments() if places.account else {}
    with opened(log) as file:
        made = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            cwd=unfinished,
            env=plain_environment(),
            start_new_session=True,
            check=False,
            **as_account,
        )
    if made.returncode != 0:
        raise did_not_start(NAME, log)
    unfinished.rename(places.cluster)


def refuse_other_version(places: Places) -> None:
    """Say so before PostgreSQL does, in words that help."""
    data = (places.cluster / "PG_VERSION").read_text().strip()
    command = [str(places.postgresql_programs / PROGRAM), "--version"]
    program = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1].split(".")[0]
    if data != program:
        raise ServerError(
            f"The data in {places.cluster} were written by PostgreSQL {data}, and this is PostgreSQL {program}: "
            "dump them with the old one and load them here, or set RAPPORT_DATA to another folder."
        )


def answers(url: str) -> bool:
    """Tell whether the server lets us in; the database is made on the first time."""
    try:
        with psycopg.connect(url.removesuffix(DATABASE) + "postgres", connect_timeout=5, autocommit=True) as connection:
            database = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if database is None:
                with contextlib.suppress(psycopg.errors.DuplicateDatabase):
                    connection.execute(f"CREATE DATABASE {DATABASE}")
    except psycopg.OperationalError:
        return False
    return True
