import pytest
import time_machine

from core import notices
from core.models import Notice
from core.notices import Subject, reading, showing
from staff.models import Role
from tests.conftest import NOW
from tests.core.notices import kinds
from tests.pages import cast


@pytest.fixture(autouse=True)
def _numbers(settings):
    settings.NOTICES = {"numbers": kinds.PATH, "others": kinds.PATH}
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def maya(begun):
    return cast.colleague("Maya", Role.CSM)


@pytest.fixture
def lena(begun):
    return cast.colleague("Lena", Role.LEAD)


@pytest.fixture
def tell(maya):
    """Tell Maya, or somebody else, of numbers."""

    def told(*numbers, key="1", by=None, person=maya, kind="numbers", now=NOW):
        notices.tell(kind, {person.pk: [Subject(n) for n in numbers]}, key=key, by=by and by.pk, now=now)

    return told


def texts(person):
    """Return what a colleague reads, the last first."""
    rows = reading.visible_to(person).select_related("by").order_by("-at", "-pk")
    return [row.text for row in showing.load(list(rows), person)]


def ids(person):
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("pk", flat=True))
