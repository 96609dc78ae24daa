"""Which decision counts for a subject on a given day, how it stands, and the draft of the next one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import field, replace
from datetime import date
from pathlib import Path

from toolvet.domain import dataclass
from toolvet.domain.decision import (
    ApprovedFor,
    AssessmentRef,
    Condition,
    Confirmed,
    Decision,
    Waiver,
)
from toolvet.domain.decision_rules import (
    Succession,
    TakenOver,
    back_to_approvals,
    latest,
    make_computed,
    new_among,
    not_met,
    offered_approved_for,
    offered_valid_until,
    succession,
    superseded,
    taken_over,
)
from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.records import with_open_conditions
from toolvet.domain.rubric import Policy, Rubric
from toolvet.domain.scorecard import MustHave, Scorecard, Verdict
from toolvet.domain.scoring import score
from toolvet.domain.standing import Standing, standing_of
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.services.assessments import check_fit, rubric_asked
from toolvet.services.records import record_doubts, withdrawn_unawares
from toolvet.services.signing import UNSIGNED, lacks_signature
from toolvet.storage.faults import Fault
from toolvet.storage.reader import AssessmentFile, DecisionFile, read_assessment
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import Seal, parse
from toolvet.storage.workspace import Workspace
from toolvet.storage.writer import decision_bytes, policy_table
from toolvet.text.changes import changed_lines, file_lines, readable_lines
from toolvet.text.escape import ended
from toolvet.text.labels import figure
from toolvet.text.record_words import last_day_words
from toolvet.text.sentences import offered_conditions, refusals_in_words, toleration_refusals_in_words


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
        return Decided(file, (), standing_of(file.decision, on, doubts, file.records), notes)
    return Decided(None, rivals, Standing(on, approves=False, doubts=doubts) if doubts else None)


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
    by_name = {file.path.name: file for file in folder.decisions}
    decisions = {name: file.decision for name, file in by_name.items()}
    return (by_name[name] for name in back_to_approvals(names, decisions))


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
    """What is said of the subject's decisions that are not as recorded; whoever decides anew confirms it."""
    told = ((file, _not_as_recorded(workspace, folder, file)) for file in folder.decisions)
    return tuple(Confirmed(file.path.name, file.sha256, messages) for file, messages in told if messages)


def _not_as_recorded(workspace: Workspace, folder: SubjectFolder, file: DecisionFile) -> tuple[str, ...]:
    seal = (BROKEN_SEAL,) if file.seal is Seal.BROKEN else ()
    found = (*seal, *_told_though_superseded(workspace, folder, file))
    return tuple(message for message in found if not is_confirmed(folder, file, message))


def _told_though_superseded(workspace: Workspace, folder: SubjectFolder, file: DecisionFile) -> Iterator[str]:
    # Thresholds may have changed since: it was decided under those of its day.
    return (each.message for each in recomputed_faults(workspace, folder, file) if each.place != POLICY_PLACE)


def is_confirmed(folder: SubjectFolder, file: DecisionFile, message: str) -> bool:
    """Whether whoever superseded the decision, in these very bytes, was told that and confirmed it."""
    name, digest = file.path.name, file.sha256
    decisions = {each.path.name: each.decision for each in folder.decisions}
    return any(
        one.file == name and one.sha256 == digest and message in one.told
        for each, later in decisions.items()
        if later.confirmed and name in superseded(decisions, each)
        for one in later.confirmed
    )


def _earlier_notes(workspace: Workspace, folder: SubjectFolder, file: DecisionFile) -> Iterator[str]:
    by_name = {one.path.name: one for one in folder.decisions}
    for name in superseded({name: one.decision for name, one in by_name.items()}, file.path.name):
        earlier = by_name[name]
        found = _not_as_recorded(workspace, folder, earlier)
        if found:
            yield f"{workspace.relative(earlier.path)}, superseded since, is not as it was recorded. {found[0]}"


def _contradiction(rivals: tuple[DecisionFile, ...]) -> tuple[str, ...]:
    if not rivals:
        return ()
    names = ", ".join(file.path.name for file in rivals)
    return (f"These decisions contradict each other, so none of them counts: {names}. Decide again to settle it.",)


POLICY_PLACE = ("computed", "policy")
_FIGURES = ("floor", "observed", "ceiling", "coverage")


def recomputed_faults(workspace: Workspace, folder: SubjectFolder, file: DecisionFile) -> Iterator[Fault]:
    """Compute the decision anew from its assessment; yield what differs, each at its place in the file."""
    decision = file.decision
    there = {one.path.name for one in folder.decisions} | {problem.path.name for problem in folder.decision_problems}
    for name in decision.replaces:
        if name not in there:
            yield Fault(("supersedes",), f"It supersedes {name}, which does not exist.")
    if decision.tolerates:
        if decision.subject not in (None, folder.name):
            yield Fault(("subject",), f"It is about {decision.subject}, another subject.")
        yield from (Fault((), words) for words in toleration_refusals_in_words(decision, policy_of(workspace, folder)))
        return
    ground = decision.basis[0]
    if not ground.path.startswith(f"assessments/{folder.name}/"):
        yield Fault(("assessment", "path"), f"It rests on {ground.path}, which is another subject's.")
    try:
        there_too = workspace.root / ground.path  # reading it again takes as long
        read = next((one for one in folder.assessments if one.path == there_too), None)
        assessed = read or read_assessment(workspace.assessment_behind(decision) or there_too)
    except UnusableFile as error:
        yield Fault(("assessment", "path"), f"Its assessment cannot be used: {ended(error.problems[0].message)}")
        return
    if assessed.sha256 != ground.sha256:
        yield Fault(
            ("assessment", "sha256"),
            "The assessment was changed after the decision; check whether it still holds, and decide again.",
        )
        return
    yield from _computed_anew(workspace, folder, decision, assessed)


def policy_of(workspace: Workspace, folder: SubjectFolder) -> Policy:
    """The policy that holds for a tool: that of the rubric of its latest assessment, else of the shipped one."""
    for file in folder.assessments:
        with suppress(ToolvetError):
            rubric = rubric_asked(workspace, file)
            check_fit(file, rubric)
            return rubric.policy
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
        yield Fault(("assessment",), f"It cannot be computed again: {why}")
        return
    except ToolvetError as error:
        yield Fault(("assessment",), f"It cannot be computed again: {error.__cause__ or error}.")
        return
    computed = decision.basis[1]
    # Whether a signature is required is no threshold: it is asked of the decision that counts.
    if replace(computed.policy, require_signature=rubric.policy.require_signature) != rubric.policy:
        then, now = (readable_lines(policy_table(policy)) for policy in (computed.policy, rubric.policy))
        which = "; ".join(changed_lines(then, now, {}))
        yield Fault(POLICY_PLACE, f"It was computed under other thresholds than those in force now: {which}.")
    if computed.on != decision.decided_on:
        yield Fault(("computed", "on"), f"It was computed for {computed.on} but decided on {decision.decided_on}.")
    yield from _held_to_the_rules(folder, decision, assessed, replace(rubric, policy=computed.policy))


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
        carried=[condition for before in compared_with(folder, decision) for condition in before.conditions],
    )
    yield from (Fault(("decision",), fault) for fault in found)


def _said(value: float | None) -> str:
    return "none" if value is None else figure(value)


@dataclass(frozen=True, slots=True)
class Offer:
    """A condition that may be set.

    `own`: a person added it. `carried`: the previous decision set it, and an approval keeps it.
    """

    condition: Condition
    taken: bool
    own: bool = False
    carried: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether it is shown even while it is not set."""
        return self.taken or self.own or self.carried

    def decided(self, choice: Verdict) -> Offer:
        """The same under that decision. A person's own condition stays; an offered one is never set unasked."""
        if self.own:
            return self
        is_approval = choice in (Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS)
        return replace(self, taken=is_approval and (self.carried or self.taken))


@dataclass(frozen=True, slots=True)
class Draft:
    """What is chosen so far. `decision` itself has no conditions or waivers; they are kept beside it."""

    decision: Decision
    offers: tuple[Offer, ...]
    waivers: tuple[Waiver, ...] = ()
    earlier: tuple[DecisionFile, ...] = ()
    """The decisions that this one is held against, as far back as the last approval."""
    over: TakenOver = field(default_factory=TakenOver)
    """What was carried over from them, as it was offered."""

    @property
    def is_approval(self) -> bool:
        """Whether something is approved; only then there are an end and limits."""
        return self.decision.decision in (Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS)

    def made(self, scorecard: Scorecard) -> Decision:
        """The decision as it would be recorded."""
        asked = {must_have.question.id for must_have in to_waive(self, scorecard)}
        decision = self.decision
        if not self.is_approval:
            decision = replace(decision, valid_until=None, approved_for=ApprovedFor())
        return replace(
            decision,
            conditions=tuple(offer.condition for offer in self.offers if offer.taken),
            waivers=tuple(waiver for waiver in self.waivers if waiver.question in asked),
        )

    def decided(self, choice: Verdict) -> Draft:
        """The same with that decision; the carried conditions are set if it is an approval."""
        offers = tuple(offer.decided(choice) for offer in self.offers)
        return replace(self, decision=replace(self.decision, decision=choice), offers=offers)

    @property
    def carried(self) -> tuple[Condition, ...]:
        """The conditions of the previous decision, as they were."""
        return tuple(offer.condition for offer in self.offers if offer.carried)

    def with_offer(self, at: int, offer: Offer | None) -> Draft:
        """The same with that condition in its place; None removes it."""
        new = () if offer is None else (offer,)
        return replace(self, offers=(*self.offers[:at], *new, *self.offers[at + 1 :]))

    def with_waiver(self, waiver: Waiver) -> Draft:
        """The same with that waiver, replacing one for the same question."""
        others = tuple(other for other in self.waivers if other.question != waiver.question)
        return replace(self, waivers=(*others, waiver))

    def waiver(self, question_id: str) -> Waiver | None:
        """The waiver for that question, if there is one yet."""
        return next((waiver for waiver in self.waivers if waiver.question == question_id), None)


def first_draft(
    scorecard: Scorecard,
    file: AssessmentFile,
    path: str,
    *,
    by: str,
    earlier: tuple[DecisionFile, ...],
    limits: tuple[DecisionFile, ...],
    confirmed: tuple[Confirmed, ...],
    on: date,
) -> Draft:
    """Draft the verdict as the decision, with everything that can be offered; `path` is seen from the workspace.

    `earlier` are the decisions that this one supersedes, `limits` are from `limiting`, and `confirmed` is from
    `not_as_recorded_in`; what carries over comes first.
    """
    over = taken_over(
        [with_open_ones(each, on) for each in earlier], [with_open_ones(each, on) for each in limits], scorecard, on
    )
    names = [each.path.name for each in earlier]
    decision = Decision(
        decision=scorecard.verdict,
        decided_by=by,
        decided_on=on,
        assessment=AssessmentRef(path, file.sha256),
        computed=make_computed(scorecard),
        valid_until=offered_valid_until(scorecard, file.assessment, on),
        supersedes=names[0] if names else None,
        also_supersedes=tuple(names[1:]),
        consulted=over.consulted,
        considered=over.considered,
        links=over.links,
        approved_for=replace(offered_approved_for(file.assessment), left_off=over.left_off),
        confirmed=confirmed,
    )
    carried = over.conditions
    new = new_among(carried, offered_conditions(scorecard, file.assessment))
    offers = (
        *(Offer(condition, taken=False, carried=True) for condition in carried),
        *(Offer(condition, taken=False) for condition in new),
    )
    return Draft(decision, offers, over.waivers, limits, over).decided(scorecard.verdict)


def decision_lines(decision: Decision, rubric: Rubric) -> tuple[str, ...]:
    """What would be recorded, a line for each value but those of the policy, and the one day it ends."""
    titles = {question.id: question.title for _, question in rubric.questions()}
    lines = readable_lines(parse(Path("decision"), decision_bytes(decision)))
    shown = {place: value for place, value in lines.items() if place[:2] != ("computed", "policy")}
    last = last_day_words(decision, standing_of(decision, decision.decided_on)) if decision.is_approval else ""
    return (*file_lines(shown, titles), *([f"ends: {last}"] if last else []))


def to_waive(draft: Draft, scorecard: Scorecard) -> tuple[MustHave, ...]:
    """The must-haves that need a waiver: those not met, if the decision approves."""
    return not_met(scorecard) if draft.is_approval else ()
