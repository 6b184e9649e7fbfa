"""Who runs the servers, and where: decided from facts, so that both root and others can test it."""

import pwd
from pathlib import Path

import pytest

from engagement_site.embedded import places
from engagement_site.embedded.accounts import Account, chosen
from engagement_site.embedded.errors import ServerError
from engagement_site.embedded.places import Decision, away, decide

PROGRAMS = [Path("/root/rapport/.venv/postgres"), Path("/root/rapport/.venv/valkey-server")]
DATA = Path("/root/rapport/var")


def user(name, uid):
    return pwd.struct_passwd((name, "x", uid, uid, "", "/", "/bin/sh"))


@pytest.mark.parametrize(
    ("reachable", "decision"),
    [
        ([*PROGRAMS, DATA], Decision(programs_stay=True, data_stay=True)),
        (PROGRAMS, Decision(programs_stay=True, data_stay=False)),
        ([DATA], Decision(programs_stay=False, data_stay=True)),
        ([PROGRAMS[0], DATA], Decision(programs_stay=False, data_stay=True)),
        ([], Decision(programs_stay=False, data_stay=False)),
    ],
)
def test_what_the_servers_user_cannot_enter_moves(reachable, decision):
    assert decide(reachable.__contains__, PROGRAMS, DATA, data_are_away=False) == decision


def test_data_put_away_once_stay_away():
    everywhere = decide(lambda path: True, PROGRAMS, DATA, data_are_away=True)
    assert everywhere == Decision(programs_stay=True, data_stay=False)


def test_two_data_folders_never_share_a_stand_in():
    assert away(Path("/a b/var")) != away(Path("/a/b/var"))
    assert away(DATA).parent == Path("/var/lib/rapport")


def test_data_keep_their_owner():
    users = {"ada": user("ada", 1000), "postgres": user("postgres", 70)}
    assert chosen([1000], users) == Account("ada", 1000, 1000)
    assert chosen([4242], users) == Account("4242", 4242, 4242)


def test_new_data_go_to_postgres_else_to_nobody():
    assert chosen([], {"nobody": user("nobody", 99), "postgres": user("postgres", 70)}).name == "postgres"
    assert chosen([], {"nobody": user("nobody", 99)}).name == "nobody"
    with pytest.raises(ServerError, match="neither a user postgres nor nobody"):
        chosen([], {})


def test_what_moved_is_said_once_for_both_servers(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(places, "SHARED", tmp_path / "shared")
    for find in ("postgresql_programs", "valkey_program"):
        monkeypatch.setattr(places.wheels, find, lambda copied_to=None: tmp_path)
    stays = Decision(programs_stay=True, data_stay=False)
    for _ in ("postgresql", "valkey"):
        places.settled_for(Account("postgres", 70, 70), tmp_path / "data", stays)
    stand_in = places.away(tmp_path / "data")
    assert capsys.readouterr().err == f"As root, PostgreSQL runs as user postgres: its data are in {stand_in}.\n"
