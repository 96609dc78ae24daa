"""`python -m toolvet`."""

from toolvet.cli import run

raise SystemExit(run())
