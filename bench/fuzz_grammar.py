"""Requests that are nearly right: methods, paths, headers, encodings, JSON, ids, times, values, by chance and seed."""

import gzip
import json
import zlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

KINDS = ("track", "page", "screen", "identify", "group", "alias", "batch")
WORDS = (
    "Report created", "Signed in", "", " ", "a\0b", "\u202eexe.txt", "😀", "ы" * 200, "x" * 201, "null", "NaN", "-0",
    "<script>alert(1)</script>", "'; DROP TABLE events_event; --", "%s%n", "\\u0000", "{{ 7 * 7 }}", "\ud800", "\ufeff",
)  # fmt: skip
TIMES: tuple[object, ...] = (
    "2026-06-15T12:00:00Z", "2026-06-15 12:00", "2026-06-15T12:00:00.123456789+05:30", "2026-13-01T00:00:00Z", "now",
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "1781524800", 1_781_524_800, 1_781_524_800_000, -1, 1e400,
    "24:00", "2026-02-30", "2026-W25-1", "15/06/2026", "Mon Jun 15 2026 12:00:00 GMT+0000", "", None, True, [], {},
)  # fmt: skip
NUMBERS = (0, -1, 1.5, 2**53 + 1, 2**63, 10**30, -0.0, 1e308, float("nan"), float("inf"), 10**400)
METHODS = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
PATHS = (
    "/", "/v1", "/v1/", "/v1/nothing", "//v1/batch", "/V1/Batch", "/v1/%62atch", "/v1/batch%00", "/%ff", "/%", "/%zz",
    "/" + "a" * 5_000, "/sign-in/", "/sign-in/?next=//elsewhere.example", "/customers/", "/customers/9999999999999999/",
    "/customers/%00/", "/static/%2e%2e/settings.py", "/api/v1/customers/", "/api/v1/customers/?page_size=%ff", "/api/",
    "/hooks/surveys/x/", "/hooks/surveys/%F0%9F%98%80/", "/mail-events/x/", "/health/live", "/health/ready", "/health/",
    "/metrics", "/s/x/", "/admin/login/?next=%00", "/i18n/setlang/", "/?%ff=%00&a[]=1&a[]=2",
    "/é".encode().decode("latin-1"),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A request: its path, whether it is one for events, and its bytes."""

    path: str
    is_for_events: bool
    raw: bytes


class Grammar:
    """Makes requests; `key` is a live write key, which most of them carry."""

    def __init__(self, seed: int, key: str, host: str = "localhost") -> None:
        self._chance = Random(seed)
        self._key, self._host = key, host

    def asked(self) -> Asked:
        chance = self._chance
        if chance.random() < 0.85:
            kind = chance.choice(KINDS)
            path, method = (
                f"/v1/{kind}{chance.choice(('', '/'))}",
                "POST" if chance.random() < 0.95 else self._of(METHODS),
            )
        else:
            kind, path, method = "batch", self._of(PATHS), self._of((*METHODS, "POST", "POST"))
        headers, body = self._headers(), self._body(kind)
        if chance.random() < 0.1:
            path += "?writeKey=" + self._of((self._key, "wrong", "%ff", ""))
        body, encoding = self._encoded(body)
        return Asked(path, path.startswith("/v1/"), self._framed(method, path, [*headers, *encoding], body))

    def _of(self, choices: Sequence[Any]) -> Any:
        return self._chance.choice(choices)

    def _headers(self) -> list[str]:
        chance = self._chance
        key = self._key if chance.random() < 0.9 else self._of(("wrong", "", "\xff", "a:b:c", self._key[:-1]))
        basic = "Basic " + b64encode(f"{key}:".encode("latin-1")).decode()
        headers = [
            f"Authorization: {basic if chance.random() < 0.97 else self._of(('Basic', 'Basic ?', 'Bearer x', ''))}"
        ]
        some = (
            "Content-Type: application/json", "Content-Type: text/plain; charset=utf-16", "Content-Type: \xff",
            "Accept: */*",
            "X_Forwarded_For: 1.2.3.4", "X-Forwarded-For: nonsense", "X-Forwarded-Proto: https, http",
            "Accept-Language: \xe9;q=x",
            "Cookie: sessionid=%00; csrftoken=; ;=", "Cookie: a",
            f"sentAt: {self._of(TIMES)}".encode().decode("latin-1"),
            "X-Request-Id: " + "x" * 100, "Idempotency-Key: " + "k" * 300, "Range: bytes=5-1",
            "If-Modified-Since: never",
            "X-Long: " + "y" * 20_000, "Referer: not an address", "Origin: null", "Content-MD5: =", "Expect: 200-ok",
        )  # fmt: skip
        return headers + chance.sample(some, chance.choice((0, 1, 1, 2, 4)))

    def _body(self, kind: str) -> bytes:
        chance = self._chance
        messages = [self._message() for _ in range(chance.choice((1, 1, 1, 2, 3, 10)))]
        whole: object = messages[0]
        if kind == "batch":
            whole = {"batch": messages, "sentAt": self._of(TIMES)} if chance.random() < 0.7 else {"batch": messages}
        if chance.random() < 0.05:
            whole = self._of(([], None, 7, "text", {"batch": {}}, {"batch": None}, messages, {}))
        raw = json.dumps(whole, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
        return self._damaged(raw) if chance.random() < 0.2 else raw

    def _message(self) -> object:
        chance = self._chance
        if chance.random() < 0.03:
            return self._of((None, 7, "text", [], True))
        message: dict[str, Any] = {
            "type": self._of(KINDS[:5]), "userId": f"user-{chance.randrange(20)}", "event": self._of(WORDS[:2]),
            "messageId": f"m-{chance.randrange(3_000)}",
        }  # fmt: skip
        more = {
            "userId": self._id, "anonymousId": self._id, "groupId": self._id, "messageId": self._id,
            "previousId": self._id,
            "event": self._value, "type": lambda: self._of((*KINDS, "", None, 7, [])),
            "timestamp": lambda: self._of(TIMES), "originalTimestamp": lambda: self._of(TIMES),
            "sentAt": lambda: self._of(TIMES), "properties": self._object,
            "traits": self._object, "context": self._object, "integrations": self._value, self._of(WORDS): self._value,
        }  # fmt: skip
        for name in chance.sample(sorted(more), chance.choice((0, 1, 2, 3, 6))):
            message[name] = more[name]()
        return message

    def _id(self) -> object:
        chance = self._chance
        usual = f"{self._of(('user', 'device', 'company'))}-{chance.randrange(20)}"
        return usual if chance.random() < 0.8 else self._of((*WORDS, *NUMBERS, None, [], {}, True))

    def _object(self) -> object:
        if self._chance.random() < 0.1:
            return self._value()
        names = ("email", "name", "value", "revenue", "currency", "groupId", "plan", "products", "library", *WORDS)
        return {self._of(names): self._value() for _ in range(self._chance.choice((0, 1, 3, 8)))}

    def _value(self, depth: int = 0) -> object:
        chance = self._chance
        if depth < 4 and chance.random() < 0.25:
            return [self._value(depth + 1) for _ in range(chance.randrange(4))]
        if depth < 4 and chance.random() < 0.25:
            return {self._of(WORDS): self._value(depth + 1) for _ in range(chance.randrange(4))}
        if chance.random() < 0.02:
            return json.loads('{"a":' * 30 + "1" + "}" * 30)
        return self._of((*WORDS, *NUMBERS, *TIMES, "ann@example.com", "EUR", "12.50", None, True, False))

    def _damaged(self, raw: bytes) -> bytes:
        chance, at = self._chance, self._chance.randrange(len(raw) + 1)
        some = (
            b"",
            b"\0",
            b"\xff",
            b",",
            b"{",
            b"]",
            b'"',
            b"NaN",
            b"\\ud800",
            b"/* */",
            b"[" * 300,
            b"1e999",
            b"\xef\xbb\xbf",
        )
        return raw[:at] + self._of(some) + raw[at + chance.choice((0, 0, 1, 5, 10**9)) :]

    def _encoded(self, body: bytes) -> tuple[bytes, list[str]]:
        chance = self._chance.random()
        if chance > 0.2:
            return body, []
        if chance > 0.1:
            packed = gzip.compress(body)
            return packed, self._of(
                ([], ["Content-Encoding: gzip"], ["Content-Encoding: GZIP"], ["Content-Encoding: br"])
            )
        broken = (
            body, zlib.compress(body), gzip.compress(body)[:-5], gzip.compress(body) + b"more", gzip.compress(body) * 3,
            gzip.compress(b"\0" * 11_000_000), b"\x1f\x8b", gzip.compress(gzip.compress(body)), b"\xef\xbb\xbf" + body,
        )  # fmt: skip
        return self._of(broken), ["Content-Encoding: gzip"]

    def _framed(self, method: str, path: str, headers: Sequence[str], body: bytes) -> bytes:
        """Return the request, in chunks or with its length: what lies about it is `tests/front/test_wire.py`'s."""
        chance = self._chance
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", "Connection: close", *headers]
        if chance.random() < 0.15:
            size = chance.choice((1, 7, 1_000)) if len(body) < 5_000 else 50_000
            pieces = [body[i : i + size] for i in range(0, len(body), size)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
            lines.append("Transfer-Encoding: chunked")
        else:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body
