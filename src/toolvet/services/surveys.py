"""A survey's result, gathered from the respondents' files."""

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
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.survey.result import Round, Survey
from toolvet.services.assessments import is_answer_file, open_assessment, rubric_asked
from toolvet.storage.names import number_in, same_subject
from toolvet.storage.reader import AssessmentFile
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
        """The day they were begun, if the file or its name says so."""
        found = day_of(self.file)
        return None if found == date.min else found

    @property
    def asked(self) -> tuple[str, str, str]:
        """Id, version and digest of the rubric they answer."""
        return self.rubric.id, self.rubric.version, self.rubric.digest


@dataclass(frozen=True, slots=True)
class Gathered:
    """The survey, notes on how it was counted, and the files that were left out as unusable."""

    survey: Survey
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    later: tuple[str, ...] = ()
    """The note about answers dated later, if any."""


def answers_in(file: AssessmentFile, workspace: Workspace) -> Answers:
    """The answers in that file. UsageError if it rates a tool; UnusableFile if it does not fit its rubric."""
    opened = open_assessment(workspace, file)
    if not opened.is_survey:
        raise UsageError(f"{file.path}: rates a tool; use toolvet score or toolvet compare")
    return Answers(file, opened.rubric)


def answers_in_folder(
    folder: SubjectFolder, workspace: Workspace
) -> tuple[tuple[Answers, ...], tuple[ToolvetError, ...]]:
    """The answers to surveys in that folder, and what is wrong with the unusable ones; ratings of tools are skipped."""
    answers, errors = [], []
    for file in folder.assessments:
        try:
            if rubric_asked(workspace, file).ask is Ask.GAP:
                answers.append(answers_in(file, workspace))
        except ToolvetError as error:
            errors.append(error)
    return tuple(answers), tuple(errors)


def gather_folder(folder: SubjectFolder, workspace: Workspace, on: date) -> Gathered:
    """The result of the survey in that folder, as of that day. UsageError if nobody answered."""
    answers, errors = answers_in_folder(folder, workspace)
    gathered = gather_survey(answers, on)
    return replace(gathered, left_out=(*map(str, errors), *gathered.left_out))


def organisations(workspace: Workspace) -> tuple[Subject, ...]:
    """The organisations that surveys in the workspace are about."""
    return tuple(file.assessment.subject for file in _newest_answers(workspace))


def organisation_called(workspace: Workspace, name: str) -> Subject:
    """The organisation of that name, spelled as in its answers; a new one if there is none."""
    wanted = Subject(name)
    there = [subject for subject in organisations(workspace) if same_subject(Subject(subject.name), wanted)]
    return there[0] if len(there) == 1 else wanted


def survey_rubrics(workspace: Workspace) -> tuple[Rubric, ...]:
    """The newest version of each survey rubric."""
    return newest_of_each(file.rubric for file in workspace.rubrics() if file.rubric.ask is Ask.GAP)


def rubric_in_use(workspace: Workspace, organisation: Subject, on: date) -> Rubric | None:
    """What to ask the next person: the rubric of this year's round, else the newest version of the one used before.

    None if nobody was asked about that organisation yet, or the rubric is gone.
    """
    for file in _newest_answers(workspace):
        if same_subject(file.assessment.subject, organisation):
            if day_of(file).year == on.year:
                return rubric_asked(workspace, file)
            asked = file.assessment.rubric.id
            return next((rubric for rubric in survey_rubrics(workspace) if rubric.id == asked), None)
    return None


def gather_survey(found: Iterable[Answers], on: date, since: date | None = None) -> Gathered:
    """The result of these answers as of that day. Each content counts once; later answers are only mentioned.

    UsageError if they are about several organisations, or nobody answered by then, or nobody since `since`.
    """
    by_then, later = _by_day(found, on)
    answers, notes = _each_once(by_then)
    of_later = tuple(_later_words(later, on))
    notes = (*notes, *of_later)
    if not answers and later:
        raise UsageError(" ".join((f"nobody had answered by {on}.", *of_later)))
    if not answers:
        raise UsageError(
            "there are no answers to a survey here; write the form with toolvet readiness --form, then import the "
            "answers with toolvet readiness --import"
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
    """The answers of that day or before, or without a day; and the later ones."""
    by_then: list[Answers] = []
    later: list[Answers] = []
    for one in found:
        (later if one.day is not None and one.day > on else by_then).append(one)
    return by_then, later


def _later_words(later: Sequence[Answers], on: date) -> Iterator[str]:
    if later:
        are = "is" if len(later) == 1 else "are"
        first = f"{later[0].file.path.name} is dated {later[0].day}"
        yield f"{plural(len(later), 'answer file')} dated after {on} {are} not counted: {first}."


def _newest_answers(workspace: Workspace) -> Iterator[AssessmentFile]:
    """The newest answer file of each organisation."""
    for folder in workspace.subjects():
        yield from islice((file for file in folder.assessments if is_answer_file(file, workspace)), 1)


def _each_once(found: Iterable[Answers]) -> tuple[list[Answers], tuple[str, ...]]:
    """Leave out blank answers and files that came twice; return notes about them.

    Files of the same content are one respondent, unless their names have different numbers: two people may agree.
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
        notes.append(f"{plural(again, 'file')} with the same content as another: counted once.")
    if blank:
        notes.append(f"{plural(blank, 'file')} without any answer: not counted.")
    edited = sum(one.file.seal is Seal.BROKEN for one in once)
    if edited:
        notes.append(f"{plural(edited, 'file')} changed since toolvet wrote it: counted; toolvet check shows which.")
    return once, tuple(notes)


def _only_organisation(found: Sequence[Answers]) -> Subject:
    newest = max(found, key=lambda one: one.day or date.min).file.assessment.subject
    others = [one.file.assessment.subject for one in found if not same_subject(one.file.assessment.subject, newest)]
    if others:
        names = sorted({subject.label for subject in (newest, *others)})
        raise UsageError(f"there are answers about several organisations; name one of them: {', '.join(names)}")
    return newest


def _rounds(found: Sequence[Answers], since: date | None) -> tuple[list[Answers], list[Answers]]:
    """This round and the one before: calendar years, or from `since` and the twelve months before.

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
    """Keep the answers to the most-answered rubric (of that id, if given); return a note about the rest."""
    asked = Counter(one.asked for one in found if rubric_id in (None, one.rubric.id))
    if not asked:
        return [], ""
    wanted = asked.most_common(1)[0][0]
    counted = [one for one in found if one.asked == wanted]
    others = len(found) - len(counted)
    if not others:
        return counted, ""
    files = plural(others, "answer file")
    return counted, f"{files} to another rubric or version than {wanted[0]} {wanted[1]}: left out; see --rubric"


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
