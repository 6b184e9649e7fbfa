#!/bin/sh
# The restore drill: a scratch installation is backed up while events come in, and restored into a second server; every
# row, every acknowledged event and every score is compared. Touches nothing that is there. Takes a minute or two.
#   deploy/drill.sh [--customers 100] [--days 180] [--clients 2]
# Exit code 0: everything held.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
[ -x "$python" ] || python=python
exec "$python" -m engagement_site.drill "$@"
