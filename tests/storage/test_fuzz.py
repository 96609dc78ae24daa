"""Damaged files are read or told of; nothing else happens."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolvet.errors import UnusableFile
from toolvet.storage.reader import Kind, examine, kind_of
from toolvet.storage.toml_input import parse

GOOD = Path(__file__).parent.parent / "data" / "good"
FILES = {
    "rubric": Kind.RUBRIC,
    "rubric-gap": Kind.RUBRIC,
    "assessment": Kind.ASSESSMENT,
    "assessment-gap": Kind.ASSESSMENT,
    "decision": Kind.DECISION,
}
ODD_BYTES = st.one_of(
    st.integers(0, 255).map(lambda number: bytes([number])), st.sampled_from([b"", b'"', b"[", b"\n"])
)


def read_or_told(content: bytes, kind: Kind) -> None:
    try:
        examine(Path("file.toml"), content, kind)
    except UnusableFile as error:
        for problem in error.problems:
            assert problem.message
            assert "\n" not in problem.message
            assert problem.line is None or 1 <= problem.line <= content.count(b"\n") + 1


@given(st.sampled_from(sorted(FILES)), st.floats(0, 1), ODD_BYTES)
def test_one_changed_byte(name: str, where: float, byte: bytes) -> None:
    content = (GOOD / f"{name}.toml").read_bytes()
    at = int(where * len(content))
    read_or_told(content[:at] + byte + content[at + 1 :], FILES[name])


@given(st.sampled_from(sorted(FILES)), st.floats(0, 1), st.floats(0, 1))
def test_a_piece_moved_elsewhere(name: str, one: float, other: float) -> None:
    lines = (GOOD / f"{name}.toml").read_bytes().splitlines(keepends=True)
    lines.insert(int(one * len(lines)), lines.pop(int(other * (len(lines) - 1))))
    read_or_told(b"".join(lines), FILES[name])


BOMBS = {
    "one key of 20,000 parts": "a." * 20_000 + "a = 1",
    "header of 20,000 parts": "[" + "a." * 20_000 + "a]",
    "500 brackets": "a = " + "[" * 500 + "]" * 500,
    "500 braces": "a = " + "{ a = " * 500 + "1" + " }" * 500,
    "a megabyte of digits": "a = " + "9" * 1_000_000,
    "a megabyte of decimals": "a = 0." + "9" * 1_000_000,
    "an enormous exponent": "a = 1e" + "9" * 1000,
    "a megabyte of brackets": "[" * 1_000_000,
    "a megabyte of unknown keys": "".join(f"k{number} = 1\n" for number in range(80_000)),
    "100,000 entries": "scope = [" + "1," * 100_000 + "]",
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_bomb_is_told_of_soon_and_in_little_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.toml"
    path.write_text('format = 1\nask = "level"\ncriteria = []\n' + BOMBS[name])
    program = (
        "import sys; from pathlib import Path; from toolvet.errors import UnusableFile\n"
        "from toolvet.storage.reader import read_rubric\n"
        "try: read_rubric(Path(sys.argv[1]))\n"
        "except UnusableFile as error: print(len(error.problems))"
    )
    megabytes = 300 * 1024 * 1024
    result = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes, megabytes)),
    )
    assert int(result.stdout) > 0


def test_file_with_more_than_a_hundred_problems_tells_the_first_hundred() -> None:
    content = b"format = 1\nask = 'level'\n" + b"".join(b"k%d = 1\n" % number for number in range(500))
    with pytest.raises(UnusableFile) as caught:
        examine(Path("file.toml"), content, Kind.RUBRIC)
    assert len(caught.value.problems) == 101
    assert str(caught.value.problems[-1]) == "file.toml: there is more; correct these first"


def test_kind_of_something_else_is_none() -> None:
    assert kind_of(parse(Path("x.toml"), b"name = 1")) is None


def test_a_megabyte_of_long_keys_is_not_parsed() -> None:
    content = "".join(f"a{number}.b.c.d.e.f.g.h = 1\n" for number in range(40_000)).encode()
    with pytest.raises(UnusableFile) as caught:
        parse(Path("x.toml"), content)
    message = "more than 40,000 keys, entries and comments; remove what is not needed"
    assert str(caught.value) == f"x.toml:5001: {message}"
