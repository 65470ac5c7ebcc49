"""The page over HTTP, for a browser on this machine and for nobody else."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from markscheme.live.draw import Order
from markscheme.live.preview import Preview
from markscheme.live.process import warm_up
from markscheme.live.watch import Watch, stamps

ADDRESS = "127.0.0.1"
ALIVE = 15.0  # seconds after which a silent stream says that it is still there
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Server(ThreadingHTTPServer):
    """Listens on this machine alone, on the port given or else a free one. Use it in a `with` block.

    Raises OSError where it cannot listen there.
    """

    def __init__(self, order: Order, port: int = 0) -> None:
        self.preview = Preview(order, Watch(lambda: stamps(order.family, order.folders)))
        super().__init__((ADDRESS, port), _Handler)
        warm_up()
        Thread(target=self.preview.watch.follow, daemon=True).start()

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{ADDRESS}:{self.server_port}/"

    def server_close(self) -> None:
        """Stop listening, watching and drawing."""
        self.preview.watch.end()
        super().server_close()


def serve(server: Server, *, show: bool, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C; `say` gets the address, and a browser too if `show`."""
    with suppress(KeyboardInterrupt), server:
        say(server.url)
        if show:
            Thread(target=webbrowser.open, args=(server.url,), daemon=True).start()
        server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    """Answers GET / with the page, and GET /changes with a stream of the numbers of changes."""

    server: Server
    server_version = "markscheme"

    def do_GET(self) -> None:
        """One request."""
        address = urlsplit(self.path)
        if not self._is_ours():
            self.send_error(HTTPStatus.FORBIDDEN, "only for this page, on this machine")
        elif address.path == "/":
            level = parse_qs(address.query).get("level", [None])[0]
            self._send(self.server.preview.page(level))
        elif address.path == "/changes":
            self._stream()
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _is_ours(self) -> bool:
        """Was this machine asked for by its own name, and not from the page of another site?

        A site whose name leads to 127.0.0.1 could read what is served here; it would have to ask by that name.
        """
        own = {f"{name}:{self.server.server_port}" for name in (ADDRESS, "localhost")}
        origin = self.headers.get("Sec-Fetch-Site", "none")
        return self.headers.get("Host") in own and origin in {"none", "same-origin"}

    def _send(self, page: str) -> None:
        body = page.encode()
        self._head("text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        """The number of the change now, and of every later one, as server-sent events."""
        watch, told = self.server.preview.watch, -1
        self._head("text/event-stream")
        self.end_headers()
        while not watch.ended:
            number = watch.wait(told, ALIVE)
            self.wfile.write(b": alive\n\n" if number == told else f"data: {number}\n\n".encode())
            told = number

    def _head(self, type: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", type)
        for name, value in HEADERS.items():
            self.send_header(name, value)

    def handle(self) -> None:
        """As it is, but a browser that has gone is no error."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal is for the author."""
