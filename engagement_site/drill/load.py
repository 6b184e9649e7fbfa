"""Load on an installation: threads that send numbered events and note which were acknowledged, and when."""

import http.client
import itertools
import json
import threading
from base64 import b64encode
from contextlib import closing
from types import TracebackType
from typing import Any

PEOPLE = 20
BATCH = 10


class Load:
    """Sends for as long as the block lasts. `acknowledged`: the numbers of events answered with 200."""

    def __init__(self, port: int, key: str, clients: int) -> None:
        self.port = port
        self.headers = {"Authorization": "Basic " + b64encode(f"{key}:".encode()).decode()}
        self.numbers = itertools.count()
        self.acknowledged: set[int] = set()
        self.refused: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(clients)]

    def __enter__(self) -> "Load":
        with closing(http.client.HTTPConnection("127.0.0.1", self.port)) as connection:
            self._post(connection, _introductions())
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def snapshot(self) -> set[int]:
        """Return a copy of the numbers acknowledged so far."""
        return self.acknowledged.copy()

    def _send(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port)) as connection:
            while not self._stop.is_set():
                numbers = [next(self.numbers) for _ in range(BATCH)]
                if self._post(connection, [_event(number) for number in numbers]):
                    self.acknowledged.update(numbers)

    def _post(self, connection: http.client.HTTPConnection, messages: list[dict[str, Any]]) -> bool:
        connection.request("POST", "/v1/batch", json.dumps({"batch": messages}), self.headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            self.refused.append(f"{answer.status} {body[:200]!r}")
        return answer.status == 200


def _introductions() -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []
    for person in range(PEOPLE):
        who = {"userId": f"drill-{person}"}
        calls.append(
            {"type": "identify", **who, "messageId": f"drill-i{person}", "traits": {"name": f"Drill {person}"}}
        )
        company = {"groupId": f"drill-c{person}", "traits": {"name": f"Drill company {person}"}}
        calls.append({"type": "group", **who, **company, "messageId": f"drill-g{person}"})
    return calls


def _event(number: int) -> dict[str, Any]:
    who = {"userId": f"drill-{number % PEOPLE}", "messageId": f"drill-{number}"}
    return {"type": "track", **who, "event": "Report created", "properties": {"number": number}}
