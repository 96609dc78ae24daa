"""Question sheets: the names of columns and rows, answers as cells, and what a filled-in sheet adds to ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum

from toolvet.domain.assessment import Answer, Evidence, dated_evidence
from toolvet.values import dataclass

QUESTION, ANSWER, REASON, NOTE, SETTING = "question", "answer", "reason", "note", "setting"
SOURCE, GRADE, SEEN, ANSWERED = "source", "grade", "seen on", "answered"
ASKED = (QUESTION, "title", "text", "how to check", "rungs")
"""The columns that are written for whoever answers; only the first is read again."""

UNKNOWN, NOT_APPLICABLE = "unknown", "not applicable"
FORMULA = re.compile("[\\s\"']*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet program takes for a formula, behind blanks, quotes and the apostrophes that keep it text."""

_CODE_POINT = re.compile(r"<U\+(0[0-9A-F]{3}|[1-9A-F][0-9A-F]{3,5})>")
_KEPT_INSIDE = re.compile("([;\n](?:[^\\S\n]|[\"'])*?)'(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])")


def as_written(cell: str, *, is_csv: bool) -> str:
    """The text that a cell of a sheet stands for: `<U+202E>` is that character, which would not be seen.

    In separated values it is also without the apostrophes that keep a program from taking text for a formula.
    """
    if is_csv:
        cell = cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
        cell = _KEPT_INSIDE.sub(r"\1", cell)
    return _CODE_POINT.sub(_character, cell)


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code and code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else found[0]


ABOUT_ROW, SCOPE_ROW = "about.", "scope."
"""How the first cell of a row begins that holds no question: no id has a dot."""


class AboutRow(StrEnum):
    """What a sheet says of itself, each in a row of its own."""

    RUBRIC = "about.rubric"
    DIGEST = "about.digest"
    SUBJECT = "about.subject"
    AUDIENCE = "about.for"
    BY = "about.answered-by"
    ROLE = "about.role"
    ON = "about.answered-on"


class Audience(StrEnum):
    """Who fills a sheet in: the vendor, whose word is a claim, or a colleague, who answers for themselves."""

    VENDOR = "vendor"
    COLLEAGUE = "colleague"


def evidence_columns(number: int) -> tuple[str, str, str]:
    """The columns of an answer's evidence, counted from 1: source, grade and date."""
    behind = "" if number == 1 else f" {number}"
    return f"{SOURCE}{behind}", f"{GRADE}{behind}", f"{SEEN}{behind}"


def sheet_columns(sources: int) -> tuple[str, ...]:
    """Every column of a sheet with room for so many sources."""
    evidence = (name for number in range(1, sources + 1) for name in evidence_columns(number))
    return (*ASKED, ANSWER, REASON, NOTE, SETTING, *evidence, ANSWERED)


def answer_cells(answer: Answer) -> dict[str, str]:
    """The cells of an answer that are not empty, by column."""
    given = "" if answer.level is None else str(answer.level)
    if answer.unknown is not None or answer.not_applicable is not None:
        given = UNKNOWN if answer.unknown is not None else NOT_APPLICABLE
    cells = {
        ANSWER: given,
        REASON: answer.unknown or answer.not_applicable,
        NOTE: answer.note,
        SETTING: answer.setting,
        ANSWERED: _iso(answer.answered),
    }
    for number, evidence in enumerate(answer.evidence, start=1):
        source, grade, seen = evidence_columns(number)
        cells |= {source: evidence.source, grade: evidence.grade, seen: _iso(evidence.date)}
    return {column: str(cell) for column, cell in cells.items() if cell}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


class Taken(StrEnum):
    """What a row of a filled sheet means for the answer that is there."""

    NEW = "new"
    DIFFERS = "differs"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class TakenAnswer:
    """One answer of a sheet beside ours, and the answer with theirs taken in.

    `fields` names what is new or differs.
    """

    question: str
    ours: Answer
    theirs: Answer
    merged: Answer
    taken: Taken
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A vendor's sheet: the evidence it is kept as, and what a reviewer is asked to confirm.

    `covers_notes` is about results of other tools: they are evidence without a level too.
    """

    sheet: Evidence
    confirm: str
    covers_notes: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """How a sheet is taken in: the day, how our texts look in a sheet, and the proposal where it is a vendor's."""

    on: date
    shown: Callable[[str], str]
    proposal: Proposal | None = None

    def take(self, question: str, ours: Answer, theirs: Answer) -> TakenAnswer:
        """What becomes of one answer. A vendor's levels are to be confirmed before they count."""
        proposal = self.proposal
        if proposal is not None:
            graded = tuple(replace(each, grade=proposal.sheet.grade) for each in theirs.evidence)
            theirs = replace(theirs, evidence=graded)
        fields: dict[str, Taken] = {}
        merged = self._judged(ours, theirs, fields)
        merged = self._with_texts(merged, theirs, fields)
        merged = self._with_evidence(merged, theirs, fields)
        is_judged = theirs.level is not None or theirs.not_applicable is not None
        says = is_judged or (proposal is not None and proposal.covers_notes and theirs.note is not None)
        if proposal is not None and says and (fields or not ours.evidence):
            fields.setdefault(SOURCE, Taken.NEW)
            if all(each.sha256 != proposal.sheet.sha256 for each in merged.evidence):
                merged = replace(merged, evidence=(*merged.evidence, proposal.sheet))
        taken = Taken.DIFFERS if Taken.DIFFERS in fields.values() else Taken.NEW if fields else Taken.KEPT
        return TakenAnswer(question, ours, theirs, merged, taken, tuple(fields))

    def _judged(self, ours: Answer, theirs: Answer, fields: dict[str, Taken]) -> Answer:
        if not theirs.is_given or self._is_same_judgement(ours, theirs):
            return ours
        is_open = not ours.is_given or ours.unknown is not None
        if self.proposal is not None and theirs.unknown is not None and not is_open:
            return ours  # that a vendor does not know says nothing against what we found
        fields[ANSWER] = Taken.NEW if is_open else Taken.DIFFERS
        tried = None if self.proposal is None else ours.unknown
        answered = theirs.answered or self.on
        return replace(
            ours,
            note="\n\n".join(filter(None, (ours.note, tried))) or None,
            level=theirs.level,
            unknown=theirs.unknown,
            not_applicable=theirs.not_applicable,
            answered=answered,
            evidence=dated_evidence(ours, answered),
            confirm=theirs.confirm if self.proposal is None else self.proposal.confirm,
        )

    def _is_same_judgement(self, ours: Answer, theirs: Answer) -> bool:
        kinds = [(each.level, each.unknown is None, each.not_applicable is None) for each in (ours, theirs)]
        reason = theirs.unknown or theirs.not_applicable
        return kinds[0] == kinds[1] and (not reason or self._same(ours.unknown or ours.not_applicable or "", reason))

    def _with_texts(self, merged: Answer, theirs: Answer, fields: dict[str, Taken]) -> Answer:
        """A colleague's text takes the place of theirs from before; a vendor's stands below ours."""
        is_joined = self.proposal is not None
        for name in (NOTE, SETTING):
            mine, other = getattr(merged, name), getattr(theirs, name)
            if not other or (mine and (self._same(mine, other) or (is_joined and other in mine))):
                continue
            fields[name] = Taken.DIFFERS if mine and not is_joined else Taken.NEW
            text = f"{mine}\n\n{other}" if mine and is_joined else other
            merged = replace(merged, note=text) if name == NOTE else replace(merged, setting=text)
        return merged

    def _with_evidence(self, merged: Answer, theirs: Answer, fields: dict[str, Taken]) -> Answer:
        """A source that is there already takes the sheet's grade and date, unless it is a vendor's sheet."""
        evidence = list(merged.evidence)
        free = set(range(len(evidence)))  # each of ours stands for one of theirs: a source may be there twice
        others = []
        for each in theirs.evidence:
            at = next((at for at in sorted(free) if self._is_same_evidence(evidence[at], each)), None)
            free.discard(-1 if at is None else at)
            others += [each] if at is None else []
        for each in others:
            at = next((at for at in sorted(free) if self._same(evidence[at].source, each.source)), None)
            if at is None:
                evidence.append(each)
                fields.setdefault(SOURCE, Taken.NEW)
                continue
            free.discard(at)
            if self.proposal is None:
                known = evidence[at]
                evidence[at] = replace(known, grade=each.grade or known.grade, date=each.date or known.date)
                fields[SOURCE] = Taken.DIFFERS
        return replace(merged, evidence=tuple(evidence))

    def _is_same_evidence(self, ours: Evidence, theirs: Evidence) -> bool:
        is_fitting = theirs.grade in (None, ours.grade) and theirs.date in (None, ours.date)
        return is_fitting and self._same(ours.source, theirs.source)

    def _same(self, ours: str, theirs: str) -> bool:
        return same_text(self.shown(ours), self.shown(theirs))


_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u00a0", "''\"\"-- ")


def same_text(one: str, other: str) -> bool:
    """Whether two texts agree but for blanks, line breaks and the quotation marks and dashes that programs put in."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return " ".join(text.translate(_QUOTES).replace("\u2026", "...").split())
