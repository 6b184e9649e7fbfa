"""Fixtures every test may use. Time stands still at NOW: a Monday, in the middle of a month and of a day."""

import gc
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from core import days
from core.jobs import rederiving
from customers.consent import addresses
from events.models import Channel, Source
from scoring.model_versions import default_model
from tests import database, front, network

# A test must not fail by chance. On a busy machine, making examples can take longer than the health check allows and an
# example longer than its deadline, so neither is timed; and fixed seeds try the same examples in every run, so that a
# failure belongs to the change that is tested. More examples, not other ones, are what `make test-long` is for.
hypothesis.register_profile("fixed", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
hypothesis.register_profile("long", hypothesis.get_profile("fixed"), max_examples=1_000)  # make test-long
hypothesis.load_profile("fixed")

# Half a minute and more each, most of it in one test or one fixture: the dearest first.
DEAREST = (
    "tests/whole/test_kills.py",
    "tests/setup/test_servers_come_back.py",
    "tests/access/",
    "tests/bench/",
    "tests/whole/",
    "tests/front/test_attacks.py",
    "tests/setup/",
    "tests/ops/",
    "tests/imports/",
    "tests/front/",
    "tests/api/test_schema.py",
    "tests/samples/",
    "tests/redis/",
)
# Another PostgreSQL makes no other HTML, and takes no form that is refused by this one; Django writes the statements of
# pages, forms and the admin, and knows the servers it writes for. A bench that runs says nothing yet of the server it
# ran on. Arbitrary requests, slow and hostile clients, crafted files, and what a backup or health says of trouble meet
# our own code: whether PostgreSQL understands what it is asked, the tests beside them say.
THE_SAME_EVERYWHERE = (
    "tests/access/",
    "tests/admin/",
    "tests/api/test_schema.py",
    "tests/bench/",
    "tests/browser/",
    "tests/front/test_attacks.py",
    "tests/front/test_fuzz.py",
    "tests/imports/test_crafted.py",
    "tests/ops/test_backups_that_fail.py",
    "tests/ops/test_named_faults.py",
    "tests/pages/",
    "tests/staff/",
    "tests/surveys/pages/",
    "tests/surveys/public/",
    "tests/whole/",
)
# What pages ask a server for: each page, filter, order and file once, and what is written by hand.
BUT_FOR = tuple(
    f"tests/pages/test_{name}.py"
    for name in (
        "contact_queries", "customer_360", "duplicates", "export", "filters", "indexes", "merging", "paging",
        "query_counts",
    )
)  # fmt: skip
# Of a parametrised test, so many: another server that understands these statements understands those of the others.
MOST_CASES = 3
NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


@pytest.hookimpl(wrapper=True, tryfirst=True)  # around all others: pytest deselects by marks, and shuffles
def pytest_collection_modifyitems(items):
    """Mark what reaches the database, and begin with the dearest files, so that all workers end together."""

    def place(item):
        return next((i for i, name in enumerate(DEAREST) if item.nodeid.startswith(name)), len(DEAREST))

    cases: Counter[str] = Counter()
    for item in items:
        reaches_it = "django_db_setup" in item.fixturenames or item.get_closest_marker("django_db")
        function = item.nodeid.partition("[")[0]
        is_same = item.nodeid.startswith(THE_SAME_EVERYWHERE) and not item.nodeid.startswith(BUT_FOR)
        if reaches_it and cases[function] < MOST_CASES and not is_same:
            item.add_marker("database")
            cases[function] += 1
    result = yield
    items.sort(key=place)
    return result


def pytest_collection_finish(session):
    """Spare the collector what stays until the end: code and test items are a million objects."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def database_template(request, django_test_environment, django_db_modify_db_settings):
    """The name of the migrated database of which each process has a clone."""
    name = connection.creation._get_test_db_name()
    return f"{name.removesuffix('_' + getattr(request.config, 'workerinput', {}).get('workerid', ''))}_template"


@pytest.fixture(scope="session")
def django_db_setup(request, database_template, django_db_blocker):
    """Make this worker's database (in place of pytest-django's own fixture, which migrates one for each worker)."""
    name = connection.creation._get_test_db_name()
    with django_db_blocker.unblock():
        database.make(name, database_template, anew=request.config.getvalue("create_db"))
        addresses.key()  # each process reads it once; here, so that no test counts that query
    yield
    if not request.config.getvalue("reuse_db"):
        with django_db_blocker.unblock():
            database.drop(name)


@pytest.fixture(scope="session", autouse=True)
def _network_is_closed():
    with pytest.MonkeyPatch.context() as patch:
        network.close(patch)
        yield


@pytest.fixture(autouse=True)
def _nobody_asked_for_the_network():
    yield
    network.fail_if_tried()


@pytest.fixture
def begun(db):
    """An installation whose first day is NOW's, with the starter model published."""
    days.begin(NOW)
    default_model.ensure(NOW)


@pytest.fixture
def source(begun):
    return Source.objects.create(name="Website", kind=Source.Kind.WRITE_KEY, channel=Channel.WEB, created_at=NOW)


@pytest.fixture
def served_front(transactional_db):
    """The address of a web server in this process, of which SDKs and examples make use."""
    with front.served() as address:
        yield address


@pytest.fixture(scope="session")
def run_folder(request, tmp_path_factory):
    """A temporary folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@pytest.fixture(autouse=True)
def own_language():
    """A page asked for in French leaves its thread in French: no test leaves that to the next."""
    yield
    translation.deactivate()


# Where the verbs are tried that write names, addresses, ids and comments.
WRITING = ("tests/api/", "tests/customers/", "tests/events/", "tests/imports/", "tests/records/", "tests/surveys/")


@pytest.fixture(autouse=True)
def derived_columns_follow(request):
    """After each test, what is searched in follows from what its rows say, whichever way they were written."""
    names = {"transactional_db", "db"} & {*request.fixturenames}
    if not request.node.nodeid.startswith(WRITING) or not names:
        yield
        return
    request.getfixturevalue(max(names))  # so that the rows are still there afterwards
    yield
    if connection.connection is None or connection.needs_rollback:
        return
    stale = {
        model.__name__: number
        for model in rederiving.models()
        if (number := rederiving.differing(model._default_manager.all()))
    }
    assert not stale, f"Derived columns do not follow: {stale} (core/db/derived.py)"
