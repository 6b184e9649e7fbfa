"""Run a management command at the tests' NOW, so that the days of the fixture never grow old:

python -m tests.ops.upgrade.at_now prepare
"""

import os
import sys

import time_machine


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.core.management import execute_from_command_line

    django.setup()
    from tests.conftest import NOW

    with time_machine.travel(NOW):
        execute_from_command_line(["manage.py", *sys.argv[1:]])


if __name__ == "__main__":
    main()
