"""Reading files into values. An unusable file raises UnusableFile with everything that is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import Decision
from toolvet.domain.decision_rules import latest
from toolvet.domain.disclosure import ClosedRound, OpenRound
from toolvet.domain.records import Record, RecordKind, is_sound
from toolvet.domain.rubric import Rubric, made_once
from toolvet.errors import Problem, UnusableFile
from toolvet.storage.faults import Fault, line_at, lines_of, quoted
from toolvet.storage.names import number_in
from toolvet.storage.record_format import (
    BEFORE_ANSWER,
    answer_faults,
    assessment_faults,
    decision_faults,
    is_gap_document,
    make_assessment,
    make_decision,
    make_record,
    plain_answers,
    record_faults,
)
from toolvet.storage.round_format import is_open_round, make_open_round, make_round, round_faults
from toolvet.storage.rubric_format import make_rubric, policy_faults, rubric_faults
from toolvet.storage.schema import Check, load_schema, make_check
from toolvet.storage.toml_input import (
    FORMAT,
    MOST_MARKS,
    PREFIX,
    Document,
    Seal,
    check_seal,
    hex_digest,
    parse,
    read_content,
    rubric_digest,
)
from toolvet.values import dataclass

MOST_SHOWN = 100


class Kind(StrEnum):
    """What a file is."""

    RUBRIC = "rubric"
    ASSESSMENT = "assessment"
    DECISION = "decision"
    RECORD = "record"
    POLICY = "policy"
    ROUND = "round"


def examine(path: Path, content: bytes, kind: Kind, parsed: Document | None = None) -> Document:
    """The checked document in these bytes. UnusableFile with everything that is wrong."""
    document = parse(path, content) if parsed is None else parsed
    faults = faults_of(document, kind)
    if faults:
        raise UnusableFile(problems_of(path, content, faults))
    return document


def faults_of(document: Document, kind: Kind) -> tuple[Fault, ...]:
    """What is wrong in a document of that kind: at most one fault more than are shown."""
    try:
        return tuple(islice(_faults(document, kind), MOST_SHOWN + 1))
    except RecursionError:
        return (Fault((), "it is nested too deeply; flatten it"),)


def kind_of(document: Document) -> Kind | None:
    """What a document is, by its keys; None if it is not one of toolvet's."""
    if "criteria" in document or "ask" in document:
        return Kind.RUBRIC
    if "record" in document:
        return Kind.RECORD
    if "decision" in document or "decided_on" in document or "decided_by" in document:
        return Kind.DECISION
    if {"counted", "closed_on", "until", "organisation"} & document.keys():
        return Kind.ROUND
    if {"rubric", "answers", "reviewer"} & document.keys():
        return Kind.ASSESSMENT
    return Kind.POLICY if "policy" in document else None


def problems_of(path: Path, content: bytes, faults: tuple[Fault, ...]) -> tuple[Problem, ...]:
    """The faults with their lines, in the order of the file; if there are too many, errors go before warnings."""
    if not faults:
        return ()
    lines = lines_of(content)
    problems = [Problem(path, line_at(lines, fault.place), fault.message, warning=fault.is_warning) for fault in faults]
    problems.sort(key=lambda problem: (problem.warning, problem.line or 0))
    shown = sorted(problems[:MOST_SHOWN], key=lambda problem: problem.line or 0)
    if len(problems) <= MOST_SHOWN:
        return tuple(shown)
    is_only_odd = all(problem.warning for problem in problems[MOST_SHOWN:])
    return (*shown, Problem(path, None, "there is more; correct these first", warning=is_only_odd))


def _faults(document: Document, kind: Kind) -> Iterator[Fault]:
    found = kind_of(document)
    if found is not kind:
        if kind is Kind.POLICY and not found:
            tables = [name for name in ("approve", "conditional") if isinstance(document.get(name), dict)]
            yield from (Fault((name,), f"[{name}] stands alone; write [policy.{name}]") for name in tables)
            if not tables:
                yield Fault((), "[policy] is missing; write it above the figures")
            return
        what = f"this is {_with_article(found)}" if found else "this is not a toolvet file"
        yield Fault((), f"{what}, but {_with_article(kind)} is needed; correct it or choose another file")
        return
    is_short = kind is Kind.POLICY and "format" not in document  # a few figures, by hand
    wrong_format = None if is_short else format_fault(document)
    if wrong_format is not None:
        yield wrong_format
        return
    name = _schema_name(document, kind)
    if name is None:
        yield _ask_fault(document)
        return
    if not _check_of(name)(document):
        # jsonschema takes 0.13 s to import, and good files go without it.
        from toolvet.storage.schema_errors import schema_faults

        yield from schema_faults(document, load_schema(name))
    yield from _OWN_CHECKS[kind](document)


@cache
def _check_of(name: str) -> Check:
    return make_check(load_schema(name))


_OWN_CHECKS: dict[Kind, Callable[[Document], Iterator[Fault]]] = {
    Kind.RUBRIC: rubric_faults,
    Kind.ASSESSMENT: assessment_faults,
    Kind.DECISION: decision_faults,
    Kind.RECORD: record_faults,
    Kind.POLICY: policy_faults,
    Kind.ROUND: round_faults,
}


def format_fault(document: Document) -> Fault | None:
    """What is wrong with the format that the document says it has, if anything."""
    if "format" not in document:
        return Fault((), f"format is missing; add format = {FORMAT} at the top")
    found: Any = document["format"]
    if isinstance(found, bool) or not isinstance(found, int):
        return Fault(("format",), f"format must be a whole number; write format = {FORMAT}")
    if found > FORMAT:
        return Fault(
            ("format",), f"written by a newer toolvet (format {quoted(found)[1:-1]}, not {FORMAT}); update toolvet"
        )
    if found < FORMAT:
        return Fault(("format",), f"there is no format {found}; write format = {FORMAT}")
    return None


def _schema_name(document: Document, kind: Kind) -> str | None:
    match kind:
        case Kind.RUBRIC:
            return {"level": "rubric", "gap": "rubric-gap"}.get(str(document.get("ask")))
        case Kind.ASSESSMENT:
            return "assessment-gap" if is_gap_document(document) else "assessment"
        case Kind.DECISION | Kind.RECORD | Kind.POLICY | Kind.ROUND:
            return kind.value


def _ask_fault(document: Document) -> Fault:
    if "ask" not in document:
        for name, value in document.items():
            tables = value if isinstance(value, list) else [value]
            for at, table in enumerate(tables):
                if isinstance(table, dict) and "ask" in table:
                    place = (name, at, "ask") if isinstance(value, list) else (name, "ask")
                    return Fault(
                        place, "ask does not belong here; move it to the top of the file, above the first heading"
                    )
        return Fault((), 'ask is missing; add ask = "level" (one level for each question) or ask = "gap"')
    return Fault(("ask",), f'ask must be "level" or "gap", not {quoted(document["ask"])}')


def _with_article(kind: Kind) -> str:
    return f"an {kind}" if kind is Kind.ASSESSMENT else f"a {kind}"


@dataclass(frozen=True, slots=True)
class AssessmentFile:
    """An assessment and the bytes of its file.

    `kept_original` is the copy that the first save of a file written by hand made.
    """

    path: Path
    assessment: Assessment
    seal: Seal
    content: bytes
    kept_original: Path | None = None
    not_copied: str | None = None
    """Why the last save could not keep a copy of the rubric in the workspace; None if it did."""
    corrections: tuple[Record, ...] = ()
    """The records that correct what was typed in these bytes, which were decided on; `assessment` has it corrected."""

    @property
    def answers_gaps(self) -> bool:
        """Whether it is of a survey: named by a number, or with what is expected or delivered."""
        answers = self.assessment.answers.values()
        return number_in(self.path.stem) is not None or any(
            answer.expected is not None or answer.delivered is not None for answer in answers
        )

    @property
    def sha256(self) -> str:
        """The sha256 of the bytes, 64 hex digits."""
        return hex_digest(self.content)


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A record and the bytes of its file."""

    path: Path
    record: Record
    seal: Seal
    content: bytes


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """A decision and the bytes of its file, with the records that name it."""

    path: Path
    decision: Decision
    seal: Seal
    content: bytes
    record_files: tuple[RecordFile, ...] = ()

    @property
    def sha256(self) -> str:
        """The sha256 of the bytes, 64 hex digits."""
        return hex_digest(self.content)

    @property
    def records(self) -> tuple[Record, ...]:
        """What its records say, in the order of their days."""
        return tuple(file.record for file in self.record_files)


@dataclass(frozen=True, slots=True)
class RoundFile:
    """A closed round of a survey and the bytes of its file."""

    path: Path
    round: ClosedRound
    seal: Seal
    content: bytes


def read_rubric(path: Path) -> Rubric:
    """The rubric in that file."""
    return rubric_from(path, read_content(path))


def rubric_from(path: Path, content: bytes) -> Rubric:
    """The rubric in these bytes of that file."""
    document = examine(path, content, Kind.RUBRIC)
    return make_rubric(document, rubric_digest(document))


def read_assessment(path: Path) -> AssessmentFile:
    """The assessment in that file, not yet checked against its rubric."""
    return assessment_of(path, read_content(path))


def assessment_of(path: Path, content: bytes, parsed: Document | None = None) -> AssessmentFile:
    """The assessment in these bytes of that file, which may have been parsed already."""
    plain = plain_assessment(path, content) if parsed is None else None
    if plain is not None:
        return plain
    document = examine(path, content, Kind.ASSESSMENT, parsed)
    return AssessmentFile(path, make_assessment(document), check_seal(document, content), content)


_BEGINNING = re.compile(
    rf"(?:#[^\x00-\x08\x0a-\x1f\x7f]*\n)*seal = \"({PREFIX}[0-9a-f]{{64}})\"\nformat = {FORMAT}\n"
    r"(?:started = ([0-9]{4}-[0-9]{2}-[0-9]{2})\n)?\n(?=\[rubric\]\n)"
)
_ABOVE_ANSWERS = frozenset({"rubric", "subject", "reviewer", "scope"})


def plain_assessment(path: Path, content: bytes) -> AssessmentFile | None:
    """The assessment in bytes that are just as toolvet writes them, in a quarter of the time that a parser takes.

    None if anything is out of the ordinary: the parser and the schema then say what, if it is wrong at all.
    """
    if len(content) > MOST_MARKS:  # as many brackets and dots are within the limits anyway
        return None
    try:
        head, *blocks = content.decode().split(BEFORE_ANSWER)
        beginning, answered = _BEGINNING.match(head), plain_answers(blocks)
        if beginning is None or answered is None:
            return None
        above = _plain_head(head[beginning.end() :], is_gap=answered[1])
        started = None if beginning[2] is None else date.fromisoformat(beginning[2])
    except ValueError:  # no UTF-8, or no such day
        return None
    if above is None:
        return None
    assessment = Assessment(above.rubric, above.subject, above.reviewer, started, above.scope, answered[0])
    return AssessmentFile(path, assessment, check_seal({"seal": beginning[1]}, content), content)


@lru_cache(maxsize=256)  # the same for most people of a survey, and for most reviews of a tool
def _plain_head(text: str, *, is_gap: bool) -> Assessment | None:
    """The assessment, without its answers, in the tables above them."""
    tables: Document = {}
    for part in text.removeprefix("[").split("\n["):
        table = _plain_table(f"[{part}", is_gap=is_gap)
        if table is None or table[0] in tables:
            return None
        tables[table[0]] = table[1]
    needed = load_schema("assessment-gap" if is_gap else "assessment")["required"]
    return make_assessment(tables) if {"format", *tables}.issuperset(needed) else None


_SAMPLE = {"format": FORMAT, "rubric": {"id": "x", "version": "1"}, "subject": {"name": "x"}, "reviewer": {"name": "x"}}


@lru_cache(maxsize=256)  # thousands of files name the same rubric, reviewer and facts
def _plain_table(text: str, *, is_gap: bool) -> tuple[str, Any] | None:
    """One of the tables above the answers, by name."""
    nowhere = Path()
    try:
        tables = parse(nowhere, text.encode())
        if len(tables) != 1 or not tables.keys() <= _ABOVE_ANSWERS:
            return None
        sample = {"answers": {"sample": {"expected" if is_gap else "level": 0}}}
        examine(nowhere, b"", Kind.ASSESSMENT, {**_SAMPLE, **sample, **tables})
    except UnusableFile:
        return None
    return next(iter(tables.items()))


def read_decision(path: Path) -> DecisionFile:
    """The decision in that file."""
    return decision_of(path, read_content(path))


def decision_of(path: Path, content: bytes, parsed: Document | None = None) -> DecisionFile:
    """The decision in these bytes of that file, which may have been parsed already."""
    document = examine(path, content, Kind.DECISION, parsed)
    return DecisionFile(path, make_decision(document), check_seal(document, content), content)


def read_record(path: Path) -> RecordFile:
    """The record in that file."""
    return record_of(path, read_content(path))


def record_of(path: Path, content: bytes, parsed: Document | None = None) -> RecordFile:
    """The record in these bytes of that file, which may have been parsed already."""
    document = examine(path, content, Kind.RECORD, parsed)
    return RecordFile(path, make_record(document), check_seal(document, content), content)


def read_round(path: Path) -> RoundFile:
    """The round in that file."""
    return round_of(path, read_content(path))


def round_of(path: Path, content: bytes, parsed: Document | None = None) -> RoundFile:
    """The round in these bytes of that file, which may have been parsed already."""
    document = examine(path, content, Kind.ROUND, parsed)
    if is_open_round(document):
        raise UnusableFile((Problem(path, None, "is about a round that is open; such a file is called open.toml"),))
    return RoundFile(path, make_round(document), check_seal(document, content), content)


def read_open_round(path: Path) -> OpenRound:
    """The open round in that file."""
    return open_round_of(path, read_content(path))


def open_round_of(path: Path, content: bytes, parsed: Document | None = None) -> OpenRound:
    """The same in these bytes of that file, which may have been parsed already."""
    document = examine(path, content, Kind.ROUND, parsed)
    if not is_open_round(document):
        raise UnusableFile((Problem(path, None, "is no open round: until is missing; add it, or remove the file"),))
    return make_open_round(document)


@made_once  # listing a subject asks whether each of its files fits, is complete and can be scored
def check_answers(file: AssessmentFile, rubric: Rubric) -> tuple[Problem, ...]:
    """What does not fit the rubric; only warnings if the assessment can still be scored."""
    return problems_of(file.path, file.content, tuple(_enough(answer_faults(file.assessment, rubric))))


def _enough(faults: Iterator[Fault]) -> Iterator[Fault]:
    """Every warning, but only the errors that are shown: finding the nearest name for each takes time."""
    errors = 0
    for fault in faults:
        yield fault
        errors += not fault.is_warning
        if errors > MOST_SHOWN:
            return


def same_among(earlier: Iterable[DecisionFile], decision: Decision) -> DecisionFile | None:
    """The decision that was recorded already, perhaps a moment ago by somebody who did the same, and stands."""
    for found in earlier:
        before = found.decision
        is_confirmed = any(one.file == found.path.name for one in decision.confirmed)
        if is_confirmed or any(_shakes(one, found) for one in found.record_files):
            continue  # to decide the same again settles it
        same = replace(
            decision,
            supersedes=before.supersedes,
            also_supersedes=before.also_supersedes,
            confirmed=before.confirmed,
            records=before.records,
        )
        if decision.supersedes in (found.path.name, before.supersedes) and same == before:
            return found
    return None


def _shakes(file: RecordFile, decided: DecisionFile) -> bool:
    record = file.record
    is_of_it = file.seal is not Seal.BROKEN and record.sha256 in (None, decided.sha256)
    return record.record is RecordKind.WITHDRAWN or not (is_of_it and is_sound(record, decided.decision))


def unknown_to(decision: Decision, earlier: Iterable[DecisionFile], known: Collection[Path] | None) -> list[Path]:
    """Recorded after somebody began with it: what a next decision supersedes and this one does not, or a new record."""
    by_name = {file.path.name: file for file in earlier}
    last = latest({name: file.decision for name, file in by_name.items()})
    records = (one.path for file in by_name.values() for one in file.record_files)
    new = () if known is None else (path for path in records if path not in known)
    return [*(by_name[name].path for name in last if name not in decision.replaces), *new]
