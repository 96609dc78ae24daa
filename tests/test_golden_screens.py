"""Every screen and dialog as it looks at two sizes, in golden files; `make golden` renews them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from golden_app import opened, workspace_copy
from golden_files import GOLDEN, GoldenFiles
from golden_walks import WALKS

SIZES = {"80x24": (80, 24), "120x36": (120, 36)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", WALKS)
async def test_it_looks_as_the_golden_files_have_it(name: str, size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    walk, golden = WALKS[name], GoldenFiles(f"screens/{name}", f"-{size}.txt")
    with workspace_copy(walk.workspace) as root:
        monkeypatch.chdir(root)
        monkeypatch.delenv("XDG_CONFIG_HOME")  # so that a picture shows ~ and no folder of the machine
        walk.prepare(root)
        async with opened(root, SIZES[size], with_toasts=walk.with_toasts) as way:
            await way.go(walk.steps, golden.take)
    golden.finish()


def test_every_golden_picture_is_of_one_of_these_walks_and_sizes() -> None:
    there = [path.relative_to(GOLDEN / "screens") for path in (GOLDEN / "screens").rglob("*") if path.is_file()]
    strange = [path for path in there if str(path.parent) not in WALKS or path.stem.rsplit("-", 1)[-1] not in SIZES]
    assert strange == [], "no walk takes these; remove them by hand"


ISO_DAY = re.compile(r"(?<![\w/-])\d{4}-\d\d-\d\d(?![\w-]|\.[a-z])")
TYPED = re.compile(r"e\.g\. |such as|Requested on|Answer due|Due date|Expires|Valid until|Last day")
"""What a line says about a date that is typed in this form."""
OF_FORMS = ("board-", "change-date-", "date-", "valid-until-")
"""Pictures of a report, or of a field with a date."""


def test_a_date_is_in_words_but_where_it_is_typed_and_in_reports() -> None:
    found = {}
    for path in (GOLDEN / "screens").rglob("*.txt"):
        if "report" not in path.parent.name and not path.name.startswith(OF_FORMS):
            lines = path.read_text(encoding="utf-8").splitlines()
            wrong = [line for line in lines if ISO_DAY.search(line) and not TYPED.search(line)]
            if wrong:
                found[path.name] = wrong
    assert found == {}


def test_walks_begin_in_workspaces_that_are_there() -> None:
    assert all(walk.workspace is None or Path(walk.workspace).is_dir() for walk in WALKS.values())
