"""The policy of a house: `policy/<rubric id>.toml` of a workspace, in place of the rubric's own."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from toolvet.domain.rubric import Policy, Rubric
from toolvet.errors import Problem
from toolvet.files.content import Document, is_there, read_content
from toolvet.files.examining import Kind, examine, faults_of, problems_of
from toolvet.files.faults import Fault
from toolvet.files.remembering import Remembered
from toolvet.files.rubric_checks import unknown
from toolvet.files.rubric_values import make_policy

FOLDER = "policy"


class HousePolicies:
    """The policy files of a workspace, each read once while it stays as it was."""

    def __init__(self, root: Path) -> None:
        self._folder = root / FOLDER
        self._policy_at: Remembered[Policy] = Remembered(_read_policy)

    def applied(self, rubric: Rubric) -> Rubric:
        """The rubric under the house's policy where there is one. UnusableFile where that cannot be used."""
        path = self._folder / f"{rubric.id}.toml"
        if not is_there(path):
            return rubric
        return replace(rubric, policy=self._policy_at(path), policy_from=f"{FOLDER}/{path.name}")


def policy_problems(path: Path, content: bytes, document: Document, rubric_ids: Collection[str]) -> tuple[Problem, ...]:
    """Everything wrong in the policy file in these bytes, its name included."""
    return problems_of(path, content, (*faults_of(document, Kind.POLICY), *_name_faults(path, rubric_ids)))


def _read_policy(path: Path) -> Policy:
    return make_policy(examine(path, read_content(path), Kind.POLICY)["policy"])


def _name_faults(path: Path, rubric_ids: Collection[str]) -> Iterator[Fault]:
    if path.parent.name != FOLDER:
        what = f"a policy counts only in the folder {FOLDER} of a workspace, under the id of its rubric; move it there"
        yield Fault(("policy",), what)
    if path.stem not in rubric_ids:
        told = unknown(f'rubric "{path.stem}"', path.stem, sorted(rubric_ids))
        yield Fault(("policy",), f"{told}; name the file after the id of its rubric")
