"""A good file cut anywhere, or changed in one byte, is told of or means what it meant."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from toolvet.errors import UnusableFile
from toolvet.storage.reader import assessment_of, decision_of, rubric_from
from toolvet.storage.record_format import make_assessment, make_decision
from toolvet.storage.rubric_format import make_rubric
from toolvet.storage.rubric_library import shipped
from toolvet.storage.toml_input import Seal, seal_line

GOOD = Path(__file__).parents[1] / "data" / "good"
PATH = Path("file.toml")
EVERY = 1_000_000


@dataclass(frozen=True)
class Read:
    """What came of reading: the value, and whether the person is told that the file is not as it was written."""

    value: object
    is_suspect: bool


def read_rubric(content: bytes) -> Read:
    # A rubric has no seal: its digest is held in every assessment under it, and a change of it is told there.
    return Read(rubric_from(PATH, content), is_suspect=True)


def read_assessment(content: bytes) -> Read:
    file = assessment_of(PATH, content)
    return Read(file.assessment, file.seal is not Seal.INTACT)


def read_decision(content: bytes) -> Read:
    file = decision_of(PATH, content)
    return Read(file.decision, file.seal is not Seal.INTACT)


def sealed(path: Path) -> bytes:
    rest = path.read_bytes()
    return seal_line(rest) + rest


def files() -> dict[str, tuple[Callable[[bytes], Read], bytes]]:
    examples = shipped("examples")
    assessment, *_ = sorted(examples.glob("assessments/*/*.toml"))
    decision, *_ = sorted(examples.glob("decisions/*/*.toml"))
    return {
        "rubric": (read_rubric, (GOOD / "rubric.toml").read_bytes()),
        "gap rubric": (read_rubric, (GOOD / "rubric-gap.toml").read_bytes()),
        "assessment": (read_assessment, sealed(GOOD / "assessment.toml")),
        "gap assessment": (read_assessment, sealed(GOOD / "assessment-gap.toml")),
        "decision": (read_decision, sealed(GOOD / "decision.toml")),
        "shipped rubric": (read_rubric, (shipped("rubrics") / "collaboration-tool.toml").read_bytes()),
        "example assessment": (read_assessment, assessment.read_bytes()),
        "example decision": (read_decision, decision.read_bytes()),
    }


FILES = files()
SMALL = [name for name in FILES if "shipped" not in name and "example" not in name]


def cuts(content: bytes, most: int) -> Iterator[bytes]:
    step = max(1, -(-len(content) // most))
    yield from (content[:length] for length in range(0, len(content), step))


def changes(content: bytes, most: int) -> Iterator[bytes]:
    chance = random.Random(7)
    for _ in range(most):
        at = chance.randrange(len(content))
        others = {chance.randrange(256), *b'"\n=[].#0'} - {content[at]}
        yield content[:at] + bytes([chance.choice(sorted(others))]) + content[at + 1 :]


@dataclass
class Count:
    """What came of the damaged files. `silent` are those read as something else without a word."""

    files: int = 0
    told: int = 0
    silent: int = 0


def count_damaged(read: Callable[[bytes], Read], good: bytes, damaged: Iterator[bytes]) -> Count:
    """Anything but a value or UnusableFile with its problems is raised."""
    count, meant = Count(), read(good).value
    for content in damaged:
        count.files += 1
        try:
            found = read(content)
        except UnusableFile as error:
            count.told += 1
            for problem in error.problems:
                assert problem.message
                assert problem.line is None or 1 <= problem.line <= content.count(b"\n") + 1
        else:
            count.silent += found.value != meant and not found.is_suspect
    return count


@pytest.mark.parametrize("damage", [cuts, changes])
@pytest.mark.parametrize("name", SMALL)
def test_damage_to_a_small_file_is_told_of(name: str, damage: Callable[[bytes, int], Iterator[bytes]]) -> None:
    read, good = FILES[name]
    assert count_damaged(read, good, damage(good, 1000)).silent == 0


@pytest.mark.torture
@pytest.mark.parametrize(("damage", "most"), [(cuts, EVERY), (changes, 1000)])
@pytest.mark.parametrize("name", FILES)
def test_damage_to_any_file_is_told_of(name: str, damage: Callable[[bytes, int], Iterator[bytes]], most: int) -> None:
    read, good = FILES[name]
    count = count_damaged(read, good, damage(good, most))
    print(f"{name}, {damage.__name__}: {count}")
    assert count.silent == 0


def naive(make: Callable[[dict[str, Any]], object]) -> Callable[[bytes], Read]:
    """Parses, makes a value, and takes what it got for what was written."""

    def read(content: bytes) -> Read:
        try:
            document = tomllib.loads(content.decode())
        except ValueError as error:
            raise UnusableFile(()) from error
        document.pop("seal", None)
        return Read(make(document), is_suspect=False)

    return read


NAIVE = {
    "rubric": naive(lambda document: make_rubric(document, "")),
    "assessment": naive(make_assessment),
    "decision": naive(make_decision),
}


@pytest.mark.parametrize("name", NAIVE)
def test_plain_reader_fails_the_same_check(name: str) -> None:
    good = FILES[name][1]
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        count_damaged(NAIVE[name], good, cuts(good, 2000))
    if name == "assessment":
        end = good[: -len('unknown = "Asked the vendor."\n')]
        assert count_damaged(NAIVE[name], good, iter([end])).silent == 1
