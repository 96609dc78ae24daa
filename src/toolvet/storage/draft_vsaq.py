"""A questionnaire of Google's VSAQ as a draft rubric. Its JSON may have comments and texts joined by +."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from toolvet.errors import Problem, UnusableFile
from toolvet.storage.rows import read_sent
from toolvet.storage.rubric_draft import DraftBuilder, DraftQuestion, RubricDraft
from toolvet.storage.toml_input import MOST_RUNGS, text_in

_TEXT = r'"(?:[^"\\]|\\.)*"'
_BETWEEN = re.compile(rf"({_TEXT})|//[^\n]*|/\*.*?\*/", re.DOTALL)
_JOINED = re.compile(r'"\s*\+\s*"')
_TAG = re.compile(r"<[^<>]*>")
_WHY_NOT = {
    "checkgroup": "is multiple choice: one question for each choice that matters can stand for it",
    "line": "asks for free text",
    "box": "asks for free text",
    "upload": "asks for a file",
    "info": "only informs",
    "tip": "is advice that follows from an answer",
}


def vsaq_draft(path: Path, _columns: Mapping[str, str]) -> RubricDraft | None:
    """Its blocks as criteria, and what is answered with one choice as questions; None if it is no VSAQ."""
    document = read_json(path)
    found = document.get("questionnaire") if isinstance(document, dict) else None
    if not isinstance(found, list):
        return None
    draft = DraftBuilder(_words(found[0]) if found and isinstance(found[0], dict) else "Draft")
    for item, criterion, place in _items(found, draft.title, ""):
        _add(item, criterion, place, draft)
    if any(question.levels for questions in draft.criteria.values() for question in questions):
        draft.notes.append("Choices became ladders, those that begin with yes at the top: check the order of each.")
    return draft.built()


def read_json(path: Path) -> Any:
    """The document in a JSON file, with comments left out and joined texts put together. UnusableFile if it is none."""
    text = text_in(path, read_sent(path))
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        plain = _BETWEEN.sub(lambda found: found[1] or "", text)
        return json.loads(_JOINED.sub("", plain))
    except RecursionError as error:
        raise UnusableFile((Problem(path, None, "is nested too deeply"),)) from error
    except json.JSONDecodeError as error:
        raise UnusableFile((Problem(path, error.lineno, f"is not valid JSON: {error.msg.lower()}"),)) from error


def _items(items: list[Any], criterion: str, place: str) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Every item that is no block, with its block's title and where it stands: "1.2.3"."""
    for number, item in enumerate(items, start=1):
        here = f"{place}.{number}" if place else str(number)
        if not isinstance(item, dict):
            continue
        if item.get("type") == "block":
            inner = item.get("items")
            yield from _items(inner if isinstance(inner, list) else [], _words(item) or criterion, here)
        else:
            yield item, criterion, here


def _words(item: dict[str, Any]) -> str:
    return plain_words(item.get("text"))


def plain_words(text: object) -> str:
    """The text without HTML; empty for what is no text."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split()) if isinstance(text, str) else ""


def _add(item: dict[str, Any], criterion: str, place: str, draft: DraftBuilder) -> None:
    kind, text = item.get("type"), _words(item)
    named = f"item {place}{f' ({name})' if isinstance(name := item.get('id'), str) else ''}"
    if kind not in ("radiogroup", "yesno", "check"):
        draft.leave_out(named, text, _WHY_NOT.get(str(kind), f"is of the kind {kind}, which toolvet does not know"))
        return
    if not text:
        draft.leave_out(named, text, "has no text")
        return
    levels = _ladder(item.get("choices")) if kind == "radiogroup" else ()
    if levels is None:
        draft.leave_out(named, text, f"has no choices, or more than {MOST_RUNGS}")
        return
    condition = item.get("cond")
    check = f"In the source it is asked only if {condition}." if isinstance(condition, str) else None
    draft.add(criterion, DraftQuestion(text, check=check, levels=levels), named)


def _ladder(choices: object) -> tuple[str, ...] | None:
    """The choices, those that begin with yes last."""
    found = (
        [plain_words(text) for each in choices if isinstance(each, dict) for text in each.values()]
        if isinstance(choices, list)
        else []
    )
    if not 2 <= len(found) <= MOST_RUNGS or not all(found):
        return None
    is_best_first = found[0].casefold().startswith("yes") or found[-1].casefold().startswith("no")
    return tuple(reversed(found)) if is_best_first else tuple(found)
