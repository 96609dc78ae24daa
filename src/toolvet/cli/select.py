"""Which assessments a command refers to, with their scorecards and findings."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path

from toolvet.cli.output import Faults, before_asking, session_given, tell_faults, tell_skipped, warn
from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.findings import Finding, FindingCode, about_file
from toolvet.domain.rubric import Criterion, Question, Rubric, ScopeFact
from toolvet.domain.scorecard import CriterionScore, MustHave, QuestionScore, Reason, Scorecard
from toolvet.errors import NoSuchSubject, Problem, ToolvetError, UnusableFile, UsageError
from toolvet.report.comparison.ranking import Tool
from toolvet.services.assessments import (
    OpenedAssessment,
    Session,
    SurveyAnswers,
    evidence_error,
    findings_on,
    open_tool,
    read_corrected,
    unproven_in,
)
from toolvet.services.decisions import decided_about, speaking, tool_called
from toolvet.storage.evidence_files import OVERVIEW_BYTES
from toolvet.storage.index import Code, Rows
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import is_folder, is_there, is_toml
from toolvet.storage.workspace import Workspace
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class Judged:
    """An opened assessment, named as the person named it, and what follows from it on the day.

    `was_picked`: the person was asked which of several equally recent ones it is.
    """

    name: str
    session: Session
    opened: OpenedAssessment
    scorecard: Scorecard
    was_picked: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is odd in it; worked out each time, and not at all for a table alone."""
        return findings_on(self.session.workspace, self.opened, self.scorecard)

    @property
    def file(self) -> AssessmentFile:
        """The file it was read from."""
        return self.opened.file

    @property
    def tool(self) -> Tool:
        """What a comparison needs of it: all but the bytes of its file, and, of its findings, those about the file."""
        opened = self.opened
        about = about_file(opened.rubric, opened.assessment, seal_broken=opened.is_seal_broken)
        return Tool(self.name, self.file.sha256, opened.assessment, self.scorecard, tuple(about))

    @property
    def decided_tool(self) -> Tool:
        """The same for a report: named by its path in the workspace, and with the decision on it."""
        workspace = self.session.workspace
        found = decided_about(workspace, self.file, self.session.on)
        path = workspace.relative(self.file.path)
        tool = replace(self.tool, file=path, findings=self.findings)
        return replace(tool, decision=found.decision, standing=found.standing)


def judge_file(name: str, options: argparse.Namespace) -> Judged:
    """Judge the assessment in the file of that name. ToolvetError, naming the file, if that is not possible."""
    path = Path(name)
    session = session_given(options, path.absolute().parent)
    return judge_assessment(name, session, read_corrected(session.workspace, path))


def judge_assessment(name: str, session: Session, file: AssessmentFile) -> Judged:
    """Score the assessment. ToolvetError as in open_tool."""
    opened = open_tool(session.workspace, file, to_read=True).in_language(session.language)
    for problem in opened.warnings:
        warn(str(problem))
    return Judged(name, session, opened, opened.score(session.on))


def latest_file(session: Session, folder: SubjectFolder, instead: str, faults: Faults) -> AssessmentFile:
    """The assessment that speaks for the subject. What cannot be read is said and counted among the faults.

    UsageError, naming `instead` as the way to choose, if several are equally recent.
    """
    files = speaking(session.workspace, folder, session.on)
    if not files:
        raise _nothing_in(folder)
    tell_faults(faults, session.workspace, folder, files)
    if len(files) == 1:
        return files[0]
    paths = ", ".join(str(file.path) for file in files)
    raise UsageError(f"{folder.name} has several equally recent assessments; choose one with {instead}: {paths}")


def judge_named(name: str, options: argparse.Namespace, faults: Faults) -> Judged:
    """Judge the assessment in the file of that name or, without such a file, the one that speaks for that subject.

    What else of the subject cannot be read is said and counted among the faults.
    """
    if _names_file(name):
        judged = judge_file(name, options)
        workspace = judged.session.workspace
        tell_faults(faults, workspace, workspace.folder_of(judged.file), [judged.file])
        return judged
    session = session_given(options)
    file = latest_file(session, _subject(session, name), "its file", faults)
    return judge_assessment(str(file.path), session, file)


def tell_all_faults(faults: Faults, workspace: Workspace, folder: SubjectFolder) -> None:
    """The same, and what is wrong with every assessment of the subject, its rubric and its evidence."""
    tell_faults(faults, workspace, folder)
    faults.add(*workspace.stray_problems)
    faults.add(*unproven_in(workspace, folder.assessments, *folder.decisions))


def judge_files(names: Iterable[str], options: argparse.Namespace, faults: Faults) -> Iterator[Judged]:
    """Judge each of the files or subjects once; those that cannot be judged are counted among the faults."""
    seen: set[Path] = set()
    for name in names:
        try:
            judged = judge_named(name, options, faults)
            if judged.file.path.absolute() not in seen:
                seen.add(judged.file.path.absolute())
                yield judged
        except ToolvetError as error:
            faults.add(error)


def candidates(
    options: argparse.Namespace, faults: Faults, *, is_report: bool = False, is_printed: bool = False
) -> tuple[Tool, ...]:
    """The assessments that were named, else all of the workspace, each file once.

    A named one that cannot be used raises; of all, it is counted among the faults and left out. For a report they come
    with decisions and paths in the workspace; files of several workspaces keep the names that were given. What is
    printed as a table, with or without sentences, needs only the findings about the file.
    """
    if is_printed and not options.names:
        printed = [one for one in _all_printed(options, faults) if _is_under(one.scorecard, options)]
        _refuse_none(printed, options, faults)
        _refuse_mixed(printed)
        return tuple(printed)
    judged = _named(options.names, options, faults) if options.names else _all(options, faults)
    found = [one for one in judged if options.names or _is_under(one.scorecard, options)]
    once = {Path(one.name).absolute(): one for one in found}
    _refuse_none(once, options, faults)
    tools = tuple(one.tool for one in once.values())
    _refuse_mixed(tools)
    if is_printed:
        return tools
    if not is_report:
        return tuple(replace(one.tool, findings=one.findings) for one in once.values())
    decided = tuple(one.decided_tool for one in once.values())
    if len({one.session.workspace.root for one in once.values()}) == 1:
        return decided
    return tuple(replace(one, file=tool.file) for one, tool in zip(decided, tools, strict=True))


def _is_under(scorecard: Scorecard, options: argparse.Namespace) -> bool:
    return options.rubric in (None, scorecard.rubric.id)


def _refuse_none(found: Collection[object], options: argparse.Namespace, faults: Faults) -> None:
    if not found and faults.status:
        raise ToolvetError("nothing to compare: the assessments of this workspace cannot be used")
    if not found:
        raise UsageError(
            "nothing to compare: this workspace has no assessment; start one with toolvet assess"
            if options.rubric is None
            else f"nothing to compare: this workspace has no assessment under the rubric {options.rubric}"
        )


def _named(names: Sequence[str], options: argparse.Namespace, faults: Faults) -> Iterator[Judged]:
    sessions: dict[Path, Session] = {}  # each workspace is read once
    for name in names:
        path = Path(name)
        place = path.absolute().parent if _names_file(name) else Path.cwd()
        if place not in sessions:
            sessions[place] = _in_one_language(session_given(options, place))
        session = sessions[place]
        if _names_file(name):
            file = read_corrected(session.workspace, path)
            tell_faults(faults, session.workspace, session.workspace.folder_of(file), [file])
        else:
            folder = _subject(session, name)
            name, file, _ = _chosen(session, folder)
            tell_faults(faults, session.workspace, folder, [file])
        yield judge_assessment(name, session, file)


def _all(options: argparse.Namespace, faults: Faults) -> Iterator[Judged]:
    session = _session_for_all(options, faults)
    for folder in session.workspace.each_subject():
        yield from _judged_in(session, folder, faults)
    tell_skipped(session.workspace)


def _session_for_all(options: argparse.Namespace, faults: Faults) -> Session:
    session = _in_one_language(session_given(options))
    session.workspace.evidence.most_bytes = OVERVIEW_BYTES
    faults.add(*session.workspace.stray_problems)
    return session


def _in_one_language(session: Session) -> Session:
    """The session with its language settled, so that config.toml is not read for each tool."""
    return replace(session, asked_language=session.language or "")


def _judged_in(session: Session, folder: SubjectFolder, faults: Faults) -> Iterator[Judged]:
    """The assessment that speaks for the tool; none for a survey, or if it cannot be used."""
    tell_faults(faults, session.workspace, folder)
    if not folder.assessments:
        return
    try:
        with suppress(SurveyAnswers):
            name, file, was_picked = _chosen(session, folder)
            yield replace(judge_assessment(name, session, file), was_picked=was_picked)
            if (error := evidence_error(session.workspace, file)) is not None:
                faults.add(error)
    except UsageError:
        raise
    except ToolvetError as error:
        faults.add(error)


@dataclass(frozen=True, slots=True)
class KeptTool:
    """What the index keeps of a tool: all that a printed comparison needs but its answers, which stay in its file.

    `file` is the path inside the workspace, `answered` the rubric as it was answered, `rubric` the one it is scored by.
    """

    file: str
    sha256: str
    subject: Subject
    reviewer: Reviewer
    scope: tuple[tuple[str, ...], ...]
    answered: RubricRef
    rubric: RubricRef
    about_file: tuple[FindingCode, ...]
    scorecard: list  # type: ignore[type-arg]  # as the code of its rubric writes it


_KEPT: Code[tuple[KeptTool, ...]] = Code(
    tuple[KeptTool, ...], shared=(Reviewer, RubricRef, tuple[tuple[str, ...], ...])
)


def _all_printed(options: argparse.Namespace, faults: Faults) -> Iterator[Tool]:
    """What a printed comparison needs of every tool, from the index where nothing of it changed."""
    session = _session_for_all(options, faults)
    workspace, code_of = session.workspace, _codes(session)
    rows = workspace.index.rows(f"compare {session.on} {session.language}", _KEPT)
    names = workspace.subject_names()
    for name in names:
        kept = rows.known(name)
        if kept is None:
            yield from _look_at(session, name, faults, rows, code_of)
        else:
            yield from (_tool_of(one, workspace, code_of(one.rubric)) for one in kept)
    rows.save(names)
    tell_skipped(workspace)


def _look_at(
    session: Session,
    name: str,
    faults: Faults,
    rows: Rows[tuple[KeptTool, ...]],
    code_of: Callable[[RubricRef], Code[Scorecard]],
) -> Iterator[Tool]:
    """The tool of that subject, none for a survey; it is kept, unless something had to be said or asked of it."""
    judged: list[Judged] = []

    def make() -> tuple[tuple[KeptTool, ...], bool]:
        told = faults.told
        for folder in session.workspace.alone(name):
            judged.extend(_judged_in(session, folder, faults))
            is_plain = faults.told == told and not any(one.was_picked or one.opened.warnings for one in judged)
            return tuple(_kept(one, code_of) for one in judged), is_plain
        return (), False

    rows.anew(name, make)
    return (one.tool for one in judged)


def _codes(session: Session) -> Callable[[RubricRef], Code[Scorecard]]:
    """How scorecards under a rubric are kept: without the rubric, which is there again when they are read."""

    @cache
    def code_of(asked: RubricRef) -> Code[Scorecard]:
        rubric = session.workspace.rubric(asked.id, asked.version).in_language(session.language).on(session.on)
        if rubric.digest != asked.digest:
            raise ToolvetError(
                f"The rubric {asked.id} {asked.version} was changed while tools were compared; try again"
            )
        questions = [question for _, question in rubric.questions()]
        given = {Rubric: (rubric,), Criterion: rubric.criteria, Question: questions, ScopeFact: rubric.scope}
        shared = (QuestionScore, CriterionScore, MustHave, Reason)
        return Code(Scorecard, given, shared=shared, late=(tuple[QuestionScore, ...],))

    return code_of


def _kept(judged: Judged, code_of: Callable[[RubricRef], Code[Scorecard]]) -> KeptTool:
    assessment, rubric = judged.opened.assessment, judged.scorecard.rubric
    scored_by = RubricRef(rubric.id, rubric.version, rubric.digest)
    return KeptTool(
        file=judged.session.workspace.relative(judged.file.path),
        sha256=judged.file.sha256,
        subject=assessment.subject,
        reviewer=assessment.reviewer,
        scope=tuple(assessment.scope.items()),
        answered=assessment.rubric,
        rubric=scored_by,
        about_file=tuple(finding.code for finding in judged.tool.findings),
        scorecard=code_of(scored_by).plain(judged.scorecard),
    )


def _tool_of(kept: KeptTool, workspace: Workspace, code: Code[Scorecard]) -> Tool:
    path = f"{_before_paths(workspace.root)}{kept.file.replace('/', os.sep)}"
    answers = AnswersInFile(lambda: _answers_in(Path(path), workspace, kept.sha256))
    assessment = Assessment(kept.answered, kept.subject, kept.reviewer, scope=_facts(kept.scope), answers=answers)
    return Tool(path, kept.sha256, assessment, code.value(kept.scorecard), tuple(map(Finding, kept.about_file)))


@cache
def _before_paths(root: Path) -> str:
    """What stands before a path inside it, as pathlib writes it; thousands of paths take a while."""
    return f"{root / '_'}"[:-1]


_facts: Callable[[tuple[tuple[str, ...], ...]], Mapping[str, str]] = cache(dict)


class AnswersInFile(Mapping[str, Answer]):
    """Answers that are read when they are asked for."""

    def __init__(self, read: Callable[[], Mapping[str, Answer]]) -> None:
        self._read = read

    @cached_property
    def _found(self) -> Mapping[str, Answer]:
        return self._read()

    def __getitem__(self, question: str) -> Answer:
        return self._found[question]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _answers_in(path: Path, workspace: Workspace, sha256: str) -> Mapping[str, Answer]:
    file = read_corrected(workspace, path)
    if file.sha256 != sha256:
        raise ToolvetError(f"{path} was changed while it was compared; compare again")
    return file.assessment.answers


def _names_file(name: str) -> bool:
    path = Path(name)
    return is_toml(path) or (is_there(path) and not is_folder(path))


def _subject(session: Session, name: str) -> SubjectFolder:
    try:
        return tool_called(session.workspace, name)
    except NoSuchSubject as error:
        raise NoSuchSubject(f'there is no file "{name}", and {error}') from error


def _nothing_in(folder: SubjectFolder) -> ToolvetError:
    if folder.errors:
        return UnusableFile(folder.problems)
    for file in folder.decisions:
        if (ground := file.decision.assessment) is not None:
            gone = f"rests on {ground.path}, which does not exist; put it back"
            return UnusableFile((Problem(file.path, None, gone),))
    return UsageError(f"{folder.name} has no assessment; start one with toolvet assess")


def _chosen(session: Session, folder: SubjectFolder) -> tuple[str, AssessmentFile, bool]:
    """The assessment that speaks for the subject, after its path; of several, the one the person picks, and if so.

    UsageError, naming them all, if nobody can be asked.
    """
    files = speaking(session.workspace, folder, session.on)
    if not files:
        raise _nothing_in(folder)
    paths = [str(file.path) for file in files]
    was_picked = len(files) > 1
    at = _ask_which(folder.name, paths) if was_picked else 0
    return paths[at], files[at], was_picked


def _ask_which(subject: str, paths: Sequence[str]) -> int:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        told = f"{subject} has several equally recent assessments; name the one to compare:"
        raise UsageError(told, *(f"  {path}" for path in paths))
    before_asking()
    warn(f"{subject} has several equally recent assessments:")
    for number, path in enumerate(paths, start=1):
        warn(f"  {number}  {path}")
    while True:
        print(f"Which one, 1 to {len(paths)}? ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise UsageError(f"no assessment of {subject} was chosen; name its file")
        if line.strip() in map(str, range(1, len(paths) + 1)):
            return int(line) - 1
        warn(f"'{line.strip()}' is none of them.")


def _refuse_mixed(found: Sequence[Tool]) -> None:
    """Refuse to rank answers to different questions, or answers given before a question changed."""
    by_rubric: dict[tuple[str, str, str, str], list[str]] = {}
    for one in found:
        rubric = one.scorecard.rubric
        answered = one.assessment.rubric.digest or rubric.digest
        by_rubric.setdefault((rubric.id, rubric.version, rubric.digest, answered), []).append(one.file)
    if len(by_rubric) > 1:
        parts = []
        for (rubric_id, version, digest, answered), names in by_rubric.items():
            earlier = "" if answered == digest else f", answered when it was {_short(answered)}"
            parts.append(f"  {rubric_id} {version}, {_short(digest)}{earlier}:")
            parts += [f"    {name}" for name in names]
        raise UsageError(
            "these were answered under different rubrics and cannot be ranked together. Name those of one rubric, or "
            "give --rubric ID; toolvet migrate FILE takes answers over to a newer version:",
            *parts,
        )
    policies = {id(policy): policy for policy in (one.scorecard.rubric.policy for one in found)}
    if len(set(policies.values())) > 1:
        raise UsageError(
            "these are judged under different house policies and cannot be ranked together; "
            "give one --workspace for all of them"
        )


def _short(digest: str) -> str:
    return digest[:19] + "…" if len(digest) > 19 else digest or "without digest"
