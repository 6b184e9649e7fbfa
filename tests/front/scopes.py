"""Requests as an ASGI server hands them over."""


def scope(path="/", method="GET", headers=(), **more):
    return {
        "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "http_version": "1.1",
        "scheme": "http", "client": ("127.0.0.1", 1), "server": ("here", 80), "headers": list(headers), **more,
    }  # fmt: skip
