"""A survey's answers from the respondents' files, and what is wrong with its rounds."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from toolvet.domain.assessment import Subject
from toolvet.domain.disclosure import ClosedRound, missing_in, rivals_of
from toolvet.domain.rubric import Ask, Rubric, newest_of_each
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.services.assessments import (
    check_fit,
    is_answer_file,
    rubric_asked,
)
from toolvet.storage.names import same_subject
from toolvet.storage.reader import AssessmentFile, RoundFile
from toolvet.storage.subjects import SubjectFolder, day_of
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class Answers:
    """One respondent's answers, with the rubric they fit."""

    file: AssessmentFile
    rubric: Rubric

    @property
    def day(self) -> date | None:
        """The day they were begun, if the file or its name says so."""
        found = day_of(self.file)
        return None if found == date.min else found

    @property
    def asked(self) -> tuple[str, str, str]:
        """Id, version and digest of the rubric they answer."""
        return self.rubric.id, self.rubric.version, self.rubric.digest


def answers_in_folder(
    folder: SubjectFolder, workspace: Workspace
) -> tuple[tuple[Answers, ...], tuple[ToolvetError, ...]]:
    """The answers to surveys in that folder, and what is wrong with the unusable ones; ratings of tools are skipped."""
    answers: list[Answers] = []
    errors: list[ToolvetError] = []
    rubrics: dict[tuple[str, str], Rubric] = {}  # thousands answer the same, and each look-up reads folders
    for file in folder.assessments:
        asked = (file.assessment.rubric.id, file.assessment.rubric.version)
        try:
            if asked not in rubrics:
                rubrics[asked] = rubric_asked(workspace, file)
            if rubrics[asked].ask is Ask.GAP:
                check_fit(file, rubrics[asked])
                answers.append(Answers(file, rubrics[asked]))
        except ToolvetError as error:
            errors.append(error)
    return tuple(answers), tuple(errors)


def organisations(workspace: Workspace) -> tuple[Subject, ...]:
    """The organisations that surveys in the workspace are about."""
    known = dict(workspace.surveys.known(workspace.subject_names()))
    return (*known.values(), *(file.assessment.subject for file in _newest_answers(workspace, known)))


def organisations_known(workspace: Workspace) -> tuple[Subject, ...]:
    """The same as far as it is known without opening anybody's answers, for those who answer."""
    return tuple(about for _, about in workspace.surveys.known(workspace.subject_names()))


def organisation_called(known: Iterable[Subject], name: str) -> Subject:
    """The organisation of that name, spelled as those known are; a new one if it is none of them."""
    wanted = Subject(name)
    there = [subject for subject in known if same_subject(Subject(subject.name), wanted)]
    return there[0] if len(there) == 1 else wanted


def survey_rubrics(workspace: Workspace) -> tuple[Rubric, ...]:
    """The newest version of each survey rubric."""
    return newest_of_each(file.rubric for file in workspace.rubrics() if file.rubric.ask is Ask.GAP)


def rubric_in_use(workspace: Workspace, organisation: Subject) -> Rubric | None:
    """What to ask the next person: the rubric of the open round, else the newest version of the one asked before.

    None if that is not known; nobody's answers are opened.
    """
    names = workspace.subject_names()
    folder = workspace.surveys.folder_for(organisation, names)
    now, before = workspace.surveys.asked_in(folder) if folder in names else (None, None)
    try:
        if now is not None:
            return workspace.rubric(now.id, now.version)
    except UnusableFile:
        raise
    except ToolvetError:  # that version is gone
        before = now
    return next((one for one in survey_rubrics(workspace) if before is not None and one.id == before.id), None)


def _newest_answers(workspace: Workspace, but: Container[str]) -> Iterator[AssessmentFile]:
    """The newest answer file in each folder but those."""
    for folder in (workspace.folder_named(name) for name in workspace.subject_names() if name not in but):
        yield from islice((file for file in folder.assessments if is_answer_file(file, workspace)), 1)


def round_problems(file: RoundFile, workspace: Workspace) -> Iterator[Problem]:
    """What is wrong with that round: edited, without an answer file it counts, or beside one that counts the same."""
    folder = workspace.folder_named(file.path.absolute().parent.parent.name)
    digests = [answer.sha256 for answer in folder.assessments]
    yield from counting_faults(file, folder.rounds, digests, workspace)


def counting_faults(
    file: RoundFile, rounds: Sequence[RoundFile], present: Sequence[str], workspace: Workspace
) -> Iterator[Problem]:
    """What forbids counting the round beside those answer files, given by their sha256."""
    if file.seal is not Seal.INTACT:
        message = "was changed since toolvet closed the round; bring back the file as it was"
        yield Problem(file.path, None, message)
    others = [other for other in rounds if other.path.name != file.path.name]
    rivals = rivals_of(file.round, [other.round for other in others])
    if rivals:
        names = ", ".join(others[place].path.name for place in rivals)
        message = f"counts answers that {names} counts too; keep the round that was published and remove the other"
        yield Problem(file.path, None, message)
    missing = missing_in(file.round, present)
    if missing:
        are = "is" if missing == 1 else "are"
        counts = plural(file.round.people, "answer file")
        message = (
            f"counts {counts}, of which {missing} {are} missing, changed or unusable; bring back what is gone: without "
            "it the result would tell what these people said"
        )
        yield Problem(file.path, None, message)
    try:
        rubric_of_round(file.round, workspace)
    except ToolvetError as error:
        yield Problem(file.path, None, str(error))


def rubric_of_round(closed: ClosedRound, workspace: Workspace) -> Rubric:
    """The rubric as it was when the round was closed. ToolvetError if it is gone, or was changed since.

    Under other words other people may be counted, and the difference would tell what these said.
    """
    asked = closed.rubric
    rubric = workspace.rubric(asked.id, asked.version)
    found = rubric if asked.digest in (None, rubric.digest) else workspace.rubric_as_answered(asked)
    if found is None:
        raise ToolvetError(
            f"the rubric {asked.id} {asked.version} was changed since the round was closed, and other figures would "
            "tell what a few people said; bring it back as it was, and give the changed one a version of its own"
        )
    return found
