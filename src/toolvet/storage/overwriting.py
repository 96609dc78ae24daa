"""Which files a command may write over: its own reports and no others, and never what a workspace rests on."""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from platformdirs import user_state_path

from toolvet.errors import UnusableFile, UsageError
from toolvet.storage.reader import kind_of
from toolvet.storage.toml_input import hex_digest, is_folder, is_there, parse, read_content
from toolvet.storage.user_state import own_folder

_KEPT_IN = ("assessments", "decisions", "rubrics", "policy")
_KEPT_AS = re.compile(r"\.toml(\.|$)")
_SEALED = re.compile(rb"^[ \t]*[\"']?seal[\"']?[ \t]*=[ \t]*[\"']sha256:", re.MULTILINE)
_MOST = 64 * 1024 * 1024


def check_free(path: Path, *, force: bool) -> None:
    """UsageError where something stands there that is not to be written over.

    A rubric, policy, assessment, decision, record or anything sealed never is; another file only where toolvet wrote
    it and nobody changed it since, or where `force` says so.
    """
    if not is_there(path):
        return
    if is_folder(path):
        raise UsageError(f"{path} is a folder; name a file in it")
    content = _content(path)
    if _is_kept(path, content):
        raise UsageError(f"{path} holds what this workspace rests on, and is never written over; choose another name")
    if not force and (content is None or not _is_ours(path, content)):
        raise UsageError(
            f"{path} is there already, and is not as toolvet wrote it; choose another name, or write over it "
            "with --force"
        )


def remember_written(path: Path, content: bytes) -> None:
    """Keeps that toolvet wrote this there; that it cannot be kept is no reason to disturb anybody."""
    with suppress(OSError):
        note = _note(path)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(hex_digest(content), encoding="ascii")


def _content(path: Path) -> bytes | None:
    try:
        return read_content(path, most=_MOST)
    except UnusableFile:
        return None


def _is_kept(path: Path, content: bytes | None) -> bool:
    """Whether it is a file of a workspace, by its place, also where it is damaged, or by what is in it."""
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
    try:
        return _note(path).read_text(encoding="ascii") == hex_digest(content)
    except (OSError, ValueError, RuntimeError):
        return False


def _note(path: Path) -> Path:
    name = sha256(str(path.absolute()).encode(errors="surrogatepass")).hexdigest()[:32]
    return own_folder(user_state_path) / "written" / name
