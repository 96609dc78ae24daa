"""A custom lens of the AWS Well-Architected Tool as a draft rubric: each best practice is a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolvet.storage.questionnaire_kinds import QuestionnaireKind, SentFile, plain_words, tables_in
from toolvet.storage.rubric_draft import DraftBuilder, DraftQuestion, RubricDraft


def lens_draft(file: SentFile, _columns: Mapping[str, str]) -> RubricDraft | None:
    """Its pillars as criteria and its choices as questions; None if it is no lens. Risk rules are left out by name."""
    document = file.mapping
    if not isinstance(document.get("pillars"), list):
        return None
    draft = DraftBuilder(plain_words(document.get("name")) or "Draft")
    for pillar in tables_in(document, "pillars"):
        for asked in tables_in(pillar, "questions"):
            _add(asked, plain_words(pillar.get("name")) or "Pillar", draft)
    return draft.built()


def _add(asked: dict[str, Any], criterion: str, draft: DraftBuilder) -> None:
    title = plain_words(asked.get("title"))
    place = f"question {asked.get('id')}"
    for choice in tables_in(asked, "choices"):
        words = plain_words(choice.get("title"))
        named = f"choice {choice.get('id')}"
        if not words:
            draft.leave_out(named, title, "has no title")
        elif words.casefold().startswith("none of the"):
            draft.leave_out(named, words, "stands for no choice: the lowest rung of the others says so")
        else:
            draft.add(criterion, _question(asked, choice, title, words), named)
    rules = list(tables_in(asked, "riskRules"))
    if rules:
        draft.leave_out(place, title, f"has {len(rules)} risk rules: weights and must-haves stand in for them")


def _question(asked: dict[str, Any], choice: dict[str, Any], title: str, words: str) -> DraftQuestion:
    helpful = choice.get("helpfulResource")
    shown = [helpful.get("displayText"), helpful.get("url")] if isinstance(helpful, dict) else []
    check = " ".join(filter(None, map(plain_words, shown))) or None
    text = f"{title} {words}" if title else words
    return DraftQuestion(text, title=words, check=check, why=plain_words(asked.get("description")) or None)


KIND = QuestionnaireKind("AWS Well-Architected lens", (".json",), draft=lens_draft)
