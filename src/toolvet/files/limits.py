"""What a file may be at most; the same going in and coming out."""

from __future__ import annotations

FORMAT = 1
"""The format this program reads and writes."""

FILE_BYTES = 1024 * 1024
TEXT_CHARACTERS = 20_000
KEY_PARTS = 8
BRACKETS_DEEP = 32
CONDITION_DEEP = 4

MOST_RUNGS = 7
"""Of a ladder; as the schemas say."""

LINES = 100_000
"""An empty line costs the look-up of line numbers as much as a full one."""

MARKS = 40_000
"""Brackets, commas, dots, equal signs and comments outside of texts; a full MiB of our rubrics has
38,000."""

NAMES = 200
"""Among how many names the nearest to a mistyped one is looked for."""
