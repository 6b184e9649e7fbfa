"""The bell and the pages behind it, as a colleague sees them."""

import pytest

from core import notices
from core.models import Notice
from core.notices import reading
from staff.models import Role
from tests.conftest import NOW
from tests.core.notices.conftest import ids, texts
from tests.pages import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client, maya):
    """Open a page as Maya and return what she sees, with white space folded."""
    client.force_login(maya)

    def see(path, status=200, **headers):
        response = client.get(path, headers=headers)
        assert response.status_code == status
        return " ".join(response.content.decode().split())

    return see


def test_without_a_notice_the_bell_says_so_and_the_page_says_what_will_come(look):
    page = look("/notices/")
    assert '<span class="visually-hidden">Notices</span>' in page
    assert 'class="count" aria-hidden' not in page
    assert "No notices" in page and "Mark all as read" not in page


def test_the_bell_counts_what_is_unread_on_every_page(look, tell):
    for number in range(3):
        tell(number, key=str(number))
    page = look("/customers/")
    assert '<span class="count" aria-hidden="true">3</span>' in page
    assert '<span class="visually-hidden">3 unread notices</span>' in page


def test_the_bell_counts_up_to_99(look, tell):
    for number in range(100):
        tell(number % 100, key=str(number))
    page = look("/notices/bell/", **{"HX-Request": "true"})
    assert ">99+</span>" in page and "More than 99 unread notices" in page
    assert "<html" not in page


def test_who_opens_the_bell_itself_gets_the_page(look):
    look("/notices/bell/", 302)


def test_unread_notices_come_first_and_read_ones_after(client, look, maya, tell):
    tell(1, key="1")
    tell(2, key="2")
    notices.mark_read(maya, ids(maya)[1:], now=NOW)
    page = look("/notices/")
    assert page.index("Nobody sent number 1") < page.index("Nobody sent number 2")
    unread = look("/notices/?unread=on")
    assert "Nobody sent number 1" in unread and "Nobody sent number 2" not in unread


def test_following_a_notice_marks_it_as_read_and_leads_there_and_looking_does_not(client, look, maya, tell):
    tell(7)
    look("/notices/")
    assert reading.unread(maya) == 1
    [pk] = ids(maya)
    answer = client.post(f"/notices/{pk}/follow/")
    assert (answer.status_code, answer["Location"]) == (302, "/customers/?q=7")
    assert reading.unread(maya) == 0
    assert 'href="/customers/?q=7"' in look("/notices/")


def test_a_notice_of_many_leads_to_the_list_of_them(client, look, maya, tell):
    tell(*range(60))
    [pk] = ids(maya)
    answer = client.post(f"/notices/{pk}/follow/")
    assert answer["Location"] == f"/notices/{pk}/"
    page = look(answer["Location"])
    assert "Nobody sent 60 numbers" in page and ">number 0</a>" in page and ">number 59</a>" not in page
    following = client.get(f"/notices/{pk}/").context["page"].next_cursor
    assert ">number 59</a>" in look(f"/notices/{pk}/?cursor={following}")


def test_one_is_marked_as_read_and_the_reader_stays_where_they_were(client, look, maya, tell):
    tell(7)
    answer = client.post(f"/notices/{ids(maya)[0]}/read/", {"next": "/notices/?unread=on"})
    assert answer["Location"] == "/notices/?unread=on"
    assert reading.unread(maya) == 0
    assert "No unread notices" in look("/notices/?unread=on")


def test_all_are_marked_as_read_but_those_that_came_meanwhile(client, look, maya, tell):
    tell(1, key="1")
    tell(2, key="2")
    newest = client.get("/notices/").context["newest"]
    tell(3, key="3")
    assert client.post("/notices/read/", {"newest": newest}).status_code == 302
    assert reading.unread(maya) == 1
    assert client.post("/notices/read/", {"newest": "all"}).status_code == 404


def test_kinds_are_switched_off_and_on(client, look, maya, tell):
    assert "Numbers" in look("/notices/kinds/")
    both = ["numbers", "others"]
    client.post("/notices/kinds/", {"shown": both, "tell-others": "on"})
    assert reading.muted_by(maya) == {"numbers"}
    client.post("/notices/kinds/", {"shown": ["others"]})
    assert reading.muted_by(maya) == {"numbers", "others"}, "what was not on the page stays as it was"
    client.post("/notices/kinds/", {"shown": both, "tell-numbers": "on", "tell-others": "on"})
    assert reading.muted_by(maya) == set()
    assert client.post("/notices/kinds/", {"shown": "colours"}).status_code == 400
    assert client.post("/notices/kinds/").status_code == 400
    assert reading.muted_by(maya) == set()


def test_what_may_not_be_seen_is_neither_shown_nor_counted_nor_found(client, look, maya, tell):
    tell(100, key="hidden")
    tell(1, 101, key="half")
    assert texts(maya) == ["Nobody sent number 1"]
    assert reading.unread(maya) == 1
    hidden, half = ids(maya)
    for path in ("", "follow/", "read/"):
        call = client.post if path else client.get
        assert call(f"/notices/{hidden}/{path}").status_code == 404
    assert "101" not in look(f"/notices/{half}/")


def test_another_colleague_s_notices_are_not_found(client, begun, maya, tell):
    tell(1)
    [pk] = ids(maya)
    client.force_login(cast.colleague("Lou", Role.CSM, is_limited=True))
    assert client.get(f"/notices/{pk}/").status_code == 404
    assert client.post(f"/notices/{pk}/read/").status_code == 404
    assert client.post("/notices/read/", {"newest": pk}).status_code == 302
    assert reading.unread(maya) == 1


def test_a_number_beyond_any_row_is_not_found(client, look):
    look(f"/notices/{2**63}/", 404)


def test_a_kind_that_is_offered_no_more_is_not_shown(settings, maya, tell):
    tell(1)
    settings.NOTICES = {}
    assert texts(maya) == []
    assert reading.unread(maya) == 0


def test_a_filter_that_nobody_knows_shows_nothing(look, tell):
    tell(1)
    page = look("/notices/?colour=red")
    assert "Nobody sent" not in page and "There is no filter named" in page


def test_a_viewer_reads_and_marks_their_own(client, begun, tell):
    viewer = cast.colleague("Vera", Role.VIEWER)
    tell(1, person=viewer)
    client.force_login(viewer)
    assert client.post(f"/notices/{ids(viewer)[0]}/read/").status_code == 302
    assert Notice.objects.get().is_read
