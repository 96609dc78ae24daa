"""Question sheets sent and returned: which questions a sheet asks, and what a filled-in one changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path

from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Pass, Reviewer, RubricRef, questions_in
from toolvet.domain.bearing import Bearing, SentAnswers, bearing_on
from toolvet.domain.migration import migrate
from toolvet.domain.rubric import Criterion, Question, Rubric, Sitting
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.sheet import ANSWER, SCOPE_ROW, AboutRow, Audience, Intake, Proposal, Taken, TakenAnswer
from toolvet.errors import Problem, ToolvetError, UnusableFile, UsageError
from toolvet.services.assessments import OpenedAssessment, Session, SurveyAnswers, is_survey, open_tool
from toolvet.storage.atomic import save, tell_as_not_saved
from toolvet.storage.evidence_files import EVIDENCE_FOLDER
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
from toolvet.values import dataclass


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
class ReturnedSheet:
    """A file that came back: its rows, and what was read where it is another tool's. Not yet about any subject."""

    sheet: FilledSheet
    sent: SentAnswers | None = None

    @property
    def audience(self) -> Audience | None:
        """Who filled it in, where it says so."""
        given = self.sheet.about(AboutRow.AUDIENCE)
        return Audience(given) if given in set(Audience) else None

    @property
    def by(self) -> str | None:
        return self.sheet.about(AboutRow.BY)


def read_returned(path: Path) -> ReturnedSheet:
    """The file as it came back. UnusableFile if it is no filled-in sheet and of no kind that can be imported."""
    sent = answers_in(path)
    return ReturnedSheet(read_filled_sheet(path) if sent is None else _sheet_of(path, sent), sent)


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
        return (*filter(None, (self.refusal, self.mismatch)), *self.sheet.notes)

    @property
    def mismatch(self) -> str | None:
        """That the sheet says it is about another subject, where it does."""
        about, label = self.sheet.about(AboutRow.SUBJECT), self.base.subject.label
        return None if about is None or about == visible(label) else f"The sheet is about {about}, not {label}."

    @property
    def refusal(self) -> str | None:
        """Why nothing can be written into the assessment as it is, and what to do."""
        if self.target is None or self.target.file.seal is not Seal.BROKEN:
            return None
        return f"{self.target.file.path}: {CHANGED_OUTSIDE}. Open it in toolvet and confirm its answers first."

    @property
    def sender(self) -> str:
        """Whom it is from, in words."""
        return f"a {self.audience}" if self.by is None else f"{self.by} ({self.audience.value})"

    def goes_into(self, relative: Callable[[Path], str]) -> str:
        """The assessment that would change, in words."""
        if self.target is None:
            return "a new assessment"
        if self.target.read_only is not None:
            return f"a new assessment, because {self.target.read_only}"
        return relative(self.target.file.path)

    def rows(self, kind: Taken) -> frozenset[str]:
        """The questions and, as `scope.data`, the facts of which the sheet says what is new, or differs."""
        facts = (f"{SCOPE_ROW}{fact}" for fact, _, found in self.scope if found is kind)
        return frozenset((*facts, *(each.question for each in self.answers if each.taken is kind)))

    def offered(self, taken: Collection[str] = (), *, all_taken: bool = False) -> frozenset[str]:
        """The rows to write: what is new, and of what differs that which is named. UsageError if that does not."""
        differing = self.rows(Taken.DIFFERS)
        named = {each for each in differing if each.removeprefix(SCOPE_ROW) in taken}
        if unknown := sorted(set(taken) - {each.removeprefix(SCOPE_ROW) for each in differing}):
            raise UsageError(f"{self.path}: {', '.join(unknown)} does not differ; --take names what differs")
        return self.rows(Taken.NEW) | (differing if all_taken else named)


def plan_intake(
    session: Session,
    folder: SubjectFolder,
    returned: ReturnedSheet,
    sender: Audience | None = None,
    by: str | None = None,
) -> IntakePlan:
    """What the sheet would change in the assessment of the subject. ToolvetError where it cannot be taken in."""
    sheet, sent = returned.sheet, returned.sent
    audience, name = sender or returned.audience, by or returned.by
    if audience is None:
        raise UsageError(f"{sheet.file.path}: does not say who filled it in; add --from vendor or --from colleague")
    files = _tool_files(session, folder)
    refuse_import(session, folder)
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
    for item in (*bearing.contradicted, *bearing.unused):
        said = f"{item.text or item.ref}: {item.given}" if item.given else item.text or item.ref
        why = f"no question of {rubric.id} refers to {item.ref}"
        if item in bearing.contradicted:
            why = f"{item.ref} has another answer elsewhere in the file; keep one of them"
        yield item.place, said, why


def refuse_import(session: Session, folder: SubjectFolder) -> None:
    """UsageError if the folder holds answers to a survey, which are imported in another way."""
    if is_survey(folder, session.workspace):
        raise UsageError(f"{folder.name} holds answers to a survey; import them with toolvet readiness --import")


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
        source = f"{EVIDENCE_FOLDER}/{name}{path.suffix.casefold()}"
        kept = session.workspace.root / source
        if not is_there(kept) or session.workspace.evidence.sha256(source) == hex_digest(sheet.file.content):
            return source
    raise AssertionError  # the names never end


@tell_as_not_saved
def write_intake(session: Session, plan: IntakePlan, chosen: Collection[str]) -> AssessmentFile | None:
    """Write the chosen rows; None if nothing changes.

    A vendor's sheet is kept under evidence/ first. UsageError if the seal of the assessment is broken.
    """
    assessment = _with_chosen(plan, chosen)
    if assessment == plan.base:
        return None
    if plan.refusal is not None:
        raise UsageError(plan.refusal)
    target = plan.target
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


def _with_chosen(plan: IntakePlan, chosen: Collection[str]) -> Assessment:
    assessment = plan.base
    for fact, option, _ in plan.scope:
        if f"{SCOPE_ROW}{fact}" in chosen:
            assessment = assessment.with_scope(fact, option)
    for each in plan.answers:
        if each.question in chosen:
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
