"""What a release does to the files, and what it refuses."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import toolvet
from lowest import lowest
from release import Refused, dated, release, versioned

CHANGELOG = (Path(__file__).parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")
ON = date(2027, 1, 31)


def test_what_was_unreleased_gets_version_and_date() -> None:
    text = "# Changelog\n\n## [Unreleased]\n\n- New.\n\n## [1.0.0] - 2026-12-01\n\n- Old.\n"
    assert dated(text, "1.1.0", ON) == (
        "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2027-01-31\n\n- New.\n\n## [1.0.0] - 2026-12-01\n\n- Old.\n"
    )


def test_a_section_that_is_dated_already_stays() -> None:
    text = "## [Unreleased]\n\n## [1.0.0] - 2026-12-01\n\n- Old.\n"
    assert dated(text, "1.0.0", ON) == text


def test_a_dated_section_does_not_hide_unreleased_changes() -> None:
    with pytest.raises(Refused, match="take another version"):
        dated("## [Unreleased]\n\n- New.\n\n## [1.0.0] - 2026-12-01\n\n- Old.\n", "1.0.0", ON)


@pytest.mark.parametrize("text", ["# Changelog\n", "## [Unreleased]\n\n## [1.0.0] - 2026-12-01\n\n- Old.\n"])
def test_nothing_to_release_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        dated(text, "1.1.0", ON)


def test_the_version_in_the_code_is_replaced() -> None:
    assert versioned('"""Docs."""\n\n__version__ = "1.0.0"\n', "1.1.0") == '"""Docs."""\n\n__version__ = "1.1.0"\n'


@pytest.mark.parametrize("version", ["", "1.2", "v1.2.3", "1.2.3rc1", "01.2.3", "1.2.3 --force"])
def test_only_three_numbers_are_a_version(version: str) -> None:
    with pytest.raises(Refused, match="give one like"):
        release(version, ON, check_only=True)


def test_the_changelog_has_unreleased_first_and_the_version_of_the_code() -> None:
    sections = re.findall(r"^## \[(.+?)\]", CHANGELOG, re.MULTILINE)
    assert sections[:2] == ["Unreleased", toolvet.__version__]


def test_lower_bounds_are_by_name() -> None:
    assert lowest(["tabulate[widechars]>=0.10,<0.11", "tomli_w>=1.2,<2"]) == {"tabulate": "0.10", "tomli-w": "1.2"}


def test_a_requirement_without_a_lower_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="rich<16"):
        lowest(["rich<16"])
