"""Clients that keep a ledger: what was answered with 200 must be there, once, whatever happened meanwhile.

A request that fails, or is not answered, is sent again with the same message ids until it is answered with 200, as
SDKs do. A share is sent twice on purpose: after its answer, or by two clients at the same time.
"""

import hashlib
import json
import random
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from bench.client import is_whole, request

TYPES = ("Report created", "Signed in", "Feature used", "Page viewed", "Ticket opened", "Invoice paid")
SIZES = (1, 1, 1, 5, 10, 20, 50)  # messages of a request
REPEATED, TAKEN_OVER, LATE = 0.10, 0.05, 0.05
PATIENCE = 10.0  # seconds of a client for an answer
PAUSE = 0.2  # seconds before the next try

Fact = tuple[str, str, date]  # the company's id, the event's name, its day


@dataclass
class Request:
    """The bytes to send, and what each message says by the hash of its id."""

    raw: bytes
    facts: dict[bytes, Fact]


@dataclass
class Ledger:
    """What all clients together know. Times are those of time.monotonic()."""

    acknowledged: dict[bytes, Fact] = field(default_factory=dict)
    unanswered: dict[bytes, Fact] = field(default_factory=dict)  # given up: stored or not, both is right
    answers: Counter[str] = field(default_factory=Counter)  # by status, "none" where the connection broke
    answered_at: list[float] = field(default_factory=list)  # each 200
    lately: "deque[Request]" = field(default_factory=lambda: deque(maxlen=20))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, sent: Request) -> None:
        with self.lock:
            self.acknowledged.update(sent.facts)
            self.answered_at.append(time.monotonic())

    def give_up(self, sent: Request) -> None:
        with self.lock:
            self.unanswered.update({name: sent.facts[name] for name in sent.facts.keys() - self.acknowledged.keys()})

    def silence(self, since: float, until: float) -> float:
        """Return the longest time in which no client was answered with 200."""
        with self.lock:
            inside = [at for at in self.answered_at[-200_000:] if since < at < until]
        times = [since, *inside, until]
        return max(after - before for before, after in pairwise(times))

    @property
    def unexpected(self) -> Counter[str]:
        """Return the answers that no sender should see: all others it understands, or may send again."""
        return Counter({status: n for status, n in self.answers.items() if status not in ("200", "503", "none")})


class Client(threading.Thread):
    """Sends its own requests at a steady rate, and catches up after a pause."""

    def __init__(self, number: int, ledger: Ledger, *, port: int, key: str, customers: int, rate: float) -> None:
        super().__init__(daemon=True, name=f"client {number}")
        self.ledger, self.port, self.key = ledger, port, key
        self.customers, self.rate = customers, rate
        self.ending = threading.Event()
        self.over = threading.Event()
        self._chance = random.Random(number)
        self._line: socket.socket | None = None
        self._number, self._made = number, 0

    def run(self) -> None:
        began = time.monotonic()
        while not self.ending.is_set():
            if (early := self._made / self.rate - (time.monotonic() - began)) > 0:
                self.ending.wait(min(early, 0.5))
                continue
            sending = self._next()
            self.ledger.lately.append(sending)
            self._deliver(sending)
            if self._chance.random() < REPEATED:
                self._deliver(sending)
        self._hang_up()

    def _next(self) -> Request:
        if self.ledger.lately and self._chance.random() < TAKEN_OVER:
            return self._chance.choice(list(self.ledger.lately))
        size = self._chance.choice(SIZES)
        made = [self._message() for _ in range(size)]
        facts = {hash_of(str(message["messageId"])): fact_of(message) for message in made}
        if size == 1:
            return Request(request("/v1/track", json.dumps(made[0]).encode(), self.key), facts)
        return Request(request("/v1/batch", json.dumps({"batch": made}).encode(), self.key), facts)

    def _message(self) -> dict[str, object]:
        self._made += 1
        customer = self._chance.randrange(self.customers)
        late = self._chance.randrange(1, 30) if self._chance.random() < LATE else 0
        at = datetime.now(UTC) - timedelta(days=late, seconds=self._chance.randrange(600))
        return {
            "type": "track",
            "event": self._chance.choice(TYPES),
            "userId": f"u{customer}",
            "messageId": f"{self._number}-{self._made}",
            "timestamp": at.isoformat(),
            "properties": {"value": self._chance.randrange(1000), "path": f"/reports/{customer}"},
        }

    def _deliver(self, sending: Request) -> None:
        """Send until it is answered with 200, or all is over."""
        while not self.over.is_set():
            status = self._tried(sending.raw)
            self.ledger.answers[status] += 1
            if status == "200":
                self.ledger.note(sending)
                return
            time.sleep(PAUSE)
        self.ledger.give_up(sending)

    def _tried(self, raw: bytes) -> str:
        """Return the status of the answer, "none" when there was none."""
        try:
            if self._line is None:
                self._line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
                self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._line.sendall(raw)
            answer = b""
            while not is_whole(answer):
                piece = self._line.recv(65_536)
                if not piece:
                    raise ConnectionError
                answer += piece
        except OSError:
            self._hang_up()
            return "none"
        if b"connection: close" in answer.lower():
            self._hang_up()
        return answer.split(b" ", 2)[1].decode()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class Clients:
    """All clients, and their ledger."""

    def __init__(self, *, port: int, key: str, customers: int, number: int, rate: float) -> None:
        self.ledger = Ledger()
        self._all = [
            Client(i, self.ledger, port=port, key=key, customers=customers, rate=rate / number) for i in range(number)
        ]

    def begin(self) -> None:
        for client in self._all:
            client.start()

    def end(self, patience: float) -> None:
        """Let each finish what it is sending; after so many seconds, give that up."""
        for client in self._all:
            client.ending.set()
        give_up_at = time.monotonic() + patience
        for client in self._all:
            client.join(max(0.0, give_up_at - time.monotonic()))
        for client in self._all:
            client.over.set()
        for client in self._all:
            client.join(2 * PATIENCE)


def introductions(customers: int) -> Iterator[dict[str, object]]:
    """Yield what makes each person one of a company."""
    for i in range(customers):
        yield {
            "type": "group",
            "userId": f"u{i}",
            "groupId": f"c{i}",
            "messageId": f"g{i}",
            "traits": {"name": f"C{i}"},
        }


def hash_of(message_id: str) -> bytes:
    """Return what Rapport knows a message by, computed here a second time (docs/integrate/events.md)."""
    return hashlib.sha256(message_id.encode()).digest()[:16]


def fact_of(message: dict[str, object]) -> Fact:
    day = datetime.fromisoformat(str(message["timestamp"])).date()
    return str(message["userId"]).replace("u", "c"), str(message["event"]), day
