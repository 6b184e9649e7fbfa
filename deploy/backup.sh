#!/bin/sh
# Dump the database DATABASE_URL names (or the one `make run` brought along) while everything goes on:
#   deploy/backup.sh [FOLDER] [--keep N]
# Exit code 0: FOLDER/rapport-DATE.dump is whole, with its checksum and a description beside it.
set -eu
cd "$(dirname "$0")/.."
umask 077
python=.venv/bin/python
[ -x "$python" ] || python=python
exec "$python" manage.py backup "$@"
