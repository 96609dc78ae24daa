"""Which decision counts for a subject of a workspace on a day, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from toolvet.domain.standing import Standing, standing_of
from toolvet.domain.succession import Succession, latest, succession
from toolvet.files.reading import AssessmentFile, DecisionFile
from toolvet.files.seal import Seal
from toolvet.files.subjects import SubjectFolder
from toolvet.files.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision that counts on a day, and how it stands; `file` is None where none does.

    `rivals` are several that contradict each other. Without any decision, and nothing to be told, `standing` is None.
    """

    file: DecisionFile | None = None
    rivals: tuple[DecisionFile, ...] = ()
    standing: Standing | None = None

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why nothing counts as approved, in sentences."""
        return () if self.standing is None else self.standing.doubts


def decided_in(workspace: Workspace, folder: SubjectFolder, on: date) -> Decided:
    """The decision on the subject that counts that day; what contradicts it or cannot be read is among its doubts."""
    file, rivals = counting(folder.decisions, on)
    doubts = (*_contradiction(rivals), *unreadable(workspace, folder))
    if file is not None:
        doubts += _computed_otherwise(workspace, folder, file)
        return Decided(file, (), standing_of(file.decision, on, doubts))
    return Decided(None, rivals, Standing(on, approves=False, doubts=doubts) if doubts else None)


def counting(files: Iterable[DecisionFile], on: date) -> tuple[DecisionFile | None, tuple[DecisionFile, ...]]:
    """The one of these that counts that day, and, where there is none, those that contradict each other."""
    by_name = {file.path.name: file for file in files}
    found: Succession = succession({name: file.decision for name, file in by_name.items()}, on)
    one = None if found.counts is None else by_name[found.counts]
    return one, tuple(by_name[name] for name in found.rivals)


def to_supersede(folder: SubjectFolder) -> tuple[DecisionFile, ...]:
    """The decisions that a next one supersedes, by name: the last of all, or all that contradict each other."""
    by_name = {file.path.name: file for file in folder.decisions}
    return tuple(by_name[name] for name in latest({name: file.decision for name, file in by_name.items()}))


def speaking(workspace: Workspace, folder: SubjectFolder, on: date) -> tuple[AssessmentFile, ...]:
    """The latest assessments of the subject; of several, that which the decision that counts that day rests on."""
    files = workspace.latest(folder)
    decided, _ = counting(folder.decisions, on)
    if len(files) > 1 and decided is not None:
        named = decided.decision.assessment.path
        return tuple(file for file in files if workspace.relative(file.path) == named) or files
    return files


def unreadable(workspace: Workspace, folder: SubjectFolder) -> tuple[str, ...]:
    """A sentence for each decision that cannot be read."""
    paths = dict.fromkeys(workspace.relative(problem.path) for problem in folder.decision_problems)
    return tuple(f"{path} cannot be read, so that it is not known what was decided." for path in paths)


def _computed_otherwise(workspace: Workspace, folder: SubjectFolder, file: DecisionFile) -> tuple[str, ...]:
    """What is not as the decision says, in sentences."""
    from toolvet.files.recomputing import differences  # a workspace without decisions does not wait for it

    found = tuple(fault.message for fault in differences(workspace, folder, file))
    if file.seal is Seal.BROKEN:
        found = (f"{workspace.relative(file.path)} was changed outside toolvet, or cut short.", *found)
    return (*found, "Decide anew to confirm it.") if found else ()


def _contradiction(rivals: tuple[DecisionFile, ...]) -> tuple[str, ...]:
    if not rivals:
        return ()
    names = ", ".join(file.path.name for file in rivals)
    return (f"These decisions contradict each other, and none of them counts: {names}. Decide anew to settle it.",)
