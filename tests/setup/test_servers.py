"""The servers nobody had to install: shared while used, gone afterwards, back after the worst."""

import contextlib
import signal
import time
from pathlib import Path

import psutil
import psycopg
import redis

from engagement_site.embedded import valkey
from tests.setup.installation import PATIENCE


def ask(database, statement):
    with psycopg.connect(database, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return (cursor.fetchone() or [None])[0] if cursor.description else None


def leave(process):
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.wait(PATIENCE) == 0


def test_both_servers_answer_and_are_gone_afterwards(installation):
    process, database, bell = installation.hold_servers()
    assert ask(database, "SHOW listen_addresses") == ""
    assert ask(database, "SHOW timezone") == "UTC"
    assert ask(database, "SHOW server_encoding") == "UTF8"
    with redis.Redis.from_url(bell) as client:
        assert client.ping()
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    leave(process)
    assert installation.processes() == []


def test_the_bell_lets_nobody_in_without_its_password(installation):
    process, _, bell = installation.hold_servers()
    assert valkey.answers(bell)
    assert not valkey.answers(bell.replace("://:", "://:wrong"))
    leave(process)


def test_data_outlive_a_kill_and_no_server_does(installation):
    process, database, _ = installation.hold_servers()
    ask(database, "CREATE TABLE kept AS SELECT 7 AS number")
    installation.kill_outright(process)
    assert installation.falls_quiet()
    process, database, _ = installation.hold_servers()
    assert ask(database, "SELECT number FROM kept") == 7
    leave(process)


def test_data_outlive_the_death_of_everything_at_once(installation):
    process, database, _ = installation.hold_servers()
    ask(database, "CREATE TABLE kept AS SELECT 7 AS number")
    everything = installation.processes()
    installation.kill_outright(process)
    for one in everything:
        with contextlib.suppress(psutil.NoSuchProcess):  # those that the first death took along are gone already
            one.send_signal(signal.SIGKILL)
    process, database, _ = installation.hold_servers()
    assert ask(database, "SELECT number FROM kept") == 7
    leave(process)


def test_a_server_that_lost_its_guard_is_stopped_by_the_next_start(installation):
    process, database, bell = installation.hold_servers()
    ask(database, "CREATE TABLE kept AS SELECT 7 AS number")
    guards = [one for one in installation.processes() if any("guard_process.py" in word for word in one.cmdline())]
    assert len(guards) == 2
    for guard in guards:
        guard.send_signal(signal.SIGKILL)
    installation.kill_outright(process)
    process, database, new_bell = installation.hold_servers()
    assert ask(database, "SELECT number FROM kept") == 7
    assert not valkey.answers(bell)
    assert valkey.answers(new_bell)
    leave(process)


def test_two_commands_share_the_servers_and_the_last_to_leave_ends_them(installation):
    first, database, _ = installation.hold_servers()
    second, same_database, _ = installation.hold_servers()
    assert same_database == database
    leave(first)
    assert ask(database, "SELECT 1") == 1
    leave(second)
    assert installation.processes() == []


def test_four_commands_at_once_start_one_server(installation):
    started = [installation.start("-c", "from engagement_site import embedded\nwith embedded.servers(): pass")]
    started += [installation.start(*started[0].args[1:]) for _ in range(3)]
    assert [process.wait(PATIENCE) for process in started] == [0, 0, 0, 0]
    assert installation.falls_quiet()


def test_a_path_too_long_for_a_socket_still_works(installation):
    installation.folder = installation.folder / ("deep " * 12) / ("deeper " * 8)
    process, database, _ = installation.hold_servers()
    assert "%2Ftmp%2Frapport-" in database
    assert ask(database, "SELECT 1") == 1
    leave(process)


def test_a_server_that_cannot_start_names_its_log_in_one_sentence(installation):
    process, database, _ = installation.hold_servers()
    cluster = ask(database, "SHOW data_directory")
    leave(process)
    with (Path(cluster) / "postgresql.conf").open("a") as settings:
        settings.write("nonsense = yes\n")
    began = time.monotonic()
    failed = installation.finish("manage.py", "showmigrations")
    log = installation.folder / "logs" / "postgresql.log"
    assert failed.stderr.splitlines()[-1] == f"PostgreSQL could not start; its log says why: {log}"
    assert failed.returncode == 1
    assert "nonsense" in log.read_text()
    assert time.monotonic() - began < PATIENCE
