"""Files read into values. A file that cannot be used raises UnusableFile with everything wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from toolvet.domain.assessment import Assessment
from toolvet.domain.rubric import Rubric
from toolvet.errors import Problem
from toolvet.files.assessment_checks import answer_faults
from toolvet.files.assessment_values import make_assessment
from toolvet.files.content import Document, read_content
from toolvet.files.digest import hex_digest, rubric_digest
from toolvet.files.examining import MOST_SHOWN, Kind, examine, problems_of
from toolvet.files.faults import Fault
from toolvet.files.rubric_values import make_rubric
from toolvet.files.seal import Seal, check_seal

if TYPE_CHECKING:
    from toolvet.domain.decision import Decision  # see decision_of


@dataclass(frozen=True, slots=True)
class AssessmentFile:
    """An assessment as it lies in a file of these bytes.

    `kept_original` is where the first save of a file written by hand put it aside.
    """

    path: Path
    assessment: Assessment
    seal: Seal
    content: bytes
    kept_original: Path | None = None

    @property
    def sha256(self) -> str:
        """The sha256 of the bytes, 64 hex digits."""
        return hex_digest(self.content)


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """A decision as it lies in a file of these bytes."""

    path: Path
    decision: Decision
    seal: Seal
    content: bytes

    @property
    def sha256(self) -> str:
        """The sha256 of the bytes, 64 hex digits."""
        return hex_digest(self.content)


def read_rubric(path: Path) -> Rubric:
    """The rubric in that file."""
    return rubric_of(path, read_content(path))


def rubric_of(path: Path, content: bytes) -> Rubric:
    """The rubric in these bytes, which lie at that path."""
    document = examine(path, content, Kind.RUBRIC)
    return make_rubric(document, rubric_digest(document))


def read_assessment(path: Path) -> AssessmentFile:
    """The assessment in that file, not yet held against its rubric."""
    return assessment_of(path, read_content(path))


def assessment_of(path: Path, content: bytes, parsed: Document | None = None) -> AssessmentFile:
    """The assessment in these bytes, which lie at that path; `parsed` where they were parsed already."""
    document = examine(path, content, Kind.ASSESSMENT, parsed)
    return AssessmentFile(path, make_assessment(document), check_seal(document, content), content)


def read_decision(path: Path) -> DecisionFile:
    """The decision in that file."""
    return decision_of(path, read_content(path))


def decision_of(path: Path, content: bytes, parsed: Document | None = None) -> DecisionFile:
    """The decision in these bytes, which lie at that path; `parsed` where they were parsed already."""
    # What a decision is made of takes 6 ms to import, and most assessments are opened before there is one.
    from toolvet.files.decision_values import make_decision

    document = examine(path, content, Kind.DECISION, parsed)
    return DecisionFile(path, make_decision(document), check_seal(document, content), content)


def check_answers(file: AssessmentFile, rubric: Rubric) -> tuple[Problem, ...]:
    """What in the assessment does not fit its rubric; only warnings where it can be scored all the same."""
    return problems_of(file.path, file.content, tuple(_enough(answer_faults(file.assessment, rubric))))


def _enough(faults: Iterator[Fault]) -> Iterator[Fault]:
    """Every warning, but no more errors than are shown: finding the nearest name to each takes its time."""
    errors = 0
    for fault in faults:
        yield fault
        errors += not fault.is_warning
        if errors > MOST_SHOWN:
            return
