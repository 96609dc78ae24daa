"""`toolvet help` and `toolvet doctor`: a page about a command or topic; and what toolvet finds on this machine."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_log_path

from toolvet import __version__
from toolvet.cli.output import put, session_given
from toolvet.cli.parser import not_one_of, terminal_columns
from toolvet.errors import ToolvetError, UsageError
from toolvet.storage.rubric_library import shipped
from toolvet.storage.subjects import SUBJECT_KINDS
from toolvet.storage.user_state import state_folder
from toolvet.text.escape import how_to_add, plural

TOPICS = {
    "files": (
        "where everything is kept",
        """\
A workspace is a folder, usually in git:

  assessments/SUBJECT/   one file for each review
  decisions/SUBJECT/     what was decided; never overwritten
  reports/               what you write out
  rubrics/               rubrics of your own, and a copy of each one used
  policy/                thresholds of your own: policy/RUBRIC.toml
  evidence/              files that answers rest on

toolvet uses the nearest folder upwards with assessments/ in it,
else the current one. --workspace and TOOLVET_WORKSPACE come
first. All files are TOML; toolvet check . says what is wrong
with any of them, with file and line.""",
    ),
    "scoring": (
        "ranges, must-haves and verdicts",
        """\
Every score is a range. The floor counts each open question at 0, the ceiling at
its top; observed counts only what is known, and coverage says how much that is.

  reject                   a must-have that rejects is missed, or no answer can
                           lift the tool over the lower threshold
  hold                     something must be found out first, or a must-have
                           that only holds is missed
  approve-with-conditions  the floors reach the lower threshold
  approve                  they reach the higher one, and must-haves are proven

Thresholds are house policy: every report prints them. toolvet score --explain
shows the arithmetic, toolvet rubrics --show ID the whole rubric.""",
    ),
    "statuses": (
        "exit statuses, for scripts",
        """\
  0    done
  1    the answer is no: check found problems, a gate failed
  2    wrong usage, or no terminal
  3    a file cannot be used; stderr names it
  70   a bug in toolvet; the trace is in the log
  129, 130, 141, 143   terminal closed; interrupted; pipe closed; SIGTERM

Data goes to stdout, messages go to stderr. --json is for
programs, -q leaves messages out, and "-" reads a file from stdin.""",
    ),
    "environment": (
        "variables that toolvet reads",
        """\
  TOOLVET_WORKSPACE   the workspace; --workspace comes before it
  TOOLVET_REVIEWER    your name; otherwise git's user.name
  TOOLVET_CONFIG      another configuration file
  ACCESSIBLE          1: line by line instead of screens
  NO_COLOR            no colours; FORCE_COLOR: colours in a pipe
  TOOLVET_PAGER       what shows long output; else PAGER, less;
                      cat: no pager
  COLUMNS             the width of text in a file or pipe
  COLORFGBG           the colours of the terminal, which is asked
                      for its background where this is not set
  TMPDIR              where toolvet demo puts its copy
  XDG_STATE_HOME      where you left off, and drafts""",
    ),
}
"""For each topic, what it is about in a few words, and its page."""


def show_help(options: argparse.Namespace) -> int:
    """Print the help of a command, a topic's page, or everything there is help about."""
    commands = options.root.commands
    if options.topic is None:
        put(options.root.format_help() + "\n" + _list_of_topics())
    elif options.topic in TOPICS:
        put(TOPICS[options.topic][1])
    elif options.topic in commands:
        put(commands[options.topic].format_help())
    elif (page := _guide(options.topic)) is not None:
        put(page.read_text(encoding="utf-8"))
    else:
        raise UsageError(not_one_of(options.topic, [*TOPICS, *commands, *_guides()]))
    return 0


def _guides() -> list[str]:
    """The pages of the guide, as messages name them."""
    return sorted(f"docs/{path.name}" for path in shipped("docs").glob("*.md"))


def _guide(topic: str) -> Path | None:
    name = f"docs/{topic.removeprefix('docs/').removesuffix('.md')}.md"
    return shipped("docs") / name.removeprefix("docs/") if name in _guides() else None


def _list_of_topics() -> str:
    rows = [f"  {topic:<18}{summary}" for topic, (summary, _) in TOPICS.items()]
    last = (
        "toolvet help TOPIC shows a page, toolvet help COMMAND a command, toolvet help docs/faq.md a page of the guide."
    )
    return "\n".join(["help topics:", *rows, "", "guide:", *(f"  {page}" for page in _guides()), "", last])


PROGRAMS = (
    ("git", "your name from git's configuration, and the history of files"),
    ("ssh-keygen", "signing decisions and verifying signatures"),
)
PACKAGES = (
    ("typst", "reports as PDF"),
    ("textual_serve", "toolvet serve, the app in a browser"),
    ("duckdb", "exports as Parquet"),
)
"""Programs and packages that toolvet works without, and what each is for."""


def diagnose(options: argparse.Namespace) -> int:
    """Print what toolvet finds here. Status 0: nothing that is missing stops it."""
    rows = [*_versions(), *_folders(options), *_terminal(), *_features(), *_leftovers(options)]
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
    for package, purpose in PACKAGES:
        remedy = how_to_add(package.replace("_", "-"))
        yield package, _package_version(package) or f"not installed; needed for {purpose}: {remedy}"


def _package_version(module: str) -> str | None:
    if find_spec(module) is None:
        return None
    try:
        return version(module.replace("_", "-"))
    except PackageNotFoundError:
        return "installed"


def _leftovers(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    demos = sorted(Path(tempfile.gettempdir()).glob("toolvet-demo-*"))
    if demos:
        yield "demos", f"{plural(len(demos), 'copy', 'copies')} of the examples in {demos[0].parent}; delete at will"
    folder = state_folder()
    drafts = 0 if folder is None else len(list(folder.glob("unfinished/*.json")))
    if drafts:
        yield "drafts", f"{plural(drafts, 'unfinished text')} in {folder}"
    with suppress(ToolvetError):
        root = session_given(options).workspace.root
        killed = [path for kind in SUBJECT_KINDS for path in root.glob(f"{kind}/*/.*.tmp")]
        if killed:
            where = ", ".join(sorted({path.parent.relative_to(root).as_posix() for path in killed}))
            yield (
                "killed",
                f"{plural(len(killed), 'half-written file')} (.*.tmp) in {where}; delete at will",
            )
