"""Printing: data on stdout, messages on stderr, with control characters made visible in both."""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from platformdirs import user_log_path

from toolvet import __version__
from toolvet.cli.parser import WIDEST, not_one_of, terminal_columns
from toolvet.cli.terminal import Presentation
from toolvet.domain.rubric import Rubric
from toolvet.errors import NotSaved, Problem, ToolvetError, UnusableFile, UsageError
from toolvet.services.assessments import Session, clock_of, unusable_in
from toolvet.storage.atomic import check_free, content_there, remember_written, save, tell_as_not_saved
from toolvet.storage.reader import AssessmentFile, DecisionFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import is_folder, reason
from toolvet.storage.workspace import Workspace, find_workspace
from toolvet.text.escape import fit_text, json_text, plural, visible

if TYPE_CHECKING:
    from toolvet.text.tables import WorkbookSheet

_shown = Presentation()
"""How the command at work shows its output."""


@contextmanager
def presenting(options: argparse.Namespace) -> Iterator[None]:
    """Show the output of one command as its options say, and give it stdin where it asks for the file "-"."""
    global _shown
    if "TEXTUAL_DRIVER" not in os.environ:  # a browser that toolvet serve opened shows screens
        options.plain = options.plain or os.environ.get("ACCESSIBLE", "0") not in ("", "0")
    options.no_charts = options.no_charts or options.plain
    _shown = Presentation(
        when_coloured=options.color, quiet=options.quiet, verbose=options.verbose, plain=options.plain
    )
    with ExitStack() as ends:
        ends.callback(_finish)
        _take_stdin(options, ends)
        _shown.begin(options.run)
        yield
        detail(f"Took {_shown.seconds():.2f} seconds.")


def _finish() -> None:
    try:
        _shown.finish()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise lost(error) from error


_FILES = ("files", "paths", "before", "after", "names")
"""The arguments that can be "-"."""
_stdin_copy: Path | None = None


def _take_stdin(options: argparse.Namespace, ends: ExitStack) -> None:
    """Put what stdin holds into a file of its own, and name that file where "-" was given."""
    global _stdin_copy
    _stdin_copy = None
    given = {name: getattr(options, name, None) for name in _FILES}
    named = [name for name, value in given.items() if value == "-" or (isinstance(value, list) and "-" in value)]
    if not named:
        return
    if sys.stdin.isatty():
        raise UsageError('"-" reads a file from stdin; send one through a pipe or with < FILE')
    content = sys.stdin.buffer.read(_LONGEST + 1)
    if len(content) > _LONGEST:
        raise UsageError("stdin holds more than 10 MiB, the most that toolvet reads; send less")
    folder = ends.enter_context(tempfile.TemporaryDirectory(prefix="toolvet-stdin-"))
    _stdin_copy = Path(folder) / f"stdin{_ending_by(content)}"
    _stdin_copy.write_bytes(content)
    copy = str(_stdin_copy)
    for name in named:
        value = given[name]
        setattr(options, name, [copy if each == "-" else each for each in value] if isinstance(value, list) else copy)


_LONGEST = 10 * 2**20


def _ending_by(content: bytes) -> str:
    if content.startswith(b"PK"):
        return ".xlsx"
    if content.lstrip()[:1] in (b"{", b"["):
        return ".json" if b'":' in content else ".toml"
    return ".toml" if re.search(rb"^[\w.-]+[ \t]*=|^\[", content, re.MULTILINE) else ".csv"


def put(text: str) -> None:
    """Print data for people, with control characters made visible, and no wider than the terminal."""
    _write(_no_command(visible(_with_dash(text), keep_line_breaks=True)), is_read=True)


def put_exactly(text: str) -> None:
    """Print data for programs, with control characters made visible."""
    put_cells(_no_command(visible(_with_dash(text), keep_line_breaks=True)))


def put_json(value: object) -> None:
    put_exactly(json_text(value))


def put_cells(text: str) -> None:
    """Print text that is safe already: a table for programs, whose tabs belong to it."""
    _write(text, is_read=False)


def _with_dash(text: str) -> str:
    return text if _stdin_copy is None else text.replace(str(_stdin_copy), "-")


def _write(text: str, *, is_read: bool) -> None:
    try:
        _shown.write(text.rstrip("\n") + "\n", is_read=is_read)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise lost(error) from error


def lost(error: OSError) -> NotSaved:
    """The error to raise when stdout takes no more."""
    return NotSaved(f"the output could not be written: {error.strerror}")


def say(*lines: str) -> None:
    """Print a message, each of its lines on one; --quiet leaves it out."""
    if not _shown.is_quiet:
        warn(*lines)


def warn(*lines: str) -> None:
    """Print a problem or a question, each of its lines on one. If stderr is gone, the exit status still tells."""
    _shown.interrupt()
    text = _no_command("\n".join(visible(_with_dash(line)) for line in lines))
    with suppress(OSError, ValueError):
        print(fit_text(text, terminal_columns()) if sys.stderr.isatty() else text, file=sys.stderr)


def detail(line: str) -> None:
    """Print what only --verbose asks for."""
    if _shown.is_verbose:
        warn(line)


def before_asking() -> None:
    """Make way for a question on the terminal."""
    _shown.stop_waiting()


_COMMAND = re.compile(r"^([ \t]*)(?=::|##\[)", re.MULTILINE)


def _no_command(text: str) -> str:
    """The text without lines that a workflow of GitHub would obey: words of others may wrap to the start of one."""
    return _COMMAND.sub(r"\1\\", text)


def width() -> int:
    """Columns to print text in: the terminal's or those of COLUMNS, at most 100."""
    return min(terminal_columns(), WIDEST)


def table_width() -> int | None:
    """Columns that a table may take on a terminal; None in a file or pipe, where it may be as wide as it likes."""
    return terminal_columns() if sys.stdout.isatty() else None


def put_into(text: str | bytes, output: str | None, *, force: bool = False) -> None:
    """Write a file and say so; without a name, or with "-", print it. For what may be overwritten see save_into."""
    if isinstance(text, bytes):
        save_into(text, str(output), force=force)
    elif output is None and not text.lstrip().startswith("<"):
        put(text)
    elif output in (None, "-"):
        put_exactly(text)
    else:
        save_into(f"{text.rstrip()}\n".encode(), str(output), force=force)


@tell_as_not_saved
def save_into(content: bytes, output: str, *, force: bool = False) -> None:
    """Write a file and say so. Only what toolvet wrote is overwritten or, with `force`, another file but no record."""
    path = Path(output)
    check_free(path, force=force)
    remember_written(path, content)
    save(path, content, content_there(path))
    say(f"Written: {path}")


def save_workbook(title: str, sheets: Sequence[WorkbookSheet], output: str, *, force: bool, on: date) -> None:
    """Write the sheets into an .xlsx file and say so, as `save_into` does."""
    from toolvet.report.workbook import workbook_bytes  # XlsxWriter takes 60 ms to import

    save_into(workbook_bytes(title, sheets, on), output, force=force)


REPORT_ENDINGS = ("md", "html", "json")
"""The values of ReportFormat, which takes jinja2 to import; a test compares them."""


def ending_of(output: str, endings: Sequence[str] = REPORT_ENDINGS) -> str:
    """The ending of the file's name. UsageError if it is not among the endings that can be written."""
    ending = Path(output).suffix.removeprefix(".").casefold()
    if not ending:
        raise UsageError(
            f"--output {output}: the name has no ending; end it in {' or '.join(f'.{each}' for each in endings)}"
        )
    if ending not in endings:
        raise UsageError(f"--output {output}: the ending {not_one_of(ending, endings)}")
    return ending


def session_given(options: argparse.Namespace, near: Path | None = None) -> Session:
    """The named workspace, else the one around `near` or the current folder; and the day of --on, else today."""
    named = options.workspace or os.environ.get("TOOLVET_WORKSPACE")
    if named and not is_folder(Path(named)):
        raise UsageError(f'there is no folder "{named}"; create it, or leave out --workspace and TOOLVET_WORKSPACE')
    if near is None or (_stdin_copy is not None and near == _stdin_copy.parent):
        near = Path.cwd()
    workspace = find_workspace(near, Path(named) if named else None)
    detail(f"Workspace: {workspace.root}")
    if getattr(options, "no_index", False):
        workspace.index.switch_off()
    workspace.evidence.watch = EvidenceProgress()
    return Session(workspace, clock_of(getattr(options, "on", None)), getattr(options, "language", None))


def check_language(options: argparse.Namespace, rubric: Rubric) -> None:
    """UsageError if --language names one that the rubric does not have."""
    wanted: str | None = options.language
    if wanted is not None and rubric.language_for(wanted) is None:
        raise UsageError(f"--language: {not_one_of(wanted, list(rubric.languages))}")


class EvidenceProgress:
    """Says on stderr, after a second, how far a large file of evidence is read, and when that is over."""

    def __init__(self) -> None:
        self._source, self._since, self._told = "", 0.0, -1

    def __call__(self, source: str, done: int, size: int) -> None:
        now = monotonic()
        if source != self._source:
            self._source, self._since, self._told = source, now, -1
        tenths = 10 * done // size
        if (now - self._since > 1 or self._told >= 0) and (tenths > self._told):
            self._told = tenths
            say(f"{source}: {'read' if done == size else f'reading, {10 * tenths}% of {size >> 20} MiB'}")


def refused(error: OSError) -> str:
    """That the system refused something, and what, as far as it says."""
    where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
    return f"{where}the system says: {reason(error)}. What was saved is safe; try again once that is mended."


def report_bug(error: BaseException) -> str:
    """Write the trace of the error to the log and return the message for the person."""
    summary = f"toolvet: a bug in toolvet stopped it ({type(error).__name__}). What was saved is safe."
    try:
        path = _write_trace(error)
    except (OSError, RuntimeError) as problem:  # RuntimeError: there is no home folder
        return f"{summary}\nThe trace could not be written: {getattr(problem, 'strerror', None) or problem}"
    return f"{summary}\nThe trace is in {path}; please read it over, then send it in."


def _write_trace(error: BaseException) -> Path:
    folder = user_log_path("toolvet", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "toolvet.log"
    # The trace may hold words of an assessment, so nobody else may read it. It has no values of local variables.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, 0o600)  # an older file may be open to others
    with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as log:
        log.write(f"{datetime.now().astimezone().isoformat()} toolvet {__version__}\n")
        log.write("".join(traceback.format_exception(error)))
        log.write("\n")
    return path


class Faults:
    """What went wrong while the rest went on: says each problem once, and keeps the exit status."""

    def __init__(self) -> None:
        self.status = 0
        self.told = 0
        """How often something was wrong, said again or not."""
        self._said: set[str] = set()
        self.errors: dict[str, None] = {}
        """What was wrong, without warnings, each once."""

    def add(self, *found: ToolvetError | Problem) -> None:
        """Say each; the status becomes that of the worst. A warning leaves it as it is."""
        for each in found:
            if isinstance(each, Problem) and each.warning:
                self._say(str(each))
                continue
            error = UnusableFile((each,)) if isinstance(each, Problem) else each
            self.errors.update(dict.fromkeys(error.args))
            self._say(str(error))
            self.status = max(self.status, error.status)

    def _say(self, message: str) -> None:
        self.told += 1
        if message not in self._said:
            self._said.add(message)
            warn(*message.split("\n"))


def tell_faults(
    faults: Faults,
    workspace: Workspace,
    folder: SubjectFolder | None,
    rests_on: Sequence[AssessmentFile] = (),
    *decided: DecisionFile,
) -> None:
    """Say what of the subject cannot be used, and what to know about its files; see `unusable_in`."""
    if folder is None:
        return
    faults.add(*folder.problems)
    faults.add(*unusable_in(workspace, folder, rests_on, *decided))


def tell_skipped(workspace: Workspace) -> None:
    """Say how much evidence a list of many tools left out."""
    if skipped := workspace.evidence.skipped:
        files, are = plural(len(skipped), "file"), "was" if len(skipped) == 1 else "were"
        warn(f"{files} of evidence {are} not compared with what was recorded, to save time; toolvet check does that.")
