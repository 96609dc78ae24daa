"""`toolvet doctor`: versions, folders and programs, and what is missing for which feature."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_log_path

from toolvet import __version__
from toolvet.cli.output import put, session_given
from toolvet.cli.parser import terminal_columns
from toolvet.errors import ToolvetError
from toolvet.storage.user_state import state_folder
from toolvet.text.escape import plural

PROGRAMS = (
    ("git", "your name from git's configuration, and the history of files"),
    ("ssh-keygen", "signing decisions and verifying signatures"),
)
PACKAGES = (
    ("typst", "reports as PDF", "pip install typst"),
    ("textual_serve", "toolvet serve, the app in a browser", "pip install textual-serve"),
)
"""Programs and packages that toolvet works without, and what each is for."""


def diagnose(options: argparse.Namespace) -> int:
    """Print what toolvet finds here. Status 0: nothing that is missing stops it."""
    rows = [*_versions(), *_folders(options), *_terminal(), *_features(), *_leftovers()]
    width = max(len(label) for label, _ in rows)
    put("\n".join(f"{label:<{width}}  {words}" for label, words in rows))
    return 0


def _versions() -> Iterator[tuple[str, str]]:
    yield "toolvet", __version__
    yield "Python", f"{platform.python_version()} on {platform.system()} {platform.release()}"
    for package in ("textual", "jsonschema", "tomli"):
        yield package, version(package)


def _folders(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    try:
        workspace = session_given(options).workspace
        yield "workspace", str(workspace.root) if workspace.exists else f"none yet; it would be {workspace.root}"
    except ToolvetError as error:
        yield "workspace", str(error)
    yield "state", str(state_folder() or "no home folder: toolvet forgets where you were")
    try:
        yield "log", str(user_log_path("toolvet", appauthor=False))
    except RuntimeError:
        yield "log", "no home folder"


def _terminal() -> Iterator[tuple[str, str]]:
    if not sys.stdout.isatty():
        yield "terminal", "none: the output goes to a file or pipe"
        return
    size = os.get_terminal_size(sys.stdout.fileno())
    small = "" if size.columns >= 80 and size.lines >= 24 else "; the screens need 80 by 24"
    yield "terminal", f"{os.environ.get('TERM', 'TERM is not set')}, {terminal_columns()} by {size.lines}{small}"


def _features() -> Iterator[tuple[str, str]]:
    for program, purpose in PROGRAMS:
        yield program, shutil.which(program) or f"not found; needed for {purpose}"
    for package, purpose, remedy in PACKAGES:
        yield package, _package_version(package) or f"not installed; needed for {purpose} ({remedy})"


def _package_version(module: str) -> str | None:
    if find_spec(module) is None:
        return None
    try:
        return version(module.replace("_", "-"))
    except PackageNotFoundError:
        return "installed"


def _leftovers() -> Iterator[tuple[str, str]]:
    demos = sorted(Path(tempfile.gettempdir()).glob("toolvet-demo-*"))
    if demos:
        yield "demos", f"{plural(len(demos), 'copy', 'copies')} of the examples in {demos[0].parent}; delete at will"
    folder = state_folder()
    drafts = 0 if folder is None else len(list(folder.glob("unfinished/*.json")))
    if drafts:
        yield "drafts", f"{plural(drafts, 'unfinished text')} in {folder}"
