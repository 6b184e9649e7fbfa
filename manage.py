#!/usr/bin/env python
"""Run a management command, around it the embedded servers of `make run` when none are configured."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
    from engagement_site import embedded

    if sys.argv[1:2] == ["health"]:
        # It has to answer whatever hangs: it waits for no server, and starts none.
        embedded.borrow_addresses()
        execute()
    elif embedded.wanted_by(sys.argv):
        with embedded.servers(only_existing=not embedded.may_be_made_by(sys.argv)):
            execute()
    else:
        execute()


def execute() -> None:
    from engagement_site.running import foreground

    if foreground.knows(sys.argv[1:]):
        foreground.main(with_parent=foreground.WITH_PARENT in sys.argv)
        return
    from django.core.management import execute_from_command_line

    from engagement_site.management.database_errors import told_in_a_sentence

    with told_in_a_sentence():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
