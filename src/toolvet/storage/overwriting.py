"""Which files a command may overwrite: what toolvet wrote itself, and never what a workspace rests on."""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from toolvet.errors import UnusableFile, UsageError
from toolvet.storage.reader import kind_of
from toolvet.storage.toml_input import hex_digest, is_folder, is_there, parse, read_content
from toolvet.storage.user_state import state_folder

_KEPT_IN = ("assessments", "decisions", "rubrics", "policy")
_KEPT_AS = re.compile(r"\.toml(\.|$)")
_SEALED = re.compile(rb"^[ \t]*[\"']?seal[\"']?[ \t]*=[ \t]*[\"']sha256:", re.MULTILINE)
_MOST = 64 * 1024 * 1024


def check_free(path: Path, *, force: bool) -> None:
    """UsageError if what is there must not be overwritten.

    Rubrics, policies, assessments, decisions and anything sealed never are. Other files are if toolvet wrote them and
    nobody changed them since, or with `force`.
    """
    if not is_there(path):
        return
    if is_folder(path):
        raise UsageError(f"{path} is a folder; name a file in it")
    content = _content(path)
    if _is_kept(path, content):
        raise UsageError(f"{path} is part of a workspace and is never overwritten; choose another name")
    if not force and (content is None or not _is_ours(path, content)):
        raise UsageError(
            f"{path} already exists and is not as toolvet wrote it; choose another name, or overwrite it with --force"
        )


def remember_written(path: Path, content: bytes) -> None:
    """Remember that toolvet wrote this file; if that fails, the next time needs --force."""
    note = _note(path)
    if note is None:
        return
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(hex_digest(content), encoding="ascii")


def _content(path: Path) -> bytes | None:
    """The bytes; None for what cannot be read, which is never overwritten without --force."""
    try:
        return read_content(path, most=_MOST)
    except UnusableFile:
        return None


def _is_kept(path: Path, content: bytes | None) -> bool:
    """Whether the file is part of a workspace, by its place (even if damaged) or by what is in it."""
    return _lies_among_kept(path) or (
        content is not None and (bool(_SEALED.search(content)) or _is_kind(path, content))
    )


def _lies_among_kept(path: Path) -> bool:
    whole = path.absolute()
    if not _KEPT_AS.search(path.name):
        return False
    return any(
        folder.name in _KEPT_IN and is_folder(folder.parent / "assessments")
        for folder in (*whole.parents, *_real(whole))
    )


def _real(path: Path) -> tuple[Path, ...]:
    try:
        return tuple(path.resolve().parents)
    except (OSError, RuntimeError):
        return ()


def _is_kind(path: Path, content: bytes) -> bool:
    try:
        return kind_of(parse(path, content)) is not None
    except UnusableFile:
        return False


def _is_ours(path: Path, content: bytes) -> bool:
    note = _note(path)
    try:
        return note is not None and note.read_text(encoding="ascii") == hex_digest(content)
    except (OSError, ValueError):
        return False


def _note(path: Path) -> Path | None:
    folder = state_folder()
    name = sha256(str(path.absolute()).encode(errors="surrogatepass")).hexdigest()[:32]
    return None if folder is None else folder / "written" / name
