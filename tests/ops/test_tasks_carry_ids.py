"""A task knows which request led to it, and its lines say which task they are of."""

import logging

import pytest
from celery import shared_task
from kombu import Connection

from engagement_site.celery import app
from engagement_site.logs import ids

logger = logging.getLogger("a.task")


@shared_task(name="tests.say_something")
def say_something(fail=False):
    logger.warning("Working")
    if fail:
        raise RuntimeError("No such luck")


@pytest.fixture
def sent():
    """Publish the task as a door would, and return the message that a worker would get."""

    def send(**about_it):
        token = ids.begin(**about_it)
        try:
            with Connection("memory://") as connection:
                say_something.apply_async(connection=connection, queue="ids")
                message = connection.SimpleQueue("ids").get(timeout=5)
                message.ack()
                return message
        finally:
            ids.end(token)

    return send


def test_the_id_of_a_request_goes_along_with_the_task_it_sends(sent):
    assert sent(request_id="night-call").headers["request_id"] == "night-call"


def test_a_bell_that_no_request_rang_carries_none(sent):
    assert "request_id" not in sent().headers


def test_the_lines_of_a_task_carry_both_ids(log):
    done = say_something.apply(headers={"request_id": "night-call"})
    (line,) = [line for line in log.lines if line["logger"] == "a.task"]
    assert line["request_id"] == "night-call"
    assert (line["task"], line["task_id"]) == ("tests.say_something", done.id)


def test_after_a_task_that_failed_lines_are_about_nothing(log):
    say_something.apply(kwargs={"fail": True}, headers={"request_id": "night-call"})
    logger.warning("Alone")
    assert "task_id" not in log.lines[-1]
    assert "request_id" not in log.lines[-1]


def test_celery_adds_no_handlers_of_its_own():
    handlers = list(logging.getLogger().handlers)
    app.log.already_setup = False
    app.log.setup_logging_subsystem(loglevel="INFO")
    kinds = [type(handler) for handler in logging.getLogger().handlers]
    logging.getLogger().handlers[:] = handlers
    assert logging.StreamHandler in kinds
    assert not logging.getLogger("celery").handlers
