"""The guides for contributors name only files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLACES = ("", "src/toolvet", "docs", "tests", "tests/reliability")


@pytest.mark.parametrize("guide", ["CONTRIBUTING.md", "docs/architecture.md", "docs/guarantees.md"])
def test_a_guide_names_only_files_that_exist(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    named = re.findall(r"`(?!\.\.)([\w./-]+/[\w.-]*|[\w-]+\.(?:py|toml|md|lock))`", text)
    missing = [path for path in named if not any((ROOT / place / path).exists() for place in PLACES)]
    assert named
    assert missing == []
