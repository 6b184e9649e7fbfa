#!/bin/sh
# Load a dump into the database DATABASE_URL names (or the one `make run` would bring along):
#   deploy/restore.sh FILE [--replace]
# The database must be empty, or is emptied with --replace. Web, worker and beat must be stopped. Exit code 0: all
# rows are those of the dump, tables are up to date, and counts and scores were derived again from the log.
set -eu
cd "$(dirname "$0")/.."
umask 077
python=.venv/bin/python
[ -x "$python" ] || python=python
exec "$python" manage.py restore "$@"
