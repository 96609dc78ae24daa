"""`toolvet serve`: the app in a browser on this machine, with one process for each visitor."""

from __future__ import annotations

import argparse
import asyncio
import copy
import hmac
import logging
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from toolvet.cli.output import session_given, warn
from toolvet.errors import UsageError
from toolvet.text.escape import how_to_add

try:
    from aiohttp import web
    from textual_serve.app_service import AppService
    from textual_serve.server import Server
except ImportError as error:
    raise UsageError(
        f"toolvet serve needs the package textual-serve (toolvet's extra web): {how_to_add('textual-serve')}"
    ) from error

IS_WINDOWS = os.name == "nt"
HOST = "127.0.0.1"
COOKIE = "toolvet"
LONGEST_NAME = 200
_PORTS = {"http": 80, "https": 443}
_MOST_CELLS = 1000
"""How wide and how high a window may be: the app draws every cell of it."""
_ENDS_SECONDS = 4.0
_QUITS_SECONDS = 1.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serve(options: argparse.Namespace) -> int:
    """Serve until interrupted. UsageError if the port is taken."""
    if IS_WINDOWS and options.reviewer_header is not None:
        raise UsageError("--reviewer-header does not work on Windows")
    workspace = session_given(options).workspace
    port = _free_port(options.port)
    server = LocalServer(workspace.root, port, options.public_url, options.reviewer_header)
    warn(f"Open {server.public_url}/?token={server.token}")
    warn(f"Whoever has this address can read and change what is in {workspace.root}.")
    warn("Press ctrl+c to stop.")
    server.serve()
    return 0


def _free_port(port: int) -> int:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise UsageError(f"port {port} cannot be used; choose another with --port, or 0 for any") from error
        return int(trial.getsockname()[1])


def origin_of(url: str) -> str:
    """The address as a browser names it in Origin: without a path and without the port that its scheme has anyway."""
    try:
        address = urlsplit(url.casefold())
        port = address.port
    except ValueError:
        address, port = urlsplit(""), None
    host = address.netloc.removesuffix(":" if port is None else f":{port}")
    if address.scheme not in _PORTS or not host or "@" in host:
        raise UsageError(f"--public-url {url}: is not an address such as https://vetting.example.com")
    if address.path.strip("/") or address.query or address.fragment:
        raise UsageError(f"--public-url {url}: serve it at a host of its own, without a path behind its name")
    return f"{address.scheme}://{host}" + ("" if port in (None, _PORTS[address.scheme]) else f":{port}")


def command_line(words: Sequence[str], *, for_windows: bool = IS_WINDOWS) -> str:
    """The words as the system's shell takes them."""
    return subprocess.list2cmdline(words) if for_windows else shlex.join(words)


class LocalServer(Server):
    """Serves whoever brings the token, from a page of its own origin."""

    def __init__(self, root: Path, port: int, public_url: str | None, reviewer_header: str | None) -> None:
        # -P: no module is taken from the current folder, where files of others may lie
        command = command_line([sys.executable, "-P", "-m", "toolvet", "--workspace", str(root)])
        super().__init__(command, HOST, port, title="toolvet", public_url=public_url and origin_of(public_url))
        self.token = secrets.token_urlsafe(24)
        self._reviewer_header = reviewer_header
        self._visits: set[asyncio.Task[object]] = set()

    def initialize_logging(self) -> None:
        """Log warnings only: the address with the token must not end in a log."""
        logging.basicConfig(level="WARNING")

    def serve(self, debug: bool = False) -> None:
        """Serve until interrupted or the terminal is gone, and wait a few seconds for visits that do not end."""
        self.debug = debug
        self.initialize_logging()
        loop = asyncio.new_event_loop()
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            with suppress(AttributeError, NotImplementedError):  # on Windows ctrl+c comes as KeyboardInterrupt
                loop.add_signal_handler(getattr(signal, name), self.request_exit)
        web.run_app(
            self._make_app(),
            host=self.host,
            port=self.port,
            handle_signals=False,
            loop=loop,
            print=None,
            shutdown_timeout=_ENDS_SECONDS,
        )

    async def on_startup(self, _app: web.Application) -> None:
        """Say nothing, as `serve` has said the address."""

    async def on_shutdown(self, _app: web.Application) -> None:
        """End the app of every visitor, which saves what was typed."""
        for visit in self._visits:
            visit.cancel()
        if self._visits:
            await asyncio.wait(self._visits, timeout=_ENDS_SECONDS)

    async def _make_app(self) -> web.Application:
        app: web.Application = await super()._make_app()
        app.middlewares.append(self._guard)
        app.on_response_prepare.append(self._protect)
        return app

    async def _protect(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Let no page run what is not ours, and none of another site show ours."""
        here = urlsplit(self.public_url).netloc
        response.headers.update(
            {
                "Content-Security-Policy": f"default-src 'self' 'unsafe-inline' data:; connect-src ws://{here} wss://{here}",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
            }
        )

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse other hosts, other origins, and whoever has no token; the first visit trades it for a cookie."""
        here = urlsplit(self.public_url).netloc
        if request.host != here or request.headers.get("Origin", self.public_url) != self.public_url:
            raise web.HTTPForbidden(
                text=f"This page is served only at {self.public_url}. A proxy must keep the headers Host and Origin, "
                "and its address must be that of toolvet serve --public-url."
            )
        given = request.query.get("token")
        if given is not None and request.path == "/" and hmac.compare_digest(given.encode(), self.token.encode()):
            entered = web.HTTPFound("/")
            is_secure = self.public_url.startswith("https:")
            entered.set_cookie(COOKIE, self.token, httponly=True, samesite="Strict", secure=is_secure)
            raise entered
        if not hmac.compare_digest(
            request.cookies.get(COOKIE, "").encode(errors="surrogateescape"), self.token.encode()
        ):
            raise web.HTTPForbidden(text="Open the whole address that toolvet serve printed.")
        return await handler(request)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run the app for this visitor, as the reviewer whom the proxy names, if it was told to."""
        if not all(_is_size(request.query.get(side, "80")) for side in ("width", "height")):
            raise web.HTTPBadRequest(text=f"A window has 1 to {_MOST_CELLS} columns and rows.")
        if not web.WebSocketResponse().can_prepare(request):
            raise web.HTTPBadRequest(
                text="This address is for the page itself; open the one that toolvet serve printed."
            )
        visit = copy.copy(self)
        variables = ["TERM=xterm-256color"]
        if self._reviewer_header is not None:
            names = request.headers.getall(self._reviewer_header, [])
            if len(names) > 1:  # the proxy added one to the visitor's own
                raise web.HTTPForbidden(text=f"The proxy must replace {self._reviewer_header}; it came twice.")
            name = "".join(names).strip()[:LONGEST_NAME]
            if not name:
                raise web.HTTPForbidden(text=f"The proxy sent no {self._reviewer_header}.")
            variables.append(f"TOOLVET_REVIEWER={name}")
        if not IS_WINDOWS:  # which has no env, and whose terminals have no TERM
            visit.command = shlex.join(["env", *variables]) + " " + self.command
        task = asyncio.current_task()
        assert task is not None
        self._visits.add(task)
        try:
            response: web.WebSocketResponse = await super(LocalServer, visit).handle_websocket(request)
        finally:
            self._visits.discard(task)
        return response

    async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
        """Pass on what the page sends; a page that sends anything else is not ours, and is left."""
        resize = app_service.set_terminal_size

        async def resize_within_bounds(width: int, height: int) -> None:
            if _is_size(width) and _is_size(height):
                await resize(width, height)

        stop, send = app_service.stop, app_service.send_bytes

        async def send_for_a_while(data: bytes) -> bool:
            """Send the keys; go on where the app does not take them, else nobody would see that the visitor left."""
            with suppress(TimeoutError):
                return await asyncio.wait_for(send(data), _QUITS_SECONDS)
            return True

        async def stop_soon() -> None:
            """Ask the app to quit; hang up where keys that the visitor left behind keep it from hearing that."""
            hanging_up = asyncio.get_running_loop().call_later(_QUITS_SECONDS, _hang_up, app_service)
            try:
                await stop()
                if (process := app_service._process) is not None:
                    await process.wait()  # stop waits only as long as somebody sees what the app draws
            finally:
                hanging_up.cancel()

        app_service.set_terminal_size = resize_within_bounds  # type: ignore[method-assign]
        app_service.send_bytes = send_for_a_while  # type: ignore[method-assign]
        app_service.stop = stop_soon  # type: ignore[method-assign]
        with suppress(AssertionError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
            await super()._process_messages(websocket, app_service)


def _hang_up(app_service: AppService) -> None:
    with suppress(AttributeError):  # a pipe that the app has closed meanwhile has lost its loop
        app_service.stdin.transport.abort()


def _is_size(given: str | int) -> bool:
    return str(given).isdecimal() and 1 <= int(str(given)[:9]) <= _MOST_CELLS
