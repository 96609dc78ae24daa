"""What is outside the app: the viewer of a file, the browser, an editor, and what the terminal sends."""

from __future__ import annotations

import os
import re
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from textual._xterm_parser import XTermParser
from textual.app import App, SuspendNotSupported
from textual.color import Color
from textual.events import Paste
from textual.message import Message

from toolvet.errors import NoTemporaryFolder, ToolvetError
from toolvet.storage.toml_input import reason
from toolvet.storage.user_state import done_editing, file_to_edit
from toolvet.text.escape import visible
from toolvet.tui import screens
from toolvet.tui.ending import ended_with_the_app
from toolvet.tui.screen import notify

if sys.platform != "win32":
    import termios

Given = TypeVar("Given")
_OPENERS = {"darwin": "open"}
_NO_SCREEN = "There is no screen here to open it on (over ssh, for one)."


def how_to_open(path: Path, platform: str) -> str:
    """The command that opens the file there."""
    quoted = f'"{path.absolute()}"'
    return f'start "" {quoted}' if platform == "win32" else f"{_OPENERS.get(platform, 'xdg-open')} {quoted}"


def _can_open() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_file_outside(app: App[Any], path: Path) -> None:
    """Open the file in the browser or its viewer; where there is none, say the command and the path to copy.

    A visitor of `toolvet serve` is sent the file.
    """
    try:
        content = path.open("rb")
    except OSError as error:
        raise ToolvetError(f"{path} cannot be opened: {reason(error)}; write it again.") from error
    if app.is_web:
        # as a download: a page that opened there could act as the visitor
        app.deliver_binary(content, save_filename=path.name)
        notify(app.screen, f"✓ Sent to your browser: {visible(path.name)}")
        return
    content.close()
    if not _can_open():
        app.copy_to_clipboard(str(path.absolute()))
        words = (
            f"{_NO_SCREEN}\n\n{path.absolute()}\n\nThe path is copied. On a desktop: {how_to_open(path, sys.platform)}"
        )
        app.push_screen(screens.Tell("Open the file", visible(words, keep_line_breaks=True)))
        return
    _launch(path.absolute().as_uri() if path.suffix == ".html" else str(path.absolute()))
    notify(app.screen, f"✓ Opened {visible(path.name)}")


def open_address(app: App[Any], address: str) -> None:
    """Open an https address in the browser, after showing it: somebody else may have written it."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:  # "https://[", and what is no letter of a host's name
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or address != visible(address):
        raise ToolvetError(f"Only an address that begins with https:// is opened, and this is none: {address}")

    def take(opens: bool | None) -> None:
        if opens and app.is_web:
            app.open_url(address.strip())
        elif opens:
            _launch(address.strip())

    if not app.is_web and not _can_open():
        app.copy_to_clipboard(address)
        app.push_screen(screens.Tell("Open the address", f"{_NO_SCREEN}\n\n{address}\n\nIt is copied."))
        return
    app.push_screen(screens.Confirm("Open this address in the browser?", address, yes="Open it", no="Not now"), take)


def _launch(target: str) -> None:
    if sys.platform == "win32":
        os.startfile(target)
        return
    command = [_OPENERS.get(sys.platform, "xdg-open"), target]
    nowhere = subprocess.DEVNULL
    try:
        subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
    except OSError as error:
        raise ToolvetError(f"{command[0]} could not be started: {error.strerror}. Open it by hand: {target}") from error


def editor_command(environment: dict[str, str], configured: str | None = None) -> list[str] | None:
    """The editor that was configured, else $VISUAL, else $EDITOR, as words of a command."""
    chosen = configured or environment.get("VISUAL") or environment.get("EDITOR")
    return shlex.split(chosen) if chosen else None


def edit_outside(app: App[Any], text: str, longest: int, configured: str | None = None) -> str:
    """Let the person change the text in their editor, with the app out of the way, and give what they saved.

    ToolvetError where that is not to be taken; what was saved is kept then, and named.
    """
    command = editor_command(dict(os.environ), configured)
    if not command:
        raise ToolvetError("No editor is set: set VISUAL or EDITOR, or editor in config.toml (toolvet config path).")
    try:
        path = file_to_edit(text)
        try:
            status = _run_editor(app, [*command, str(path)])
        except ToolvetError:  # it never began
            done_editing(path)
            raise
        saved = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise NoTemporaryFolder("The editor", error) from error
    if status == 0 and len(saved) <= longest:
        done_editing(path)
        return saved
    if status:
        why = f"The editor ended with status {status}"
    else:
        why = f"A text may have {longest:,} characters, and this one has {len(saved):,}"
    if saved == text:
        done_editing(path)
        raise ToolvetError(f"{why}; the text is as it was.")
    raise ToolvetError(f"{why}; the text is as it was. What you wrote is in {path}.")


def look_at_examples(app: App[Any]) -> None:
    """Open a copy of the worked examples with the app out of the way; quitting them leads back here."""
    try:
        status = _run(app, [sys.executable, "-P", "-m", "toolvet", "demo"])  # -P: never a module of the current folder
    except SuspendNotSupported:
        app.push_screen(screens.Tell("Look at the worked examples", _DEMO_APART))
        return
    except OSError as error:
        raise ToolvetError(f"The worked examples could not be opened: {error.strerror}.") from error
    if status:
        raise ToolvetError(f"The worked examples ended with status {status}; toolvet demo in a shell says why.")


_DEMO_APART = "In a shell:\n\n    toolvet demo\n\nIt opens a copy of worked examples to change as you like."


def in_terminal(app: App[Any], work: Callable[[], Given]) -> Given:
    """Do that with the app out of the way, so that a program can ask in the terminal. May raise SuspendNotSupported.

    ctrl+c ends the program there, and not the app. What fails is raised once the app is back.
    """
    failed: Exception | None = None
    with app.suspend():
        before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
        try:
            given = work()
        except Exception as error:
            failed = error
        finally:
            signal.signal(signal.SIGINT, before)
    if failed is not None:
        raise failed
    return given


def _run(app: App[Any], command: list[str]) -> int:
    """Run that in the app's terminal, and give its status."""

    def run() -> int:
        with subprocess.Popen(command) as program, ended_with_the_app(program):
            return program.wait()

    return in_terminal(app, run)


def _run_editor(app: App[Any], command: list[str]) -> int:
    try:
        return _run(app, command)
    except SuspendNotSupported as error:
        raise ToolvetError("An editor cannot be opened from here; type in this field.") from error
    except OSError as error:
        raise ToolvetError(f"The editor could not be started: {command[0]}: {error.strerror}.") from error


_ASK = b"\x1b]11;?\x1b\\\x1b[c"
"""What is the background, and what are you? Every terminal answers the second, and in this order."""
_ANSWER_SECONDS = 0.2
_COLOUR = re.compile(r"\]11;rgba?:([\da-f]{1,4}(?:/[\da-f]{1,4}){2,3})[\x07\x1b]", re.IGNORECASE)
_NAME = r"\x1b\[\?[\d;]*c"
_ANSWER = re.compile(rf"(\x1b?\]11;[^\x07\x1b]{{0,64}}(?:\x07|\x1b\\|(?=\x1b[^\\])))|{_NAME}")
_HALF_ANSWER = re.compile(r"(?:\x1b\]1{0,2}|\x1b?\]11;[^\x07\x1b]{0,64}\x1b?|\x1b\[\?[\d;]*)$")
_HALF_NAME = re.compile(r"\x1b\[?$")
_WITHOUT_ANSWERS = ("", "dumb", "unknown", "linux", "vt52")
"""Terminals that know no background, or print the question."""


def learn_background(environment: MutableMapping[str, str] = os.environ) -> None:
    """Ask the terminal whether its background is light, and say so as other terminals do, in COLORFGBG.

    It waits for the answer to its last question, or a moment. Keys that come meanwhile, and an answer that comes
    later, are left to the reader below.
    """
    if environment.get("COLORFGBG") or environment.get("TERM", "") in _WITHOUT_ANSWERS or sys.platform == "win32":
        return
    with suppress(OSError, ValueError, AttributeError, termios.error):
        reading, writing = sys.__stdin__.fileno(), sys.__stderr__.fileno()  # type: ignore[union-attr]  # None has none
        if os.ttyname(reading) == os.ttyname(writing) and os.tcgetpgrp(reading) == os.getpgrp():
            said = _asked(reading, writing)
            PasteReader.answers_to_come = re.search(_NAME, said) is None
            PasteReader.typed_before = _ANSWER.sub("", said)
            if (found := _COLOUR.search(said)) is not None:
                environment["COLORFGBG"] = "0;15" if _is_light(found[1]) else "15;0"


def _asked(reading: int, writing: int) -> str:
    """Everything that the terminal sends until it has answered."""
    before = termios.tcgetattr(reading)
    quiet = [*before[:3], before[3] & ~(termios.ECHO | termios.ICANON), *before[4:]]
    said = b""
    termios.tcsetattr(reading, termios.TCSANOW, quiet)
    try:
        os.write(writing, _ASK)
        until = time.monotonic() + _ANSWER_SECONDS
        while not re.search(_NAME.encode(), said) and (left := until - time.monotonic()) > 0:
            if select.select([reading], [], [], left)[0]:
                said += os.read(reading, 1024)
    finally:
        termios.tcsetattr(reading, termios.TCSANOW, before)
    return said.decode("utf-8", errors="replace")


def _is_light(parts: str) -> bool:
    """Whether that colour is, such as `ffff/ffff/dddd`: each part has 1 to 4 hexadecimal digits."""
    red, green, blue = (int(part, 16) * 255 // (16 ** len(part) - 1) for part in parts.split("/")[:3])
    return Color(red, green, blue).brightness > 0.5


_BEGINS, _ENDS, _ESCAPE = "\x1b[200~", "\x1b[201~", "\x1b"
_STAND_IN = "\ufdd0"
"""In place of an escape: no character, so nobody types it."""


class PasteReader(XTermParser):
    """Reads what a terminal sends. A paste is text, and so is an escape in it, which Textual takes for keys.

    Textual would also take the answer to a question of ours for keys, digits among them.
    """

    typed_before = ""
    """What was typed while the terminal was asked, until it is read."""
    answers_to_come = False
    """The terminal was asked and has not answered yet."""

    def __init__(self, debug: bool = False) -> None:
        self._is_pasting = False
        self._before = ""
        """The last that was no paste: the mark that begins one may come in two parts."""
        self._held = ""
        """The last of a paste that may be the first part of its end."""
        self._half = ""
        """The first part of an answer."""
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        if data and PasteReader.typed_before:
            data, PasteReader.typed_before = PasteReader.typed_before + data, ""
        given = data and "".join(self._without_escapes(data))
        if given or not data:  # nothing at all means the end
            for event in super().feed(given):
                if isinstance(event, Paste):
                    event.text = event.text.replace(_STAND_IN, _ESCAPE)
                yield event

    def tick(self) -> Iterable[Message]:
        if PasteReader.typed_before:
            typed, PasteReader.typed_before = PasteReader.typed_before, ""
            yield from self.feed(typed)
        if self._half == _ESCAPE:  # it was the key after all
            self._half = ""
            yield from super().feed(_ESCAPE)
        for event in super().tick():
            self._before = ""  # what waited for more was a key
            yield event

    def _without_answers(self, data: str) -> str:
        if not PasteReader.answers_to_come:
            return data
        rest = _ANSWER.sub(self._drop, self._half + data)
        half = _HALF_ANSWER.search(rest)
        if half is None and len(rest) < len(data):  # one answer has come, the other may begin
            half = _HALF_NAME.search(rest)
        self._half = half[0] if half is not None and PasteReader.answers_to_come else ""
        return rest.removesuffix(self._half)

    def _drop(self, answer: re.Match[str]) -> str:
        PasteReader.answers_to_come = PasteReader.answers_to_come and answer[1] is not None
        return ""

    def _without_escapes(self, data: str) -> Iterator[str]:
        rest, self._held = self._held + data, ""
        while rest:
            if self._is_pasting:
                text, end, rest = rest.partition(_ENDS)
                if not end:
                    self._held = next(part for size in range(5, -1, -1) if text.endswith(part := _ENDS[:size]))
                    text = text.removesuffix(self._held)
                self._is_pasting = not end
                yield text.replace(_ESCAPE, _STAND_IN) + end
                continue
            seen = self._before + rest
            at = seen.find(_BEGINS)
            self._is_pasting = at >= 0
            upto = len(rest) if at < 0 else at + len(_BEGINS) - len(self._before)
            self._before = seen[-5:] if at < 0 else ""
            yield self._without_answers(rest[:upto])
            rest = rest[upto:]


def read_pastes_whole() -> None:
    """Let Textual's drivers read with `PasteReader`."""
    for name, module in list(sys.modules.items()):
        if name.startswith("textual.drivers.") and hasattr(module, "XTermParser"):
            vars(module)["XTermParser"] = PasteReader
