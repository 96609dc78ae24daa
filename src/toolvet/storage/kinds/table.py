"""Any questionnaire in a spreadsheet as a draft rubric: each row is a question, columns are named or guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from toolvet.errors import Problem, UnusableFile, UsageError
from toolvet.storage.faults import quoted
from toolvet.storage.questionnaire_kinds import QuestionnaireKind, SentFile
from toolvet.storage.rows import SheetRow, SheetTable, folded
from toolvet.storage.rubric_draft import DraftBuilder, DraftQuestion, RubricDraft
from toolvet.storage.toml_input import MOST_RUNGS

PARTS: Mapping[str, tuple[str, ...]] = {
    "text": ("question", "question text", "requirement", "control", "control question", "text", "description"),
    "section": ("section", "domain", "category", "criterion", "area", "control domain", "topic", "group"),
    "ref": ("ref", "id", "question id", "control id", "number", "no", "no.", "#", "reference"),
    "title": ("title", "name", "control title", "short name"),
    "check": ("how to check", "check", "guidance", "additional guidance", "implementation guidance", "how to answer"),
    "why": ("why", "reason", "rationale", "reason for question"),
    "levels": ("levels", "options", "choices", "answers", "possible answers"),
}
"""The parts of a question, and the headers that they are guessed by."""

_HEADER_ROWS = 30
_FEWEST_LETTERS = 8
"""A cell with fewer letters is no question, but a number or a heading."""


def table_draft(sent: SentFile, columns: Mapping[str, str]) -> RubricDraft:
    """Every sheet with a column for the question. UsageError where no column is found or one named is missing."""
    if unknown := sorted(set(columns) - set(PARTS)):
        raise UsageError(f"--column {unknown[0]}=…: there is no such part; it can be {', '.join(PARTS)}")
    path, file = sent.path, sent.spreadsheet()
    if not columns:
        fitting = (each for each in sent.kept if set(each) <= set(PARTS))
        columns = next((each for each in fitting if any(_header(table, each) for table in file.tables)), columns)
    draft = DraftBuilder(path.stem.replace("-", " ").replace("_", " ").strip().capitalize() or "Draft")
    for table in file.tables:
        found = _header(table, columns)
        if found is None:
            if table.rows and table.name is not None:
                draft.notes.append(f"The sheet {quoted(table.name)} has no column for the question and was left out.")
            continue
        header, places = found
        named = ", ".join(f"{part} from {quoted(header.cells[place])}" for part, place in places.items())
        draft.notes.append(f"{'' if table.name is None else f'Sheet {quoted(table.name)}: '}{named}.")
        _add_rows(table, header, places, draft)
    if not draft.criteria:
        headers = [cell for table in file.tables for row in table.rows[:1] for cell in row.cells if cell]
        message = "holds no question: name the column that has them with --column text=HEADER"
        raise UnusableFile((Problem(path, None, f"{message}{f'; it has {_listed(headers)}' if headers else ''}"),))
    return draft.built()


def _listed(headers: Sequence[str]) -> str:
    shown = ", ".join(quoted(header) for header in headers[:12])
    return f"{shown} and more" if len(headers) > 12 else shown


def _key(cell: str) -> str:
    return folded(cell).rstrip(":?")


def _header(table: SheetTable, columns: Mapping[str, str]) -> tuple[SheetRow, dict[str, int]] | None:
    """The row of headers, and the place of each part's column."""
    for row in table.rows[:_HEADER_ROWS]:
        keys = [_key(cell) for cell in row.cells]
        places: dict[str, int] = {}
        for part, known in PARTS.items():
            wanted = (_key(columns[part]),) if part in columns else known
            at = next((keys.index(name) for name in wanted if name in keys), None)
            if at is not None and at not in places.values():
                places[part] = at
        if "text" in places and len(row.cells) > 1 and set(columns) <= set(places):
            return row, places
    return None


def _add_rows(table: SheetTable, header: SheetRow, places: Mapping[str, int], draft: DraftBuilder) -> None:
    section = table.name or "Questions"
    for row in table.rows:
        if row.number <= header.number:
            continue
        place = f"row {row.number}" if table.name is None else f"sheet {quoted(table.name)}, row {row.number}"
        parts = {part: row.cells[at] if at < len(row.cells) else "" for part, at in places.items()}
        text = parts["text"]
        filled = [cell for cell in row.cells if cell]
        if "section" not in places and len(filled) == 1 and not filled[0].endswith("?"):
            section = filled[0]
            draft.leave_out(place, filled[0], "is a heading: the questions below it become a criterion")
            continue
        if sum(map(str.isalpha, text)) < _FEWEST_LETTERS:
            draft.leave_out(place, text or filled[0], "has no question in its column")
            continue
        levels = _levels(parts.get("levels", ""))
        if levels is None:
            draft.leave_out(place, text, f"is multiple choice with more than {MOST_RUNGS} options; write its ladder")
            continue
        section = parts.get("section") or section
        ref, title, check, why = (parts.get(part) or None for part in ("ref", "title", "check", "why"))
        if levels and not any(note.startswith("Options") for note in draft.notes):
            draft.notes.append("Options became ladders in their order, the first as the lowest rung: check each.")
        draft.add(section, DraftQuestion(text, ref, title, check, why, levels), place)


def _levels(cell: str) -> tuple[str, ...] | None:
    """The options as a ladder; empty where they are none or just yes and no, None where there are too many."""
    options = tuple(dict.fromkeys(filter(None, (part.strip(" -•") for part in re.split(r"[\n;|]", cell)))))
    if len(options) < 2 or {option.casefold() for option in options} <= {"yes", "no", "n/a", "not applicable"}:
        return ()
    return options if len(options) <= MOST_RUNGS else None


KIND = QuestionnaireKind("table", (".csv", ".tsv", ".xlsx"), draft=table_draft)
