"""The two proxies of deploy/, really run: with their own files, but for ports, folders and the certificate."""

import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from engagement_site.embedded import valkey
from tests.ops.deployed import DEPLOY
from tests.ops.programs import PATH

HOST = "rapport.example.com"
PATIENCE = 60  # seconds
TRUSTING = ssl.create_default_context()
TRUSTING.check_hostname, TRUSTING.verify_mode = False, ssl.CERT_NONE


class Upstream:
    """Stands in for Rapport: answers everything, and notes each request as soon as its head is there."""

    def __init__(self) -> None:
        self.heads: list[tuple[str, dict[str, str]]] = []
        self.bodies: list[tuple[str, int]] = []
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = PATIENCE

            def answer(self) -> None:
                upstream.heads.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                size = self.chunked() if "Transfer-Encoding" in self.headers else self.counted()
                if size is not None:
                    upstream.bodies.append((self.path, size))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            do_GET = do_POST = answer

            def counted(self) -> int | None:
                """Return the size of the body, None when it is cut short."""
                size = int(self.headers.get("Content-Length", 0))
                return size if len(self.rfile.read(size)) == size else None

            def chunked(self) -> int | None:
                whole = 0
                while line := self.rfile.readline().strip():
                    if (size := int(line, 16)) == 0:
                        return whole
                    whole += len(self.rfile.read(size + 2)) - 2
                return None

            def log_message(self, *arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *arguments: object) -> None:
                """A connection that was cut is what these tests are about."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Proxy:
    """A proxy that runs: where it listens, and how to ask it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.plain, self.secure = folder, valkey.free_port(), valkey.free_port()

    def ask(
        self, method: str, path: str, body: bytes | None = None, *, tls: bool = True, **headers: str
    ) -> HTTPResponse:
        """Return the answer, read to its end."""
        given = {"Host": HOST, "Connection": "close"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        connection = self._secure() if tls else HTTPConnection("127.0.0.1", self.plain, timeout=PATIENCE)
        with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):  # answered before it had read everything
            connection.request(method, path, body, given)
        try:
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        return answer

    def _secure(self) -> HTTPSConnection:
        connection = HTTPSConnection("127.0.0.1", self.secure, timeout=PATIENCE, context=TRUSTING)
        connection.sock = self.wrapped()
        return connection

    def wrapped(self) -> ssl.SSLSocket:
        """Return a connection that names the host, as a browser does."""
        plain = socket.create_connection(("127.0.0.1", self.secure), timeout=PATIENCE)
        return TRUSTING.wrap_socket(plain, server_hostname=HOST)

    def half(self, path: str) -> ssl.SSLSocket:
        """Return a connection on which a request was begun whose body does not come."""
        sock = self.wrapped()
        head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\nContent-Type: application/json\r\n\r\n"
        sock.sendall(head.encode() + b'{"batch": [')
        return sock


@contextmanager
def running(name: str, folder: Path, upstream: Upstream, *changes: tuple[str, str]) -> Iterator[Proxy]:
    """Run `nginx` or `caddy` with its file of deploy/, in which each change is made."""
    proxy = Proxy(folder)
    command, config = {"nginx": _nginx, "caddy": _caddy}[name](proxy, upstream.port)
    text = config.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    config.write_text(text)
    environment = {"PATH": PATH, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    log = folder / "log"
    with log.open("w") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as process:
        try:
            _wait(proxy, process, log)
            yield proxy
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait(proxy: Proxy, process: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            proxy.wrapped().close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


def _certificate(folder: Path) -> tuple[Path, Path]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={HOST}"]
    command += ["-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def _substituted(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def _nginx(proxy: Proxy, upstream: int) -> tuple[list[str], Path]:
    certificate, key = _certificate(proxy.folder)
    server = _substituted(
        (DEPLOY / "nginx.conf").read_text(),
        {
            "listen 80;": f"listen 127.0.0.1:{proxy.plain};",
            "listen 443 ssl": f"listen 127.0.0.1:{proxy.secure} ssl",
            "/etc/ssl/rapport/fullchain.pem": str(certificate),
            "/etc/ssl/rapport/privkey.pem": str(key),
            "/var/log/nginx/": f"{proxy.folder}/",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
        },
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"{kind}_temp_path {proxy.folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    config = proxy.folder / "nginx.conf"
    config.write_text(
        f"{user}\ndaemon off;\nmaster_process on;\nworker_processes 1;\npid {proxy.folder}/pid;\n"
        f"error_log {proxy.folder}/error.log;\nevents {{}}\nhttp {{\n{places}\n{server}\n}}\n"
    )
    program = shutil.which("nginx", path=PATH)
    assert program
    return [program, "-e", str(proxy.folder / "error.log"), "-c", str(config)], config


def _caddy(proxy: Proxy, upstream: int) -> tuple[list[str], Path]:
    certificate, key = _certificate(proxy.folder)
    ports = f"admin off\n\tauto_https disable_redirects\n\thttp_port {proxy.plain}\n\thttps_port {proxy.secure}"
    config = proxy.folder / "Caddyfile"
    config.write_text(
        _substituted(
            (DEPLOY / "Caddyfile").read_text(),
            {
                "\n{\n\tservers {": f"\n{{\n\t{ports}\n\tdefault_bind 127.0.0.1\n\tservers {{",
                f"https://{HOST} {{": f"https://{HOST} {{\n\ttls {certificate} {key}",
                "127.0.0.1:8000": f"127.0.0.1:{upstream}",
            },
        )
    )
    program = shutil.which("caddy")
    assert program
    return [program, "run", "--config", str(config), "--adapter", "caddyfile"], config
