"""The kinds of other tools' files that can be imported: ours, and those that installed packages add."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import tomli_w
import yaml

from toolvet.domain.bearing import SentAnswers
from toolvet.errors import Problem, ToolvetError, UnusableFile, UsageError
from toolvet.storage.atomic import content_there, save
from toolvet.storage.faults import quoted
from toolvet.storage.rows import Spreadsheet, read_sent, read_spreadsheet, sheet_names
from toolvet.storage.rubric_draft import RubricDraft
from toolvet.storage.toml_input import FILE_BYTES, is_there, parse, read_content, text_in
from toolvet.values import dataclass

_TEXT = r'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)'
"""One without an end goes on to the end of the file: looked for from every quote, it would take for ever."""
_BETWEEN = re.compile(rf"({_TEXT})|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_JOINED = re.compile(r'"\s*\+\s*"')
_TAG = re.compile(r"<[^<>]*>")

GROUP = "toolvet.questionnaires"
"""The entry points by which an installed package adds kinds; each names a QuestionnaireKind."""

_COLUMNS_FILE = ".toolvet/columns.toml"
_COLUMNS_HEADING = "# The columns of other tools' questionnaires, as named for toolvet import --as rubric.\n\n"
_BUILT_IN = ("scubagear", "hecvat", "caiq", "openacr", "oscal", "aws_lens", "vsaq", "table")
_YAML_DEEP = 60
_YAML_EVENTS = 300_000
_JSON_PARTS = 400_000
"""More than in any known file; each takes far more memory than it has letters."""


class SentFile:
    """A file that somebody sent, read at most once whichever kinds look at it."""

    def __init__(self, path: Path, kept: Sequence[Mapping[str, str]] = ()) -> None:
        self.path = path
        self.kept = kept
        self.ending = path.suffix.casefold()

    @cached_property
    def content(self) -> bytes:
        """Its bytes. UnusableFile beyond 10 MiB."""
        return read_sent(self.path)

    @cached_property
    def sheets(self) -> tuple[str, ...]:
        """The names of its sheets; none if it is no workbook."""
        return sheet_names(self.path) if self.ending == ".xlsx" else ()

    @cached_property
    def document(self) -> Any:
        """What its JSON or YAML holds, every scalar of YAML as text. None for other endings."""
        if self.ending == ".json":
            return _json(self.path, self.content)
        return _yaml(self.path, self.content) if self.ending in (".yaml", ".yml") else None

    @property
    def mapping(self) -> Mapping[str, Any]:
        """The document if it is a mapping, else an empty one."""
        return self.document if isinstance(self.document, dict) else {}

    def spreadsheet(self, only: Callable[[str], bool] | None = None) -> Spreadsheet:
        """Its rows, of all sheets or those chosen by name."""
        return read_spreadsheet(self.path, only)


@dataclass(frozen=True, slots=True)
class QuestionnaireKind:
    """A kind of file. Each function gives None for a file that is not of the kind.

    `draft` makes a rubric of its questions, given which columns were named for what; `answers` reads what was answered.
    """

    name: str
    endings: tuple[str, ...]
    draft: Callable[[SentFile, Mapping[str, str]], RubricDraft | None] | None = None
    answers: Callable[[SentFile], SentAnswers | None] | None = None


def questionnaire_kinds() -> Iterator[QuestionnaireKind]:
    """Those that installed packages add, by name, then ours. ToolvetError if one of theirs cannot be loaded."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            kind = point.load()
        except Exception as error:  # code of others, which may raise anything
            raise ToolvetError(f"{GROUP} {point.name} ({point.value}) cannot be loaded: {error}") from error
        if not isinstance(kind, QuestionnaireKind):
            raise ToolvetError(f"{GROUP} {point.name} ({point.value}) is no QuestionnaireKind")
        yield kind
    for name in _BUILT_IN:
        yield import_module(f"toolvet.storage.kinds.{name}").KIND


def read_rubric_draft(path: Path, columns: Mapping[str, str], kept: Sequence[Mapping[str, str]] = ()) -> RubricDraft:
    """The draft that the file makes; `columns` names the columns of a table for parts of a question.

    Without them, those that were `kept` from an earlier table with the same headers. UsageError if no kind knows it.
    """
    file = SentFile(path, kept)
    endings: dict[str, None] = {}
    for kind in questionnaire_kinds():
        if kind.draft is None:
            continue
        endings |= dict.fromkeys(kind.endings)
        draft = kind.draft(file, columns) if file.ending in kind.endings else None
        if draft is not None and draft.criteria:
            return draft
    known = ", ".join(endings)
    raise UsageError(f"{path}: is no questionnaire that toolvet knows; it reads {known}: see docs/exchange.md")


def kept_columns(root: Path) -> tuple[Mapping[str, str], ...]:
    """The columns that were named for earlier tables, the newest first. UnusableFile if they cannot be read."""
    path = root / _COLUMNS_FILE
    if not is_there(path):
        return ()
    found = parse(path, read_content(path)).get("questionnaires", [])
    tables = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return tuple({str(part): str(header) for part, header in each.items()} for each in reversed(tables))


def keep_columns(root: Path, columns: Mapping[str, str]) -> None:
    """Keep what was named in the workspace, so that it is asked for once."""
    known = kept_columns(root)
    if columns not in known:
        path = root / _COLUMNS_FILE
        tables = [dict(each) for each in (*reversed(known), columns)]
        save(path, (_COLUMNS_HEADING + tomli_w.dumps({"questionnaires": tables})).encode(), content_there(path))


def answers_in(path: Path) -> SentAnswers | None:
    """The answers that the file holds; None if no kind knows it."""
    file = SentFile(path)
    for kind in questionnaire_kinds():
        if kind.answers is not None and file.ending in kind.endings:
            found = kind.answers(file)
            if found is not None:
                return found
    return None


def _json(path: Path, content: bytes) -> Any:
    """The document in a JSON file, with comments left out and joined texts put together. UnusableFile if it is none."""
    if content.count(b"{") + content.count(b"[") > _JSON_PARTS:
        what = f"has more than {_JSON_PARTS:,} lists and tables; send only what you want to import"
        raise UnusableFile((Problem(path, None, what),))
    text = text_in(path, content)
    try:
        return json.loads(text, object_pairs_hook=partial(_table, path))
    except RecursionError as error:
        raise UnusableFile((Problem(path, None, "is nested too deeply"),)) from error
    except ValueError as error:
        if len(content) > FILE_BYTES:  # files with comments are written by hand
            raise _no_json(path, error) from error
    try:
        plain = _JOINED.sub("", _BETWEEN.sub(lambda found: found[1] or "", text))
        return json.loads(plain, object_pairs_hook=partial(_table, path))
    except RecursionError as error:
        raise UnusableFile((Problem(path, None, "is nested too deeply"),)) from error
    except ValueError as error:
        raise _no_json(path, error) from error


def _table(path: Path, pairs: Sequence[tuple[str, Any]], line: int | None = None) -> dict[str, Any]:
    """The pairs as a table. UnusableFile for a key that stands twice: nobody could tell which of them counts."""
    table = dict(pairs)
    if len(table) < len(pairs):
        twice, _ = (Counter(key for key, _ in pairs) - Counter(table.keys())).popitem()
        raise UnusableFile((Problem(path, line, f"has {quoted(twice)} twice in one table; keep one of them"),))
    return table


def _no_json(path: Path, error: ValueError) -> UnusableFile:
    if isinstance(error, json.JSONDecodeError):
        return UnusableFile((Problem(path, error.lineno, f"is not valid JSON: {error.msg.lower()}"),))
    return UnusableFile((Problem(path, None, "holds a number with too many digits"),))


def tables_in(table: object, key: str) -> Iterator[dict[str, Any]]:
    """The tables in the list of that key; none for what is no list, or no table."""
    found = table.get(key) if isinstance(table, dict) else None
    return (each for each in (found if isinstance(found, list) else []) if isinstance(each, dict))


def plain_words(text: object) -> str:
    """The text without HTML; empty for what is no text."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split()) if isinstance(text, str) else ""


def _yaml(path: Path, content: bytes) -> Any:
    """The document, with every scalar as text. UnusableFile for aliases and deep nesting, which may explode."""
    if len(content) > FILE_BYTES:
        message = "is larger than 1 MiB, the most that is read of YAML; convert it to JSON"
        raise UnusableFile((Problem(path, None, message),))
    text = text_in(path, content)
    deep = 0
    try:
        for number, event in enumerate(yaml.parse(text, Loader=yaml.CBaseLoader)):
            if number > _YAML_EVENTS:
                raise UnusableFile((Problem(path, None, "has too many parts; send only what you want to import"),))
            deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or deep > _YAML_DEEP:
                what = "repeats a part by an alias" if isinstance(event, yaml.AliasEvent) else "is nested too deeply"
                line = None if event.start_mark is None else event.start_mark.line + 1
                raise UnusableFile((Problem(path, line, f"{what}; write it out plainly"),))
        return _yaml_value(path, yaml.compose(text, Loader=yaml.CBaseLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        said = getattr(error, "problem", None) or "it cannot be read"
        raise UnusableFile((Problem(path, line, f"is not valid YAML: {said}"),)) from error


def _yaml_value(path: Path, node: yaml.Node | None) -> Any:
    """Texts, lists and tables: nothing runs."""
    match node:
        case yaml.ScalarNode():
            return node.value
        case yaml.SequenceNode():
            return [_yaml_value(path, each) for each in node.value]
        case yaml.MappingNode():
            pairs = [(_yaml_value(path, key), _yaml_value(path, value)) for key, value in node.value]
            if not all(isinstance(key, str) for key, _ in pairs):
                what = "has a list or table as a name; write it out plainly"
                raise UnusableFile((Problem(path, node.start_mark.line + 1, what),))
            return _table(path, pairs, node.start_mark.line + 1)
    return None
