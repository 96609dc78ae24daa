"""All problems of a rubric for its author: errors, what else it does not fit with, and warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from toolvet.domain.rubric import Ask, Rubric
from toolvet.domain.versions import difference_words, question_changes
from toolvet.errors import Problem
from toolvet.files.content import Document
from toolvet.files.digest import rubric_digest
from toolvet.files.examining import MOST_SHOWN, Kind, faults_of, problems_of
from toolvet.files.faults import Fault, Place, quoted
from toolvet.files.limits import FORMAT
from toolvet.files.linting import lint
from toolvet.files.rubric_checks import unknown
from toolvet.files.rubric_shelf import rubric_file_names
from toolvet.files.rubric_values import make_rubric
from toolvet.files.toml_table import TomlTable
from toolvet.files.workspace import Workspace


def rubric_problems(path: Path, content: bytes, document: Document, workspace: Workspace) -> tuple[Problem, ...]:
    """Everything wrong or odd in the rubric in these bytes, with the lines."""
    faults = [*faults_of(document, Kind.RUBRIC)]
    if document.get("format") == FORMAT and document.get("ask") in list(Ask):
        if not any(faults):
            faults += _other_texts(path, make_rubric(document, rubric_digest(document)), workspace)
        faults += islice(_links(document, workspace), MOST_SHOWN + 1)
        # What is wrong with a key explains what is odd about it.
        wrong = {_key_of(fault.place) for fault in faults if not fault.is_warning}
        faults += _odd(document, wrong)
    return problems_of(path, content, tuple(faults))


def _odd(document: Document, wrong: set[Place]) -> tuple[Fault, ...]:
    try:
        return tuple(islice((odd for odd in lint(document) if _key_of(odd.place) not in wrong), MOST_SHOWN + 1))
    except RecursionError:
        # That it is nested too deeply is among what is wrong.
        return ()


def _key_of(place: Place) -> Place:
    """The key of a question, criterion, scope fact or table at the top that a place lies under."""
    if place[:1] in (("criteria",), ("scope",)):
        return place[:5] if place[2:3] == ("questions",) else place[:3]
    return place[:2]


def _links(document: Mapping[str, Any], workspace: Workspace) -> Iterator[Fault]:
    """Questions in `closes` that no readiness rubric has; nothing where none can be found."""
    rubric = TomlTable((), document)
    closing = [
        question
        for criterion in rubric.tables("criteria")
        for question in criterion.tables("questions")
        if question.texts("closes")
    ]
    if not closing or rubric.text("ask") != Ask.LEVEL:
        return
    surveys = [file.rubric for file in workspace.rubrics() if file.rubric.ask is Ask.GAP]
    known = [question.id for survey in surveys for _, question in survey.questions()]
    if not known:
        return
    names = ", ".join(dict.fromkeys(survey.id for survey in surveys))
    for question in closing:
        for position, wanted in enumerate(question.texts("closes")):
            if wanted not in known:
                what = f"question {quoted(wanted)} in {names}"
                yield Fault((*question.place, "closes", position), unknown(what, wanted, known))


def _other_texts(path: Path, rubric: Rubric, workspace: Workspace) -> Iterator[Fault]:
    """That another file has the same id and version, and other words; of a copy of what was answered, to leave it."""
    is_copy = path.name in islice(rubric_file_names(rubric), 2)  # the names go on without end; further ones are rare
    for other in workspace.rubric_texts(rubric.id, rubric.version):
        if other.rubric.digest != rubric.digest:
            where = "the one that ships" if other.shipped else workspace.relative(other.path)
            changes = question_changes(other.rubric, rubric)
            mend = "give this one"
            if is_copy and not other.shipped:
                mend = "leave this one, it is what was answered, and give that one"
            yield Fault(
                ("version",),
                f"{where} has this id and version too, and reads otherwise ({difference_words(changes)}); "
                f"{mend} a version of its own",
                is_warning=True,
            )
