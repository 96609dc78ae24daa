"""`python -m toolvet`."""

from __future__ import annotations

from toolvet.cli.main import run

raise SystemExit(run())
