"""Printing: data on stdout, messages on stderr, foreign text made visible in both."""

from __future__ import annotations

import sys

from toolvet.report.text import visible


def put(text: str) -> None:
    """Print data, with foreign control codes made visible."""
    sys.stdout.write(visible(text, keep_line_breaks=True).rstrip("\n") + "\n")


def say(message: str) -> None:
    """Print a message."""
    print(visible(message, keep_line_breaks=True), file=sys.stderr)
