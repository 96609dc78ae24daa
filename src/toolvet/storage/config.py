"""config.toml in the person's own folder: theme, reviewer, editor, language, keys and motion."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

from toolvet.errors import NotSaved, Problem, ToolvetError, UnusableFile
from toolvet.storage.atomic import save
from toolvet.storage.reader import problems_of
from toolvet.storage.schema import load_schema, make_check
from toolvet.storage.toml_input import is_there, parse, read_content, reason
from toolvet.storage.user_state import config_folder
from toolvet.values import dataclass

THEME_NAMES = ("auto", "dark", "light", "contrast")


@dataclass(frozen=True, slots=True)
class Config:
    """What a person set; None where they said nothing. `keys` are other keys by the id of what they do."""

    theme: str | None = None
    reviewer: str | None = None
    editor: str | None = None
    language: str | None = None
    reduced_motion: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)


def config_path() -> Path | None:
    """Where the file is or would be; None without a usable home folder."""
    named = os.environ.get("TOOLVET_CONFIG")
    if named:
        return Path(named).absolute()
    folder = config_folder()
    return None if folder is None else folder / "config.toml"


def read_config() -> Config:
    """What the file says; the defaults where there is none. Raises UnusableFile, with the first problem."""
    path = config_path()
    if path is None or not is_there(path):
        return Config()
    content = read_content(path)
    document = parse(path, content)
    problems = _problems(path, content, document)
    if problems:
        raise UnusableFile(problems)
    return Config(**document)


def configured() -> Config:
    """As `read_config`, with the defaults where the file cannot be used: who opens the app is told then."""
    try:
        return read_config()
    except ToolvetError:
        return Config()


def wanted_language() -> str | None:
    """The language in config.toml, else that of the person's locale; None if neither names one."""
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    code = re.split(r"[.@]", locale)[0].replace("_", "-")
    return configured().language or (code if code not in ("", "C", "POSIX") else None)


def config_problems(path: Path) -> tuple[Problem, ...]:
    """Everything that is wrong with that file. Raises UnusableFile where it cannot be read at all."""
    content = read_content(path)
    return _problems(path, content, parse(path, content))


def _problems(path: Path, content: bytes, document: Mapping[str, Any]) -> tuple[Problem, ...]:
    if _check()(document):
        return ()
    # jsonschema takes 0.13 s to import, and good files go without it
    from toolvet.storage.schema_errors import schema_faults

    return problems_of(path, content, tuple(schema_faults(document, load_schema("config"))))


@cache
def _check() -> Any:
    return make_check(load_schema("config"))


def language_fault(code: str) -> str | None:
    """What is wrong with that code, in words, or None; an empty one means none is set."""
    pattern = load_schema("config")["properties"]["language"]["pattern"]
    return None if not code or re.search(pattern, code) else f"{code} is no code: write en, de or pt-BR, for example."


def change_setting(name: str, value: str | bool | None) -> Path:
    """Set one value, or take it away, leaving all else in the file as it is. Raises NotSaved or UnusableFile."""
    path = config_path()
    if path is None:
        raise ToolvetError("There is no home folder to keep settings in.")
    seen = read_content(path) if is_there(path) else None
    if seen is not None:
        read_config()
    before = {} if seen is None else parse(path, seen)
    wanted = {key: known for key, known in {**before, name: value}.items() if known is not None}
    content = _with_setting("" if seen is None else seen.decode("utf-8-sig"), name, value).encode()
    if not _says(path, content, wanted):
        raise ToolvetError(f"{path}: {name} cannot be changed from here; change it in an editor.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotSaved(f"{path}: {reason(error)}") from error
    save(path, content, seen)
    return path


def _says(path: Path, content: bytes, wanted: Mapping[str, Any]) -> bool:
    """Whether that content of the file is read as that: somebody may have written over several lines."""
    try:
        return parse(path, content) == wanted
    except UnusableFile:
        return False


def _with_setting(text: str, name: str, value: str | bool | None) -> str:
    """The text with that value at the top, before the first table; other lines stay."""
    top, table, rest = re.match(r"(?s)(.*?)(^[ \t]*\[|\Z)(.*)", text, re.MULTILINE).groups()  # type: ignore[union-attr]
    own = re.compile(rf"""[ \t]*["']?{name}["']?\s*=""")
    kept = "".join(line for line in top.splitlines(keepends=True) if not own.match(line))
    if value is None:
        return f"{kept}{table}{rest}"
    written = json.dumps(value, ensure_ascii=False)
    joint = "" if not kept or kept.endswith("\n") else "\n"
    return f"{kept}{joint}{name} = {written}\n{table}{rest}"
