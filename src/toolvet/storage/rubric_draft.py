"""Another tool's questionnaire as a draft rubric: what carries over, and every item that does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import tomli_w

from toolvet.domain.bearing import THREE_STEPS
from toolvet.domain.rubric import Rubric
from toolvet.errors import UsageError
from toolvet.storage.atomic import save, tell_as_not_saved
from toolvet.storage.furnishing import check_rubric_id, furnish
from toolvet.storage.names import first_free, numbered, slug
from toolvet.storage.reader import rubric_from
from toolvet.storage.schema import schema_file_name
from toolvet.storage.toml_input import FORMAT, TEXT_CHARACTERS, is_there
from toolvet.values import dataclass

_LONGEST_TITLE = 60
_MOST_ITEMS = 5_000
_HEADING = """\
#:schema {schema}
# A draft made from {source}. Every question has the ladder of its source, or one that stands for yes and no:
# write what can be seen at each rung, choose the must-haves, and run "toolvet check" on it. See docs/rubrics.md.

"""


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """A question as its source has it; `levels` is empty where the source has no ladder."""

    text: str
    ref: str | None = None
    title: str | None = None
    check: str | None = None
    why: str | None = None
    levels: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class NotCarried:
    """An item that cannot be a question: where it stands, what it says, and why."""

    place: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class RubricDraft:
    """The criteria with their questions, in the source's order. Carried and left out together are all its items."""

    title: str
    criteria: tuple[tuple[str, tuple[DraftQuestion, ...]], ...]
    left_out: tuple[NotCarried, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def carried(self) -> int:
        """How many questions carry over."""
        return sum(len(questions) for _, questions in self.criteria)


@dataclasses.dataclass(slots=True)
class DraftBuilder:
    """Collects what a reader finds, item by item."""

    title: str
    criteria: dict[str, list[DraftQuestion]] = field(default_factory=dict)
    left_out: list[NotCarried] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    items: int = 0

    def add(self, criterion: str, question: DraftQuestion, place: str) -> None:
        """Add a question, or say why it cannot be one."""
        if self.items >= _MOST_ITEMS:
            raise UsageError(f"this questionnaire has more than {_MOST_ITEMS:,} items; import only a part of it")
        self.items += 1
        texts = (question.text, question.check or "", question.why or "", *question.levels)
        if any(len(text) > TEXT_CHARACTERS for text in texts):
            self.leave_out(place, question.text, f"has a text of more than {TEXT_CHARACTERS:,} characters")
        else:
            self.criteria.setdefault(criterion, []).append(question)

    def add_text(self, criterion: str, question: DraftQuestion, place: str) -> None:
        """Add a question that is answered in words."""
        self.add(criterion, replace(question, is_text=True), place)

    def leave_out(self, place: str, text: str, why: str) -> None:
        """List an item that does not carry over."""
        self.left_out.append(NotCarried(place, text, why))

    def built(self) -> RubricDraft:
        """The draft."""
        criteria = tuple((title, tuple(questions)) for title, questions in self.criteria.items())
        return RubricDraft(self.title, criteria, tuple(self.left_out), tuple(self.notes))


def draft_bytes(draft: RubricDraft, rubric_id: str, source: str, schema: str) -> bytes:
    """The rubric's file."""
    table: dict[str, Any] = {
        "format": FORMAT,
        "id": rubric_id,
        "version": "0.1.0",
        "title": draft.title,
        "subject": "tool",
        "ask": "level",
        "criteria": list(_criteria(draft)),
    }
    shown = "".join(letter if letter.isprintable() else "?" for letter in source)
    return (_HEADING.format(schema=schema, source=shown) + tomli_w.dumps(table)).encode()


def _criteria(draft: RubricDraft) -> Iterator[dict[str, Any]]:
    criteria: set[str] = set()
    questions: set[str] = set()
    for title, found in draft.criteria:
        yield {
            "id": _free_id(title, criteria, "criterion"),
            "title": title,
            "questions": [_question(each, questions) for each in found],
        }


def _question(question: DraftQuestion, taken: set[str]) -> dict[str, Any]:
    title = question.title or question.text
    given = {
        "id": _free_id(question.ref or title, taken, "question"),
        "ref": question.ref,
        "title": _shortened(title),
        "text": question.text,
        "why": question.why,
        "check": question.check,
        "kind": "text" if question.is_text else None,
        "levels": [] if question.is_text else list(question.levels or THREE_STEPS),
        "references": list(question.references),
    }
    return {key: value for key, value in given.items() if value}


def _free_id(words: str, taken: set[str], otherwise: str) -> str:
    first = slug(words, otherwise=otherwise)
    name = first_free(chain([first], numbered(first)), lambda name: name not in taken)
    taken.add(name)
    return name


def _shortened(title: str) -> str:
    words = " ".join(title.split())
    if len(words) <= _LONGEST_TITLE:
        return words
    return f"{words[: _LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"


def check_draft(path: Path, draft: RubricDraft, rubric_id: str, source: str) -> Rubric:
    """The rubric that the draft makes. UnusableFile with everything that is wrong with it."""
    check_rubric_id(rubric_id)
    return rubric_from(path, draft_bytes(draft, rubric_id, source, schema_file_name("rubric")))


@tell_as_not_saved
def write_draft(root: Path, draft: RubricDraft, rubric_id: str, source: str) -> Path:
    """Write the draft into the workspace's rubrics. UsageError if there is such a file; UnusableFile if it is wrong."""
    path = root / "rubrics" / f"{rubric_id}.toml"
    if is_there(path):
        raise UsageError(f"{path} already exists; choose another id with --id")
    check_draft(path, draft, rubric_id, source)
    furnish(root)
    save(path, draft_bytes(draft, rubric_id, source, f"../.toolvet/{schema_file_name('rubric')}"), None)
    return path
