"""A survey's result, gathered from respondents' files: the screens and the commands make it here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from toolvet.domain.assessment import Subject
from toolvet.domain.gaps import NO_GROUP, measure
from toolvet.domain.rubric import Ask, Rubric, newest_of_each
from toolvet.domain.scoring import add_months
from toolvet.errors import ToolvetError, UnusableFile, UsageError
from toolvet.report.survey.result import Round, Survey
from toolvet.services.assessments import is_answer_file
from toolvet.storage.names import number_in, same_subject
from toolvet.storage.reader import AssessmentFile, check_answers
from toolvet.storage.subjects import SubjectFolder, day_of
from toolvet.storage.toml_input import Seal, hex_digest
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural


@dataclass(frozen=True, slots=True)
class Answers:
    """One respondent's answers, with the rubric they fit."""

    file: AssessmentFile
    rubric: Rubric

    @property
    def day(self) -> date | None:
        """The day they were begun, where file or name tells."""
        found = day_of(self.file)
        return None if found == date.min else found

    @property
    def asked(self) -> tuple[str, str, str]:
        """What they answer: one rubric in one wording."""
        return self.rubric.id, self.rubric.version, self.rubric.digest


@dataclass(frozen=True, slots=True)
class Gathered:
    """The survey, what a person should know of how it was counted, and what was left out of it as unusable."""

    survey: Survey
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    later: tuple[str, ...] = ()
    """That of the notes which tells of answers of later days."""


def answers_in(file: AssessmentFile, workspace: Workspace) -> Answers:
    """The answers in that file. UsageError where it rates a tool; UnusableFile where it does not fit its rubric."""
    rubric = rubric_of(file, workspace)
    if rubric.ask is not Ask.GAP:
        raise UsageError(f"{file.path}: rates a tool; toolvet score and toolvet compare judge it")
    problems = check_answers(file, rubric)
    if any(not problem.warning for problem in problems):
        raise UnusableFile(problems)
    return Answers(file, rubric)


def rubric_of(file: AssessmentFile, workspace: Workspace) -> Rubric:
    """The rubric that the file answers. ToolvetError, with the file in it, where it is missing."""
    try:
        return workspace.rubric(file.assessment.rubric.id, file.assessment.rubric.version)
    except UnusableFile:
        raise
    except ToolvetError as error:
        raise ToolvetError(f"{file.path}: {error}") from error


def answers_in_folder(
    folder: SubjectFolder, workspace: Workspace
) -> tuple[tuple[Answers, ...], tuple[ToolvetError, ...]]:
    """The answers to surveys in that folder, and what is wrong with those that cannot be used; of tools nothing."""
    answers, errors = [], []
    for file in folder.assessments:
        try:
            if rubric_of(file, workspace).ask is Ask.GAP:
                answers.append(answers_in(file, workspace))
        except ToolvetError as error:
            errors.append(error)
    return tuple(answers), tuple(errors)


def gather_folder(folder: SubjectFolder, workspace: Workspace, on: date) -> Gathered:
    """The result of the survey in that folder, as of that day; UsageError where nobody answered."""
    answers, errors = answers_in_folder(folder, workspace)
    gathered = gather_survey(answers, on)
    return replace(gathered, left_out=(*map(str, errors), *gathered.left_out))


def organisations(workspace: Workspace) -> tuple[Subject, ...]:
    """The subjects of the workspace that a survey was answered about."""
    return tuple(file.assessment.subject for file in _newest_answers(workspace))


def organisation_called(workspace: Workspace, name: str) -> Subject:
    """The organisation of that name as its answers write it, else a new one of that name."""
    wanted = Subject(name)
    there = [subject for subject in organisations(workspace) if same_subject(Subject(subject.name), wanted)]
    return there[0] if len(there) == 1 else wanted


def survey_rubrics(workspace: Workspace) -> tuple[Rubric, ...]:
    """The newest version of each rubric that is answered with what is expected and what is delivered."""
    return newest_of_each(file.rubric for file in workspace.rubrics() if file.rubric.ask is Ask.GAP)


def rubric_in_use(workspace: Workspace, organisation: Subject, on: date) -> Rubric | None:
    """What to ask of a further person: as in the round of this year, else the newest version of what was asked before.

    None where nothing was asked about that organisation, or it is not there any more.
    """
    for file in _newest_answers(workspace):
        if same_subject(file.assessment.subject, organisation):
            if day_of(file).year == on.year:
                return rubric_of(file, workspace)
            asked = file.assessment.rubric.id
            return next((rubric for rubric in survey_rubrics(workspace) if rubric.id == asked), None)
    return None


def gather_survey(found: Iterable[Answers], on: date, since: date | None = None) -> Gathered:
    """The result of these answers, as of that day, each content counted once; those of later days are told of only.

    UsageError where they are about several organisations, or nobody answered, or nobody since.
    """
    by_then, later = _by_day(found, on)
    answers, notes = _each_once(by_then)
    of_later = tuple(_later_words(later, on))
    notes = (*notes, *of_later)
    if not answers and later:
        raise UsageError(" ".join((f"nobody answered by {on}.", *of_later)))
    if not answers:
        raise UsageError(
            "there are no answers to a survey here; write one with toolvet readiness --form, and take the answers in "
            "with toolvet readiness --import"
        )
    subject = _only_organisation(answers)
    now, before = _rounds(answers, since)
    if not now:
        raise UsageError(f"nobody answered since {since}; give an earlier day")
    this_round, left_out = _of_one_rubric(now, None)
    earlier, left_out_before = _of_one_rubric(before, this_round[0].rubric.id)
    survey = Survey(
        organisation=subject.label,
        on=on,
        now=_round(this_round),
        before=_round(earlier) if earlier else None,
    )
    return Gathered(survey, notes, tuple(text for text in (left_out, left_out_before) if text), of_later)


def _by_day(found: Iterable[Answers], on: date) -> tuple[list[Answers], list[Answers]]:
    """Those of the day or before, or without a day; and those of later days."""
    by_then: list[Answers] = []
    later: list[Answers] = []
    for one in found:
        (later if one.day is not None and one.day > on else by_then).append(one)
    return by_then, later


def _later_words(later: Sequence[Answers], on: date) -> Iterator[str]:
    """That answers of later days are not counted, and where the first of them stands: a clock may be wrong."""
    if later:
        are = "is" if len(later) == 1 else "are"
        named = f"{later[0].file.path.name} is of {later[0].day}"
        yield f"{plural(len(later), 'answer file')} dated after {on} {are} not counted: {named}."


def _newest_answers(workspace: Workspace) -> Iterator[AssessmentFile]:
    """The newest file with answers to a survey in each folder."""
    for folder in workspace.subjects():
        yield from islice((file for file in folder.assessments if is_answer_file(file, workspace)), 1)


def _each_once(found: Iterable[Answers]) -> tuple[list[Answers], tuple[str, ...]]:
    """Without blank answers, and a file that came twice once.

    Files of the same content are one respondent, unless they are named by different numbers: two may answer alike.
    """
    numbers: dict[str, set[str | None]] = {}
    once: list[Answers] = []
    again = blank = 0
    for one in found:
        known, number = numbers.setdefault(one.file.sha256, set()), number_in(one.file.path.stem)
        if not any(answer.is_given for answer in one.file.assessment.answers.values()):
            blank += 1
        elif known and (number is None or known & {None, number}):
            again += 1
        else:
            once.append(one)
            known.add(number)
    notes = []
    if again:
        notes.append(f"{plural(again, 'file')} of the same content as another: counted once.")
    if blank:
        notes.append(f"{plural(blank, 'file')} without any answer: not counted.")
    edited = sum(one.file.seal is Seal.BROKEN for one in once)
    if edited:
        notes.append(f"{plural(edited, 'file')} changed since toolvet wrote it: counted; toolvet check says which.")
    return once, tuple(notes)


def _only_organisation(found: Sequence[Answers]) -> Subject:
    newest = max(found, key=lambda one: one.day or date.min).file.assessment.subject
    others = [one.file.assessment.subject for one in found if not same_subject(one.file.assessment.subject, newest)]
    if others:
        names = sorted({subject.label for subject in (newest, *others)})
        raise UsageError(f"there are answers about several organisations; name one of: {', '.join(names)}")
    return newest


def _rounds(found: Sequence[Answers], since: date | None) -> tuple[list[Answers], list[Answers]]:
    """Those of this round, and those of the one before: by calendar year, or from `since` and the twelve months before.

    Answers without a day count in this round.
    """
    dated = [one.day for one in found if one.day is not None]
    begin = since or (date(max(dated).year, 1, 1) if dated else date.min)
    earlier = [day for day in dated if day < begin]
    if not earlier:
        before_begin = begin
    elif since is None:
        before_begin = date(max(earlier).year, 1, 1)
    else:
        before_begin = add_months(max(earlier), -12)
    now = [one for one in found if one.day is None or one.day >= begin]
    return now, [one for one in found if one.day is not None and before_begin <= one.day < begin]


def _of_one_rubric(found: Sequence[Answers], rubric_id: str | None) -> tuple[list[Answers], str]:
    """Those that answered what most of them did, of that id where it is given; and what is said of the others."""
    asked = Counter(one.asked for one in found if rubric_id in (None, one.rubric.id))
    if not asked:
        return [], ""
    wanted = asked.most_common(1)[0][0]
    counted = [one for one in found if one.asked == wanted]
    others = len(found) - len(counted)
    if not others:
        return counted, ""
    left_out = plural(others, "answer file")
    return counted, f"{left_out} to another rubric or version than {wanted[0]} {wanted[1]}: left out; see --rubric"


def _round(found: Sequence[Answers]) -> Round:
    rubric = found[0].rubric
    days = [one.day for one in found if one.day is not None]
    digests = "".join(f"{digest}\n" for digest in sorted(one.file.sha256 for one in found))
    assessments = [one.file.assessment for one in found]
    return Round(
        readiness=measure(rubric, assessments),
        first=min(days, default=None),
        last=max(days, default=None),
        sha256=hex_digest(digests.encode()),
        groups=Counter(one.reviewer.group or NO_GROUP for one in assessments),
        earlier_wording=sum(one.rubric.digest not in (None, rubric.digest) for one in assessments),
    )
