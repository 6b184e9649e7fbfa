"""How long after an event the score that it changes is there, while many other events come in.

    .venv/bin/python -m bench.following [--rate 1000] [--seconds 60] [--customers 2000]

Starts a whole Rapport with servers of its own. Clients send at a steady rate; beside them one event after the other is
sent for a customer who had none, and the database is asked, past Rapport, until the customer has a score.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import client
from bench.crash import key_of
from bench.crashing.ledger import Clients
from bench.crashing.rapport import Rapport
from engagement_site.embedded import places

PAUSE = 0.5  # seconds between two events that are followed
PATIENCE = 60.0  # seconds after which a score does not come
_SCORED = """
    SELECT score.engagement IS NOT NULL FROM scoring_currentscore AS score
    JOIN customers_identity AS identity ON identity.customer_id = score.customer_id
    WHERE identity.kind = 'company' AND identity.value = %s
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rate", type=float, default=1_000, help="events a second of all clients together")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--customers", type=int, default=2_000)
    args = parser.parse_args()
    outside = Path(tempfile.mkdtemp(prefix="rapport-following-"))
    outside.chmod(0o755)  # as root, the servers run as another user
    try:
        run(Rapport(outside / "data"), args.rate, args.seconds, args.customers)
    finally:
        shutil.rmtree(outside, ignore_errors=True)
        shutil.rmtree(places.away(outside / "data"), ignore_errors=True)


def run(rapport: Rapport, rate: float, seconds: float, customers: int) -> None:
    followed = int(seconds / PAUSE) + 1
    try:
        rapport.start()
        # Those that are followed have the highest numbers; the clients send for the others.
        key = key_of(rapport, customers + followed)
        clients = Clients(port=rapport.port, key=key, customers=customers, number=8, rate=rate)
        clients.begin()
        waited: list[float] = []
        began = time.monotonic()
        while time.monotonic() - began < seconds and len(waited) < followed:
            waited.append(_seconds_until_scored(rapport, key, customers + len(waited)))
            print(f"{time.monotonic() - began:5.0f} s: scored after {waited[-1]:.2f} s", flush=True)
            time.sleep(PAUSE)
        lasted, stored = time.monotonic() - began, len(clients.ledger.acknowledged)
        clients.end(PATIENCE)
    finally:
        rapport.stop()
    waited.sort()
    print(
        f"\n{stored / lasted:,.0f} events a second; scores followed after {waited[len(waited) // 2]:.2f} s (median of "
        f"{len(waited)}), {waited[-1]:.2f} s at most"
    )
    sys.exit(0 if waited[-1] < PATIENCE else 1)


def _seconds_until_scored(rapport: Rapport, key: str, number: int) -> float:
    """Send the customer's first event; return the seconds from its answer until there is a score, or PATIENCE."""
    at = datetime.now(UTC).isoformat()
    event = {"event": "Signed in", "userId": f"u{number}", "messageId": f"followed {number}", "timestamp": at}
    sent = client.send([client.request("/v1/track", json.dumps(event).encode(), key)], rapport.port, connections=1)
    assert not sent.refused, sent.refused
    began = time.monotonic()
    while (passed := time.monotonic() - began) < PATIENCE:
        if any(row[0] for row in rapport.ask(_SCORED, [f"c{number}"])):
            return passed
        time.sleep(0.05)
    return PATIENCE


if __name__ == "__main__":
    main()
