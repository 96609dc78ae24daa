"""Which decision counts for a subject on a given day, how it stands, and what its records say against it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from toolvet.domain.decision import Condition, Confirmed, CoveredFile, Decision
from toolvet.domain.decision_rules import (
    Succession,
    back_to_approvals,
    latest,
    make_computed,
    succession,
    superseded,
    unheeded,
)
from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.records import Record, RecordKind, with_open_conditions
from toolvet.domain.rubric import Policy, Rubric, made_once
from toolvet.domain.scoring import score
from toolvet.domain.standing import Standing, standing_of
from toolvet.errors import Problem, SeveralSubjects, ToolvetError, UnusableFile
from toolvet.services.assessments import check_fit, is_survey, panel_faults, rubric_asked
from toolvet.services.signing import UNSIGNED, behind_decision, lacks_signature
from toolvet.storage.faults import Fault
from toolvet.storage.reader import AssessmentFile, DecisionFile, RecordFile, read_assessment
from toolvet.storage.rubric_library import of_policies
from toolvet.storage.subjects import SubjectFolder, day_of, path_in, paths_in_panels, under_way
from toolvet.storage.toml_input import Seal, hex_digest
from toolvet.storage.workspace import Workspace
from toolvet.storage.writer import policy_table
from toolvet.text.escape import ended, shortened
from toolvet.text.labels import day, figure
from toolvet.text.record_words import changed_lines, not_counted_words, readable_lines
from toolvet.text.sentences import refusals_in_words, toleration_refusals_in_words
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision that counts on a day, and how it stands. `file` is None if none counts.

    `rivals` are decisions that contradict each other. `standing` is None if there is no decision and no doubt. `notes`
    say which superseded decisions are not as they were recorded: that changes nothing of what counts.
    """

    file: DecisionFile | None = None
    rivals: tuple[DecisionFile, ...] = ()
    standing: Standing | None = None
    notes: tuple[str, ...] = ()

    @property
    def decision(self) -> Decision | None:
        """What counts."""
        return None if self.file is None else self.file.decision

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why nothing counts as approved, in sentences."""
        return () if self.standing is None else self.standing.doubts


def decided_in(workspace: Workspace, folder: SubjectFolder, on: date) -> Decided:
    """The decision on the subject that counts that day, with everything that casts doubt on it."""
    file, rivals = counting(folder.decisions, on)
    doubts = (*_contradiction(rivals), *_unreadable(workspace, folder))
    if file is not None:
        doubts += _computed_otherwise(workspace, folder, file)
        doubts += tuple(withdrawn_unawares(workspace, folder, file, on))
        doubts += (UNSIGNED,) if lacks_signature(workspace, folder, file, on) else ()
        notes = tuple(_earlier_notes(workspace, folder, file))
        standing = standing_of(file.decision, on, doubts, file.records)
        return Decided(file, (), replace(standing, is_again=is_again(workspace, folder, file, on)), notes)
    return Decided(None, rivals, Standing(on, approves=False, doubts=doubts) if doubts else None)


def is_again(workspace: Workspace, folder: SubjectFolder, file: DecisionFile, on: date) -> bool:
    """Whether a review goes on that day which is newer than what the decision rests on, and has no decision itself."""
    rested = next(iter(behind_decision(workspace, folder, file)), None)
    if rested is None:
        return False
    newer = [one for one in under_way(folder.assessments, rested) if day_of(one) <= on]
    if not newer:
        return False
    decided = {one.decision.assessment.path for one in folder.decisions if one.decision.assessment is not None}
    decided |= paths_in_panels(folder.assessments)
    return any(path_in(folder, one) not in decided for one in newer)


def decided_about(workspace: Workspace, file: AssessmentFile, on: date) -> Decided:
    """The same for the subject that the assessment is about; none for a file that lies elsewhere."""
    folder = workspace.folder_of(file)
    return Decided() if folder is None else decided_in(workspace, folder, on)


def counting(files: Iterable[DecisionFile], on: date) -> tuple[DecisionFile | None, tuple[DecisionFile, ...]]:
    """The decision that counts that day or, if none does, those that contradict each other."""
    by_name = {file.path.name: file for file in files}
    found: Succession = succession({name: file.decision for name, file in by_name.items()}, on)
    one = None if found.counts is None else by_name[found.counts]
    return one, tuple(by_name[name] for name in found.rivals)


def to_supersede(folder: SubjectFolder) -> tuple[DecisionFile, ...]:
    """The decisions that the next one supersedes: the last one, or all that contradict each other."""
    by_name = {file.path.name: file for file in folder.decisions}
    return tuple(by_name[name] for name in latest({name: file.decision for name, file in by_name.items()}))


def limiting(folder: SubjectFolder) -> tuple[DecisionFile, ...]:
    """The decisions that the next one takes its limits from: as far back as the last approval."""
    return tuple(_back(folder, (file.path.name for file in to_supersede(folder))))


def compared_with(folder: SubjectFolder, decision: Decision) -> tuple[Decision, ...]:
    """The decisions that a recorded one is held against, as far back as the last approval.

    Each has the conditions that its records left open that day, due when they were moved to.
    """
    return tuple(with_open_ones(file, decision.decided_on) for file in _back(folder, decision.replaces))


def _back(folder: SubjectFolder, names: Iterable[str]) -> Iterator[DecisionFile]:
    files, decisions = _by_name(folder)
    return (files[name] for name in back_to_approvals(names, decisions))


@made_once  # each decision of a long row is held against those before it
def _by_name(folder: SubjectFolder) -> tuple[Mapping[str, DecisionFile], Mapping[str, Decision]]:
    files = {file.path.name: file for file in folder.decisions}
    return files, {name: file.decision for name, file in files.items()}


def with_open_ones(file: DecisionFile, on: date) -> Decision:
    """The decision with the conditions that its records leave open, each due when it was moved to."""
    return with_open_conditions(file.decision, file.records, on)


def speaking(workspace: Workspace, folder: SubjectFolder, on: date) -> tuple[AssessmentFile, ...]:
    """The latest assessments of the subject; of several, the one that the decision of that day rests on."""
    files = workspace.latest(folder, on)
    decided, _ = counting(folder.decisions, on)
    if len(files) > 1 and decided is not None:
        return tuple(file for file in files if decided.decision.rests_on(workspace.relative(file.path))) or files
    return files


def _unreadable(workspace: Workspace, folder: SubjectFolder) -> tuple[str, ...]:
    paths = dict.fromkeys(workspace.relative(problem.path) for problem in folder.decision_problems)
    return tuple(f"{path} cannot be read, so nobody can tell what was decided." for path in paths)


def _computed_otherwise(workspace: Workspace, folder: SubjectFolder, file: DecisionFile) -> tuple[str, ...]:
    found = tuple(fault.message for fault in recomputed_faults(workspace, folder, file))
    if file.seal is Seal.BROKEN:
        found = (f"{workspace.relative(file.path)} was changed outside toolvet, or cut short.", *found)
    found += tuple(record_doubts(workspace, folder, file))
    return (*found, "Decide again to confirm it.") if found else ()


BROKEN_SEAL = "Its seal does not match."


def not_as_recorded_in(workspace: Workspace, folder: SubjectFolder) -> tuple[Confirmed, ...]:
    """What is said of the subject's decisions that are not as recorded; whoever decides anew confirms it.

    UnusableFile where the system cannot read what one is computed again with: it may be as recorded.
    """
    told = ((file, _not_as_recorded(workspace, folder, file, refuse_unread=True)) for file in folder.decisions)
    return tuple(Confirmed(file.path.name, file.sha256, messages) for file, messages in told if messages)


def _not_as_recorded(
    workspace: Workspace, folder: SubjectFolder, file: DecisionFile, *, refuse_unread: bool = False
) -> tuple[str, ...]:
    faults = tuple(recomputed_faults(workspace, folder, file))
    unread = tuple(Problem(file.path, None, each.message) for each in faults if each.is_unread)
    if unread and refuse_unread:
        raise UnusableFile(unread)
    seal = (BROKEN_SEAL,) if file.seal is Seal.BROKEN else ()
    # Thresholds may have changed since: it was decided under those of its day.
    found = (*seal, *(each.message for each in faults if each.place != POLICY_PLACE))
    return tuple(message for message in found if not is_confirmed(folder, file, message))


def is_confirmed(folder: SubjectFolder, file: DecisionFile, message: str) -> bool:
    """Whether whoever superseded the decision, in these very bytes, was told that and confirmed it."""
    name, digest = file.path.name, file.sha256
    return any(
        one.sha256 == digest and message in one.told and name in superseded(_by_name(folder)[1], later)
        for later, one in _confirmed(folder).get(name, ())
    )


@made_once
def _confirmed(folder: SubjectFolder) -> Mapping[str, list[tuple[str, Confirmed]]]:
    """What was confirmed of each decision, by its name, after the name of the decision that says so."""
    found: dict[str, list[tuple[str, Confirmed]]] = {}
    for later in folder.decisions:
        for one in later.decision.confirmed:
            found.setdefault(one.file, []).append((later.path.name, one))
    return found


def _earlier_notes(workspace: Workspace, folder: SubjectFolder, file: DecisionFile) -> Iterator[str]:
    files, decisions = _by_name(folder)
    for name in superseded(decisions, file.path.name):
        earlier = files[name]
        found = _not_as_recorded(workspace, folder, earlier)
        if found:
            yield f"{workspace.relative(earlier.path)}, superseded since, is not as it was recorded. {found[0]}"


def _contradiction(rivals: tuple[DecisionFile, ...]) -> tuple[str, ...]:
    if not rivals:
        return ()
    names = shortened([file.path.name for file in rivals])
    return (f"These decisions contradict each other, so none of them counts: {names}. Decide again to settle it.",)


POLICY_PLACE = ("computed", "policy")
_FIGURES = ("floor", "observed", "ceiling", "coverage")


def recomputed_faults(workspace: Workspace, folder: SubjectFolder, file: DecisionFile) -> Iterator[Fault]:
    """Compute the decision anew from its assessment; yield what differs, each at its place in the file."""
    decision = file.decision
    unread = {problem.path.name for problem in folder.decision_problems}
    for name in decision.replaces:
        if name not in unread and name not in _by_name(folder)[0]:
            yield Fault(("supersedes",), f"It supersedes {name}, which does not exist.")
    if decision.tolerates:
        if decision.subject not in (None, folder.name):
            yield Fault(("subject",), f"It is about {decision.subject}, another subject.")
        try:
            policy = policy_of(workspace, folder, decision.decided_on)
        except UnusableFile as error:
            words = f"It cannot be held to the policy: {_unusable_rubric(workspace, error.problems[0])}"
            yield Fault((), words, is_unread=error.is_unread)
            return
        yield from (Fault((), words) for words in toleration_refusals_in_words(decision, policy))
        return
    ground = decision.basis[0]
    if not ground.path.startswith(f"assessments/{folder.name}/"):
        yield Fault(("assessment", "path"), f"It rests on {ground.path}, which is another subject's.")
    try:
        there_too = workspace.root / ground.path  # reading it again takes as long
        read = next((one for one in folder.assessments if one.path == there_too), None)
        assessed = read or read_assessment(workspace.assessment_behind(decision) or there_too)
    except UnusableFile as error:
        words = f"Its assessment cannot be used: {ended(error.problems[0].message)}"
        yield Fault(("assessment", "path"), words, is_unread=error.is_unread)
        return
    if assessed.sha256 != ground.sha256:
        yield Fault(
            ("assessment", "sha256"),
            "The assessment was changed after the decision; check whether it still holds, and decide again.",
        )
        return
    yield from (Fault(("assessment",), f"{each.message}.") for each in panel_faults(assessed, workspace))
    yield from _computed_anew(workspace, folder, decision, assessed)


def policy_of(workspace: Workspace, folder: SubjectFolder, on: date) -> Policy:
    """The policy for a tool on that day: that of the rubric of its latest assessment, else of the shipped one.

    UnusableFile if the house has one for that rubric that cannot be used.
    """
    for file in folder.assessments:
        try:
            rubric = rubric_asked(workspace, file)
            check_fit(file, rubric)
        except UnusableFile as error:
            if found := of_policies(error.problems):
                raise UnusableFile(found) from error
        except ToolvetError:
            continue
        else:
            return rubric.on(on).policy
    return Policy()


def _computed_anew(
    workspace: Workspace, folder: SubjectFolder, decision: Decision, assessed: AssessmentFile
) -> Iterator[Fault]:
    try:
        rubric = rubric_asked(workspace, assessed)
        check_fit(assessed, rubric)
    except UnusableFile as error:
        other = next((one for one in error.problems if one.path != assessed.path and not one.warning), None)
        why = "its assessment does not fit the rubric." if other is None else _unusable_rubric(workspace, other)
        yield Fault(("assessment",), f"It cannot be computed again: {why}", is_unread=error.is_unread)
        return
    except ToolvetError as error:
        yield Fault(("assessment",), f"It cannot be computed again: {error.__cause__ or error}.")
        return
    computed = decision.basis[1]
    in_force = rubric.on(decision.decided_on).policy
    # Whether a signature is required is no threshold: it is asked of the decision that counts.
    if replace(computed.policy, require_signature=in_force.require_signature) != in_force:
        then, now = (readable_lines(policy_table(policy)) for policy in (computed.policy, in_force))
        which = "; ".join(changed_lines(then, now, {}))
        words = f"It was computed under other thresholds than those in force on that day: {which}. Thresholds that were"
        words += f" changed later belong in policy/{rubric.id}-YYYY-MM-DD.toml, which counts from that day on."
        yield Fault(POLICY_PLACE, words)
    if computed.on != decision.decided_on:
        yield Fault(("computed", "on"), f"It was computed for {computed.on} but decided on {decision.decided_on}.")
    yield from _held_to_the_rules(folder, decision, assessed, replace(rubric, policy=computed.policy, policies=()))


def _unusable_rubric(workspace: Workspace, problem: Problem) -> str:
    return f"{workspace.relative(problem.path)} cannot be used: {ended(problem.message)}"


def _held_to_the_rules(
    folder: SubjectFolder, decision: Decision, assessed: AssessmentFile, rubric: Rubric
) -> Iterator[Fault]:
    scorecard = score(rubric, assessed.assessment, decision.decided_on)
    anew, told = make_computed(scorecard), decision.basis[1]
    if anew.verdict is not told.verdict:
        words = f"It says the verdict was {told.verdict.words}; computed again it is {anew.verdict.words}."
        yield Fault(("computed", "verdict"), words)
    elif anew.reasons != told.reasons:
        yield Fault(("computed", "reasons"), "Its reasons differ from those computed again.")
    for name in _FIGURES:
        if getattr(anew, name) != getattr(told, name):
            words = f"Its {name} is {_said(getattr(told, name))}; computed again it is {_said(getattr(anew, name))}."
            yield Fault(("computed", name), words)
    found = refusals_in_words(
        decision,
        scorecard,
        seal_broken=assessed.seal is Seal.BROKEN,
        rubric_changed=is_rubric_changed(rubric, assessed.assessment),
        carried=tuple(_carried_past_due(folder, decision)),
    )
    yield from (Fault(("decision",), fault) for fault in found)


def _carried_past_due(folder: SubjectFolder, decision: Decision) -> Iterator[Condition]:
    """The conditions past due that an earlier decision left open, the nearest first: no others are held to a rule."""
    on = decision.decided_on
    past = [condition for condition in decision.conditions if condition.due is not None and condition.due < on]
    for file in _back(folder, decision.replaces) if past else ():
        there = with_open_ones(file, on).conditions
        yield from (condition for condition in past if condition in there)
        past = [condition for condition in past if condition not in there]
        if not past:
            return


def _said(value: float | None) -> str:
    return "none" if value is None else figure(value)


def is_told_by_folder(record: Record) -> bool:
    """Whether what does not fit in the record is among the correction problems of its folder."""
    return record.record is RecordKind.CORRECTED


def missed_records(
    workspace: Workspace, folder: SubjectFolder, known: Collection[CoveredFile], key: str = "earlier"
) -> Iterator[Fault]:
    """The records that a later file names under that key, and that are gone or changed by now."""
    if not known:
        return
    digests = _record_digests(workspace, folder)
    for at, one in enumerate(known):
        found = digests.get(one.path)
        if found is None:
            words = f"{one.path} was recorded, and is gone or cannot be read; bring back that file."
        elif found != one.sha256:
            words = f"{one.path} was changed after it was recorded; bring back that file as it was."
        else:
            continue
        yield Fault((key, at, "path"), words)


@made_once
def _record_digests(workspace: Workspace, folder: SubjectFolder) -> Mapping[str, str]:
    files = (*(file for decided in folder.decisions for file in decided.record_files), *folder.stray_records)
    return {workspace.relative(file.path): hex_digest(file.content) for file in files}


def record_doubts(workspace: Workspace, folder: SubjectFolder, decided: DecisionFile) -> Iterator[str]:
    """Why the decision's records shake it: one is gone, was edited, or does not fit."""
    known = dict.fromkeys(one for file in decided.record_files for one in file.record.earlier)
    yield from (fault.message for fault in missed_records(workspace, folder, known))
    digest = decided.sha256
    for file in decided.record_files:
        path = workspace.relative(file.path)
        if file.seal is Seal.BROKEN:
            yield f"{path} was changed outside toolvet, or cut short."
        if file.record.sha256 not in (None, digest):
            yield f"{decided.path.name} was changed after {path} was recorded."
        elif not is_told_by_folder(file.record) and (why := not_counted_words(file.record, decided.decision)):
            yield f"{path} does not count. {why}"
    for file in folder.stray_records:
        yield f"{workspace.relative(file.path)} is about {file.record.decision}, which is not there or cannot be read."


@made_once
def _withdrawals(folder: SubjectFolder) -> list[RecordFile]:
    records = (one for file in folder.decisions for one in file.record_files)
    return [one for one in records if one.record.record is RecordKind.WITHDRAWN]


def withdrawn_unawares(
    workspace: Workspace, folder: SubjectFolder, decided: DecisionFile, on: date = date.max
) -> Iterator[str]:
    """That the decision supersedes one that was withdrawn by that day, without having known of it.

    Two people may withdraw and decide at the same moment, each in a copy of their own.
    """
    if not (decided.decision.replaces and (decided.decision.is_approval or decided.decision.tolerates)):
        return
    if not (withdrawals := _withdrawals(folder)):
        return
    decisions = {**_by_name(folder)[1], decided.path.name: decided.decision}
    records = ((workspace.relative(one.path), one.record) for one in withdrawals)
    for path, record in unheeded(decided.path.name, decisions, records, on):
        yield (
            f"{record.decision} was withdrawn on {day(record.on)} ({path}), and {decided.path.name}, which supersedes "
            "it, does not take that into account. Decide again to settle it."
        )


def tool_called(workspace: Workspace, name: str) -> SubjectFolder:
    """The tool with that folder or name, or the only one that begins with it; a survey that begins so does not count.

    UsageError if there is none, or several.
    """
    try:
        return workspace.subject(name)
    except SeveralSubjects as error:
        folders = [workspace.folder_named(each) for each in error.found]
        tools = [folder for folder in folders if not is_survey(folder, workspace)]
        if len(tools) == 1:
            return tools[0]
        raise SeveralSubjects(name, [folder.name for folder in tools or folders]) from None
