"""Schemas come from the package alone: nothing is fetched, and a rubric brings no patterns of its own."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bombs import GOOD
from toolvet.errors import UnusableFile
from toolvet.services.file_check import check_paths
from toolvet.storage.reader import read_rubric
from toolvet.storage.schema import SCHEMA_NAMES, load_schema
from toolvet.storage.schema_errors import schema_faults
from toolvet.storage.workspace import Workspace


class Listener:
    """A server that counts who calls, and says nothing of use."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}/schema.json"
        self.calls = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.calls += 1
                connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.socket.close()


def references(schema: Any) -> Iterator[str]:
    match schema:
        case dict():
            for key, value in schema.items():
                if key == "$ref" and isinstance(value, str):
                    yield value
                yield from references(value)
        case list():
            for item in schema:
                yield from references(item)


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_reference_in_our_schemas_is_to_themselves(name: str) -> None:
    assert [found for found in references(load_schema(name)) if not found.startswith("#/$defs/")] == []


def test_schema_named_by_a_file_or_lying_in_a_workspace_is_not_used(listener: Listener, tmp_path: Path) -> None:
    (tmp_path / ".toolvet").mkdir()
    (tmp_path / "rubrics").mkdir()
    shutil.copy(GOOD / "rubric.toml", tmp_path / "rubrics")
    for name in SCHEMA_NAMES:
        (tmp_path / ".toolvet" / f"{name}.schema.json").write_text(json.dumps({"$ref": listener.address}))
    path = tmp_path / "assessment.toml"
    good = (GOOD / "assessment.toml").read_text()
    path.write_text(f"#:schema {listener.address}\n{good}")
    assert check_paths([path], Workspace(tmp_path)) == ()
    path.write_text(f"#:schema {listener.address}\n{good}".replace("level = 2", '"$ref" = 2'))
    assert [problem.line for problem in check_paths([path], Workspace(tmp_path))] == [22]
    assert listener.calls == 0


def test_reference_to_the_network_is_not_followed(listener: Listener) -> None:
    """Not even if one came into our own schemas."""
    with pytest.raises(Exception, match="Unresolvable"):
        list(schema_faults({}, {"$ref": listener.address}))
    assert listener.calls == 0


def test_plain_validation_fails_the_same_check(listener: Listener) -> None:
    with warnings.catch_warnings(), suppress(Exception):
        warnings.simplefilter("ignore")
        jsonschema.validate({}, {"$ref": listener.address})
    assert listener.calls > 0


@pytest.mark.parametrize("key", ["pattern", "regex", "matches", "$ref", "format_pattern"])
def test_rubric_carries_no_patterns(key: str, tmp_path: Path) -> None:
    path = tmp_path / "rubric.toml"
    text = (GOOD / "rubric.toml").read_text()
    path.write_text(text.replace("minutes = 5", f'"{key}" = "(a+)+$"'))
    with pytest.raises(UnusableFile) as caught:
        read_rubric(path)
    [problem] = caught.value.problems
    assert problem.message.startswith(f'unknown key "{key}"')
