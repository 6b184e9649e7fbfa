"""A client that costs little: prepared requests over keep-alive connections, driven by epoll, latencies kept."""

import selectors
import socket
import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Sent:
    """What came of the requests: seconds in all, and for each answer its status and its seconds."""

    seconds: float = 0.0
    waited: list[float] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        return sorted(self.waited)[min(len(self.waited) - 1, int(share * len(self.waited)))]


def request(path: str, body: bytes, key: str) -> bytes:
    """Return the bytes of a POST."""
    credentials = b64encode(f"{key}:".encode()).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def send(requests: Sequence[bytes], port: int, *, connections: int, give_up: float = 600) -> Sent:
    """Send the requests, each connection the next one as soon as its last is answered. Raises OSError, TimeoutError."""
    sent, waiting = Sent(), iter(requests)
    selector = selectors.DefaultSelector()
    began = time.perf_counter()
    left = 0
    for one in waiting:
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(sock, selectors.EVENT_READ, [b"", time.perf_counter()])
        sock.sendall(one)
        left += 1
        if left == connections:
            break
    while left:
        for key, _ in selector.select(give_up) or _nothing(give_up):
            state, connected = key.data, key.fileobj
            assert isinstance(connected, socket.socket)
            piece = connected.recv(65_536)
            if not piece:
                raise OSError("The server closed the connection.")
            state[0] += piece
            if not is_whole(state[0]):
                continue
            now = time.perf_counter()
            sent.waited.append(now - state[1])
            if not state[0].startswith(b"HTTP/1.1 200"):
                sent.refused.append(state[0][:300])
            if (following := next(waiting, None)) is None:
                selector.unregister(connected)
                connected.close()
                left -= 1
            else:
                state[0], state[1] = b"", now
                connected.sendall(following)
    sent.seconds = time.perf_counter() - began
    return sent


def _nothing(seconds: float) -> list[tuple[selectors.SelectorKey, int]]:
    raise TimeoutError(f"No answer for {seconds} s.")


def is_whole(answer: bytes) -> bool:
    """Tell whether all of an answer has arrived."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    _, _, rest = head.lower().partition(b"content-length: ")
    return len(body) >= int(rest.partition(b"\r\n")[0] or 0)
