"""The seal: a line by which a cut or edited file is told from one as toolvet wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from toolvet.files.digest import PREFIX, hex_digest

_SEAL_LINE = re.compile(rb"^seal[ \t]*=[^\n]*(?:\n|\Z)", re.MULTILINE)

CHANGED_OUTSIDE = "This file was changed outside toolvet, or cut short"
READ_THROUGH = "Have you read it through, and are its answers right?"
"""What is said and asked before a file with a broken seal is changed, and so sealed anew."""


class Seal(StrEnum):
    """Whether a file is as toolvet wrote it; `missing` where it was written by hand."""

    INTACT = "intact"
    MISSING = "missing"
    BROKEN = "broken"


def seal_line(rest: bytes) -> bytes:
    """The line for a file of these bytes, which are all but the line itself."""
    return f'seal = "{_seal_of(rest)}"\n'.encode()


def check_seal(document: Mapping[str, Any], content: bytes) -> Seal:
    """Whether the seal in the document fits every byte but those of its own line, line ends read as LF."""
    if "seal" not in document:
        return Seal.MISSING
    line = _SEAL_LINE.search(content)
    if line is None or line[0].strip() != f'seal = "{document["seal"]}"'.encode():
        return Seal.BROKEN
    return Seal.INTACT if document["seal"] == _seal_of(content[: line.start()] + content[line.end() :]) else Seal.BROKEN


def _seal_of(rest: bytes) -> str:
    return PREFIX + hex_digest(rest.replace(b"\r\n", b"\n"))
