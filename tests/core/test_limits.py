"""Limits of PostgreSQL by kind of process, and what is said when one is run into."""

import pytest
from django.db import DatabaseError, InternalError, OperationalError, ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from core.db import copying, limits
from core.db.unavailable import is_unavailable
from engagement_site import urls
from engagement_site.health import failures
from tests.pages import cast


@pytest.mark.parametrize(
    ("process", "options"),
    [
        ("web", f"{limits.SEARCH} -c statement_timeout=15s -c lock_timeout=5s"),
        ("command", limits.SEARCH),
    ],
)
def test_a_process_connects_with_the_limits_of_its_kind(process, options):
    database = {}
    limits.apply(database, process, statement_timeout=limits.STATEMENT, lock_timeout=limits.LOCK)
    assert database["OPTIONS"]["options"] == options
    assert database["OPTIONS"]["application_name"] == f"rapport {process}"


def test_what_the_address_says_has_the_last_word():
    database = {"OPTIONS": {"options": "-c statement_timeout=1s", "connect_timeout": 9}}
    limits.apply(database, "web", statement_timeout=limits.STATEMENT)
    assert database["OPTIONS"]["options"].endswith("-c statement_timeout=15s -c statement_timeout=1s")
    assert database["OPTIONS"]["connect_timeout"] == 9


def test_postgresql_takes_them(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW application_name")
        assert cursor.fetchone() == ("rapport command",)


def raised(statement, act):
    """Return the error of a statement under a limit of a hundredth of a second."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10ms'")
        act(cursor, statement)
    return error.value


def executed(cursor, statement):
    cursor.execute(statement)


def test_too_slow_read_only_and_full_may_succeed_later(db):
    raises = "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{}'; END $$"
    assert is_unavailable(raised("SELECT pg_sleep(5)", executed))
    for code in ("53100", "55P03", "57014", "25006", "25P03"):
        assert is_unavailable(raised(raises.format(code), executed)), code
    assert not is_unavailable(raised(raises.format("42P01"), executed))
    assert not is_unavailable(None)


def test_errors_of_copy_are_djangos_too(db):
    def copied(_cursor, statement):
        with copying.into(statement) as copy:
            copy.write("nonsense\n")

    assert isinstance(raised("COPY core_run FROM STDIN", copied), DatabaseError)
    assert isinstance(raised("COPY no_such_table FROM STDIN", copied), ProgrammingError)


class _Internal(Exception):
    sqlstate = "XX000"


def test_other_internal_errors_are_faults_of_ours():
    error = InternalError()
    error.__cause__ = _Internal()
    assert not is_unavailable(error)


def slow(_request):
    raise OperationalError("canceling statement due to statement timeout")


def wrong(_request):
    raise ProgrammingError('relation "x" does not exist')


handler500 = failures.failed
urlpatterns = [
    path("slow/", slow),
    path("api/v1/slow/", slow),
    path("wrong/", wrong),
    path("fine/", lambda _request: HttpResponse("fine")),
    path("", include(urls.urlpatterns)),
]


@pytest.fixture
def client(db, settings):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(cast.colleague("Ada"))
    return client


def test_people_get_a_page_that_says_the_database_is_busy(client):
    answer = client.get("/slow/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The database is busy or does not answer" in answer.content.decode()


def test_programs_get_json(client):
    answer = client.get("/api/v1/slow/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["code"] == "try_again"


def test_a_fault_of_ours_stays_one(client):
    assert client.get("/wrong/").status_code == 500
    assert client.get("/fine/").content == b"fine"


def test_a_middleware_that_cannot_ask_the_database_is_answered_alike(client, monkeypatch):
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", slow)
    assert client.get("/fine/").status_code == 503
