"""A questionnaire of Google's VSAQ as a draft rubric. Its JSON may have comments and texts joined by +."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolvet.domain.bearing import SentAnswer, SentAnswers, SentStanding
from toolvet.storage.questionnaire_kinds import QuestionnaireKind, SentFile, plain_words
from toolvet.storage.rubric_draft import DraftBuilder, DraftQuestion, RubricDraft
from toolvet.storage.toml_input import MOST_RUNGS

_WHY_NOT = {
    "checkgroup": "is multiple choice: one question for each choice that matters can stand for it",
    "line": "asks for free text without saying what",
    "box": "asks for free text without saying what",
    "upload": "asks for a file",
    "info": "only informs",
    "tip": "is advice that follows from an answer",
}


def vsaq_draft(file: SentFile, _columns: Mapping[str, str]) -> RubricDraft | None:
    """Its blocks as criteria, and what is answered with one choice as questions; None if it is no VSAQ."""
    found = file.mapping.get("questionnaire")
    if not isinstance(found, list):
        return None
    draft = DraftBuilder(_words(found[0]) if found and isinstance(found[0], dict) else "Draft")
    for item, criterion, place in _items(found, draft.title, ""):
        _add(item, criterion, place, draft)
    if any(question.levels for questions in draft.criteria.values() for question in questions):
        draft.notes.append("Choices became ladders, those that begin with yes at the top: check the order of each.")
    return draft.built()


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


def _add(item: dict[str, Any], criterion: str, place: str, draft: DraftBuilder) -> None:
    kind, text = item.get("type"), _words(item)
    named = f"item {place}{f' ({name})' if isinstance(name := item.get('id'), str) else ''}"
    if kind in ("line", "box") and text:
        ids = item.get("id")
        references = (f"VSAQ {ids}",) if isinstance(ids, str) else ()
        draft.add_text(criterion, DraftQuestion(text, references=references), named)
        return
    if kind not in ("radiogroup", "yesno", "check"):
        draft.leave_out(named, text, _WHY_NOT.get(str(kind), f"is of the kind {kind}, which toolvet does not know"))
        return
    if not text:
        draft.leave_out(named, text, "has no text")
        return
    choices = _ladder(item.get("choices")) if kind == "radiogroup" else ()
    if choices is None:
        draft.leave_out(named, text, f"has no choices, or more than {MOST_RUNGS}")
        return
    ids = " ".join(name for name, _ in choices) or item.get("id")
    references = (f"VSAQ {ids}",) if isinstance(ids, str) else ()
    levels = tuple(text for _, text in choices)
    condition = item.get("cond")
    check = f"In the source it is asked only if {condition}." if isinstance(condition, str) else None
    draft.add(criterion, DraftQuestion(text, check=check, levels=levels, references=references), named)


def _ladder(choices: object) -> tuple[tuple[str, str], ...] | None:
    """The choices with their ids, those that begin with yes last."""
    given = choices if isinstance(choices, list) else []
    found = [(name, plain_words(text)) for each in given if isinstance(each, dict) for name, text in each.items()]
    if not 2 <= len(found) <= MOST_RUNGS or not all(text for _, text in found):
        return None
    is_best_first = found[0][1].casefold().startswith("yes") or found[-1][1].casefold().startswith("no")
    return tuple(reversed(found)) if is_best_first else tuple(found)


_STANDINGS = {"yes": SentStanding.FULL, "no": SentStanding.NONE, "checked": SentStanding.CHOSEN}


def vsaq_answers(file: SentFile) -> SentAnswers | None:
    """The answers that VSAQ saves, by the ids of its items; None if the file holds no such thing."""
    found = file.mapping
    if not found or not all(isinstance(value, str) for value in found.values()):
        return None
    if not any(value in _STANDINGS for value in found.values()):
        return None
    items = tuple(
        SentAnswer(name, f"item {name}", value, standing=_STANDINGS.get(value))
        for name, value in found.items()
        if value.strip()
    )
    empty = tuple((f"item {name}", "", "is not answered") for name, value in found.items() if not value.strip())
    return SentAnswers("VSAQ", ("VSAQ",), items, empty)


KIND = QuestionnaireKind("Google VSAQ", (".json",), draft=vsaq_draft, answers=vsaq_answers)
