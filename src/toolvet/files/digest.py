"""Digests: of a rubric's words, of a file's bytes."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

PREFIX = "sha256:"


def rubric_digest(document: Mapping[str, Any]) -> str:
    """ "sha256:" and 64 hex digits over the document without its policy.

    It is taken over compact JSON with sorted keys, so that layout and comments do not change it and any word does.
    """
    words = {key: value for key, value in document.items() if key != "policy"}
    text = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_as_json)
    return PREFIX + hex_digest(text.encode())


def hex_digest(content: bytes) -> str:
    """The sha256 of these bytes, 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def _as_json(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no TOML value")
