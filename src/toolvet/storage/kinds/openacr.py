"""OpenACR: its catalogs as draft rubrics, and accessibility reports as answers and as evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from toolvet.domain.assessment import Grade
from toolvet.domain.bearing import SentAnswer, SentAnswers, SentStanding
from toolvet.storage.questionnaire_kinds import QuestionnaireKind, SentFile, tables_in
from toolvet.storage.rubric_draft import DraftBuilder, DraftQuestion, RubricDraft

_TERMS = {
    "does-not-support": ("Does not support.", SentStanding.NONE),
    "partially-supports": ("Partially supports.", SentStanding.PART),
    "supports": ("Supports.", SentStanding.FULL),
}
"""The terms of a VPAT, the worst first, with the rung that each is."""

_NO_TERMS = ("", "not-applicable", "not-evaluated")
_LADDER = tuple(rung for rung, _ in _TERMS.values())
_ENDINGS = (".yaml", ".yml", ".json")
_DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%d %B %Y", "%B %d, %Y")


def _words(table: Mapping[str, Any], key: str) -> str:
    found = table.get(key)
    return " ".join(found.split()) if isinstance(found, str) else ""


def openacr_draft(file: SentFile, _columns: Mapping[str, str]) -> RubricDraft | None:
    """Its chapters as criteria and its criteria as questions with the terms as ladder; None if it is no catalog."""
    catalog = file.mapping
    chapters = list(tables_in(catalog, "chapters"))
    if not chapters or not list(tables_in(catalog, "terms")):
        return None
    draft = DraftBuilder(_words(catalog, "title") or "Accessibility")
    for chapter in chapters:
        label = _words(chapter, "label") or _words(chapter, "id")
        found = list(tables_in(chapter, "criteria"))
        for criterion in found:
            ref, handle = _words(criterion, "id"), _words(criterion, "handle")
            place = f"chapter {chapter.get('id')}, criterion {ref}"
            if not ref or not handle:
                draft.leave_out(place, handle or ref, "has no number or no name")
                continue
            parts = criterion.get("components")
            judged = ", ".join(map(str, parts)) if isinstance(parts, list) else ""
            check = f"Judge each of these, and give the lowest: {judged}." if judged and judged != "none" else None
            draft.add(label, DraftQuestion(handle, ref=ref, title=handle, check=check, levels=_LADDER), place)
        if not found:
            draft.leave_out(f"chapter {chapter.get('id')}", label, "has no criteria")
    return draft.built()


def openacr_answers(file: SentFile) -> SentAnswers | None:
    """A report's terms: of each criterion the worst of its components. None if it is no report."""
    report = file.mapping
    chapters = report.get("chapters")
    if not isinstance(chapters, dict) or not isinstance(report.get("product"), dict):
        return None
    items: list[SentAnswer] = []
    empty: list[tuple[str, str, str]] = []
    for name, chapter in chapters.items():
        for criterion in tables_in(chapter, "criteria"):
            ref = _words(criterion, "num")
            place = f"chapter {name}, criterion {ref}"
            item = _item(ref, place, list(tables_in(criterion, "components")))
            if item is None:
                empty.append((place, ref, "is not evaluated"))
            else:
                items.append(item)
    product, author = report["product"], report.get("author")
    return SentAnswers(
        kind="OpenACR",
        names=("WCAG", "EN 301 549", "Section 508"),
        items=tuple(items),
        left_out=tuple(empty),
        grade=Grade.DOCUMENT,
        by=_author(author),
        about=" ".join(filter(None, (_words(product, "name"), _words(product, "version")))) or None,
        on=_day(_words(report, "last_modified_date")) or _day(_words(report, "report_date")),
        report_words=("VPAT", "ACR", "conformance report"),
        summary=_summary(_words(report, "title"), items, len(empty)),
    )


def _author(author: object) -> str | None:
    if not isinstance(author, dict):
        return None
    return _words(author, "company_name") or _words(author, "name") or None


def _item(ref: str, place: str, components: Sequence[Mapping[str, Any]]) -> SentAnswer | None:
    """The worst term of the components that were evaluated, with the notes of all; None where none was."""
    given: dict[str, list[str]] = {}
    notes = []
    for component in components:
        adherence = component.get("adherence")
        table = adherence if isinstance(adherence, dict) else {}
        part, term, note = _words(component, "name"), _words(table, "level"), _words(table, "notes")
        term = "-".join(term.casefold().split())
        given.setdefault(term, []).append(part)
        notes += [f"{part}: {note}" if part and part != "none" else note] if note else []
    worst = next((term for term in _TERMS if term in given), None)
    said = "; ".join(f"{term} ({', '.join(filter(None, parts))})" for term, parts in given.items() if term)
    note = " ".join([f"{said}.", *notes]) if said else " ".join(notes)
    if unknown := sorted(given.keys() - {*_TERMS, *_NO_TERMS}):  # which may be worse than all that are known
        return SentAnswer(ref, place, ", ".join(unknown), "", note)
    if worst is not None:
        rung, standing = _TERMS[worst]
        return SentAnswer(ref, place, rung.rstrip("."), "", note, standing)
    if "not-applicable" in given:
        return SentAnswer(ref, place, "Not applicable", "", note, SentStanding.NOT_APPLICABLE)
    return None


def _summary(title: str, items: Sequence[SentAnswer], not_evaluated: int) -> str:
    counted = Counter(item.given.casefold() for item in items)
    missed = [item.ref for item in items if item.standing is SentStanding.NONE]
    parts = [f"{count} {term}" for term, count in counted.most_common()]
    parts += [f"{not_evaluated} not evaluated"] if not_evaluated else []
    line = f"{title or 'Accessibility conformance report'}: {', '.join(parts) or 'nothing evaluated'}."
    return f"{line} Does not support {', '.join(missed)}." if missed else line


def _day(words: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(words, form).date()
        except ValueError:
            continue
    return None


KIND = QuestionnaireKind("OpenACR", _ENDINGS, draft=openacr_draft, answers=openacr_answers)
