"""A wrong setting is told in one sentence that shows a right one."""

import pytest


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("DEBUG", "perhaps", "true"),
        ("BASE_CURRENCY", "euro", "EUR"),
        ("DATABASE_URL", "mysql://localhost/x", "postgres://user:password@host:5432/rapport"),
        ("REDIS_URL", "localhost:6379", "redis://127.0.0.1:6379/0"),
    ],
)
def test_a_wrong_setting_shows_a_right_one(installation, name, wrong, right):
    refused = installation.finish("manage.py", "diffsettings", **{name: wrong})
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Setting {name} is wrong: ")
    assert refused.stderr.endswith(f"Example: {name}={right}\n")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("wrong", ["eighty", "0", "70000"])
def test_a_wrong_port_shows_a_right_one(installation, wrong):
    refused = installation.finish("manage.py", "run", PORT=wrong)
    assert refused.returncode == 1
    assert refused.stderr.startswith("Setting PORT is wrong: ")
    assert refused.stderr.endswith("Example: PORT=8000\n")
