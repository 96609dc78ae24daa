"""Recording what happens to a decision, that a tool is tolerated, and what is known of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from shlex import quote

from toolvet.domain.assessment import (
    Amendment,
    Assessment,
    Correction,
    FactValue,
    Reviewer,
    RubricRef,
    Subject,
    known_facts,
    with_facts,
)
from toolvet.domain.decision import Decision, Toleration
from toolvet.domain.records import (
    Proof,
    Record,
    RecordKind,
    broken_rules,
    condition_states,
    is_sound,
    named_conditions,
)
from toolvet.domain.rubric import Policy
from toolvet.errors import ToolvetError, UnusableFile, UsageError
from toolvet.services.assessments import Session, proof_error, refuse_survey, tool_rubrics, tool_rubrics_among
from toolvet.services.decisions import counting, policy_of, to_supersede
from toolvet.storage.evidence_files import EVIDENCE_FOLDER
from toolvet.storage.reader import AssessmentFile, DecisionFile, RecordFile
from toolvet.storage.rubric_library import of_policies
from toolvet.storage.subjects import SubjectFolder, path_in, paths_in_panels, under_way
from toolvet.storage.toml_input import Seal, is_file, lies_in
from toolvet.storage.workspace import Workspace
from toolvet.text.record_words import record_rule_words
from toolvet.text.sentences import toleration_refusals_in_words
from toolvet.values import dataclass


def decision_to_record_on(session: Session, folder: SubjectFolder) -> DecisionFile:
    """The decision that counts that day. UnusableFile or UsageError if nobody can tell, or there is none."""
    if folder.decision_problems:
        raise UnusableFile(folder.decision_problems)
    file, rivals = counting(folder.decisions, session.on)
    if file is not None:
        return file
    if rivals:
        names = ", ".join(one.path.name for one in rivals)
        raise UsageError(f"{folder.name}: these decisions contradict each other; decide again first: {names}")
    first = min((one.decision.decided_on for one in folder.decisions), default=None)
    if first is not None:
        raise UsageError(
            f"{folder.name} has no decision on {session.on}; its first is of {first}: use that day or a later"
        )
    raise UsageError(f"{folder.name} has no decision yet; record one with toolvet decide {quote(folder.name)}")


def tolerate(
    session: Session, tool: SubjectFolder | Subject, *, by: str, owner: str, why: str, until: date
) -> DecisionFile:
    """Record that the tool may be used until that day though nobody has assessed it. UsageError if it may not.

    A tool that is new here is entered first, so that it has a name and its assessment can begin any day.
    """
    known = tool if isinstance(tool, SubjectFolder) else None
    if known is not None:
        refuse_survey(known, session.workspace)
    if known is not None and known.errors:
        raise UnusableFile(known.errors)  # nobody can say what the decision would supersede
    names = [] if known is None else [file.path.name for file in to_supersede(known)]
    decision = Decision(
        decision=Toleration.TOLERATE,
        decided_by=by,
        decided_on=session.on,
        assessment=None,
        computed=None,
        owner=owner,
        rationale=why,
        valid_until=until,
        supersedes=names[0] if names else None,
        also_supersedes=tuple(names[1:]),
    )
    refused = toleration_refusals_in_words(decision, policy_for(session, tool))
    if refused:
        raise UsageError("Not recorded:", *(f"- {words}" for words in refused))
    folder = tool if isinstance(tool, SubjectFolder) else _entered(session, tool, by)
    return session.workspace.record(replace(decision, subject=folder.name), folder.name)


def policy_for(session: Session, tool: SubjectFolder | Subject) -> Policy:
    """The policy that a decision on the tool is held to; for a new tool, that of the rubric that it is entered under.

    UnusableFile if a policy of the house cannot be used.
    """
    workspace = session.workspace
    if isinstance(tool, SubjectFolder):
        return policy_of(workspace, tool, session.on)
    files, problems = workspace.rubrics_and_problems()
    unusable = of_policies(problems)
    if unusable:
        raise UnusableFile(unusable)
    rubrics = tool_rubrics_among(files)
    return rubrics[0].on(session.on).policy if rubrics else Policy()


def _entered(session: Session, subject: Subject, by: str) -> SubjectFolder:
    rubrics = tool_rubrics(session.workspace)
    if not rubrics:
        raise UsageError("there is no rubric for tools, neither in the workspace's rubrics/ nor shipped")
    asked = RubricRef(rubrics[0].id, rubrics[0].version, rubrics[0].digest or None)
    assessment = Assessment(rubric=asked, subject=subject, reviewer=Reviewer(by), started=session.on)
    file = session.workspace.start(assessment, session.on)
    return session.workspace.folder_named(file.path.parent.name)


def save_record(workspace: Workspace, folder: SubjectFolder, decided: DecisionFile, record: Record) -> RecordFile:
    """Save a record about that decision. UsageError, with every rule that it breaks.

    A condition is met once, and again where the proof is not as it was recorded. The move that it was moved by last is
    not recorded twice: whoever was cut off tries again.
    """
    about = replace(record, decision=decided.path.name, sha256=decided.sha256)
    others = [each.record for each in decided.record_files if proof_error(workspace, each) is None]
    broken = broken_rules(about, decided.decision, others)
    if broken:
        words = (record_rule_words(rule, about, decided.decision) for rule in broken)
        raise UsageError("Not recorded:", *(f"- {each}" for each in words))
    moves = (state.moved for state in condition_states(decided.decision, others, about.on))
    same = next((move for move in moves if move is not None and replace(move, earlier=()) == about), None)
    if same is not None:
        return next(file for file in decided.record_files if file.record == same)
    return workspace.add_record(about, folder.name)


def condition_called(decided: DecisionFile, wanted: str) -> str:
    """The name of the condition: as given, by its number, or the only one that begins so. UsageError otherwise."""
    named = named_conditions(decided.decision)
    if not named:
        raise UsageError(f"{decided.path.name} has no conditions")
    names = list(named)
    if wanted in names:
        return wanted
    if wanted.isdecimal() and len(wanted) <= 9 and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    close = [name for name in names if name.startswith(wanted.casefold())]
    if len(close) == 1:
        return close[0]
    known = (f"  {name}: {condition.text}" for name, condition in named.items())
    raise UsageError(f'there is no condition "{wanted}" in {decided.path.name}; it has', *known)


def proof_of(workspace: Workspace, given: str) -> Proof:
    """The proof as it is recorded: a file under evidence/ with its digest, else the text or link as it is.

    UsageError for a file that lies elsewhere, or is not there.
    """
    path = Path(given)
    inside = workspace.root / given if given.startswith(f"{EVIDENCE_FOLDER}/") else path
    if is_file(inside):
        folder = workspace.root / EVIDENCE_FOLDER
        if not lies_in(inside, folder):
            raise UsageError(f"{given}: copy the file into {folder} first, and name it there")
        source = f"{EVIDENCE_FOLDER}/{inside.resolve().relative_to(folder.resolve()).as_posix()}"
        sha256 = workspace.evidence.sha256(source)
        if sha256 is None:
            raise ToolvetError(
                f"{given} cannot be read, is larger than 64 MiB (record it with toolvet condition), or its name is not "
                "safe everywhere (rename it)"
            )
        return Proof(source, sha256)
    if given.startswith(f"{EVIDENCE_FOLDER}/"):
        raise UsageError(f"{given} does not exist; check the name")
    return Proof(given)


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """The files that were saved with the new facts, and the records beside what was decided on."""

    saved: tuple[AssessmentFile, ...]
    records: tuple[RecordFile, ...]


def change_subject(
    session: Session, folder: SubjectFolder, facts: Mapping[str, FactValue | None], *, by: str = "", why: str = ""
) -> SubjectChange:
    """Change those facts of the subject by their keys in `known_facts`; None takes one away.

    An assessment that was decided on stays as it is: a record beside the last such decision says what is right now.
    Where corrections of an older one contradict each other about these facts, what stands there stays.
    UsageError as in `changeable`, and where something is corrected and nobody is named who records it.
    """
    found = changeable(session, folder)
    older = [one for one in found.older if one.facts & facts.keys()]
    if "reviewer" in facts and len({file.assessment.reviewer.name for file in found.under_way}) > 1:
        raise UsageError(f"{folder.name} has assessments of several reviewers; change the name in the file of one")
    of_all = {fact: value for fact, value in facts.items() if fact not in _OF_ONE_REVIEW}
    changed = [
        (file, _amended(file.assessment, facts if file in found.under_way else of_all, session.on, by, why))
        for file in found.free
    ]
    record = _correction(session, folder, found, facts)
    if not by and (record is not None or older or any(now.amended != file.assessment.amended for file, now in changed)):
        raise UsageError("say who records it (--by NAME, or TOOLVET_REVIEWER)")
    records: tuple[RecordFile, ...] = ()
    if record is not None and found.decision is not None:
        made = replace(record, by=by, why=why or None)
        records = (save_record(session.workspace, folder, found.decision, made),)
    records += settle_older(session, folder, older, facts, by=by, why=why)
    saved = tuple(session.workspace.save(file, now) for file, now in changed if now != file.assessment)
    return SubjectChange(saved, records)


def settle_older(
    session: Session,
    folder: SubjectFolder,
    older: Iterable[Unsettled],
    facts: Collection[str],
    *,
    by: str,
    why: str = "",
) -> tuple[RecordFile, ...]:
    """Record of these older assessments that the facts stay as they stand, where two people corrected the same."""
    made = []
    for one in older:
        known = known_facts(one.file.assessment)
        corrections = tuple(Correction(fact, known[fact], known[fact]) for fact in sorted(one.facts & set(facts)))
        if corrections:
            record = Record(RecordKind.CORRECTED, "", by, session.on, corrections=corrections, why=why or None)
            made.append(save_record(session.workspace, folder, one.decision, record))
    return tuple(made)


def _amended(assessment: Assessment, facts: Mapping[str, FactValue | None], on: date, by: str, why: str) -> Assessment:
    """The assessment with those facts, keeping what stood there; what is given for the first time replaces nothing."""
    known, now = known_facts(assessment), with_facts(assessment, facts)
    replaced = [Correction(fact, known[fact], facts[fact]) for fact in sorted(facts) if known[fact] != facts[fact]]
    kept = tuple(one for one in replaced if one.was is not None)
    return replace(now, amended=(*now.amended, Amendment(on, by, kept, why or None))) if kept else now


_OF_ONE_REVIEW = frozenset({"requested_by", "requested_on", "answer_by", "reviewer"})
"""The facts of one request and its review: a review under way has its own."""


def _correction(
    session: Session, folder: SubjectFolder, found: Changeable, facts: Mapping[str, FactValue | None]
) -> Record | None:
    """What differs from the facts that were decided on, and what settles corrections that do not fit."""
    if found.decided is None:
        return None
    known = known_facts(found.decided.assessment)
    open_facts = {one.fact for file in found.unsettled for one in file.record.corrections}
    about = (fact for fact in sorted(facts) if fact in open_facts or not (found.under_way and fact in _OF_ONE_REVIEW))
    changed = [fact for fact in about if facts[fact] != known[fact] or fact in open_facts]
    unfit = {file.path for file in found.unsettled}
    for file in _corrections_of(session.workspace, folder, found.decided):
        again = [one.fact for one in file.record.corrections if one.fact in changed]
        if again and file.path not in unfit and file.record.on > session.on:
            raise UsageError(
                f"{again[0].replace('_', ' ')} was corrected on {file.record.on} already; use that day or a later one"
            )
    corrections = tuple(Correction(fact, known[fact], facts[fact]) for fact in changed)
    return Record(RecordKind.CORRECTED, "", "", session.on, corrections=corrections) if corrections else None


def _corrections_of(workspace: Workspace, folder: SubjectFolder, decided: AssessmentFile) -> tuple[RecordFile, ...]:
    """The records that correct the assessment."""
    path = workspace.relative(decided.path)
    about_it = (one for one in folder.decisions if one.decision.rests_on(path))
    return tuple(
        file
        for one in about_it
        for file in one.record_files
        if file.record.record is RecordKind.CORRECTED and is_sound(file.record, one.decision)
    )


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An assessment that was decided on, its last decision, and the records that correct what did not stand there.

    They change nothing, until somebody says what is right.
    """

    file: AssessmentFile
    decision: DecisionFile
    records: tuple[RecordFile, ...]

    @property
    def facts(self) -> frozenset[str]:
        """The facts that they are about."""
        return frozenset(one.fact for file in self.records for one in file.record.corrections)


@dataclass(frozen=True, slots=True)
class Changeable:
    """The assessments that no decision rests on, the newest that was decided on, and the last decision on that.

    `unsettled` are the records about that one which are to be settled, `older` what is to be settled of those before.
    """

    free: tuple[AssessmentFile, ...]
    decided: AssessmentFile | None
    decision: DecisionFile | None
    unsettled: tuple[RecordFile, ...] = ()
    older: tuple[Unsettled, ...] = ()

    @property
    def under_way(self) -> tuple[AssessmentFile, ...]:
        """Those of the review that goes on."""
        return self.free if self.decided is None else under_way(self.free, self.decided)

    @property
    def newest(self) -> Assessment:
        """The assessment with the facts to start from."""
        return self.under_way[0].assessment if self.under_way else self._decided.assessment

    @property
    def _decided(self) -> AssessmentFile:
        assert self.decided is not None
        return self.decided


def changeable(session: Session, folder: SubjectFolder) -> Changeable:
    """Where the facts of the subject can be changed. UsageError without any, or where a seal does not match."""
    others = tuple(problem for problem in folder.errors if problem not in folder.correction_problems)
    if others:
        raise UnusableFile(others)
    if not folder.assessments:
        raise UsageError(f"{folder.name} has no assessment, so nothing is known of it; begin one with toolvet assess")
    workspace = session.workspace
    decisions = [(file, workspace.decision_on(file)) for file in folder.assessments]
    settled = paths_in_panels(folder.assessments)  # those stay as the panel found them
    free = tuple(file for file, decision in decisions if decision is None and path_in(folder, file) not in settled)
    of_all = [
        Unsettled(file, decision, _unfit(session, folder, file)) for file, decision in decisions if decision is not None
    ]
    newest = of_all[0] if of_all else None
    decided, decision = (None, None) if newest is None else (newest.file, newest.decision)
    broken = [file for file in (*free, *([decided] if decided else [])) if file.seal is Seal.BROKEN]
    if broken:
        names = ", ".join(workspace.relative(file.path) for file in broken)
        what = "bring back that file" if broken == [decided] else "read it through and save it in toolvet first"
        raise UsageError(f"the seal of {names} does not match; {what}")
    older = tuple(one for one in of_all[1:] if one.records)
    return Changeable(free, decided, decision, () if newest is None else newest.records, older)


def _unfit(session: Session, folder: SubjectFolder, decided: AssessmentFile) -> tuple[RecordFile, ...]:
    """The records up to that day that correct what did not stand in the assessment."""
    unfit = {problem.path for problem in folder.correction_problems}
    about_it = _corrections_of(session.workspace, folder, decided) if unfit else ()
    return tuple(file for file in about_it if file.path in unfit and file.record.on <= session.on)


def unsettled_in(session: Session, folder: SubjectFolder) -> tuple[RecordFile, ...]:
    """The corrections that somebody can settle by saying what is right; none while the facts cannot be changed."""
    if folder.correction_problems:
        with suppress(ToolvetError):
            found = changeable(session, folder)
            return (*found.unsettled, *(file for one in found.older for file in one.records))
    return ()


def newest_subject(folder: SubjectFolder) -> Subject:
    """The subject as its newest assessment has it."""
    return folder.assessments[0].assessment.subject if folder.assessments else Subject(folder.name)
