"""Programs that deploy/ is written for and that a fresh machine may lack: `.ci/run` installs them and misses none."""

import os
import shutil

import pytest

PATH = f"{os.environ['PATH']}:/usr/sbin"


def needs(*names: str) -> pytest.MarkDecorator:
    """Skip where one of them is missing; in `.ci/run`, which sets ALL_PROGRAMS, the test then fails instead."""
    missing = [name for name in names if shutil.which(name, path=PATH) is None]
    return pytest.mark.skipif(
        bool(missing) and not os.environ.get("ALL_PROGRAMS"), reason=f"not installed: {', '.join(missing)}"
    )
