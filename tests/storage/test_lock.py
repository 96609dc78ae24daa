from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import tomli_w

from toolvet.errors import NotSaved
from toolvet.storage import lock as locking
from toolvet.storage.lock import locked


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(locking, "_UNSIGNED_SECONDS", 3600)  # what a test just made is fresh, however slow it is


def gone_process() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def write_lock(target: Path, **entry: object) -> Path:
    lock = target.with_name(f"{target.name}.lock")
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    known = {"pid": os.getppid(), "host": socket.gethostname(), "boot": boot, "user": "anna", "time": "noon"}
    lock.write_text(tomli_w.dumps(known | entry))
    return lock


def test_lock_says_who_holds_it_and_goes_when_done(tmp_path: Path) -> None:
    lock = tmp_path / "a.toml.lock"
    with locked(tmp_path / "a.toml"):
        entry = tomllib.loads(lock.read_text())
        assert (entry["pid"], entry["host"]) == (os.getpid(), socket.gethostname())
        assert entry.keys() == {"pid", "host", "boot", "user", "time"}
    assert not lock.exists()


def test_lock_goes_when_what_it_guards_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "a.toml"):
        raise ZeroDivisionError
    assert not (tmp_path / "a.toml.lock").exists()


def test_lock_of_a_process_that_is_gone_is_taken_over(tmp_path: Path) -> None:
    lock = write_lock(tmp_path / "a.toml", pid=gone_process())
    with locked(tmp_path / "a.toml"):
        assert tomllib.loads(lock.read_text())["pid"] == os.getpid()
    assert not lock.exists()


def only_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are there cannot be opened for writing, as if they were another account's."""
    opening = os.open

    def refusing(path: str | Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_RDWR and not flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied", str(path))
        return opening(path, flags, mode)

    monkeypatch.setattr("os.open", refusing)


def test_lock_of_another_account_whose_process_is_gone_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = write_lock(tmp_path / "a.toml", pid=gone_process())
    only_readable(monkeypatch)
    with locked(tmp_path / "a.toml"):
        assert tomllib.loads(lock.read_text())["pid"] == os.getpid()
    assert not lock.exists()


def test_lock_of_another_account_that_is_held_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = write_lock(tmp_path / "a.toml", pid=gone_process())
    only_readable(monkeypatch)
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(NotSaved), locked(tmp_path / "a.toml"):
            pass
    assert lock.exists()


def test_fresh_lock_of_another_boot_is_respected(tmp_path: Path) -> None:
    lock = write_lock(tmp_path / "a.toml", boot="another", pid=gone_process())
    with pytest.raises(NotSaved), locked(tmp_path / "a.toml"):
        pass
    assert lock.exists()


@pytest.mark.parametrize("seconds", [-100, 10**6], ids=["old", "of the future"])
@pytest.mark.parametrize("content", ["boot", b"\xff", b"pid = ", b"[" * 3000], ids=["boot", "bytes", "cut", "nested"])
def test_lock_that_no_save_can_still_need_is_taken_over(tmp_path: Path, content: str | bytes, seconds: int) -> None:
    lock = write_lock(tmp_path / "a.toml", boot="another")
    if isinstance(content, bytes):
        lock.write_bytes(content)
    os.utime(lock, (time.time() + seconds,) * 2)
    with locked(tmp_path / "a.toml"):
        pass
    assert not lock.exists()


def test_lock_whose_process_id_went_to_another_program_is_taken_over(tmp_path: Path) -> None:
    lock = write_lock(tmp_path / "a.toml", pid=os.getppid())
    with locked(tmp_path / "a.toml"):
        pass
    assert not lock.exists()


def test_lock_of_a_running_process_is_shown_with_who_and_when(tmp_path: Path) -> None:
    lock = write_lock(tmp_path / "a.toml")
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(NotSaved) as caught, locked(tmp_path / "a.toml"):
            pass
    who = f"anna on {socket.gethostname()} (process {os.getppid()}) since noon"
    assert str(caught.value) == (
        f"NOT SAVED: {tmp_path / 'a.toml'} is locked by {who}; if that program is gone, remove {lock}"
    )
    assert lock.exists()


def test_lock_of_another_host_is_left_to_the_person(tmp_path: Path) -> None:
    lock = write_lock(tmp_path / "a.toml", host="elsewhere", boot="another", pid=gone_process())
    with pytest.raises(NotSaved, match="anna on elsewhere"), locked(tmp_path / "a.toml"):
        pass
    assert lock.exists()


def test_lock_of_this_boot_is_taken_over_where_the_host_was_renamed_since(tmp_path: Path) -> None:
    lock = write_lock(tmp_path / "a.toml", host="its-name-before", pid=gone_process())
    with locked(tmp_path / "a.toml"):
        assert tomllib.loads(lock.read_text())["host"] == socket.gethostname()


@pytest.mark.parametrize(
    ("entry", "is_free"),
    [
        ({"pid": os.getppid()}, False),
        ({"pid": os.getppid(), "boot": "another"}, True),  # another program has that number now
        ({"host": "elsewhere"}, False),
    ],
)
def test_without_the_systems_locks_the_signature_tells_who_is_at_work(
    entry: dict[str, object], *, is_free: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "hold", lambda _descriptor: None)
    lock = write_lock(tmp_path / "a.toml", **entry)
    with lock.open() as opened:
        assert locking.can_hold(opened.fileno(), lock) is is_free


def test_lock_that_is_no_lock_of_ours_is_left_to_the_person(tmp_path: Path) -> None:
    (tmp_path / "a.toml.lock").write_bytes(b"\xff")
    with pytest.raises(NotSaved, match="somebody unknown"), locked(tmp_path / "a.toml"):
        pass


def test_lock_that_is_held_by_the_system_is_not_taken_over_whatever_it_says(tmp_path: Path) -> None:
    lock = write_lock(tmp_path / "a.toml", pid=gone_process())
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(NotSaved), locked(tmp_path / "a.toml"):
            pass


def test_fresh_lock_without_a_name_in_it_is_respected(tmp_path: Path) -> None:
    (tmp_path / "a.toml.lock").touch()
    with pytest.raises(NotSaved, match="somebody unknown"), locked(tmp_path / "a.toml"):
        pass


def test_old_lock_without_a_name_in_it_is_taken_over(tmp_path: Path) -> None:
    lock = tmp_path / "a.toml.lock"
    lock.touch()
    os.utime(lock, (0, 0))
    with locked(tmp_path / "a.toml"):
        pass
    assert not lock.exists()


def test_second_lock_of_the_same_process_waits_in_vain(tmp_path: Path) -> None:
    with locked(tmp_path / "a.toml"), pytest.raises(NotSaved), locked(tmp_path / "a.toml"):
        pass


def test_lock_can_be_had_where_standard_input_is_closed(tmp_path: Path) -> None:
    program = (
        "import os, sys; os.close(0); from pathlib import Path; from toolvet.storage.atomic import save; "
        "save(Path(sys.argv[1]), b'saved', None)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "a.toml")], check=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.toml"]
