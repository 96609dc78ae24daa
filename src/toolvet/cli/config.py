"""`toolvet config` and `toolvet keys`: the person's settings, and the keys of the screens."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from toolvet.cli.output import put, put_exactly, put_json, say
from toolvet.errors import Problem, ToolvetError
from toolvet.storage.config import config_path, config_problems, read_config
from toolvet.storage.faults import unknown
from toolvet.storage.schema import schema_text
from toolvet.storage.toml_input import is_there
from toolvet.text.escape import plural
from toolvet.text.tables import TableFormat, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolvet.tui.keys import DeclaredKey


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
    return _show(path) if options.action == "show" else _check(path)


def _show(path: Path) -> int:
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


def _check(path: Path) -> int:
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
    from toolvet.tui.keys import declared_keys  # the screens take half a second to import

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
