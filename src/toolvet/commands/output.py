"""Printing: data on stdout, messages on stderr, foreign text made visible in both."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from pathlib import Path

from toolvet.errors import NotSaved
from toolvet.files.overwriting import check_free, remember_written
from toolvet.files.saving import save, tell_as_not_saved
from toolvet.report.text import visible

WIDEST = 100


def put(text: str) -> None:
    """Print data, with foreign control codes made visible."""
    _write(visible(text, keep_line_breaks=True))


def put_cells(text: str) -> None:
    """Print a table for programs, whose cells are safe already and whose tabs are part of it."""
    _write(text)


def _write(text: str) -> None:
    try:
        sys.stdout.write(text.rstrip("\n") + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise lost(error) from error


def lost(error: OSError) -> NotSaved:
    """What to raise where stdout takes no more."""
    return NotSaved(f"the output could not be written: {error.strerror}")


def say(message: str) -> None:
    """Print a message; where nobody can be told, the status still tells."""
    with suppress(OSError):
        print(visible(message, keep_line_breaks=True), file=sys.stderr)


def width() -> int:
    """Columns to print text in: COLUMNS, else the terminal's, else 80; lines over 100 are hard to read."""
    return min(shutil.get_terminal_size().columns, WIDEST)


def put_into(text: str, output: str | None, *, force: bool = False) -> None:
    """Write a file and say so; without a name, or with "-", print it. What may be overwritten is as in save_into."""
    if output in (None, "-"):
        put(text)
    else:
        save_into(f"{text.rstrip()}\n".encode(), str(output), force=force)


@tell_as_not_saved
def save_into(content: bytes, output: str, *, force: bool = False) -> None:
    """Write a file and say so; over what was there only where that is toolvet's own, or, with `force`, another's."""
    path = Path(output)
    check_free(path, force=force)
    is_there = path.is_file() and not path.is_symlink()
    save(path, content, path.read_bytes() if is_there else None)
    remember_written(path, content)
    say(f"Written: {path}")
