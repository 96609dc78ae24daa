"""HECVAT 4 workbooks: the questions of their hidden sheet as a draft rubric, and what a provider answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from toolvet.domain.bearing import YES_NO, SentAnswer, SentAnswers, SentStanding
from toolvet.storage.faults import quoted
from toolvet.storage.questionnaire_kinds import QuestionnaireKind, SentFile
from toolvet.storage.rows import SheetTable
from toolvet.storage.rubric_draft import DraftBuilder, DraftQuestion, RubricDraft

_QUESTIONS, _NAMES, _START = "Questions", "Auto Responses", "START HERE"
_OURS = ("evaluation", "analyst", "(backend scoring)")
"""In the names of the sheets that are for the institution."""

_REF = re.compile(r"[A-Z]{4}-\d{2}")
_STANDINGS = {"yes": SentStanding.FULL, "no": SentStanding.NONE, "n/a": SentStanding.NOT_APPLICABLE}


def _is_hecvat(file: SentFile) -> bool:
    return {_QUESTIONS, _NAMES, _START} <= set(file.sheets)


def hecvat_draft(file: SentFile, columns: Mapping[str, str]) -> RubricDraft | None:
    """Its categories as criteria, and what is answered with yes or no as questions; None if it is another workbook."""
    if columns or not _is_hecvat(file):
        return None
    tables = {name: SheetTable(name, ()) for name in (_QUESTIONS, _NAMES)}
    tables |= {str(table.name): table for table in file.spreadsheet({_QUESTIONS, _NAMES}.__contains__).tables}
    names = _categories(tables[_NAMES])
    draft = DraftBuilder("HECVAT")
    for ref, cells, place in _rows(tables[_QUESTIONS]):
        text = cells.get("question", "")
        good = cells.get("compliant response", "").casefold()
        if not text:
            draft.leave_out(place, ref, "has no question")
            continue
        why = " ".join(filter(None, (cells.get("reason for question"), cells.get("default importance"))))
        guidance = (cells.get(name) for name in ("standard guidance", "follow-up inquiries/responses"))
        question = DraftQuestion(
            text.rstrip("*"),
            ref=ref,
            check="\n".join(filter(None, guidance)) or None,
            why=why or None,
            levels=YES_NO if good != "no" else tuple(reversed(YES_NO)),
        )
        criterion = names.get(ref[:4], ref[:4])
        if good in ("yes", "no"):
            draft.add(criterion, question, place)
        else:
            draft.add_text(criterion, question, place)
    draft.notes.append("Where HECVAT counts no as the compliant answer, the ladder has yes as its lowest rung.")
    return draft.built()


def _categories(table: SheetTable) -> dict[str, str]:
    """The names of the categories by their four letters, from the two columns under "Code" and "Full Name"."""
    found: dict[str, str] = {}
    at: int | None = None
    for row in table.rows:
        if at is None:
            at = row.cells.index("Code") if "Code" in row.cells else None
        elif len(row.cells) > at + 1 and re.fullmatch(r"[A-Z]{4}", row.cells[at]):
            found[row.cells[at]] = row.cells[at + 1].strip()
    return found


def _rows(table: SheetTable) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each row with a number: that, its cells by header in small letters, and where it stands."""
    header: tuple[str, ...] = ()
    for row in table.rows:
        if not _REF.fullmatch(row.cells[0]):
            header = header or tuple(cell.casefold() for cell in row.cells if "Question" in row.cells)
            continue
        place = f"sheet {quoted(str(table.name))}, row {row.number}"
        yield row.cells[0], dict(zip(header, row.cells, strict=False)), place


def hecvat_answers(file: SentFile) -> SentAnswers | None:
    """What was answered, with the additional information; None if it is another workbook."""
    if not _is_hecvat(file):
        return None
    wanted = {name for name in file.sheets if not any(word in name.casefold() for word in _OURS)} - {_NAMES}
    tables = {name: SheetTable(name, ()) for name in (_QUESTIONS, _START)}  # a sheet may be a chart, which has no rows
    tables |= {str(table.name): table for table in file.spreadsheet(wanted.__contains__).tables}
    texts = {ref: cells.get("question", "") for ref, cells, _ in _rows(tables.pop(_QUESTIONS))}
    found: dict[str, SentAnswer] = {}
    others: list[SentAnswer] = []
    places: dict[str, str] = {}
    for name, table in tables.items():
        for row in table.rows:
            ref, _, given, more = (*row.cells, "", "", "", "")[:4]
            if not _REF.fullmatch(ref) or given.startswith("="):
                continue  # a formula repeats what was answered on an earlier sheet
            place = f"sheet {quoted(name)}, row {row.number}"
            places.setdefault(ref, place)
            more = "" if more.startswith("=") else more
            if given or more:
                standing = _STANDINGS.get(given.casefold())
                item = SentAnswer(ref, place, given, texts.get(ref, "").rstrip("*"), more, standing)
                if given and found.setdefault(ref, item).given.casefold() != given.casefold():
                    others.append(item)
                found.setdefault(ref, item)
    empty = ((place, texts.get(ref, ref), "is not answered") for ref, place in places.items() if ref not in found)
    said = {ref: item.given for ref, item in found.items()}
    return SentAnswers(
        kind="HECVAT",
        names=("HECVAT",),
        items=(*found.values(), *others),
        left_out=tuple(empty),
        by=said.get("GNRL-01"),
        about=said.get("GNRL-02"),
        on=_completed(tables[_START]),
    )


def _completed(start: SheetTable) -> date | None:
    row = next((row for row in start.rows if row.cells[0].startswith("Date Completed")), None)
    for cell in () if row is None else row.cells[1:]:
        try:
            return date.fromisoformat(cell[:10])
        except ValueError:
            continue
    return None


KIND = QuestionnaireKind("HECVAT 4", (".xlsx",), draft=hecvat_draft, answers=hecvat_answers)
