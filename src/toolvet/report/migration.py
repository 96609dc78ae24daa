"""What happens to an assessment under another version of its rubric, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolvet.domain.assessment import RubricRef
from toolvet.domain.migration import Fate, Migration, MigrationStep
from toolvet.domain.rubric import ChangeKind
from toolvet.text.escape import listed, plural
from toolvet.text.tables import TableFormat, table

_FATES = {
    Fate.KEPT: "kept",
    Fate.CONFIRM: "to be confirmed",
    Fate.TAKEN_UP: "taken up again and to be confirmed",
    Fate.RETIRED: "kept aside under retired",
    Fate.OPEN: "open",
    Fate.NOTHING: "gone without an answer",
}


def migration_text(migration: Migration) -> str:
    """Every scope fact and question with its change and what happens to the answer, with totals."""
    old, new = migration.old, migration.new
    parts = [f"{old.id} {old.version} → {new.version}"]
    if all(step.change in (None, ChangeKind.GONE) for step in (*migration.facts, *migration.questions)):
        parts.append(
            "The version that was answered is not available, so nothing can be compared and every answer has to be "
            "confirmed."
        )
    for name, steps in (("scope fact", migration.facts), ("question", migration.questions)):
        if steps:
            rows = [(step.id, step_change_words(step), fate_words(step)) for step in steps]
            parts.append(table(rows, (name, "change", "answer"), TableFormat.SIMPLE, ("left",) * 3).rstrip())
    parts.append(counted_words(migration.questions))
    return "\n\n".join(parts)


def migration_json(migration: Migration, *, file: str, written: str | None) -> dict[str, object]:
    """The same for programs; `written` is the file it was written to, if any."""
    return {
        "file": file,
        "from": _reference(migration.old),
        "to": _reference(migration.new),
        "scope": [_as_json(step) for step in migration.facts],
        "questions": [_as_json(step) for step in migration.questions],
        "written": written,
    }


def _reference(reference: RubricRef) -> dict[str, str | None]:
    return {"id": reference.id, "version": reference.version, "digest": reference.digest}


def _as_json(step: MigrationStep) -> dict[str, object]:
    return {
        "id": step.id,
        "change": step.change,
        "answer": step.fate,
        "besides": list(step.besides),
        "level": step.was,
        "new_level": step.becomes,
    }


def step_change_words(step: MigrationStep) -> str:
    """How the question changed: "reworded (weight differs)"."""
    besides = f" ({', '.join(step.besides)} differs)" if step.besides else ""
    return f"{'not compared' if step.change is None else step.change}{besides}"


def fate_words(step: MigrationStep) -> str:
    """What happens to its answer: "kept, to be confirmed, level 2 is now 3"."""
    if step.fate is Fate.RETIRED and step.change not in (ChangeKind.GONE, None) and step.was is not None:
        return f"kept aside, open: level {step.was} is not on the new ladder"
    if step.was is None or step.becomes is None or step.was == step.becomes:
        return step.fate
    return f"{step.fate}, level {step.was} is now {step.becomes}"


def counted_words(steps: Sequence[MigrationStep]) -> str:
    """How many of each: "12 questions: 9 kept and 3 to be confirmed."."""
    return f"{plural(len(steps), 'question')}: {listed(list(_counts(steps)))}."


def _counts(steps: Sequence[MigrationStep]) -> Iterator[str]:
    for fate, words in _FATES.items():
        count = sum(step.fate is fate for step in steps)
        if count:
            yield f"{count} {words}"
