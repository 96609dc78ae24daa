from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolvet.errors import Conflict, NotSaved, UnusableFile
from toolvet.storage.atomic import create_beside, newest_report, save
from toolvet.storage.workspace import Workspace

OLD, NEW = b"format = 1 # old\n", b"format = 1 # new\n"


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_new_file_is_written(tmp_path: Path) -> None:
    save(tmp_path / "a.toml", NEW, None)
    assert files_in(tmp_path) == {"a.toml": NEW}


def test_file_last_seen_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(OLD)
    save(tmp_path / "a.toml", NEW, OLD)
    assert files_in(tmp_path) == {"a.toml": NEW}


def test_saving_the_same_again_succeeds_whatever_was_seen(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(NEW)
    save(tmp_path / "a.toml", NEW, OLD)
    assert files_in(tmp_path) == {"a.toml": NEW}


@pytest.mark.parametrize(
    ("there", "seen", "words"),
    [
        (b"format = 1 # theirs\n", OLD, "was changed by somebody else since it was read"),
        (b"format = 1 # theirs\n", None, "was changed by somebody else since it was read"),
        (b"", OLD, "was emptied since it was read"),
    ],
)
def test_change_of_somebody_else_is_kept_and_ours_put_beside(
    tmp_path: Path, there: bytes, seen: bytes | None, words: str
) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(there)
    with pytest.raises(Conflict) as caught:
        save(path, NEW, seen)
    assert files_in(tmp_path) == {"a.toml": there, "a.toml.1.conflict": NEW}
    assert str(caught.value) == f"NOT SAVED: {path} {words}; yours is kept as a.toml.1.conflict"
    assert caught.value.kept == tmp_path / "a.toml.1.conflict"


def test_file_that_was_removed_is_not_brought_back(tmp_path: Path) -> None:
    with pytest.raises(Conflict):
        save(tmp_path / "a.toml", NEW, OLD)
    assert files_in(tmp_path) == {"a.toml.1.conflict": NEW}


def test_conflicts_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"theirs")
    for mine in (b"first", b"second"):
        with pytest.raises(Conflict):
            save(tmp_path / "a.toml", mine, OLD)
    assert files_in(tmp_path) == {"a.toml": b"theirs", "a.toml.1.conflict": b"first", "a.toml.2.conflict": b"second"}


def test_the_next_number_is_found_in_a_few_looks(tmp_path: Path) -> None:
    for number in range(1, 1001):
        (tmp_path / f"a.toml.{number}.conflict").touch()
    looks = []

    def ending(number: int) -> str:
        looks.append(number)
        return f".{number}.conflict"

    assert create_beside(tmp_path / "a.toml", ending, NEW).name == "a.toml.1001.conflict"
    assert len(looks) <= 30


def test_mode_of_the_old_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(OLD)
    path.chmod(0o640)
    save(path, NEW, OLD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_new_file_has_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    old_mask = os.umask(0o027)
    try:
        save(tmp_path / "a.toml", NEW, None)
    finally:
        os.umask(old_mask)
    assert stat.S_IMODE((tmp_path / "a.toml").stat().st_mode) == 0o640


def test_link_is_not_written_through(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(OLD)
    (tmp_path / "a.toml").symlink_to(target)
    with pytest.raises(NotSaved, match="is a link; toolvet only writes regular files"):
        save(tmp_path / "a.toml", NEW, OLD)
    assert target.read_bytes() == OLD


def test_link_that_leads_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.toml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(NotSaved, match="is a link"):
        save(tmp_path / "a.toml", NEW, None)
    assert not (tmp_path / "nowhere").exists()


def test_pipe_is_not_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.toml")
    with pytest.raises(NotSaved, match="is not a regular file"):
        save(tmp_path / "a.toml", NEW, None)


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="no lock could be made: no such file or directory"):
        save(tmp_path / "gone" / "a.toml", NEW, None)


def test_temporary_left_by_a_killed_save_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".a.toml.123-abcd.tmp").write_bytes(b"half")
    (tmp_path / ".other.toml.123-abcd.tmp").write_bytes(b"of another file")
    save(tmp_path / "a.toml", NEW, None)
    assert files_in(tmp_path) == {"a.toml": NEW, ".other.toml.123-abcd.tmp": b"of another file"}


def test_names_with_pattern_characters_are_taken_as_they_are(tmp_path: Path) -> None:
    (tmp_path / ".ab.toml.123-abcd.tmp").write_bytes(b"of another file")
    save(tmp_path / "a[b].toml", NEW, None)
    save(tmp_path / "?b.toml", NEW, None)
    assert files_in(tmp_path) == {"a[b].toml": NEW, "?b.toml": NEW, ".ab.toml.123-abcd.tmp": b"of another file"}


def test_create_beside_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "a.toml.1").write_bytes(b"there")
    made = create_beside(tmp_path / "a.toml", lambda number: f".{number}", NEW)
    assert (made.name, files_in(tmp_path)) == ("a.toml.2", {"a.toml.1": b"there", "a.toml.2": NEW})


class Failing:
    """Stands in for one function of `os` that fails at its nth call, or from it on."""

    def __init__(self, real: Callable[..., Any], *, at: int, lasting: bool, code: int) -> None:
        self.real, self.at, self.lasting, self.code = real, at, lasting, code
        self.calls = 0

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        self.calls += 1
        if self.calls == self.at or (self.lasting and self.calls > self.at):
            raise OSError(self.code, os.strerror(self.code))
        return self.real(*arguments, **options)

    @property
    def was_reached(self) -> bool:
        return self.calls >= self.at


def said_when_saving(path: Path) -> str | None:
    try:
        save(path, NEW, OLD)
    except NotSaved as error:
        return str(error)
    return None


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "lasting"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=["ENOSPC", "EIO", "EACCES"])
@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace", "close", "fstat", "lstat", "read"])
def test_every_fault_leaves_the_old_file_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, lasting: bool
) -> None:
    path = tmp_path / "a.toml"
    for at in range(1, 50):
        path.write_bytes(OLD)
        failing = Failing(getattr(os, call), at=at, lasting=lasting, code=code)
        with monkeypatch.context() as patch:
            patch.setattr(os, call, failing)
            message = said_when_saving(path)
        assert message is None or message.startswith("NOT SAVED: ")
        assert path.read_bytes() in ((NEW,) if message is None else (OLD, NEW))
        # Whatever happened, once the fault has passed the next save goes through and leaves nothing behind.
        save(path, NEW, path.read_bytes())
        assert files_in(tmp_path) == {"a.toml": NEW}
        if not failing.was_reached:
            return
    raise AssertionError("the fault never stopped being reached")


def test_no_space_left_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(OLD)
    real = os.write

    def write(descriptor: int, content: Any) -> int:
        # The lock still fits.
        if bytes(content) == NEW:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, content)

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(NotSaved) as caught:
        save(path, NEW, OLD)
    assert str(caught.value) == f"NOT SAVED: {path}: no space left"
    assert files_in(tmp_path) == {"a.toml": OLD}


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: real(descriptor, bytes(content)[:3]))
    save(tmp_path / "a.toml", NEW, None)
    assert files_in(tmp_path) == {"a.toml": NEW}


EDIT_25_TIMES = """
import sys
from pathlib import Path
from toolvet.errors import Conflict, NotSaved, UnusableFile
from toolvet.storage.atomic import save
path, name, refused, number = Path(sys.argv[1]), sys.argv[2], 0, 0
while number < 25:
    seen = path.read_bytes()
    try:
        save(path, seen + f"{name}-{number}\\n".encode(), seen)
        number += 1
    except Conflict:
        refused += 1
    except NotSaved:
        pass
print(refused)
"""


def test_several_writers_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"")
    writers = [
        subprocess.Popen([sys.executable, "-c", EDIT_25_TIMES, str(path), f"w{n}"], stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    refused = [int(writer.communicate(timeout=600)[0]) for writer in writers]
    assert sorted(path.read_text().split()) == sorted(f"w{n}-{number}" for n in range(4) for number in range(25))
    assert len(list(tmp_path.glob("*.conflict"))) == sum(refused)


SAVE_FOR_EVER = """
import sys
from pathlib import Path
from toolvet.storage.atomic import save
path, seen, number = Path(sys.argv[1]), None, 0
while True:
    number += 1
    content = (f"{number}\\n" * 2000).encode()
    save(path, content, seen)
    seen = content
    print(number, flush=True)
"""


def test_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for round_ in range(10):
        path.unlink(missing_ok=True)
        child = subprocess.Popen([sys.executable, "-c", SAVE_FOR_EVER, str(path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        acknowledged = [int(child.stdout.readline()) for _ in range(3 + round_)]
        child.kill()
        acknowledged += [int(line) for line in child.stdout.read().split("\n")[:-1]]
        child.wait()
        numbers = set(path.read_text().split())
        assert len(numbers) == 1
        assert int(numbers.pop()) in (acknowledged[-1], acknowledged[-1] + 1)


def test_only_a_report_as_toolvet_wrote_it_is_found_to_be_opened(tmp_path: Path) -> None:
    written = Workspace(tmp_path).save_report("zoom-2026-11-20.html", "A report.")
    for name in ("zoom-2026-11-21.sh", "zoom-2026-11-22.pdf", "zoom-phone-2026-11-23.html"):
        (tmp_path / "reports" / name).write_text("Of somebody else.")
    Workspace(tmp_path).save_report("zoom-rooms-2026-11-24.html", "On another tool.")
    assert newest_report(tmp_path / "reports", "zoom") == written
    written.write_text("Changed.")
    assert newest_report(tmp_path / "reports", "zoom") is None


def test_a_report_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert newest_report(tmp_path / "reports", "zoom") is None
    older, newer = (Workspace(tmp_path).save_report(f"zoom-2026-11-2{day}.html", "A report.") for day in (0, 1))
    os.utime(older, (0, 0))
    opened = os.open

    def refuse(path: Path, *arguments: int) -> int:
        if path == refused:
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    refused = older
    assert newest_report(tmp_path / "reports", "zoom") == newer
    refused = newer
    with pytest.raises(UnusableFile, match=r"zoom-2026-11-21\.html"):
        newest_report(tmp_path / "reports", "zoom")
