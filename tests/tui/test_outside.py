"""What is opened outside of the app, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.app import App
from textual.events import Key, Paste

from screens import ON, Case, Host, press, until
from toolvet.domain.assessment import Answer, Evidence
from toolvet.errors import ToolvetError
from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp
from toolvet.tui.assess.screen import AssessScreen
from toolvet.tui.kit.dialogs import Tell
from toolvet.tui.kit.outside import PasteReader, edit_outside, editor_command, open_address, open_file_outside


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com",
        "file:///etc/passwd",
        "javascript:1",
        "https://",
        "https://a\x1b",
        "https://[",
        "https://\u2100.example",
    ],
)
def test_only_an_https_address_is_opened(address: str) -> None:
    with pytest.raises(ToolvetError, match="begins with https"):
        open_address(App(), address)


@pytest.mark.parametrize(
    ("environment", "configured", "command"),
    [
        ({"VISUAL": "code -w", "EDITOR": "vi"}, None, ["code", "-w"]),
        ({"EDITOR": "vi"}, None, ["vi"]),
        ({"EDITOR": "vi"}, "nvim", ["nvim"]),
        ({}, None, None),
    ],
)
def test_which_editor_a_note_is_opened_in(
    environment: dict[str, str], configured: str | None, command: list[str] | None
) -> None:
    assert editor_command(environment, configured) == command


def opened(case: Case) -> Host:
    return Host(lambda: AssessScreen(case.session, case.opened))


async def test_y_copies_the_answer_with_its_note(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", {"does-it": Answer(level=2, answered=ON, note="Well.")}))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "y")
        assert app.clipboard == "Does it: ●2\nWell."


async def test_without_a_screen_to_open_it_on_an_address_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    evidence = (Evidence("https://example.com/a"),)
    app = opened(Case(tmp_path / "w", {"does-it": Answer(level=2, answered=ON, evidence=evidence)}))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "o")
        assert (type(app.screen), app.clipboard) == (Tell, "https://example.com/a")


async def test_find_goes_to_the_question_with_these_letters(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "slash", "s", "i", "g", "enter")
        assert isinstance(app.screen, AssessScreen)
        assert app.screen.navigator.at == "sign-in"


def _read(*parts: str) -> list[str]:
    """What comes of these, as the terminal sends them: a paste as its text, a key by its name."""
    reader = PasteReader()
    found = [event for part in (*parts, "z") for event in reader.feed(part)]
    return [
        repr(event.text) if isinstance(event, Paste) else event.key for event in found if isinstance(event, Paste | Key)
    ]


PASTED = "\x1b[200~3\x1bq\x1b[27u\x1b[A\x1b[201\x1b[201~q"


@pytest.mark.parametrize("cut", range(1, len(PASTED)))
def test_an_escape_in_a_paste_is_text_wherever_the_terminal_parts_it(cut: int) -> None:
    assert _read(PASTED[:cut], PASTED[cut:]) == [repr("3\x1bq\x1b[27u\x1b[A\x1b[201"), "q", "z"]


def test_an_escape_outside_of_a_paste_is_a_key() -> None:
    assert _read("a\x1b[Aq", "\x1b[200~x\x1b[201~", "\x1b[B") == ["a", "up", "q", "'x'", "down", "z"]


LATE = "\x1b]11;rgb:ffff/1111/2222\x1b\\\x1b[?62;22c"


@pytest.fixture
def _asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal was asked for its background and has not answered."""
    monkeypatch.setattr(PasteReader, "answers_to_come", True)


@pytest.mark.usefixtures("_asked")
@pytest.mark.parametrize("cut", range(2, len(LATE)))
def test_a_late_answer_of_the_terminal_is_no_key_wherever_it_is_parted(cut: int) -> None:
    assert _read("2" + LATE[:cut], LATE[cut:] + "q", "\x1b[A") == ["2", "q", "up", "z"]


@pytest.mark.usefixtures("_asked")
def test_what_looks_like_an_answer_is_text_in_a_paste() -> None:
    assert _read(LATE[:9], LATE[9:] + "\x1b[20", "0~]11;a\x07\x1b[201~") == [repr("]11;a\x07"), "z"]


@pytest.mark.usefixtures("_asked")
def test_keys_that_begin_as_an_answer_does_are_keys() -> None:
    sent = ("]", "1", "\x1b", "[B", "\x1b[?2026;2$y", "\x1b]11;rgb:1", "\x1b[A")
    assert _read(*sent) == ["right_square_bracket", "1", "down", "up", "z"]


def test_what_was_typed_while_the_terminal_was_asked_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PasteReader, "typed_before", "ab")
    assert _read("c") == ["a", "b", "c", "z"]


@contextmanager
def _out_of_the_way(_app: object) -> Iterator[None]:
    yield


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "printf 'Mine.' > \"$1\"; exit 3",
            "The editor ended with status 3; the text is as it was. What you wrote is in ",
        ),
        (
            "printf '%0101d' 1 > \"$1\"",
            "A text may have 100 characters, and this one has 101; the text is as it was. What",
        ),
        ("exit 3", "The editor ended with status 3; the text is as it was."),
    ],
)
def test_what_an_editor_saved_is_kept_where_it_cannot_be_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, person: Path, script: str, told: str
) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    monkeypatch.setattr(App, "suspend", _out_of_the_way)
    with pytest.raises(ToolvetError) as caught:
        edit_outside(App(), "Before.", 100, str(editor))
    assert str(caught.value).startswith(told)
    kept = list(person.rglob("edited/*.md"))
    assert [str(path) in str(caught.value) for path in kept] == [True] * ("printf" in script)
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600] * len(kept)


def test_what_an_editor_saved_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, person: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'After.' > \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setattr(App, "suspend", _out_of_the_way)
    assert edit_outside(App(), "Before.", 100, str(editor)) == "After."
    assert list(person.rglob("edited/*")) == []


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is run in place of Python; it is not there yet."""
    monkeypatch.setattr(App, "suspend", _out_of_the_way)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    return tmp_path / "python"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("exit 3", "The worked examples ended with status 3; toolvet demo in a shell says why."),
        (None, "The worked examples could not be opened: No such file or directory."),
    ],
)
async def test_worked_examples_that_do_not_open_are_told(
    tmp_path: Path, python: Path, script: str | None, told: str
) -> None:
    if script is not None:
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
    app = ToolvetApp(Workspace(tmp_path / "w"), ON)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, "3")
        await until(lambda: [each.message for each in app._notifications] == [f"✗ {told}"])


async def test_no_file_of_the_current_folder_is_taken_for_the_worked_examples(tmp_path: Path, python: Path) -> None:
    python.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\n')
    python.chmod(0o755)
    app = ToolvetApp(Workspace(tmp_path / "w"), ON)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3")
        await until((tmp_path / "said").exists)
    assert (tmp_path / "said").read_text() == "-P -m toolvet demo\n"


@pytest.mark.parametrize("is_web", [True, False])
def test_a_file_that_is_gone_is_told_before_it_is_opened(
    is_web: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(App, "is_web", is_web)
    with pytest.raises(ToolvetError, match=r"gone\.html cannot be opened: no such file or directory; write it again"):
        open_file_outside(App(), tmp_path / "gone.html")
