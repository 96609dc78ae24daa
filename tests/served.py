"""What a visitor of `toolvet serve` sees in a browser, by what is sent to the page, and the keys pressed there."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte

from browser import Browser
from real_terminal import PATIENCE, TOOLVET, UNKNOWN, squeezed

_KEYS = {
    "enter": ("Enter", 13, "\r"),
    "esc": ("Escape", 27, ""),
    "down": ("ArrowDown", 40, ""),
    "f2": ("F2", 113, ""),
    "f3": ("F3", 114, ""),
    "tab": ("Tab", 9, "\t"),
    "space": (" ", 32, " "),
}


class Visit:
    """One page that shows the app."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        browser.call("Page.navigate", url=address)
        self._begin()

    def reload(self) -> None:
        """Load the page again, as a person does."""
        self.browser.events.clear()
        self.browser.call("Page.reload")
        self._begin()

    def _begin(self) -> None:
        self.browser.wait("document.body !== null && document.body.classList.contains('-first-byte')")
        self.browser.run("document.querySelector('textarea').focus()")

    def resize(self, width: int, height: int) -> None:
        """Give the window so many pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.browser.call("Emulation.setDeviceMetricsOverride", **size)

    @property
    def text(self) -> str:
        """What is on the page."""
        self.browser.run("0")
        while self.browser.events:
            event = self.browser.events.pop(0)
            self._take(event["method"], event["params"].get("response", {}))
        return "\n".join(line.rstrip() for line in self._screen.display)

    def _take(self, method: str, frame: dict[str, object]) -> None:
        data = str(frame.get("payloadData", ""))
        if method == "Network.webSocketCreated":
            self._screen.reset()
        elif method == "Network.webSocketFrameReceived" and frame["opcode"] == 2:
            self._stream.feed(UNKNOWN.sub(b"", base64.b64decode(data)))
        elif method == "Network.webSocketFrameSent" and data.startswith('["resize"'):
            size = json.loads(data)[1]
            self._screen.resize(size["height"], size["width"])

    def until(self, *wanted: str) -> Visit:
        """Wait until these texts are on the page, line breaks and indents aside."""
        deadline = time.monotonic() + PATIENCE
        while not all(squeezed(words) in squeezed(self.text) for words in wanted):
            assert time.monotonic() < deadline, f"{wanted} was never shown; on the page:\n{self.text}"
            time.sleep(0.02)
        return self

    def until_gone(self, unwanted: str) -> Visit:
        """Wait until the text is not on the page any more."""
        deadline = time.monotonic() + PATIENCE
        while squeezed(unwanted) in squeezed(self.text):
            assert time.monotonic() < deadline, f"{unwanted} never went away; on the page:\n{self.text}"
            time.sleep(0.02)
        return self

    def press(self, *keys: str) -> Visit:
        """Press keys, by name or letter."""
        for key in keys:
            self.browser.press(*(_KEYS[key] if key in _KEYS else (key, ord(key.upper()), key)))
        return self

    def type(self, words: str) -> Visit:
        """Type a text, and wait until it stands there."""
        self.browser.call("Input.insertText", text=words)
        return self.until(words)

    def ctrl(self, letter: str) -> Visit:
        """Press that letter with ctrl."""
        for kind in ("rawKeyDown", "keyUp"):
            code = ord(letter.upper())
            self.browser.call("Input.dispatchKeyEvent", type=kind, key=letter, windowsVirtualKeyCode=code, modifiers=2)
        return self


@contextmanager
def serving(root: Path, *options: str, **environment: str) -> Iterator[str]:
    """The address at which that workspace is served, to its end."""
    given = {**os.environ, "TERM": "dumb", "TOOLVET_REVIEWER": "A. Reviewer", **environment}
    command = [TOOLVET, "serve", "--port", "0", "--workspace", str(root), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=given, encoding="utf-8") as process:
        assert process.stderr is not None
        address = process.stderr.readline().split()[1]
        deadline = time.monotonic() + PATIENCE
        while not _is_served(address):
            assert time.monotonic() < deadline, "nothing is served"
            time.sleep(0.05)
        yield address
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0


def _is_served(address: str) -> bool:
    try:
        with urllib.request.urlopen(address.partition("?")[0]):
            return True
    except urllib.error.HTTPError:
        return True  # it answers, if only to refuse
    except urllib.error.URLError:
        return False
