"""Changes that a workspace cannot take are kept in the person's own folder, and offered at the next start."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from screens import Case
from toolvet.domain.assessment import Answer
from toolvet.errors import NotSaved
from toolvet.services.assessments import open_assessment
from toolvet.services.editing import Editor
from toolvet.storage.reader import read_assessment
from toolvet.storage.workspace import Workspace

TWO, THREE = Answer(level=2), Answer(level=3)


def _open(case: Case) -> Editor:
    return Editor(case.session, open_assessment(case.workspace, read_assessment(case.file.path)))


def _opened_in(root: Path, case: Case) -> Editor:
    """The assessment of that case in another folder."""
    session = replace(case.session, workspace=Workspace(root))
    path = root / case.workspace.relative(case.file.path)
    return Editor(session, open_assessment(session.workspace, read_assessment(path)))


def _refuse(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system refuse every temporary file of the workspace, as a full or read-only disk does."""
    open_ = os.open

    def refusing(path: str | Path, *given: int, **named: int) -> int:
        if str(path).endswith(".tmp") and "assessments" in str(path):
            raise OSError(number, os.strerror(number), str(path))
        return open_(path, *given, **named)

    monkeypatch.setattr(os, "open", refusing)


def _full(_case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    _refuse(errno.ENOSPC, monkeypatch)


def _read_only(_case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    _refuse(errno.EROFS, monkeypatch)


def _gone(case: Case, _monkeypatch: pytest.MonkeyPatch) -> None:
    case.workspace.root.joinpath("assessments").rename(case.workspace.root / "away")


def _back(case: Case) -> None:
    with suppress(FileNotFoundError):
        case.workspace.root.joinpath("away").rename(case.workspace.root / "assessments")


@pytest.mark.parametrize("cause", [_full, _read_only, _gone])
def test_what_a_workspace_could_not_take_is_taken_up_and_saved(
    tmp_path: Path, cause: Callable[[Case, pytest.MonkeyPatch], None]
) -> None:
    case = Case(tmp_path)
    editor = _open(case)
    with pytest.MonkeyPatch.context() as patch:
        cause(case, patch)
        editor.change_answer("does-it", TWO)
        with pytest.raises(NotSaved):
            editor.keep()
    _back(case)
    again = _open(case)
    assert (again.take_up_unsaved("does-it") or "").startswith("Restored: your changes of ")
    assert again.assessment.answers == {"does-it": TWO}
    again.keep()
    assert (case.saved.answers, _open(case).take_up_unsaved("does-it")) == ({"does-it": TWO}, None)


def test_what_was_left_is_offered_where_the_workspace_was_renamed_and_nowhere_else(tmp_path: Path) -> None:
    case = Case(tmp_path / "old")
    editor = _open(case)
    editor.change_answer("does-it", TWO)
    with pytest.MonkeyPatch.context() as patch:
        _full(case, patch)
        assert editor.lost_words() is not None
    copytree(tmp_path / "old", tmp_path / "copy")
    assert _opened_in(tmp_path / "copy", case).take_up_unsaved("does-it") is None
    (tmp_path / "old").rename(tmp_path / "new")
    told = _opened_in(tmp_path / "new", case).take_up_unsaved("does-it") or ""
    assert told.startswith("Restored: ")
    assert f" in {tmp_path / 'old'} that could not be saved then" in told
    assert _opened_in(tmp_path / "copy", case).take_up_unsaved("does-it") is None


def test_what_is_saved_in_the_end_is_not_offered_again(tmp_path: Path) -> None:
    case = Case(tmp_path)
    editor = _open(case)
    editor.change_answer("does-it", TWO)
    with pytest.MonkeyPatch.context() as patch:
        _full(case, patch)
        assert "kept on this computer" in (editor.lost_words() or "")
    editor.keep()
    assert _open(case).take_up_unsaved("does-it") is None


def test_what_was_left_over_another_file_goes_beside_it(tmp_path: Path) -> None:
    case = Case(tmp_path)
    mine, theirs = _open(case), _open(case)
    mine.change_answer("does-it", TWO)
    with pytest.MonkeyPatch.context() as patch:
        _full(case, patch)
        assert mine.lost_words() is not None
    theirs.change_answer("does-it", THREE)
    theirs.keep()
    again = _open(case)
    assert "They are beside the file now" in (again.take_up_unsaved("does-it") or "")
    copy = again.keeping.copy
    assert copy is not None
    assert (copy.assessment.answers, case.saved.answers) == ({"does-it": TWO}, {"does-it": THREE})
    assert _open(case).take_up_unsaved("does-it") is None
