"""Every problem in files of every kind, for `toolvet check`."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from toolvet.domain.assessment import RubricRef
from toolvet.domain.migration import difference_words, question_changes
from toolvet.domain.records import LastProofs, Record, RecordKind, broken_rules, is_proved_again, last_proofs
from toolvet.domain.rubric import Ask, Rubric, made_once
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.services.assessments import evidence_faults, proof_faults
from toolvet.services.decisions import (
    BROKEN_SEAL,
    POLICY_PLACE,
    counting,
    is_confirmed,
    is_told_by_folder,
    missed_records,
    recomputed_faults,
    withdrawn_unawares,
)
from toolvet.services.signing import UNSIGNED, lacks_signature
from toolvet.services.surveys import round_problems
from toolvet.storage.faults import Fault, Place, TomlTable, quoted, unknown
from toolvet.storage.reader import (
    MOST_SHOWN,
    AssessmentFile,
    DecisionFile,
    Kind,
    RecordFile,
    assessment_of,
    check_answers,
    decision_of,
    faults_of,
    kind_of,
    open_round_of,
    problems_of,
    record_of,
    round_of,
)
from toolvet.storage.rubric_format import make_rubric
from toolvet.storage.rubric_library import POLICY_FOLDER, policy_problems, rubric_file_names
from toolvet.storage.rubric_lint import lint
from toolvet.storage.subjects import (
    CONFLICT,
    OPEN_ROUND,
    RECORDS,
    ROUNDS,
    SUBJECT_KINDS,
    SubjectFolder,
    conflict_problem,
    no_folder,
    stray_problem,
)
from toolvet.storage.toml_input import FORMAT, Document, Seal, is_folder, is_link, parse, read_content, rubric_digest
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import shortened
from toolvet.text.record_words import record_rule_words
from toolvet.values import dataclass


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
    """Questions in `closes` that no readiness rubric has; nothing if there is no such rubric."""
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
    """Other files with the same id and version and another text; a copy of what was answered should stay."""
    is_copy = path.name in islice(rubric_file_names(rubric), 2)  # the names go on without end; further ones are rare
    for other in workspace.rubric_texts(rubric.id, rubric.version):
        if other.rubric.digest != rubric.digest:
            where = "the one that ships" if other.shipped else workspace.relative(other.path)
            changes = question_changes(other.rubric, rubric)
            mend = "give this one"
            if is_copy and not other.shipped:
                mend = "leave this one, which is what was answered, and give that one"
            yield Fault(
                ("version",),
                f"{where} has the same id and version but another text ({difference_words(changes)}); "
                f"{mend} a version of its own",
                is_warning=True,
            )


FOLDERS_DEEP = 64
"""How many folders in one another are looked into."""
_FOLDER_NAMES = (*SUBJECT_KINDS, "rubrics", POLICY_FOLDER, RECORDS, ROUNDS)


def check_paths(paths: Iterable[Path], workspace: Workspace) -> tuple[Problem, ...]:
    """Everything wrong in these files and in every .toml of these folders."""
    folder_named = cache(workspace.folder_named)
    files = (file for path in paths for file in files_in(path))
    return tuple(problem for file in files for problem in check_file(file, workspace, folder_named))


def files_in(path: Path) -> Iterator[Path]:
    """The file itself, or every .toml and conflict copy in a folder, without hidden ones.

    A file that has the name of a folder of a workspace is among them. Folders that are links, cannot be opened or lie
    too deep are too: nothing in these is checked, which must be said.
    """
    if not is_folder(path):
        yield path
        return
    found: list[Path] = []
    waiting = [(path, 0)]  # no recursion: a thousand folders in one another end that of os.walk
    while waiting:
        folder, deep = waiting.pop()
        inside = None if deep > FOLDERS_DEEP else _names_in(folder)
        if inside is None:
            found.append(folder)  # read like a file, it tells why nothing in it is checked
            continue
        folders, others = inside
        waiting += [(folder / name, deep + 1) for name in folders]
        found += [folder / name for name in others]
    yield from sorted(found)


def _names_in(folder: Path) -> tuple[list[str], list[str]] | None:
    """The folders, and the links to folders and files to check; None if we are not let in."""
    folders: list[str] = []
    others: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    # One that is named like a file is told like one.
                    (others if _is_checked(entry.name) else folders).append(entry.name)
                elif (
                    _is_checked(entry.name)
                    or entry.name in _FOLDER_NAMES
                    or (entry.is_symlink() and (is_folder(folder / entry.name) or _is_lost_subject(folder, entry)))
                ):
                    others.append(entry.name)
    except OSError:
        return None
    return folders, others


def _is_lost_subject(folder: Path, link: os.DirEntry[str]) -> bool:
    """Whether the link stands where a subject's folder would, and leads nowhere."""
    try:
        return folder.name in SUBJECT_KINDS and not link.is_file()
    except OSError:  # it goes in a circle
        return True


def _is_checked(name: str) -> bool:
    return not name.startswith(".") and name.casefold().endswith((".toml", CONFLICT))


FolderNamed = Callable[[str], SubjectFolder]
"""`Workspace.folder_named`, or the same with what it read before: a decision is held against all of its folder."""


def _still_to_come(
    file: AssessmentFile | DecisionFile | RecordFile, key: str, what: str, day: date | None, on: date | None
) -> Iterator[Problem]:
    """A warning that a file is dated after the day."""
    if on is not None and day is not None and day > on:
        told = f"{what} {day}, which lies in the future; correct the day if it is wrong"
        yield from problems_of(file.path, file.content, (Fault((key,), told, is_warning=True),))


def check_file(
    path: Path, workspace: Workspace, folder_named: FolderNamed, on: date | None = None
) -> Iterator[Problem]:
    """Everything wrong in that file, on that day if one is given. A folder, or a link to one, is itself a problem."""
    if path.name.endswith(CONFLICT):
        yield conflict_problem(path)
        return
    if path.absolute().parent in ((workspace.root / kind).absolute() for kind in SUBJECT_KINDS):
        yield stray_problem(path)
    if path.name in _FOLDER_NAMES and not is_folder(path):
        if _is_place_of_folder(path.absolute(), workspace.root.absolute()):
            yield no_folder(path)
        return
    is_open_folder = is_folder(path) and not is_link(path) and os.access(path, os.R_OK | os.X_OK)
    if is_open_folder and not _is_checked(path.name):
        yield Problem(path, None, f"lies {FOLDERS_DEEP} folders deep; check it by itself, or move it up")
        return
    try:
        content = read_content(path)
        document = parse(path, content)
        match kind_of(document):
            case _ if path.name == OPEN_ROUND and path.parent.name == ROUNDS:
                open_round_of(path, content, document)
            case Kind.RUBRIC:
                yield from rubric_problems(path, content, document, workspace)
            case found if found is Kind.POLICY or (found is None and path.parent.name == POLICY_FOLDER):
                yield from policy_problems(path, content, document, workspace.rubric_ids)
            case Kind.DECISION:
                decided = decision_of(path, content, document)
                folder = folder_named(path.absolute().parent.name)
                yield from _decision_seal_problems(decided, folder)
                yield from _still_to_come(decided, "decided_on", "decided on", decided.decision.decided_on, on)
                yield from problems_of(path, content, tuple(_decision_faults(decided, workspace, folder)))
            case Kind.RECORD:
                recorded = record_of(path, content, document)
                yield from _seal_problems(path, recorded.seal)
                yield from _still_to_come(recorded, "on", "dated", recorded.record.on, on)
                yield from problems_of(path, content, tuple(_record_faults(recorded, workspace, folder_named)))
                yield from _correction_problems(path, folder_named)
            case Kind.ROUND:
                yield from round_problems(round_of(path, content, document), workspace)
            case _:
                file = assessment_of(path, content, document)
                yield from _seal_problems(path, file.seal)
                yield from _check_with_rubric(file, workspace)
                yield from _still_to_come(file, "started", "begun on", file.assessment.started, on)
    except UnusableFile as error:
        yield from error.problems


def _is_place_of_folder(path: Path, root: Path) -> bool:
    """Whether a workspace there has a folder of that name, or a subject in it."""
    inner = {RECORDS: "decisions", ROUNDS: "assessments"}.get(path.name)
    return path.parent == root if inner is None else path.parent.parent == root / inner


def _check_with_rubric(file: AssessmentFile, workspace: Workspace) -> Iterator[Problem]:
    asked = file.assessment.rubric
    try:
        rubric = workspace.rubric(asked.id, asked.version)
    except UnusableFile as error:
        yield from _rubric_problem(file, f"its rubric cannot be used: {error.problems[0]}")
    except ToolvetError as error:
        yield from _rubric_problem(file, str(error))
    else:
        yield from check_answers(file, rubric)
        faults = (*_text_faults(asked, rubric, workspace), *evidence_faults(file, workspace))
        yield from problems_of(file.path, file.content, faults)


def _text_faults(asked: RubricRef, rubric: Rubric, workspace: Workspace) -> Iterator[Fault]:
    """Whether the rubric changed since, under the same version or another."""
    if asked.digest not in (None, rubric.digest):
        where = _difference_from(asked, rubric, workspace)
        message = f"{rubric.id} {rubric.version} is not the text that was answered ({where}); {_SEE}"
        yield Fault(("rubric", "digest"), message, is_warning=True)
    newer = workspace.newer_version(asked)
    if newer is not None:
        yield Fault(("rubric", "version"), f"there is version {newer} of {rubric.id}; {_SEE}", is_warning=True)


def _difference_from(asked: RubricRef, rubric: Rubric, workspace: Workspace) -> str:
    try:
        answered = workspace.rubric_as_answered(asked)
    except UnusableFile as error:
        return f"that text may be in {workspace.relative(error.problems[0].path)}, which cannot be used"
    if answered is None:
        return "that text is no longer here to compare with"
    return difference_words(question_changes(answered, rubric))


_SEE = "toolvet migrate shows what becomes of each answer"


def _decision_faults(file: DecisionFile, workspace: Workspace, folder: SubjectFolder) -> Iterator[Fault]:
    """Where the decision differs from what is computed now, and other decisions that contradict it."""
    counts, rivals = _counting_last(folder)
    is_superseded = file.path.name not in {one.path.name for one in (*rivals, *([counts] if counts else []))}
    for fault in recomputed_faults(workspace, folder, file):
        if is_superseded and is_confirmed(folder, file, fault.message):
            yield replace(fault, message=f"{fault.message} A later decision confirmed that.", is_warning=True)
            continue
        # A house that changes its thresholds cannot mend what was decided and superseded under the earlier ones.
        yield replace(fault, is_warning=is_superseded and fault.place == POLICY_PLACE)
    yield from (Fault(("supersedes",), words) for words in withdrawn_unawares(workspace, folder, file))
    yield from missed_records(workspace, folder, file.decision.records or (), "records")
    if (
        counts is not None
        and counts.path.name == file.path.name
        and lacks_signature(workspace, folder, counts, date.max)
    ):
        yield Fault(("decision",), UNSIGNED)
    if any(rival.path.name == file.path.name for rival in rivals):
        others = shortened([rival.path.name for rival in rivals if rival.path.name != file.path.name])
        words = f"It is contradicted by {others}" if others else "It supersedes itself"
        yield Fault(("supersedes",), f"{words}; none of them counts. Decide again to settle it.")


@made_once
def _counting_last(folder: SubjectFolder) -> tuple[DecisionFile | None, tuple[DecisionFile, ...]]:
    return counting(folder.decisions, date.max)


def _decision_seal_problems(file: DecisionFile, folder: SubjectFolder) -> Iterator[Problem]:
    is_confirmed_since = is_confirmed(folder, file, BROKEN_SEAL)
    for problem in _seal_problems(file.path, file.seal):
        yield Problem(problem.path, problem.line, problem.message, warning=is_confirmed_since)


def _record_faults(file: RecordFile, workspace: Workspace, folder_named: FolderNamed) -> Iterator[Fault]:
    folder = file.path.absolute().parent
    if folder.name != RECORDS or folder.parent.parent.name != "decisions":
        yield Fault((), "a record belongs in the folder records/ beside the decision it is about; move it there")
        return
    subject = folder_named(folder.parent.name)
    about = next((one for one in subject.decisions if one.path.name == file.record.decision), None)
    yield from faults_of_record(workspace, subject, file, about)


def faults_of_record(
    workspace: Workspace, folder: SubjectFolder, file: RecordFile, decided: DecisionFile | None
) -> Iterator[Fault]:
    """What does not fit the decision that the record is about, or the files it names, each at its place."""
    record = file.record
    yield from missed_records(workspace, folder, record.earlier)
    if decided is None:
        words = f"It is about {quoted(record.decision)}, which is not there or cannot be read; bring back that file."
        yield Fault(("decision",), words)
        return
    is_met_again = any(is_proved_again(other, last_proofs([record])) for other in _alike_before(decided, file))
    others = () if is_met_again else _alike_before(decided, file)
    for rule in () if is_told_by_folder(record) else broken_rules(record, decided.decision, others):
        yield Fault(_PLACES.get(rule.value, ("on",)), record_rule_words(rule, record, decided.decision))
    about = _about(decided)
    if record.sha256 not in (None, about.sha256):
        yield Fault(
            ("sha256",), f"{record.decision} was changed after this was recorded; check whether both still hold."
        )
    if not is_proved_again(record, about.last):
        yield from proof_faults(workspace, file)


_Kind = tuple[RecordKind, str | None]


@dataclass(frozen=True, slots=True)
class _About:
    """What there is about a decision, looked up once: thousands of records may be held against one another.

    `knowing` are the names of the records that name a record as an earlier one: they were made after it, though they
    may be about an earlier day.
    """

    sha256: str
    last: LastProofs
    alike: Mapping[_Kind, Sequence[RecordFile]]
    knowing: Mapping[str, Collection[str]]


@made_once
def _about(decided: DecisionFile) -> _About:
    alike: dict[_Kind, list[RecordFile]] = {}
    knowing: dict[str, set[str]] = {}
    for file in sorted(decided.record_files, key=lambda one: one.path.name):
        alike.setdefault((file.record.record, file.record.condition), []).append(file)
        for one in file.record.earlier:
            knowing.setdefault(one.path.rpartition("/")[2], set()).add(file.path.name)
    return _About(decided.sha256, last_proofs(decided.records), alike, knowing)


def _alike_before(decided: DecisionFile, file: RecordFile) -> Iterator[Record]:
    """The records before that one which say what it cannot say once more, or change."""
    about, record = _about(decided), file.record
    said = record.record if record.condition is None else RecordKind.CONDITION_MET
    for other in about.alike.get((said, record.condition), ()):
        if other.path.name >= file.path.name:
            return
        if other.path.name not in about.knowing.get(file.path.name, ()):
            yield other.record


_PLACES = {
    "no-such-condition": ("condition",),
    "already-met": ("condition",),
    "moved-into-past": ("due",),
    "nothing-to-withdraw": ("decision",),
    "already-withdrawn": ("decision",),
}


def _correction_problems(path: Path, folder_named: FolderNamed) -> Iterator[Problem]:
    """That the record corrects what did not stand there."""
    if path.absolute().parent.name == RECORDS:
        for problem in folder_named(path.absolute().parent.parent.name).correction_problems:
            if problem.path.name == path.name:
                yield Problem(path, problem.line, problem.message)


def _rubric_problem(file: AssessmentFile, message: str) -> tuple[Problem, ...]:
    return problems_of(file.path, file.content, (Fault(("rubric", "id"), message),))


def _seal_problems(path: Path, seal: Seal) -> Iterator[Problem]:
    if seal is Seal.BROKEN:
        message = "the seal does not match: the file was edited or cut off since toolvet wrote it; read it through"
        yield Problem(path, None, message)
