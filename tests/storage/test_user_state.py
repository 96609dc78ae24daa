"""What is known of the person: a name, and where they last were."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from toolvet.storage.user_state import (
    Unfinished,
    can_remember,
    clear_old_drafts,
    file_to_edit,
    last_place,
    prefer,
    preferred,
    remember_place,
    reviewer_name,
)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("TOOLVET_REVIEWER", raising=False)
    monkeypatch.chdir(tmp_path)


def test_reviewer_is_the_one_in_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLVET_REVIEWER", " A. Reviewer ")
    assert reviewer_name() == "A. Reviewer"


def test_reviewer_is_else_the_one_git_knows() -> None:
    subprocess.run(["git", "config", "--global", "user.name", "Gitta Ü"], check=True)
    assert reviewer_name() == "Gitta Ü"


def test_reviewer_is_else_nobody() -> None:
    assert reviewer_name() is None


def test_reviewer_without_git_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert reviewer_name() is None


def test_place_is_remembered_for_each_file(tmp_path: Path) -> None:
    remember_place(tmp_path / "a.toml", "quiet-hours")
    remember_place(tmp_path / "b.toml", "audit-trail")
    remember_place(tmp_path / "a.toml", "room-privacy")
    places = [last_place(tmp_path / name) for name in ("a.toml", "b.toml", "c.toml")]
    assert places == ["room-privacy", "audit-trail", None]


@pytest.mark.parametrize("content", ["", "[]", '{"x": 1', "\x00", "[" * 100_000])
def test_broken_state_is_forgotten(tmp_path: Path, content: str) -> None:
    remember_place(tmp_path / "a.toml", "quiet-hours")
    (found,) = (tmp_path / "state").rglob("*.json")
    found.write_text(content)
    assert last_place(tmp_path / "a.toml") is None
    remember_place(tmp_path / "a.toml", "quiet-hours")
    assert last_place(tmp_path / "a.toml") == "quiet-hours"


def test_state_that_cannot_be_kept_disturbs_nobody(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    remember_place(tmp_path / "a.toml", "quiet-hours")
    assert last_place(tmp_path / "a.toml") is None


def test_only_the_newest_places_are_kept(tmp_path: Path) -> None:
    for number in range(501):
        remember_place(tmp_path / f"{number}.toml", "quiet-hours")
    assert (last_place(tmp_path / "0.toml"), last_place(tmp_path / "500.toml")) == (None, "quiet-hours")


@pytest.mark.parametrize("home", [None, "", "relative"])
def test_without_a_home_folder_nothing_is_remembered_and_nothing_raised(
    home: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.delenv(name)
    if home is not None:
        monkeypatch.setenv("HOME", home)

    def no_entry(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr("pwd.getpwuid", no_entry)
    assert not can_remember()
    remember_place(tmp_path / "a.toml", "quiet-hours")
    prefer("theme", "dark")
    draft = Unfinished(tmp_path, "a decision")
    assert draft.keep({"rationale": "x"}) == "there is no home folder to keep it in"
    draft.forget()
    assert (last_place(tmp_path / "a.toml"), preferred("theme"), draft.left().work) == (None, None, {})
    assert list(tmp_path.iterdir()) == []


def test_a_state_folder_of_ones_own_does_without_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert can_remember()
    prefer("theme", "dark")
    assert preferred("theme") == "dark"


A_DAY = 24 * 3600


def test_drafts_that_were_90_days_old_on_five_days_are_deleted(tmp_path: Path) -> None:
    draft = unfinished_file(kept(Unfinished(tmp_path, "a decision")))
    files = (left_by_another(tmp_path, "another", {}), draft.with_suffix(".tmp"), draft.with_suffix(".damaged"))
    for file in files[1:]:
        file.write_text("half a")
    edited, now = file_to_edit("a note"), time.time()
    for days in (0, 89, 100, 101, 101, 102, 103):
        clear_old_drafts(now + days * A_DAY)
    assert [file.exists() for file in (draft, *files, edited)] == [True] * 5
    clear_old_drafts(now + 104 * A_DAY)
    assert [file.exists() for file in (draft, *files, edited)] == [False] * 5


def test_a_clock_that_is_wrong_for_some_days_deletes_no_draft(tmp_path: Path) -> None:
    draft = unfinished_file(kept(Unfinished(tmp_path, "a decision")))
    now = time.time()
    for days in (36_500, 36_500, 36_501, 36_502, 36_503, 0, 36_504, 36_504, 36_505, 0):
        clear_old_drafts(now + days * A_DAY)
    os.utime(draft, (0, 0))  # kept by a computer that takes it for 1970
    for days in (0, 0, 1, 2, 3):
        clear_old_drafts(now + days * A_DAY)
    assert draft.exists()


def kept(draft: Unfinished) -> Unfinished:
    draft.keep({"text": "half a"})
    return draft


def test_what_was_left_in_an_editor_is_deleted_where_there_is_no_other_draft() -> None:
    edited, now = file_to_edit("a note"), time.time()
    for days in range(92, 97):
        assert edited.exists()
        clear_old_drafts(now + days * A_DAY)
    assert not edited.exists()


def without_locks(_descriptor: int, _how: int) -> None:
    raise OSError(errno.ENOLCK, "no locks here")


KEEPS_A_DRAFT = """
import sys; from pathlib import Path; from toolvet.storage.user_state import Unfinished
draft = Unfinished(Path(sys.argv[1]), "a decision")
print(draft.left().work, flush=True); draft.keep({"rationale": "theirs"}); print("kept", flush=True); input()
"""


@pytest.mark.parametrize("has_locks", [True, False])
def test_nobody_types_over_a_draft_of_a_toolvet_that_is_running(
    has_locks: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = Unfinished(tmp_path, "a decision")
    draft.keep({"rationale": "mine"})
    if not has_locks:
        monkeypatch.setattr("toolvet.storage.lock.fcntl.flock", without_locks)
    other = subprocess.Popen(
        [sys.executable, "-c", KEEPS_A_DRAFT, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other as running:
        assert running.stdout is not None
        assert [running.stdout.readline().strip() for _ in range(2)] == ["{}", "kept"]
        assert dict(draft.left().work) == {"rationale": "mine"}
        draft.forget()
        assert dict(draft.left().work) == {}
        running.kill()
        running.wait()
    assert dict(draft.left().work) == {"rationale": "theirs"}


def test_a_reviewer_is_not_offered_the_draft_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLVET_REVIEWER", "Ada")
    Unfinished(tmp_path, "a decision").keep({"rationale": "x"})
    monkeypatch.setenv("TOOLVET_REVIEWER", "Bo")
    assert dict(Unfinished(tmp_path, "a decision").left().work) == {}
    monkeypatch.setenv("TOOLVET_REVIEWER", "Ada")
    assert dict(Unfinished(tmp_path, "a decision").left().work) == {"rationale": "x"}


def test_what_cannot_be_told_to_be_left_is_not_taken(tmp_path: Path) -> None:
    kept = left_by_another(tmp_path, "a decision", {"rationale": "theirs"})
    held = kept.with_name("0123456789abcdef.held")
    held.mkdir()  # so that it cannot be opened
    assert (dict(Unfinished(tmp_path, "a decision").left().work), kept.exists()) == ({}, True)
    held.rmdir()
    assert dict(Unfinished(tmp_path, "a decision").left().work) == {"rationale": "theirs"}


def test_a_draft_from_another_path_is_taken_over_only_where_none_is_and_its_file_is_known_to_be_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away, here = tmp_path / "away", tmp_path / "here"
    left_by_another(away, "a file", {"text": "old"}, "file.toml")
    left_by_another(here, "a file", {"text": "new"}, "file.toml")
    draft, stat = Unfinished(here, "a file", path="file.toml", sha256="as it was"), Path.stat

    def refusing(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path.is_relative_to(away):
            raise PermissionError(errno.EACCES, "denied")
        return stat(path, follow_symlinks=follow_symlinks)

    assert (draft.left().work["text"], draft.left().elsewhere) == ("new", None)
    draft.forget()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", refusing)
        assert dict(draft.left().work) == {}
    draft.sha256 = "changed since"
    assert dict(draft.left().work) == {}
    draft.sha256 = "as it was"
    assert (draft.left().work["text"], draft.left().elsewhere) == ("old", str(away))


def left_by_another(root: Path, about: str, work: dict[str, str], path: str | None = None) -> Path:
    """A draft there that a toolvet kept which has ended; its file."""
    draft = Unfinished(root, about, path=path, sha256="as it was")
    draft.keep(work)
    file = unfinished_file(draft)
    return file.rename(file.with_name(f"{file.stem.rpartition('-')[0]}-0123456789abcdef.json"))


def unfinished_file(draft: Unfinished) -> Path:
    """The file that the draft is kept in."""
    assert draft._file is not None
    return draft._file
