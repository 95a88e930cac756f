"""An endpoint that speaks OpenAI's chat protocol, or anything but.

``behave(payload, number of the request)`` returns what is to be done with the connection; one of
the functions below, or one made by them.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Act = Callable[[BaseHTTPRequestHandler], None]


def chat(text: str | None, finish: str = "stop", tokens_in: int = 11, **message: str) -> Any:
    """Return the body of a chat answer of 7 tokens."""
    return {
        "choices": [{"message": {"content": text, **message}, "finish_reason": finish}],
        "usage": {"prompt_tokens": tokens_in, "completion_tokens": 7},
    }


def send(status: int, body: Any, **headers: str) -> Act:
    """Answer with a status and a body, text or JSON."""
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()

    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {**headers, "content-length": str(len(data))}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return act


def say(text: str, **options: Any) -> Act:
    """Answer as one should."""
    return send(200, chat(text, **options))


busy = send(429, "slow down", retry_after="0.01")
broken = send(503, "not now")
html = send(200, "<html><body>Welcome to the proxy</body></html>")
half = send(200, json.dumps(chat("a word"))[:40])
hollow = send(200, {"choices": []})


def drop(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Reset the connection (RST) in the middle of an answer."""
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices"')
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


class Endpoint:
    """A local server that counts what it was asked, and what it answered, by question."""

    def __init__(self) -> None:
        self.behave: Callable[[Any, int], Act] = lambda payload, number: say("ok")
        self.seen: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.answered: Counter[str] = Counter()
        self.over = threading.Event()
        lock = threading.Lock()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                payload = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with lock:
                    endpoint.seen.append(payload)
                    endpoint.keys.append(self.headers.get("authorization"))
                    number = len(endpoint.seen)
                act = endpoint.behave(payload, number)
                # A client that has given up is no fault of the server.
                with contextlib.suppress(ConnectionError):
                    act(self)

            def log_message(self, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *args: object) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def asked(self) -> Counter[str]:
        """How often each question came."""
        return Counter(payload["messages"][-1]["content"] for payload in self.seen)

    def hang(self, handler: BaseHTTPRequestHandler) -> None:
        """Say nothing until the test is over."""
        handler.close_connection = True
        self.over.wait()

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """Send a byte now and then, so that no single read takes long, until the test is over."""
        handler.close_connection = True
        handler.send_response(200)
        handler.send_header("content-length", "100000")
        handler.end_headers()
        while not self.over.wait(0.01):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    def drip_the_head(self, handler: BaseHTTPRequestHandler) -> None:
        """Never get beyond the headers, byte by byte."""
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
        while not self.over.wait(0.01):
            handler.wfile.write(b"y")
            handler.wfile.flush()


@contextlib.contextmanager
def serving() -> Iterator[Endpoint]:
    """Serve while the body runs."""
    made = Endpoint()
    try:
        yield made
    finally:
        made.over.set()
        made.server.shutdown()
        made.server.server_close()
