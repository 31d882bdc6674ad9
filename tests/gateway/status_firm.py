"""A firm that is told what became of its reports: a real HTTP or HTTPS server."""

from __future__ import annotations

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from smartcity_console.clock import SystemClock
from smartcity_console.intake.webhook.keys import Key
from smartcity_console.intake.webhook.signature import SignatureRefused, check

CLOCK = SystemClock()
KEYS = {"k-s1": Key("s1", "the firm's secret"), "k-other": Key("other", "another's")}
FAST = {"status.retry_first_s": 0.05, "status.retry_max_s": 0.2, "status.timeout_s": 1.0}


class Firm:
    """A firm's receiver: checks the signature, keeps what it took by id, and misbehaves as it is told."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.taken: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []
        self.tries: list[str] = []
        self.bad: list[str] = []
        self.answers: list[int] = []  # given first, one a try
        self.slow_s = 0.0
        self.location = ""
        self._gone = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="firm")
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/status?firm=1"

    def statuses(self) -> list[str]:
        return [self.taken[return_id]["status"] for return_id in self.order]

    def close(self) -> None:
        self._gone.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        firm = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = firm.take(self.path, headers, body)
                firm._gone.wait(firm.slow_s)
                try:
                    self.send_response(status)
                    if firm.location:
                        self.send_header("Location", firm.location)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    return

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                return

        return Handler

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        return_id = headers["idempotency-key"]
        self.tries.append(return_id)
        try:
            key_id, _ = check(headers, body, KEYS, CLOCK.now())
            if key_id != "k-s1" or json.loads(body)["return_id"] != return_id:
                self.bad.append(key_id)
        except SignatureRefused as error:
            self.bad.append(error.reason)
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            if return_id not in self.taken:
                self.order.append(return_id)
            self.taken[return_id] = json.loads(body)
        return status
