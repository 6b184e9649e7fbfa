#!/usr/bin/env python
"""Run a management command, starting the embedded servers around it when none are configured."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement_site.settings")
    from django.core.management import execute_from_command_line

    from engagement_site import embedded

    if embedded.wanted_by(sys.argv):
        with embedded.servers():
            execute_from_command_line(sys.argv)
    else:
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
