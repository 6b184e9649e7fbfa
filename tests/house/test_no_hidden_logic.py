"""What a line of code does is to be read in that line: no `save()` of our own, no signals."""

import weakref

import pytest
from django.contrib.auth import signals as of_auth
from django.core import signals as of_requests
from django.db.backends import signals as of_connections
from django.db.models import signals as of_models
from django.dispatch import Signal

from tests.house import ours

SIGNALS = {
    name: signal
    for module in (of_models, of_auth, of_requests, of_connections)
    for name, signal in vars(module).items()
    if isinstance(signal, Signal)
}


def receivers(signal):
    for _key, receiver, *_rest in signal.receivers:
        receiver = receiver() if isinstance(receiver, weakref.ReferenceType) else receiver
        if receiver is not None:
            yield receiver


@pytest.mark.parametrize("model", ours.models(), ids=lambda model: model._meta.label)
def test_a_model_is_saved_and_deleted_as_django_does_it(model):
    for name in ("save", "delete", "save_base", "full_clean"):
        owner = next(cls for cls in model.__mro__ if name in vars(cls))
        assert owner.__module__.split(".")[0] == "django", f"{owner.__name__} overrides {name}()"


@pytest.mark.parametrize("name", SIGNALS)
def test_nobody_of_ours_listens_to_a_signal(name):
    listening = {receiver.__module__.split(".")[0] for receiver in receivers(SIGNALS[name])}
    assert not listening & ours.packages()


def test_a_listener_would_be_found():
    def listen(**_):
        pass

    listen.__module__ = "scoring.runs.run"
    signal = Signal()
    signal.connect(listen)
    assert list(receivers(signal)) == [listen]
