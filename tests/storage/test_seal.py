from __future__ import annotations

import tomllib

import pytest

from toolvet.storage.toml_input import Seal, check_seal, seal_line

REST = b'format = 1\n\n[subject]\nname = "Zoom"\n'
SCHEMA = b"#:schema x.json\n"
SEALED = SCHEMA + seal_line(SCHEMA + REST) + REST


def seal_of(content: bytes) -> Seal:
    return check_seal(tomllib.loads(content.decode()), content)


def test_file_as_it_was_written_is_intact() -> None:
    assert seal_of(SEALED) is Seal.INTACT


def test_file_without_a_seal_was_written_by_hand() -> None:
    assert seal_of(REST) is Seal.MISSING


def test_windows_line_ends_leave_it_intact() -> None:
    assert seal_of(SEALED.replace(b"\n", b"\r\n")) is Seal.INTACT


@pytest.mark.parametrize("above", [b"#:schema ../x.json\n", b"", SCHEMA + b'rationale = "Mine."\n'])
def test_what_stands_above_the_seal_is_sealed_too(above: bytes) -> None:
    assert seal_of(SEALED.replace(SCHEMA, above)) is Seal.BROKEN


def test_a_line_in_a_text_that_looks_like_the_seal_is_none() -> None:
    line = seal_line(b"")
    hidden = b'note = """\nseal = "x"\n"""\n'
    assert seal_of(line.replace(b"seal", b'"seal"') + hidden) is Seal.BROKEN


@pytest.mark.parametrize("length", [len(SEALED) - 1, len(SEALED) - 14, len(SEALED) - len(REST)])
def test_file_that_was_cut_off_is_broken(length: int) -> None:
    assert seal_of(SEALED[:length]) is Seal.BROKEN


def test_file_with_a_change_is_broken() -> None:
    assert seal_of(SEALED.replace(b"Zoom", b"Zoon")) is Seal.BROKEN


def test_seal_that_is_no_digest_is_broken() -> None:
    assert seal_of(b'seal = "yes"\nformat = 1\n') is Seal.BROKEN


def test_seal_under_a_quoted_key_is_broken() -> None:
    assert seal_of(SEALED.replace(b"seal =", b'"seal" =')) is Seal.BROKEN
