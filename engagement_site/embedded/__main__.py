"""Run a command with servers around it: python -m engagement_site.embedded [--for-tests] -- COMMAND ..."""

import argparse
import os
import sys

from engagement_site import embedded


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m engagement_site.embedded", description=__doc__)
    parser.add_argument("--for-tests", action="store_true", help="with data of their own, fast rather than safe")
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()
    if os.environ.get("DJANGO_SETTINGS_MODULE") == "engagement_site.settings":
        del os.environ["DJANGO_SETTINGS_MODULE"]  # set by importing Celery's app; the command has its own default
    if args.for_tests:
        os.environ["RAPPORT_DATA"] = str(embedded.folder_for_tests())
    with embedded.servers(for_tests=args.for_tests, kept_by_successor=True):
        # We become the command: it holds the leases now, its signals are its own, and its last line stays the last.
        try:
            os.execvp(args.command[0], args.command)  # noqa: S606
        except OSError as error:
            sys.exit(f"{args.command[0]} cannot be run ({error.strerror}).")


if __name__ == "__main__":
    main()
