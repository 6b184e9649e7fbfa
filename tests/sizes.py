"""How large a test is: small enough for every run, and as large as the promise says in `make test-long`."""

from typing import Any

import pytest


def sizes(every_run: Any, long: Any) -> list[Any]:
    """Return the parameters of a test or a fixture: the smallest size that still finds the fault, and the whole one."""
    return [every_run, pytest.param(long, marks=pytest.mark.long)]
