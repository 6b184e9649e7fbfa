"""The one log form: what was said, and what comes next."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from customers.models import Contact
from desk.log import last_and_next
from events.models import Event
from playbooks import lifecycle, note_templates
from playbooks.models import NoteTemplate, Task, TaskOrigin
from records.models import Note
from staff.models import Role
from tests.conftest import NOW
from tests.pages import cast

TODAY = NOW.date()
HTMX = {"HX-Request": "true"}


@pytest.fixture
def log(client, acme):
    """Send the form about Acme as Maya."""

    def send(headers=None, **data):
        form = {"kind": "call", "purpose": "service", "text": "All well", "at": "2026-06-15T11:00", **data}
        return client.post(f"/customers/{acme.pk}/log/", form, headers=headers)

    return send


def told(customer):
    return sorted(Event.objects.live().filter(customer=customer).values_list("event_type__name", flat=True))


def test_the_form_opens_with_the_cursor_in_the_text_in_ones_own_zone(page, acme, maya):
    maya.time_zone = "Europe/Warsaw"
    maya.save()
    shown = page(f"/customers/{acme.pk}/log/")
    assert "autofocus" in shown.partition('name="text"')[2].partition(">")[0]
    assert 'value="2026-06-15T14:00"' in shown
    assert "Date and time (Europe/Warsaw)" in shown


def test_a_call_is_logged_with_a_next_step_which_is_my_task(log, acme, maya):
    response = log(next_step="Send the usage report", next_on="2026-06-19")
    assert (response.status_code, response["Location"]) == (302, f"/customers/{acme.pk}/")
    note, task = Note.objects.get(), Task.objects.get()
    assert (note.kind, note.purpose, note.text, note.author) == ("call", "service", "All well", maya)
    assert (task.title, f"{task.due_on}", task.assignee, task.origin) == (
        "Send the usage report", "2026-06-19", maya, TaskOrigin.LOG,
    )  # fmt: skip


def test_the_profile_says_what_was_last_and_what_is_next(log, page, acme):
    assert "Last: nothing logged yet" in page(f"/customers/{acme.pk}/")
    log(next_step="Send the usage report", next_on="2026-06-19")
    shown = page(f"/customers/{acme.pk}/")
    assert "Logged, and on your list: Send the usage report" in shown
    assert "<strong>Call</strong>" in shown.partition("Last:")[2][:60]
    assert "Send the usage report" in shown.partition("Next:")[2][:200]
    assert "Fri</time>" in shown


@pytest.mark.parametrize(
    ("kind", "event", "purpose"),
    [
        ("call", "Call logged", "selling"),
        ("meeting", "Meeting held", "selling"),
        ("mail", "Email logged", "selling"),
        ("note", "Note logged", ""),
    ],
)
def test_each_kind_is_an_event_and_a_note_has_no_purpose(log, acme, kind, event, purpose):
    log(kind=kind, purpose="selling")
    assert told(acme) == [event]
    assert Note.objects.get().purpose == purpose
    assert Event.objects.get().properties.get("purpose", "") == purpose


def test_a_day_without_a_step_is_asked_about_and_nothing_is_lost(log):
    response = log(text="They want to grow", next_on="2026-06-19")
    shown = response.content.decode()
    assert "Say what is to be done by this day." in shown
    assert "They want to grow" in shown
    assert not Note.objects.exists()
    assert not Task.objects.exists()


def test_logging_finishes_the_task_it_was_opened_from_as_one_touch(log, client, acme, maya):
    task = lifecycle.add(acme, title="Call Joe", kind="call", assignee=maya, by=maya, now=NOW)
    form = client.get(f"/customers/{acme.pk}/log/?task={task.id}")
    assert "Finishes your task: Call Joe" in form.content.decode()
    assert form.context["form"]["kind"].value() == "call"
    log(task=str(task.id))
    done = Task.objects.get()
    assert (done.state, done.closed_by, done.note) == ("done", maya, Note.objects.get().id)
    assert told(acme) == ["Call logged", "Task done"]


def test_a_task_that_somebody_finished_meanwhile_keeps_nobody_from_logging(log, client, acme, maya):
    bob = cast.colleague("Bob")
    task = lifecycle.add(acme, title="Call Joe", kind="call", by=maya, now=NOW)
    lifecycle.finish(task, by=bob, now=NOW)
    log(task=str(task.id))
    assert Note.objects.count() == 1
    assert "Bob has finished this task" in client.get(f"/customers/{acme.pk}/").content.decode()


@pytest.mark.parametrize("task", ["nonsense", str(UUID(int=7))])
def test_a_task_that_is_not_there_is_not_found(client, acme, task):
    assert client.get(f"/customers/{acme.pk}/log/?task={task}").status_code == 404


def test_a_task_of_another_customer_is_not_found(client, acme, maya):
    task = lifecycle.add(cast.customer("Other"), title="Call", by=maya, now=NOW)
    assert client.get(f"/customers/{acme.pk}/log/?task={task.id}").status_code == 404


def test_htmx_gets_the_form_and_then_the_line_and_the_page_is_told(log, client, acme):
    part = client.get(f"/customers/{acme.pk}/log/", headers=HTMX).content.decode()
    assert part.strip().startswith("<form")
    assert "hx-post" not in part
    assert "hx-post" in client.get(f"/customers/{acme.pk}/log/?inline=yes", headers=HTMX).content.decode()
    response = log(HTMX, next_step="Send it")
    assert response["HX-Trigger"] == f'{{"customer-logged": {{"customer": {acme.pk}}}}}'
    assert "Logged, and on your list: Send it" in response.content.decode()


def test_the_browser_is_told_which_draft_to_forget(log, client, acme):
    assert log(text="").cookies.get("saved-draft") is None
    assert log().cookies["saved-draft"].value == str(acme.pk)


def test_one_comes_back_to_where_one_was(log):
    assert log(next="/at-risk/?owner=1")["Location"] == "/at-risk/?owner=1"
    assert log(next="https://elsewhere.example/")["Location"].startswith("/customers/")


def test_texts_to_begin_with_are_offered_in_the_readers_language_and_kept_by_leads(page, client, acme):
    note_templates.ensure(NOW)
    assert "Quarterly review" in page(f"/customers/{acme.pk}/log/")
    assert client.get("/playbooks/texts/").status_code == 403
    lead = Client()
    lead.force_login(cast.colleague("Bob", Role.LEAD))
    assert lead.post("/playbooks/texts/new/", {"title": "Hello", "text": "Greet them"}).status_code == 302
    assert "Greet them" in page(f"/customers/{acme.pk}/log/")
    made = NoteTemplate.objects.get(title="Hello")
    lead.post(f"/playbooks/texts/{made.pk}/", {"title": "Hello", "text": "Greet them all"})
    assert "Greet them all" in page(f"/customers/{acme.pk}/log/")
    assert (
        "There is a text of this title"
        in lead.post("/playbooks/texts/new/", {"title": "Hello", "text": "x"}).content.decode()
    )
    lead.post(f"/playbooks/texts/{made.pk}/delete/", {"sure": "yes"})
    assert not NoteTemplate.objects.filter(title="Hello").exists()


def test_a_suggestion_becomes_a_task_once_and_is_shown_as_such(page, client, acme, maya):
    acme.owner = None
    acme.save()
    assert "Make it a task" in page(f"/customers/{acme.pk}/")
    data = {"suggestion": "no-owner", "title": "This customer has no owner: assign one."}
    address = f"/customers/{acme.pk}/suggestions/"
    assert client.post(address, data)["Location"] == f"/customers/{acme.pk}/"
    assert "On the list of Maya" in client.post(address, data, headers=HTMX).content.decode()
    task = Task.objects.get()
    assert (task.origin, task.suggestion, task.assignee, task.due_on) == ("suggestion", "no-owner", maya, TODAY)
    shown = page(f"/customers/{acme.pk}/")
    assert "On the list of Maya" in shown
    lifecycle.finish(task, by=maya, now=NOW)
    assert "On the list of Maya" not in page(f"/customers/{acme.pk}/")
    assert client.post(address, {"suggestion": "anything", "title": "x"}).status_code == 400


def test_last_is_the_latest_of_notes_and_tasks_and_next_the_one_due_first(acme, maya):
    other = cast.customer("Other")
    for customer, kind, hours in ((acme, "call", 48), (acme, "note", 1), (acme, "meeting", 24), (other, "note", 1)):
        Note.objects.create(customer=customer, kind=kind, text=kind, at=NOW - timedelta(hours=hours))
    task = lifecycle.add(acme, title="Write", kind="mail", by=maya, now=NOW)
    for days in (5, 2):
        lifecycle.add(acme, title=f"In {days}", due_on=TODAY + timedelta(days=days), by=maya, now=NOW)
    found = last_and_next.load([acme.pk, other.pk])
    assert (found[acme.pk].last.label, found[acme.pk].next.title) == ("Meeting", "In 2")
    assert other.pk not in found
    lifecycle.finish(task, by=maya, now=NOW)
    assert last_and_next.load([acme.pk])[acme.pk].last.label == "E-mail"


def test_what_another_system_tells_of_is_a_contact_too(acme):
    cast.counted(acme, "Meeting held", 3, 40)
    assert last_and_next.load([acme.pk])[acme.pk].last.label == "Meeting held"
    Note.objects.create(customer=acme, kind="call", text="All well", at=NOW - timedelta(days=3))
    assert last_and_next.load([acme.pk])[acme.pk].last.text == "All well"


def test_four_queries_for_any_number_of_customers(acme, django_assert_num_queries):
    with django_assert_num_queries(4):
        last_and_next.load([acme.pk, *range(1, 500)])


def test_a_viewer_and_who_may_not_see_the_customer_log_nothing(acme):
    for colleague, status in (
        (cast.colleague("Vera", Role.VIEWER), 403),
        (cast.colleague("Lou", is_limited=True), 404),
    ):
        client = Client()
        client.force_login(colleague)
        for address in ("log", "suggestions"):
            data = {"kind": "call", "text": "x", "at": "2026-06-15T11:00", "suggestion": "pulse", "title": "x"}
            assert client.post(f"/customers/{acme.pk}/{address}/", data).status_code == status
    assert not Note.objects.exists()
    assert not Task.objects.exists()


def test_a_contact_of_the_customer_is_who_it_was_with(log, acme):
    joe = Contact.objects.create(customer=acme, name="Joe", created_at=NOW)
    log(contact=str(joe.pk))
    assert Note.objects.get().contact == joe
