"""Everything a report says, as one value; the renderers decide how it looks.

Text in it is as it was typed, or our own words around it; each renderer makes it safe. Figures are exact, and days
are dates. The field names are those of the JSON report.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from toolvet.domain.decision import Decision, DecisionKind
from toolvet.domain.gaps import Effect
from toolvet.domain.rubric import IfMissed, Reading
from toolvet.domain.scorecard import MustHaveState, ScoreRange, Verdict
from toolvet.domain.standing import Standing, Stands
from toolvet.report.approval.arithmetic import Rule, Sums
from toolvet.report.scorecard import Json
from toolvet.text.labels import day
from toolvet.text.record_words import state_words_of, withdrawn_words
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class LinkedAnswer:
    """A question of the tool that is linked to a shortfall.

    `level` is None without a current one; `words` is "3 of 4 (75.0%)", or the state.
    """

    question: str
    title: str
    words: str
    level: int | None
    top: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A question of the survey that falls short, both means in levels and in words, and what the tool does about it.

    A mean at or near an end of its ladder is in words alone.
    `ladder` says the two means in words of the ladder; `effect_words` has the mark: "✓ would close it".
    """

    question: str
    title: str
    reading: Reading
    delivered: Fraction | None
    expected: Fraction | None
    top: int
    people: int
    delivered_words: str
    expected_words: str
    ladder: str
    linked: tuple[LinkedAnswer, ...]
    effect: Effect
    effect_words: str


@dataclass(frozen=True, slots=True)
class SurveyPart:
    """One organisation's shortfalls, the widest gap first.

    `answer` says in a sentence how many the tool would close; `notes` how far to trust it: when to ask again, and what
    was left out. `sha256` is that of the round's file; None for one without a random mark.
    """

    organisation: str
    people: str
    answer: str
    notes: tuple[str, ...]
    shortfalls: tuple[Shortfall, ...]
    rubric: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class NewerDecision:
    """The newest decision on the subject; it replaces the report's own, or rests on another assessment.

    `path` is its file inside the workspace, `words` the whole in a sentence. `state` says how it stands where it rests
    on another assessment, `is_later` whether that was begun after the report's, `is_again` whether before it.
    """

    decision: DecisionKind
    decided_by: str
    decided_on: datetime.date
    path: str
    words: str
    state: str = ""
    is_later: bool = False
    is_again: bool = False


def newer_decision(
    newest: Decision,
    path: str,
    own: Decision | None,
    standing: Standing | None = None,
    *,
    is_later: bool = False,
    is_again: bool = False,
) -> NewerDecision:
    """The newest decision beside the report's `own`, which is None if no decision rests on its assessment."""
    said = f"of {day(newest.decided_on)} by {newest.decided_by}: {newest.decision.words} ({path})."
    words = (
        f"The newest decision on this tool rests on another assessment: the one {said}"
        if own is None
        else f"Replaced by the decision {said}"
    )
    if own is not None or standing is None:
        return NewerDecision(newest.decision, newest.decided_by, newest.decided_on, path, words)
    state = state_words_of(replace(standing, is_again=standing.is_again and not is_again), day)
    withdrawn = f" {withdrawn_words(standing.withdrawn)}" if standing.withdrawn is not None else ""
    words = f"{words} Its state: {state}.{withdrawn}"
    return NewerDecision(newest.decision, newest.decided_by, newest.decided_on, path, words, state, is_later, is_again)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said in words: what it is, and how it stands."""

    what: str
    value: str


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """A scope fact: how it stood when it was assessed, and what is approved, if anything."""

    what: str
    assessed: str
    approved: str | None


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The answer in a few words, sentences below it, and what a board asks first, in order.

    `tone` is the verdict in whose colour the answer stands, "undecided" without a decision.
    """

    answer: str
    tone: str
    summary: tuple[str, ...]
    points: tuple[FrontPoint, ...]


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """A heading of the front page with its sentences; of a list, each stands in a line."""

    heading: str
    sentences: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class RangeRow:
    """A range, its coverage and what is proven, in percent; `threshold` is what its floor has to reach to approve.

    All figures are None if nothing counts; `id` and `weight` are None for the overall range of a tool.
    """

    id: str | None
    title: str
    weight: Fraction | None
    floor: Fraction | None
    observed: Fraction | None
    ceiling: Fraction | None
    coverage: Fraction | None
    proven: Fraction | None
    threshold: Fraction


@dataclass(frozen=True, slots=True)
class MustHaveRow:
    """One must-have; `state_words` has mark and word, `rests_on` is "proven", "claim only", "no evidence" or empty."""

    question: str
    title: str
    must_reach: int
    if_missed: IfMissed
    level: int | None
    state: MustHaveState
    proven: bool
    supported: bool
    state_words: str
    rests_on: str
    why: str
    waived: bool


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Where something was seen."""

    source: str
    grade: str
    date: datetime.date | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One question and its answer. `answer` says level or state, `words` the rung, what was tried, or the reason.

    `as_well` are the lower rungs that the rung builds on ("As 2, and …"), each with its level.
    """

    id: str
    title: str
    text: str
    state: str
    answer: str
    words: str
    as_well: tuple[str, ...]
    level: int | None
    top: int
    must_have: str
    note: str | None
    setting: str | None
    evidence: tuple[EvidenceRow, ...]
    answered: datetime.date | None
    answered_by: str


@dataclass(frozen=True, slots=True)
class CriterionPart:
    """A criterion with the answers that count or may, and the titles of the questions that do not apply, with why."""

    title: str
    summary: str | None
    answers: tuple[AnswerPart, ...]
    not_applying: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A question without a current level: why it is open, and what was tried."""

    title: str
    state: str
    tried: str
    must_have: bool


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting that the approval rests on."""

    title: str
    setting: str
    must_have: bool


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """What has to be done for the approval to stand.

    `due` is the day it was moved to; `status` is met, open or overdue; `recorded` says by which records.
    """

    text: str
    owner: str | None
    due: datetime.date | None
    overdue: bool
    status: str
    recorded: str


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A must-have set aside."""

    title: str
    reason: str
    compensating_control: str
    owner: str
    expires: datetime.date
    run_out: bool


@dataclass(frozen=True, slots=True)
class DecisionPart:
    """The decision as taken, and beside it the verdict as it was computed for it.

    `approves` says that it lets the tool be used; otherwise nothing is approved, whatever `approved_for` names.
    `standing` says what has run out and what is overdue on the day of the report; `changed` what is not as it was in
    the decision before. `stands`, `ends` and `run_out_since` are as in `list --json`.
    """

    decision: DecisionKind
    stands: Stands
    ends: datetime.date | None
    run_out_since: datetime.date | None
    decided_by: str
    decided_on: datetime.date
    valid_until: datetime.date | None
    last_day: str
    rationale: str | None
    departs: str
    standing: tuple[str, ...]
    approves: bool
    approved_for: tuple[Fact, ...]
    left_off: tuple[str, ...]
    conditions: tuple[ConditionRow, ...]
    waivers: tuple[WaiverRow, ...]
    considered: tuple[str, ...]
    consulted: tuple[str, ...]
    links: tuple[str, ...]
    supersedes: str | None
    computed: tuple[str, ...]
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """What became of the answers of the last review that a decision rests on: titles, and what changed in a line each.

    `pending` are those carried over that nobody has confirmed yet.
    """

    since: str
    confirmed: tuple[str, ...]
    changed: tuple[str, ...]
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapPart:
    """Where the subject lies between experience and control; `split` parts the fields."""

    experience: ScoreRange
    control: ScoreRange
    split: Fraction
    field: str
    leans: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """Another assessment of the subject, and where it differs by two levels or more."""

    reviewer: str
    verdict: Verdict
    figures: RangeRow
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartedRow:
    """A question on which a panel's reviewers part: what each said, what was settled, and the note on why."""

    title: str
    said: tuple[str, ...]
    settled: str
    why: str | None


@dataclass(frozen=True, slots=True)
class PanelPart:
    """Who took part in the panel that the assessment was settled in, how far they agreed, and where they part."""

    reviewers: tuple[str, ...]
    agreement: str
    parting: str
    parted: tuple[PartedRow, ...]


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file the report rests on: what it is, its path inside the workspace, and the sha256 of its bytes."""

    what: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RubricPart:
    """Which rubric was used."""

    id: str
    version: str
    title: str
    digest: str


@dataclass(frozen=True, slots=True)
class Requester:
    """Half a page of plain words for whoever asked. `decided` says by whom and when; empty without a decision."""

    answer: str
    decided: str
    because: tuple[str, ...]
    terms: tuple[str, ...]
    meanwhile: str
    ask_again: str


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report. `decision` is None if none is recorded yet, `newer_decision` if no other counts.

    What `toolvet score --json` prints stands here under the same names; to `advice` are added its words.
    """

    subject: str
    on: datetime.date
    complete: bool
    front: FrontPage
    requester: Requester
    tool: tuple[Fact, ...]
    scope: tuple[ScopeRow, ...]
    reviewer: str
    verdict: Verdict
    reasons: Sequence[Json]
    decision: DecisionPart | None
    newer_decision: NewerDecision | None
    criteria: tuple[RangeRow, ...]
    overall: RangeRow
    observed_over: str
    must_haves: tuple[MustHaveRow, ...]
    questions: Sequence[Json]
    answers: tuple[CriterionPart, ...]
    open: tuple[OpenPart, ...]
    settings: tuple[SettingRow, ...]
    findings: Sequence[Json]
    advice: Sequence[Json]
    map: MapPart | None
    surveys: tuple[SurveyPart, ...]
    panel: PanelPart | None
    opinions: tuple[Opinion, ...]
    review: ReviewPart | None
    sums: Sums
    rules: tuple[Rule, ...]
    policy: tuple[Fact, ...]
    house_policy: str
    rubric: RubricPart
    files: tuple[FileDigest, ...]
