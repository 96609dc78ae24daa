"""What toolvet says of itself: `toolvet help`, `doctor`, `config` and `keys`."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_log_path

from toolvet import __version__
from toolvet.cli.output import put, put_exactly, put_json, say, session_given, width
from toolvet.cli.parser import not_one_of, terminal_columns
from toolvet.errors import Problem, ToolvetError, UnusableFile, UsageError
from toolvet.storage.config import config_path, config_problems, read_config
from toolvet.storage.faults import unknown
from toolvet.storage.rubric_library import shipped
from toolvet.storage.schema import schema_text
from toolvet.storage.subjects import SUBJECT_KINDS
from toolvet.storage.toml_input import is_there
from toolvet.storage.user_state import state_folder
from toolvet.text.escape import how_to_add, plural, wrapped
from toolvet.text.tables import TableFormat, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolvet.tui.kit.help import DeclaredKey

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
  TOOLVET_REVIEWER    your name; else that of config.toml, else
                      git's user.name
  TOOLVET_CONFIG      another configuration file
  ACCESSIBLE          1: line by line instead of screens
  NO_COLOR            no colours; FORCE_COLOR: colours in a pipe
  TOOLVET_PAGER       what shows long output; else PAGER, less;
                      cat: no pager
  VISUAL, EDITOR      what opens a long note
  LC_ALL, LANG        the language of rubrics that have it
  COLUMNS             the width of text in a file or pipe
  COLORFGBG           the colours of the terminal, which is asked
                      for its background where this is not set
  TMPDIR              where toolvet demo puts its copy
  XDG_STATE_HOME      where you left off, and drafts
  XDG_CONFIG_HOME     config.toml""",
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
    rows = [*_versions(), *_folders(options), *_you(options), *_terminal(), *_features(), *_leftovers(options)]
    column = max(len(label) for label, _ in rows) + 2
    for label, words in rows:
        first, *rest = wrapped(words, max(width() - column, 20)).splitlines()
        put("\n".join([f"{label:<{column}}{first}", *(" " * column + line for line in rest)]))
    return 0


def _versions() -> Iterator[tuple[str, str]]:
    yield "toolvet", __version__
    yield "Python", f"{platform.python_version()} on {platform.system()} {platform.release()}"
    for package in ("textual", "jsonschema", "tomli"):
        yield package, version(package)


def _folders(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    try:
        workspace = session_given(options).workspace
        locked = "; you may not write there" if workspace.exists and not os.access(workspace.root, os.W_OK) else ""
        found = f"{workspace.root}{locked}" if workspace.exists else f"none yet; it would be {workspace.root}"
        yield "workspace", found
    except ToolvetError as error:
        yield "workspace", str(error)
    yield "state", str(state_folder() or "no home folder: toolvet forgets where you were")
    try:
        yield "log", str(user_log_path("toolvet", appauthor=False))
    except RuntimeError:
        yield "log", "no home folder"


def _you(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    path = config_path()
    if path is None:
        yield "config", "no home folder; set TOOLVET_CONFIG to a file"
    elif not is_there(path):
        yield "config", f"as shipped; there is no {path} yet"
    else:
        try:
            found = config_problems(path)
        except UnusableFile as error:
            found = error.problems
        wrong = f": {plural(len(found), 'problem')}; see toolvet config check" if found else ""
        yield "config", f"{path}{wrong}"
    with suppress(ToolvetError):
        yield "reviewer", session_given(options).reviewer or "not known; toolvet asks, or set TOOLVET_REVIEWER"
    with suppress(ToolvetError):  # what is wrong with the configuration is told above
        editor = read_config().editor or os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
        yield "editor", editor.strip() or "none set; needed for opening a long note (ctrl+o): set EDITOR"


def _terminal() -> Iterator[tuple[str, str]]:
    if not sys.stdout.isatty():
        yield "terminal", "none: the output goes to a file or pipe"
        return
    size = os.get_terminal_size(sys.stdout.fileno())
    small = "" if size.columns >= 80 and size.lines >= 24 else "; the screens need 80 by 24"
    yield "terminal", f"{os.environ.get('TERM', 'TERM is not set')}, {terminal_columns()} by {size.lines}{small}"


def _features() -> Iterator[tuple[str, str]]:
    for program, purpose in PROGRAMS:
        path = shutil.which(program)
        yield program, f"not found; needed for {purpose}" if path is None else f"{path}, for {purpose}"
    for module, purpose in PACKAGES:
        package, found = module.replace("_", "-"), _package_version(module)
        missing = f"not installed; needed for {purpose}: {how_to_add(package)}"
        yield package, missing if found is None else f"{found}, for {purpose}"


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


def config(options: argparse.Namespace) -> int:
    """Say where the file is, what is set, what is wrong with it, or print its schema."""
    if options.action == "schema":
        put_exactly(schema_text("config").rstrip("\n"))
        return 0
    path = config_path()
    if path is None:
        raise ToolvetError("There is no home folder to keep a configuration in; set TOOLVET_CONFIG to a file.")
    if options.action == "path":
        put(str(path))
        return 0
    return _show_settings(path) if options.action == "show" else _check_settings(path)


def _show_settings(path: Path) -> int:
    found = read_config()
    values = {
        "theme": found.theme or "auto",
        "reviewer": found.reviewer or "",
        "editor": found.editor or "",
        "language": found.language or "",
        "reduced_motion": str(found.reduced_motion).lower(),
        **{f"keys.{name}": keys for name, keys in found.keys.items()},
    }
    put("\n".join(f"{name:<16} {value}".rstrip() for name, value in values.items()))
    say(f"From {path}." if is_there(path) else f"All as shipped; there is no {path} yet.")
    return 0


def _check_settings(path: Path) -> int:
    if not is_there(path):
        say(f"There is no {path} yet; everything is as shipped.")
        return 0
    problems = config_problems(path)
    if not problems:
        problems = tuple(_key_problems(path, read_config().keys))
    put("\n".join(map(str, problems)) if problems else f"{path}: no problems")
    if problems:
        say(f"{plural(len(problems), 'problem')} found.")
    return 1 if problems else 0


def _key_problems(path: Path, keys: Mapping[str, str]) -> Iterator[Problem]:
    """Ids that there are not, and keys that would mean two things in one place."""
    declared = _declared_keys()
    ids = sorted({key.id for key in declared})
    for name in keys:
        if name not in ids:
            yield Problem(path, None, f"[keys] {unknown(f'key with the id {name}', name, ids)} See toolvet keys.")
    taken: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key in declared:
        for each in keys.get(key.id, key.key).split(","):
            taken[(key.where, each.strip())].add(key.id)
    for (where, key_name), found in taken.items():
        if len(found) > 1 and found & set(keys):
            yield Problem(path, None, f"[keys] {key_name} would mean {' and '.join(sorted(found))} in {where}")


def _declared_keys() -> tuple[DeclaredKey, ...]:
    from toolvet.tui.kit.help import declared_keys  # the screens take half a second to import

    return tuple(declared_keys())


def keys(options: argparse.Namespace) -> int:
    """Print every key with what it does and the id by which it can be changed."""
    changed = read_config().keys
    places: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for key in _declared_keys():
        if not key.is_of_place:
            places[(changed.get(key.id, key.key), key.label, key.id)].add(key.where)
    rows = [
        (name, label, key_id, _places(found))
        for (name, label, key_id), found in sorted(places.items(), key=lambda item: (len(item[0][0]), item[0]))
    ]
    if options.json:
        put_json([dict(zip(("key", "does", "id", "where"), row, strict=True)) for row in rows])
        return 0
    put(table(rows, ("key", "does", "id", "where"), TableFormat.SIMPLE))
    say("Digits pick, arrows and page keys move. Another key for an id: [keys] in config.toml (toolvet config path).")
    return 0


def _places(found: set[str]) -> str:
    if len(found) > 3:
        return f"{len(found)} places"
    return ", ".join(sorted(name.removesuffix("Screen") for name in found))
