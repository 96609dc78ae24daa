"""A real Chromium without a window, spoken to over its pipe: pages opened, keys pressed, downloads taken."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any

PROGRAM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
_SECONDS = 60.0


def _axe_core() -> Path | None:
    found = find_spec("axe_playwright_python")
    beside = None if found is None or found.origin is None else Path(found.origin).with_name("axe.min.js")
    named = os.environ.get("AXE_CORE")
    return Path(named) if named else beside


AXE = _axe_core()
"""The script of axe-core: that of AXE_CORE, else the one in axe-playwright-python, which needs no playwright for it."""
NO_AXE = "needs axe-core: pip install --no-deps axe-playwright-python, or AXE_CORE=axe.min.js"


_RUN_AXE = "axe.run().then((found) => found.violations.map((one) => `${one.id}: ${one.nodes[0].html}`))"


class Browser:
    """One page of a browser with a profile and downloads of its own."""

    def __init__(self, folder: Path) -> None:
        self.downloads = folder / "downloads"
        self.downloads.mkdir(parents=True)
        self._count = 0
        self._rest = b""
        self.events: list[dict[str, Any]] = []
        to_browser, write_end = os.pipe()
        read_end, from_browser = os.pipe()
        # Files, which know whether they are closed: a number closed twice is by then somebody else's.
        self._commands = os.fdopen(write_end, "wb", buffering=0)
        self._answers = os.fdopen(read_end, "rb", buffering=0)
        # It reads commands from descriptor 3 and answers on 4.
        command = f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}'
        self._process = subprocess.Popen(
            [
                *("bash", "-c", command, str(PROGRAM), "--headless", "--no-sandbox", "--disable-gpu"),
                *("--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--remote-debugging-pipe"),
                *("--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
                *(f"--user-data-dir={folder / 'profile'}", "about:blank"),
            ],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._session: str | None = None
        try:
            self._attach()
        except BaseException:
            self.end()
            raise

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """End the browser, which it does by itself once nobody can command it any more."""
        self._commands.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._answers.close()

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """What the browser answers to that command."""
        self._count += 1
        message: dict[str, object] = {"id": self._count, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands.fileno(), json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def open(self, page: Path) -> None:
        """Load the file and wait until it is there."""
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        self.wait("document.readyState === 'complete' && location.protocol === 'file:'")

    def run(self, script: str) -> Any:
        """The value of that expression on the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def axe(self) -> list[str]:
        """What axe-core finds wrong with the page: each rule with the first place that breaks it."""
        assert AXE is not None
        self.call("Runtime.evaluate", expression=AXE.read_text(encoding="utf-8"))
        answer = self.call("Runtime.evaluate", expression=_RUN_AXE, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        found: list[str] = answer["result"]["value"]
        return found

    def wait(self, condition: str) -> None:
        """Go on once that expression is true."""
        deadline = time.monotonic() + _SECONDS
        while not self.run(condition):
            assert time.monotonic() < deadline, condition
            time.sleep(0.05)

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press and release a key, as a person does."""
        for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, text=text, windowsVirtualKeyCode=code)

    def downloaded(self) -> Path:
        """The first file that was saved, once it is whole."""
        deadline = time.monotonic() + _SECONDS
        while True:
            done = [path for path in self.downloads.iterdir() if path.suffix in (".toml", ".csv", ".html")]
            if done:
                return done[0]
            assert time.monotonic() < deadline, "nothing was downloaded"
            self.run("0")
            time.sleep(0.05)

    def _attach(self) -> None:
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))
        self._session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._answers.fileno(), 1 << 16)
            assert part, "the browser has gone"
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\0")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def browser_in(folder: Path) -> Iterator[Browser]:
    """A browser that is gone afterwards."""
    with Browser(folder) as browser:
        yield browser
