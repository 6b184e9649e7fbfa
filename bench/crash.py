"""Kill each process and server in turn while events come in, and compare what stands with what was acknowledged.

    .venv/bin/python -m bench.crash [--events 1000000] [--kills 20] [--rate 1000] [--faults NAME ...] [--plant NAME]

Starts a whole Rapport with servers of its own. Clients keep a ledger; events come in for as long as there are faults,
and until there are at least so many. Exits 1 when anything acknowledged is lost or doubled, when a count is not the
ledger's, when `verify` finds a difference, or when something does not come back by itself.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from bench import client
from bench.crashing.course import Course, show
from bench.crashing.faults import ASKED_FOR, FAULTS
from bench.crashing.judging import Judgement, judge
from bench.crashing.ledger import Clients, introductions
from bench.crashing.plants import PLANTS
from bench.crashing.rapport import DidNotComeBack, Rapport, within
from engagement_site.embedded import places

SOURCE = "Bench"
FINISH_SECONDS = 120.0  # for clients, after the last fault


def main() -> None:
    args = _arguments()
    with _folder(args.data) as folder:
        sys.exit(run(folder, args))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=20_000, help="at least so many")
    parser.add_argument("--kills", type=int, default=1, help="how many times each fault is brought about")
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=[n for n in FAULTS if n not in ASKED_FOR])
    parser.add_argument("--rate", type=float, default=1_000, help="events a second of all clients together")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--patience", type=float, default=120, help="seconds after which something does not come back")
    parser.add_argument("--until-named", action="store_true", help="servers stay down until health has said so")
    parser.add_argument("--plant", choices=PLANTS, default="", help="a fault in Rapport itself, which has to be found")
    parser.add_argument("--data", type=Path, help="a data folder to use (else a new one, removed afterwards)")
    parser.add_argument("--report", type=Path, help="a file for the figures, as JSON")
    return parser.parse_args()


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    outside = Path(tempfile.mkdtemp(prefix="rapport-crash-"))
    outside.chmod(0o755)  # as root, the servers run as another user
    try:
        yield outside / "data"
    finally:
        shutil.rmtree(outside, ignore_errors=True)
        shutil.rmtree(places.away(outside / "data"), ignore_errors=True)


def run(folder: Path, args: argparse.Namespace) -> int:
    """Return the exit code."""
    rapport = Rapport(folder, args.plant)
    try:
        rapport.start()
        clients = Clients(
            port=rapport.port, key=key_of(rapport, args.customers), customers=args.customers,
            number=args.clients, rate=args.rate,
        )  # fmt: skip
        course = Course(rapport, clients.ledger, args.patience, until_named=args.until_named)
        trouble = _suffer(course, clients, args)
        judgement = judge(rapport, clients.ledger, SOURCE)
        differences = "" if args.plant else _verified(rapport)
    finally:
        ended_well = rapport.stop()
    unexpected = clients.ledger.unexpected
    if not ended_well:
        trouble.append("Rapport did not stop well")
    trouble += [f"{number:,} answers of status {status}" for status, number in unexpected.items()]
    trouble += [f"verify: {differences}"] if differences else []
    show(course.outcomes, clients.ledger, judgement, trouble)
    if args.report:
        _write(args.report, course, clients, judgement, trouble)
    return 0 if judgement.is_well and not trouble else 1


def key_of(rapport: Rapport, customers: int) -> str:
    """Return a write key, after whose first events all customers are known."""
    made = rapport.manage("create_api_key", SOURCE, "--scope", "events:write")
    if made.returncode:
        raise SystemExit(made.stderr)
    key = made.stdout.strip()
    known = list(introductions(customers))
    bodies = [
        client.request("/v1/batch", json.dumps({"batch": known[i : i + 500]}).encode(), key)
        for i in range(0, customers, 500)
    ]
    sent = client.send(bodies, rapport.port, connections=1)
    if sent.refused:
        raise SystemExit(f"The customers could not be made: {sent.refused[0]!r}")
    # What a planted fault throws away is events, and not what they need.
    rapport.ask("CHECKPOINT")
    return key


def _suffer(course: Course, clients: Clients, args: argparse.Namespace) -> list[str]:
    """Have events come in while the faults happen; return what did not come back."""
    ledger, trouble = clients.ledger, []
    clients.begin()
    try:
        within(args.patience, lambda: len(ledger.acknowledged) >= min(args.rate, args.events), "the first events")
        for round_ in range(args.kills):
            for name in args.faults:
                course.take(name, round_)
        rest = args.patience + 2 * args.events / args.rate
        within(rest, lambda: len(ledger.acknowledged) >= args.events, f"{args.events:,} events")
    except DidNotComeBack as error:
        trouble.append(str(error))
    clients.end(FINISH_SECONDS)
    within(FINISH_SECONDS, course.rapport.is_ready, "the end of the last fault")
    if ledger.unanswered:
        trouble.append(f"{len(ledger.unanswered):,} events were never acknowledged")
    return trouble


def _verified(rapport: Rapport) -> str:
    """Return what verify says is wrong, "" when nothing is."""
    began = time.monotonic()
    done = rapport.manage("verify")
    print(f"verify took {time.monotonic() - began:.0f} s: {done.stdout.strip().rpartition(chr(10))[2].strip()}")
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip()[-2_000:]


def _write(path: Path, course: Course, clients: Clients, judgement: Judgement, trouble: list[str]) -> None:
    told = {
        "faults": [asdict(outcome) for outcome in course.outcomes],
        "answers": dict(clients.ledger.answers),
        "judgement": asdict(judgement),
        "trouble": trouble,
    }
    path.write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
