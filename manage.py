#!/usr/bin/env python
"""Run a management command, around it the embedded servers of `make run` when none are configured."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
    from django.core.management import execute_from_command_line

    from engagement_site import embedded
    from engagement_site.management.database_errors import told_in_a_sentence

    if embedded.wanted_by(sys.argv):
        with embedded.servers(only_existing=not embedded.may_be_made_by(sys.argv)), told_in_a_sentence():
            execute_from_command_line(sys.argv)
    else:
        with told_in_a_sentence():
            execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
