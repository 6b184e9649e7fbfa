"""`manage.py create_api_key`: the key alone on its line, or one sentence that says what is wrong."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from events import write_keys
from events.models import Source
from staff.models import ApiKey, User
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def create(*words):
    call_command("create_api_key", *words)


def test_the_key_alone_is_printed_so_that_a_script_can_take_it(capsys):
    create("Website", "--scope", "events:write", "--channel", "web")
    said = capsys.readouterr()
    key = said.out.removesuffix("\n")
    assert key.startswith("rapport_") and len(key.split()) == 1
    assert said.err == ""
    source = write_keys.source_of(key, now=NOW)
    assert (source.name, source.kind, source.channel) == ("Website", "write_key", "web")


def test_a_second_key_of_the_name_speaks_for_the_same_source_and_leaves_its_channel(capsys):
    for channel in ("web", "email"):
        create("Website", "--scope", "events:write", "--channel", channel)
    first, second = capsys.readouterr().out.split()
    assert first != second
    assert write_keys.source_of(first, now=NOW) == write_keys.source_of(second, now=NOW) == Source.objects.get()
    assert Source.objects.get().channel == "web"


def test_an_unknown_scope_is_one_sentence_that_names_the_known_ones():
    with pytest.raises(CommandError) as refused:
        create("Website", "--scope", "events:wirte")
    assert str(refused.value) == f"Unknown scope 'events:wirte'. Known scopes: {', '.join(ApiKey.SCOPES)}."
    assert refused.value.returncode == 1
    assert not ApiKey.objects.exists()


def test_one_unknown_scope_among_good_ones_makes_no_key():
    with pytest.raises(CommandError, match="Unknown scope 'everything'"):
        create("Website", "--scope", "events:write", "--scope", "everything")
    assert not ApiKey.objects.exists() and not Source.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(CommandError, match="name of 1 to 100 characters"):
        create(name, "--scope", "events:write")


def test_without_a_scope_or_with_an_unknown_channel_it_says_what_is_needed():
    with pytest.raises(CommandError, match="--scope"):
        create("Website")
    with pytest.raises(CommandError, match="invalid choice: 'radio'"):
        create("Website", "--scope", "events:write", "--channel", "radio")


def test_a_key_acts_as_a_colleague_until_a_day(capsys):
    ada = User.objects.create_user("ada@example.com", name="Ada")
    create("Her script", "--scope", "customers:read", "--colleague", "ADA@example.com", "--expires", "2999-01-31")
    assert ApiKey.objects.values("colleague", "expires_at").get() == {
        "colleague": ada.pk,
        "expires_at": datetime(2999, 1, 31, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--colleague", "nobody@example.com"], "No active colleague has the e-mail 'nobody@example.com'."),
        (["--expires", "2020-01-01"], "Choose a day to come for --expires."),
        (["--expires", "soon"], "'soon' is no day such as 2027-01-31"),
    ],
)
def test_nobody_and_no_day_are_refused_and_make_no_key(words, said):
    with pytest.raises(CommandError) as refused:
        create("Her script", "--scope", "customers:read", *words)
    assert said in str(refused.value)
    assert not ApiKey.objects.exists()
