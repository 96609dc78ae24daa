"""Collects the register's entries from a workspace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from toolvet.domain.assessment import Subject
from toolvet.domain.decision import Decision
from toolvet.domain.standing import Standing, Stands, last_day_of, stands_on
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.report.approval.requester import requester_part
from toolvet.report.register import RegisterEntry, RegisterGroup
from toolvet.services.assessments import OpenedAssessment, Session, SurveyAnswers, is_survey, open_tool, unproven_in
from toolvet.services.decisions import counting, decided_in, speaking
from toolvet.storage.index import Code, Rows
from toolvet.storage.subjects import SubjectFolder
from toolvet.text.escape import ended
from toolvet.text.labels import day
from toolvet.text.record_words import state_words_of
from toolvet.values import dataclass

_GROUPS = {
    Stands.APPROVED: RegisterGroup.APPROVED,
    Stands.CONDITIONS_OPEN: RegisterGroup.APPROVED,
    Stands.OVERDUE: RegisterGroup.APPROVED,
    Stands.TOLERATED: RegisterGroup.TOLERATED,
    Stands.NO_LONGER_TOLERATED: RegisterGroup.ENDED,
    Stands.RUN_OUT: RegisterGroup.ENDED,
    Stands.WITHDRAWN: RegisterGroup.ENDED,
    Stands.REFUSED: RegisterGroup.REFUSED,
    Stands.ON_HOLD: RegisterGroup.UNDER_REVIEW,
    Stands.UNCONFIRMED: RegisterGroup.UNDER_REVIEW,
    Stands.UNDER_REVIEW: RegisterGroup.UNDER_REVIEW,
}


@dataclass(frozen=True, slots=True)
class Register:
    """The entries, and what could not be read: a tool of which nothing can be read is not left out silently."""

    entries: tuple[RegisterEntry, ...]
    errors: tuple[ToolvetError, ...]


def gather_register(session: Session, *, with_evidence: bool = False) -> Register:
    """Every tool of the workspace as of the session's day, with the approved tools to use instead of others.

    `with_evidence`: the evidence is compared with what was recorded, too.
    """
    register = _gathered(session, session.workspace.subject_names(), is_whole=True, with_evidence=with_evidence)
    by_job: dict[str, list[RegisterEntry]] = {}
    for one in register.entries:
        by_job.setdefault(_plain(one.job), []).append(one)
    return replace(register, entries=tuple(_with_instead(one, by_job[_plain(one.job)]) for one in register.entries))


def approved_instead(session: Session, job: str | None, other_than: str) -> tuple[str, ...]:
    """The approved tools that do that job, by name; only subjects with a decision are read."""
    if not _plain(job):
        return ()
    return approved_for_job(_gathered(session, session.workspace.decided_names()).entries, job, other_than)


_ENTRY: Code[RegisterEntry | None] = Code(RegisterEntry | None)


def _gathered(session: Session, names: list[str], *, is_whole: bool = False, with_evidence: bool = False) -> Register:
    found: list[RegisterEntry] = []
    errors: list[ToolvetError] = []
    rows = session.workspace.index.rows(f"register {session.on} {with_evidence}", _ENTRY)
    for name in names:
        entry = rows.known(name)
        found += _look_at(session, name, rows, errors, with_evidence=with_evidence) if entry is None else (entry,)
    rows.save(names if is_whole else None)
    return Register(tuple(found), tuple(errors))


def _look_at(
    session: Session, name: str, rows: Rows[RegisterEntry | None], errors: list[ToolvetError], *, with_evidence: bool
) -> tuple[RegisterEntry, ...]:
    """The entry of that subject, none for a survey; what cannot be read is added to the errors, else it is kept."""

    def make() -> tuple[RegisterEntry | None, bool]:
        for folder in session.workspace.alone(name):
            if folder.errors:
                errors.append(UnusableFile(folder.errors))
            if is_survey(folder, session.workspace):
                break
            entry, error = _entry(session, folder)
            told: list[ToolvetError] = [] if error is None else [error]
            if with_evidence:
                files = speaking(session.workspace, folder, session.on)
                told += unproven_in(session.workspace, files, counting(folder.decisions, session.on)[0])
            errors.extend(told)
            return entry, not told and not folder.problems
        return None, False

    entry = rows.anew(name, make)
    return () if entry is None else (entry,)


def approved_for_job(entries: Sequence[RegisterEntry], job: str | None, other_than: str) -> tuple[str, ...]:
    """The approved tools that do that job, by name, without the one in that folder."""
    wanted = _plain(job)
    if not wanted:
        return ()
    return tuple(
        sorted(
            one.name
            for one in entries
            if one.stands.is_in_force and one.folder != other_than and _plain(one.job) == wanted
        )
    )


def _plain(job: str | None) -> str:
    return " ".join((job or "").casefold().split()).rstrip(".")


def _with_instead(entry: RegisterEntry, entries: Sequence[RegisterEntry]) -> RegisterEntry:
    if entry.group is RegisterGroup.APPROVED:
        return entry
    return replace(entry, instead=approved_for_job(entries, entry.job, entry.folder))


def _entry(session: Session, folder: SubjectFolder) -> tuple[RegisterEntry, ToolvetError | None]:
    """The tool's entry, and why its assessment cannot be scored, if it cannot."""
    decided = decided_in(session.workspace, folder, session.on)
    files = speaking(session.workspace, folder, session.on)
    subject = files[0].assessment.subject if files else Subject(folder.name)
    opened, error = None, None
    if files:
        try:
            opened = open_tool(session.workspace, files[0], to_read=True)
        except SurveyAnswers:
            pass
        except ToolvetError as problem:
            error = problem
    stands = stands_on(decided.standing)
    entry = RegisterEntry(
        folder=folder.name,
        name=subject.label,
        group=_GROUPS[stands],
        stands=stands,
        state=state_words_of(decided.standing),
        said=state_words_of(decided.standing, day),
        job=subject.job,
        owner=subject.requested_by,
        promised=subject.answer_by if _GROUPS[stands] is RegisterGroup.UNDER_REVIEW else None,
        why=_why(opened, decided.decision, decided.standing, session.on),
    )
    if decided.file is None:
        return entry, error
    made = decided.file.decision
    entry = replace(entry, decided_by=made.decided_by, decided_on=made.decided_on)
    if made.tolerates:
        entry = replace(entry, owner=made.owner, until=made.valid_until, why=made.rationale)
    return (_approved(entry, made, decided.standing) if entry.group is RegisterGroup.APPROVED else entry), error


def _why(opened: OpenedAssessment | None, decision: Decision | None, standing: Standing | None, on: date) -> str | None:
    """Why it is not approved, in words for everybody; None for what is approved or not decided."""
    stands = stands_on(standing)
    if standing is None or _GROUPS[stands] is RegisterGroup.APPROVED or stands is Stands.UNDER_REVIEW:
        return None
    if standing.withdrawn is not None:
        confirm = " What was decided before has to be confirmed." if standing.doubts else ""
        return f"{ended(standing.withdrawn.why or 'It was withdrawn.')}{confirm}"
    if decision is not None and decision.rationale and stands.is_no_approval:
        return ended(decision.rationale)
    if decision is None and standing.doubts:
        return standing.doubts[0]  # a file that cannot be read, or decisions that contradict each other
    if opened is None:
        return None
    return " ".join(requester_part(opened.score(on), opened.assessment, decision, standing).because[:2])


def _approved(entry: RegisterEntry, decision: Decision, standing: Standing | None) -> RegisterEntry:
    scope = decision.approved_for.scope
    facts = {fact: option for fact, option in scope.items() if fact == "data" or fact.endswith("-data")}
    data = tuple(f"{fact.replace('-', ' ').capitalize()}: {option}" for fact, option in facts.items())
    return replace(
        entry,
        data=data,
        users=decision.approved_for.users,
        until=last_day_of(decision, standing),
        terms=tuple(_terms(decision, standing)),
    )


def _terms(decision: Decision, standing: Standing | None) -> Iterator[str]:
    if decision.approved_for.plan:
        yield f"Plan: {decision.approved_for.plan}."
    yield from (f"Not covered: {ended(text)}" for text in decision.approved_for.left_off)
    controls: dict[tuple[str, date], None] = {
        (waiver.compensating_control, waiver.expires): None for waiver in decision.waivers
    }
    yield from (f"Until {day(expires)}: {ended(control)}" for control, expires in controls)
    for state in () if standing is None else standing.open:
        due = f", due {day(state.due)}" if state.due else ""
        late = ", overdue" if state.is_overdue else ""
        yield f"Condition{due}{late}: {ended(state.condition.text)}"
