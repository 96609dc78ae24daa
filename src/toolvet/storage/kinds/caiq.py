"""The Cloud Security Alliance's CAIQ 4, as a workbook or table: its questions, and what a provider answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from toolvet.domain.bearing import YES_NO, SentAnswer, SentAnswers, SentStanding
from toolvet.storage.faults import quoted
from toolvet.storage.questionnaire_kinds import QuestionnaireKind, SentFile
from toolvet.storage.rows import SheetRow, SheetTable, folded
from toolvet.storage.rubric_draft import DraftBuilder, DraftQuestion, RubricDraft

_HEADER_ROWS = 10
_REF = re.compile(r"[A-Z&]{3,4}-\d{2}\.\d+")
_STANDINGS = {
    "yes": SentStanding.FULL,
    "no": SentStanding.NONE,
    "na": SentStanding.NOT_APPLICABLE,
    "n/a": SentStanding.NOT_APPLICABLE,
}


def _tables(file: SentFile) -> Iterator[tuple[SheetTable, SheetRow]]:
    """The sheets of a CAIQ with the row of their headers; nothing for another file."""
    if file.ending == ".xlsx" and not any("caiq" in name.casefold() for name in file.sheets):
        return
    for table in file.spreadsheet(lambda name: "caiq" in name.casefold()).tables:
        for row in table.rows[:_HEADER_ROWS]:
            keys = [folded(cell) for cell in row.cells]
            if {"question id", "question"} <= set(keys) and any("caiq answer" in key for key in keys):
                yield table, row
                break


def _rows(table: SheetTable, header: SheetRow) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each row below the header: its number, its cells by what they hold, and where it stands.

    What is written once for several rows, as in merged cells, counts until the next.
    """
    keys = [_part(folded(cell)) for cell in header.cells]
    carried: dict[str, str] = {}
    for row in table.rows:
        if row.number <= header.number:
            continue
        cells: dict[str, str] = {}
        for key, cell in zip(keys, row.cells, strict=False):
            if cell and cell != cells.get(key):  # two columns of one kind, such as last year's answer, contradict
                cells[key] = f"{cells[key]} / {cell}" if key in cells else cell
        carried |= {key: cells[key] for key in ("domain", "control", "specification") if key in cells}
        where = "" if table.name is None else f"sheet {quoted(table.name)}, "
        yield cells.get("ref", ""), carried | cells, f"{where}row {row.number}"


def _part(key: str) -> str:
    for word, part in (
        ("caiq answer", "answer"),
        ("implementation description", "description"),
        ("ownership", "ownership"),
        ("csc responsibilities", "customer"),
        ("domain title", "domain"),
        ("control title", "control"),
        ("control specification", "specification"),
    ):
        if word in key:
            return part
    return "ref" if key == "question id" else key


def caiq_draft(file: SentFile, columns: Mapping[str, str]) -> RubricDraft | None:
    """Its domains as criteria and every question with a ladder of no and yes; None if it is another file."""
    if columns:
        return None
    draft = DraftBuilder("CAIQ")
    for table, header in _tables(file):
        for ref, cells, place in _rows(table, header):
            text = cells.get("question", "")
            if not _REF.fullmatch(ref) or not text:
                draft.leave_out(place, text or ref or " ".join(cells.values()), "has no number or no question")
                continue
            why = " ".join(filter(None, (cells.get("control"), cells.get("specification")))) or None
            question = DraftQuestion(text, ref=ref, why=why, levels=YES_NO)
            draft.add(cells.get("domain") or re.split("-", ref)[0], question, place)
    return draft.built() if draft.criteria else None


def caiq_answers(file: SentFile) -> SentAnswers | None:
    """What was answered, with who is responsible and how it is done; None if it is another file."""
    items: list[SentAnswer] = []
    empty: list[tuple[str, str, str]] = []
    is_caiq = False
    for table, header in _tables(file):
        is_caiq = True
        for ref, cells, place in _rows(table, header):
            given, text = cells.get("answer", ""), cells.get("question", "")
            if not _REF.fullmatch(ref):
                empty.append((place, text or ref or " ".join(cells.values()), "has no number"))
            elif not given and not cells.get("description"):
                empty.append((place, text, "is not answered"))
            else:
                note = " ".join(filter(None, map(cells.get, ("ownership", "description", "customer"))))
                items.append(SentAnswer(ref, place, given, text, note, _STANDINGS.get(given.casefold())))
    return SentAnswers("CAIQ", ("CAIQ", "CCM"), tuple(items), tuple(empty)) if is_caiq else None


KIND = QuestionnaireKind("CAIQ 4", (".xlsx", ".csv"), draft=caiq_draft, answers=caiq_answers)
