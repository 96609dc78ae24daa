"""What a person decided on an assessment, and what the scorecard said that day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum

from toolvet.domain.rubric import Policy
from toolvet.domain.scorecard import Verdict
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be done for the approval to stand."""

    text: str
    id: str | None = None
    owner: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """A must-have set aside: by whom, until when, and what stands in for it."""

    question: str
    reason: str
    compensating_control: str
    owner: str
    expires: date


@dataclass(frozen=True, slots=True)
class AssessmentRef:
    """The assessment a decision or panel rests on: its path in the workspace, and the sha256 of its bytes in hex."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CoveredFile:
    """A file as a signature, a record or a decision found it: its path in the workspace, and its sha256 in hex."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Computed:
    """The scorecard on the day of the decision, in percent, and the policy behind it.

    A reason is `code: question or criterion`, or the code alone.
    """

    on: date
    verdict: Verdict
    reasons: tuple[str, ...]
    floor: float
    observed: float | None
    ceiling: float
    coverage: float
    policy: Policy


@dataclass(frozen=True, slots=True)
class ApprovedFor:
    """What is approved, and nothing beyond: scope facts, number of users, plan, and exclusions (`left_off`)."""

    scope: Mapping[str, str] = field(default_factory=dict)
    users: int | None = None
    plan: str | None = None
    left_off: tuple[str, ...] = ()


class Toleration(StrEnum):
    """What is decided of a tool in use that nobody has assessed: it may stay until a day, and is not approved."""

    TOLERATE = "tolerate"

    @property
    def words(self) -> str:
        """As in a sentence."""
        return self.value


DecisionKind = Verdict | Toleration
APPROVALS: frozenset[DecisionKind] = frozenset({Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS})


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a later decision confirmed of an earlier one that was not as recorded: what was said of which bytes."""

    file: str
    sha256: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it stands in its file.

    `supersedes` is the previous decision's file name, `also_supersedes` those of others that contradicted it, `records`
    what was recorded of earlier ones until then, or None where it does not say. One that tolerates has an `owner`, who
    answers for the tool, its folder as `subject`, and neither `assessment` nor `computed`; every other has both.
    """

    decision: DecisionKind
    decided_by: str
    decided_on: date
    assessment: AssessmentRef | None
    computed: Computed | None
    owner: str | None = None
    rationale: str | None = None
    valid_until: date | None = None
    supersedes: str | None = None
    also_supersedes: tuple[str, ...] = ()
    consulted: tuple[str, ...] = ()
    considered: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    approved_for: ApprovedFor = field(default_factory=ApprovedFor)
    conditions: tuple[Condition, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    confirmed: tuple[Confirmed, ...] = ()
    records: tuple[CoveredFile, ...] | None = None
    subject: str | None = None

    @property
    def is_approval(self) -> bool:
        """Whether it approves the tool, with or without conditions."""
        return self.decision in APPROVALS

    @property
    def tolerates(self) -> bool:
        """Whether it lets the tool be used without an assessment."""
        return self.decision is Toleration.TOLERATE

    @property
    def verdict(self) -> Verdict | None:
        """The verdict it was based on; None without an assessment."""
        return None if self.computed is None else self.computed.verdict

    @property
    def is_more_favourable(self) -> bool:
        """Whether it goes beyond the verdict it was based on."""
        return (
            isinstance(self.decision, Verdict) and self.verdict is not None and self.decision.rank < self.verdict.rank
        )

    @property
    def basis(self) -> tuple[AssessmentRef, Computed]:
        """What it rests on. Only of a decision on an assessment."""
        assert self.assessment is not None
        assert self.computed is not None
        return self.assessment, self.computed

    def rests_on(self, path: str) -> bool:
        """Whether it rests on the assessment at that path in the workspace."""
        return self.assessment is not None and self.assessment.path == path

    @property
    def replaces(self) -> tuple[str, ...]:
        """The file names of all decisions that this one replaces."""
        return (*(() if self.supersedes is None else (self.supersedes,)), *self.also_supersedes)
