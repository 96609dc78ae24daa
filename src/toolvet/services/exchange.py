"""Question sheets sent and returned: which questions a sheet asks, and what a filled-in one changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Pass, Reviewer, RubricRef, questions_in
from toolvet.domain.bearing import Bearing, SentAnswers, bearing_on
from toolvet.domain.migration import migrate
from toolvet.domain.rubric import Criterion, Question, Rubric, Sitting
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.sheet import ANSWER, AboutRow, Audience, Intake, Proposal, Taken, TakenAnswer
from toolvet.errors import Problem, ToolvetError, UnusableFile, UsageError
from toolvet.services.assessments import OpenedAssessment, Session, SurveyAnswers, is_survey, open_tool
from toolvet.storage.atomic import save, tell_as_not_saved
from toolvet.storage.filled_sheet import (
    FilledSheet,
    SheetAnswers,
    SheetPlace,
    UnusableRow,
    read_answers,
    read_filled_sheet,
)
from toolvet.storage.furnishing import furnish
from toolvet.storage.names import numbered, slug
from toolvet.storage.questionnaire_kinds import answers_in
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.rows import Spreadsheet, read_sent
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import CHANGED_OUTSIDE, Seal, hex_digest, is_there
from toolvet.text.escape import plural, visible


def questions_to_send(
    scorecard: Scorecard, where: Sitting | None, *, only_open: bool
) -> tuple[tuple[Criterion, Question], ...]:
    """The questions that apply, or may: of one sitting, or still open, where that is asked for.

    Of the open ones, those that settle the verdict soonest come first, and those that cannot change it last.
    """
    chosen = questions_in(Pass.ALL, scorecard)
    if only_open:
        chosen = tuple(dict.fromkeys((*questions_in(Pass.QUICKEST, scorecard), *questions_in(Pass.OPEN, scorecard))))
    return tuple((each.criterion, each.question) for each in chosen if where in (None, each.question.where))


@dataclass(frozen=True, slots=True)
class IntakePlan:
    """What a filled sheet would change; nothing is written yet.

    `target` is the file that changes, or None where a new assessment starts; `base` is what is there.
    """

    sheet: FilledSheet
    audience: Audience
    by: str | None
    rubric: Rubric
    target: OpenedAssessment | None
    base: Assessment
    scope: tuple[tuple[str, str, Taken], ...]
    answers: tuple[TakenAnswer, ...]
    places: dict[str, str]
    unusable: tuple[UnusableRow, ...]
    evidence: str | None
    listed: tuple[tuple[str, str, str], ...] = ()
    """What of another tool's file bears on no question, or was not answered: where it stands, what it says, why."""

    @property
    def path(self) -> Path:
        """The sheet's file."""
        return self.sheet.file.path

    @property
    def notes(self) -> tuple[str, ...]:
        """What else a reviewer should know before taking the sheet in."""
        about, label = self.sheet.about(AboutRow.SUBJECT), self.base.subject.label
        if about is None or about == visible(label):
            return self.sheet.notes
        return (f"The sheet is about {about}, not {label}.", *self.sheet.notes)


def plan_intake(
    session: Session, folder: SubjectFolder, path: Path, sender: Audience | None = None, by: str | None = None
) -> IntakePlan:
    """What the sheet would change in the assessment of the subject. ToolvetError where it cannot be taken in."""
    sent = answers_in(path)
    sheet = read_filled_sheet(path) if sent is None else _sheet_of(path, sent)
    audience = sender or _audience_of(sheet)
    name = by or sheet.about(AboutRow.BY)
    files = _tool_files(session, folder)
    if is_survey(folder, session.workspace):
        raise UsageError(f"{folder.name} holds answers to a survey; import them with toolvet readiness --import")
    if not files:
        raise UsageError(f"{folder.name} has no assessment to take answers into; start one with toolvet assess")
    target, base = _whose(session, files, sheet, audience, name)
    rubric = files[0].rubric if target is None else target.rubric
    bearing = None if sent is None else bearing_on(rubric, sent)
    found = (
        _read_against(session, sheet, base, rubric)
        if sent is None or bearing is None
        else SheetAnswers({}, bearing.answers, {}, on=sent.on)
    )
    evidence = _evidence_name(session, folder, sheet) if audience is Audience.VENDOR else None
    on = found.on or session.on
    intake = Intake(on, _as_sent, None if evidence is None else _proposal(sheet, evidence, name, on, sent))
    return IntakePlan(
        sheet=sheet,
        audience=audience,
        by=name,
        rubric=rubric,
        target=target,
        base=base,
        scope=tuple(_facts(rubric, base, found, audience)),
        answers=tuple(
            intake.take(name, base.answer(name), found.answers[name]) for name in rubric.ids() if name in found.answers
        ),
        places={name: str(place) for name, place in found.places.items()} if bearing is None else bearing.places,
        unusable=found.unusable,
        evidence=evidence,
        listed=() if sent is None or bearing is None else (*_unused(bearing, rubric), *sent.left_out),
    )


def _whose(
    session: Session, files: list[OpenedAssessment], sheet: FilledSheet, audience: Audience, name: str | None
) -> tuple[OpenedAssessment | None, Assessment]:
    """The assessment that the answers go into, or None and a new one. ToolvetError where nobody is named."""
    if audience is Audience.VENDOR:
        own = _own(session, files)
        return own, own.assessment
    if name is None:
        raise ToolvetError(f'{sheet.file.path}: does not say who answered; fill in "Answered by", or add --by NAME')
    target = next((each for each in files if _is_named(each.assessment.reviewer, name)), None)
    if target is not None:
        return target, target.assessment
    return None, _begun(session, files[0], Reviewer(name, sheet.about(AboutRow.ROLE)))


def _sheet_of(path: Path, sent: SentAnswers) -> FilledSheet:
    """Another tool's file as a sheet that says what it is about. What its maker says of itself is a vendor's word."""
    about = {AboutRow.AUDIENCE: Audience.VENDOR.value, AboutRow.BY: sent.by}
    rows: dict[str, tuple[SheetPlace, Mapping[str, str]]] = {
        row: (SheetPlace(None, 1), {ANSWER: said}) for row, said in about.items() if said
    }
    named = "" if sent.about is None else f" about {sent.about}"
    notes = (f"{sent.kind}{named}: {plural(len(sent.items), 'answer')} read.",)
    return FilledSheet(Spreadsheet(path, read_sent(path), ()), rows, notes=notes)


def _unused(bearing: Bearing, rubric: Rubric) -> Iterator[tuple[str, str, str]]:
    for item in bearing.unused:
        said = f"{item.text or item.ref}: {item.given}" if item.given else item.text or item.ref
        yield item.place, said, f"no question of {rubric.id} refers to {item.ref}"


def _audience_of(sheet: FilledSheet) -> Audience:
    given = sheet.about(AboutRow.AUDIENCE)
    if given not in set(Audience):
        raise UsageError(f"{sheet.file.path}: does not say who filled it in; add --from vendor or --from colleague")
    return Audience(given)


def _tool_files(session: Session, folder: SubjectFolder) -> list[OpenedAssessment]:
    """The subject's assessments that can be used, the newest first. UnusableFile if one cannot be read."""
    if folder.errors:
        raise UnusableFile(folder.errors)
    found = []
    for file in folder.assessments:
        try:
            found.append(open_tool(session.workspace, file))
        except SurveyAnswers:
            continue
    return found


def _own(session: Session, files: list[OpenedAssessment]) -> OpenedAssessment:
    own = (each for each in files if session.reviewer and _is_named(each.assessment.reviewer, session.reviewer))
    return next(own, files[0])


def _is_named(reviewer: Reviewer, name: str) -> bool:
    return " ".join((reviewer.name or "").casefold().split()) == " ".join(name.casefold().split())


def _begun(session: Session, latest: OpenedAssessment, reviewer: Reviewer) -> Assessment:
    """A colleague's own assessment of the same subject, without an answer yet."""
    known = latest.assessment
    reference = RubricRef(latest.rubric.id, latest.rubric.version, latest.rubric.digest or None)
    return Assessment(reference, known.subject, reviewer, session.on, known.scope)


def _read_against(session: Session, sheet: FilledSheet, base: Assessment, rubric: Rubric) -> SheetAnswers:
    """The sheet's answers; those to another version of the rubric are taken over to this one first."""
    named = (sheet.about(AboutRow.RUBRIC) or f"{rubric.id} {rubric.version}").split()
    if len(named) != 2 or named[0] != rubric.id:
        message = f"answers {' '.join(named)}, but {base.subject.label} is assessed with {rubric.id}; send a new sheet"
        raise UnusableFile((Problem(sheet.file.path, None, message),))
    asked = RubricRef(named[0], named[1], sheet.about(AboutRow.DIGEST))
    if asked.version == rubric.version and asked.digest in (None, rubric.digest):
        return read_answers(sheet, rubric)
    old = session.workspace.rubric_as_answered(asked)
    found = read_answers(sheet, old or rubric)
    sent = Assessment(asked, base.subject, base.reviewer, scope=found.scope, answers=found.answers)
    moved = migrate(sent, old, rubric).assessment
    lost = tuple(
        UnusableRow(found.places[name], f"{name} has no place in {rubric.id} {rubric.version}; answer it again")
        for name in found.answers
        if name not in moved.answers
    )
    return replace(found, scope=moved.scope, answers=moved.answers, unusable=(*found.unusable, *lost))


def _facts(
    rubric: Rubric, base: Assessment, found: SheetAnswers, audience: Audience
) -> Iterator[tuple[str, str, Taken]]:
    """The scope facts that are new or differ. They decide what is asked, so a vendor's are never taken unnamed."""
    for fact in rubric.scope:
        option, ours = found.scope.get(fact.id), base.scope.get(fact.id)
        if option is not None and option != ours:
            is_new = ours is None and audience is Audience.COLLEAGUE
            yield fact.id, option, Taken.NEW if is_new else Taken.DIFFERS


def _as_sent(text: str) -> str:
    return visible(text, keep_line_breaks=True)


def _proposal(sheet: FilledSheet, evidence: str, name: str | None, on: date, sent: SentAnswers | None) -> Proposal:
    return Proposal(
        Evidence(evidence, Grade.CLAIM if sent is None else sent.grade, on, hex_digest(sheet.file.content)),
        f"proposed by {name or 'the vendor'} in {sheet.file.path.name}",
        covers_notes=sent is not None,
    )


def _evidence_name(session: Session, folder: SubjectFolder, sheet: FilledSheet) -> str:
    """Where the sheet is kept: the file that holds it already, else a free name."""
    path = sheet.file.path
    stem = slug(f"{folder.name} {path.stem}", otherwise="sheet")
    for name in chain([stem], numbered(stem)):
        source = f"evidence/{name}{path.suffix.casefold()}"
        kept = session.workspace.root / source
        if not is_there(kept) or session.workspace.evidence.sha256(source) == hex_digest(sheet.file.content):
            return source
    raise AssertionError  # the names never end


@tell_as_not_saved
def write_intake(
    session: Session, plan: IntakePlan, taken: frozenset[str], *, all_taken: bool
) -> AssessmentFile | None:
    """Write what is new, and of what differs that which is taken; None if nothing changes.

    A vendor's sheet is kept under evidence/ first. UsageError for an id that does not differ, or a broken seal.
    """
    assessment = _with_taken(plan, taken, all_taken=all_taken)
    if assessment == plan.base:
        return None
    target = plan.target
    if target is not None and target.file.seal is Seal.BROKEN:
        raise UsageError(f"{target.file.path}: {CHANGED_OUTSIDE}. Open it in toolvet and confirm its answers first.")
    assessment = _with_digests(session, assessment)
    if plan.evidence is not None:
        furnish(session.workspace.root)
        kept = session.workspace.root / plan.evidence
        if not is_there(kept):
            save(kept, plan.sheet.file.content, None)
    if target is None:
        return session.workspace.start(assessment, session.on)
    if target.read_only is not None:
        reviewer = session.reviewer if plan.audience is Audience.VENDOR else None
        named = replace(assessment.reviewer, name=reviewer or assessment.reviewer.name)
        return session.workspace.start(replace(assessment, started=session.on, reviewer=named), session.on)
    return session.workspace.save(target.file, assessment)


def _with_taken(plan: IntakePlan, taken: frozenset[str], *, all_taken: bool) -> Assessment:
    differing = {each.question for each in plan.answers if each.taken is Taken.DIFFERS}
    differing |= {fact for fact, _, kind in plan.scope if kind is Taken.DIFFERS}
    if unknown := sorted(taken - differing):
        raise UsageError(f"{plan.path}: {', '.join(unknown)} does not differ; --take names what differs")
    wanted = differing if all_taken else taken
    assessment = plan.base
    for fact, option, kind in plan.scope:
        if kind is Taken.NEW or fact in wanted:
            assessment = assessment.with_scope(fact, option)
    for each in plan.answers:
        if each.taken is Taken.NEW or each.question in wanted:
            assessment = assessment.with_answer(each.question, each.merged)
    return assessment


def _with_digests(session: Session, assessment: Assessment) -> Assessment:
    """With the sha256 of the files in evidence/ that a sheet names."""

    def digested(each: Evidence) -> Evidence:
        return replace(each, sha256=each.sha256 or session.workspace.evidence.sha256(each.source))

    answers: dict[str, Answer] = {
        name: replace(answer, evidence=tuple(map(digested, answer.evidence)))
        for name, answer in assessment.answers.items()
    }
    return replace(assessment, answers=answers)
