"""A file's document, held against everything that must be so before it becomes a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from toolvet.errors import Problem, UnusableFile
from toolvet.files.assessment_checks import assessment_faults, is_gap_document
from toolvet.files.content import Document, parse
from toolvet.files.decision_checks import decision_faults
from toolvet.files.faults import Fault, quoted
from toolvet.files.fitting import Check, make_check
from toolvet.files.limits import FORMAT
from toolvet.files.rubric_checks import policy_faults, rubric_faults
from toolvet.files.schema import load_schema

MOST_SHOWN = 100


class Kind(StrEnum):
    """What a file is."""

    RUBRIC = "rubric"
    ASSESSMENT = "assessment"
    DECISION = "decision"
    POLICY = "policy"


def examine(path: Path, content: bytes, kind: Kind, parsed: Document | None = None) -> Document:
    """The document in these bytes, good for a value of that kind. UnusableFile with everything that is wrong."""
    document = parse(path, content) if parsed is None else parsed
    faults = faults_of(document, kind)
    if faults:
        raise UnusableFile(problems_of(path, content, faults))
    return document


def faults_of(document: Document, kind: Kind) -> tuple[Fault, ...]:
    """What is wrong in a document that is to be of that kind, up to one more than are shown."""
    try:
        return tuple(islice(_faults(document, kind), MOST_SHOWN + 1))
    except RecursionError:
        return (Fault((), "it is nested too deeply; flatten it"),)


def kind_of(document: Document) -> Kind | None:
    """What a document is, by its keys; None where it is nothing of toolvet's."""
    if "criteria" in document or "ask" in document:
        return Kind.RUBRIC
    if "decision" in document or "decided_on" in document or "decided_by" in document:
        return Kind.DECISION
    if {"rubric", "answers", "reviewer"} & document.keys():
        return Kind.ASSESSMENT
    return Kind.POLICY if "policy" in document else None


def problems_of(path: Path, content: bytes, faults: tuple[Fault, ...]) -> tuple[Problem, ...]:
    """The faults with their lines, in the order of the file; where there are too many, errors before warnings."""
    if not faults:
        return ()
    # tree-sitter is of use for this only, and good files go without it.
    from toolvet.files.lines import line_at, lines_of

    lines = lines_of(content)
    problems = [Problem(path, line_at(lines, fault.place), fault.message, warning=fault.is_warning) for fault in faults]
    problems.sort(key=lambda problem: (problem.warning, problem.line or 0))
    shown = sorted(problems[:MOST_SHOWN], key=lambda problem: problem.line or 0)
    if len(problems) <= MOST_SHOWN:
        return tuple(shown)
    is_only_odd = all(problem.warning for problem in problems[MOST_SHOWN:])
    return (*shown, Problem(path, None, "there is more wrong; mend these first", warning=is_only_odd))


def _faults(document: Document, kind: Kind) -> Iterator[Fault]:
    found = kind_of(document)
    if found is not kind:
        what = f"this is {_with_article(found)}" if found else "nothing in it is toolvet's"
        yield Fault((), f"{what}, where {_with_article(kind)} is wanted; name another file")
        return
    is_short = kind is Kind.POLICY and "format" not in document  # a few figures, by hand
    wrong_format = None if is_short else _format_fault(document)
    if wrong_format is not None:
        yield wrong_format
        return
    name = _schema_name(document, kind)
    if name is None:
        yield _ask_fault(document)
        return
    if not _check_of(name)(document):
        # jsonschema takes 0.13 s to import, and good files go without it.
        from toolvet.files.explaining import explain

        yield from explain(document, load_schema(name))
    yield from _OWN_CHECKS[kind](document)


@cache
def _check_of(name: str) -> Check:
    return make_check(load_schema(name))


_OWN_CHECKS: dict[Kind, Callable[[Document], Iterator[Fault]]] = {
    Kind.RUBRIC: rubric_faults,
    Kind.ASSESSMENT: assessment_faults,
    Kind.DECISION: decision_faults,
    Kind.POLICY: policy_faults,
}


def _format_fault(document: Document) -> Fault | None:
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
        case Kind.DECISION | Kind.POLICY:
            return kind.value


def _ask_fault(document: Document) -> Fault:
    if "ask" not in document:
        return Fault((), 'ask is missing; add ask = "level" (one level for each question) or ask = "gap"')
    return Fault(("ask",), f'ask must be "level" or "gap", not {quoted(document["ask"])}')


def _with_article(kind: Kind) -> str:
    return f"an {kind}" if kind is Kind.ASSESSMENT else f"a {kind}"
