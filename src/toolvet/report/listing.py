"""Documents that list things: the workspace, what is due, and what a migration changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path

from toolvet.domain.assessment import Progress, RubricRef, progress
from toolvet.domain.decision import Decision
from toolvet.domain.decision_rules import DueItem, DueKind
from toolvet.domain.gaps import QuestionGap
from toolvet.domain.migration import MOVED, ChangeKind, Fate, Migration, MigrationStep
from toolvet.domain.records import ConditionState, Record
from toolvet.domain.scorecard import FIGURES, Scorecard, ScoreRange, Verdict
from toolvet.domain.standing import Standing, last_day_of
from toolvet.report.scorecard import Json, range_cell, range_json, rubric_json
from toolvet.report.survey.result import (
    Survey,
    WaitingRound,
    ask_again_on,
    balance_count,
    figures_json,
    round_json,
    widest_gap,
    widest_shortfall,
)
from toolvet.report.survey.sentences import answered_words, balance_count_words, open_words, widest_gap_words
from toolvet.text.escape import ended, listed, one_line, plural, told_apart, wrapped
from toolvet.text.labels import NO_FIGURE, NOT_STARTED, day, iso
from toolvet.text.record_words import (
    brief_standing,
    condition_record_words,
    condition_status,
    with_last_day,
    withdrawn_words,
)
from toolvet.text.sentences import due_about, due_item_words
from toolvet.text.tables import Cell, TableFormat, WorkbookSheet, table
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class SurveyEntry:
    """One organisation's survey in the list. `survey` is None until a round is closed, `open` who answered since.

    Both are None if nobody has answered yet, or it `is_unusable`.
    """

    folder: str
    subject: str
    survey: Survey | None
    due: tuple[DueItem, ...] = ()
    open: WaitingRound | None = None
    is_unusable: bool = False


def survey_due(survey: Survey, until: date) -> tuple[DueItem, ...]:
    """The reminder to repeat the survey, if it is due by that day."""
    again = ask_again_on(survey.now)
    return () if again is None or again > until else (DueItem(again, DueKind.SURVEY),)


def survey_line(entry: SurveyEntry) -> str:
    """Who answered and how it stands, in a line."""
    name = one_line(entry.subject)
    if entry.open is None:
        return f"{name}: its answers cannot be used" if entry.is_unusable else f"{name}: nobody has answered yet"
    if entry.survey is None:
        return f"{name}: {open_words(entry.open, is_first=True)}".rstrip(".")
    readiness = entry.survey.now.readiness
    widest = widest_gap_words(readiness)
    parts = (
        answered_words(readiness),
        balance_count_words(readiness),
        one_line(widest),
        f"{plural(entry.open.people, 'person', 'people')} answered since" if entry.open.people else "",
    )
    return f"{name}: {'; '.join(part for part in parts if part)}"


def survey_json(entry: SurveyEntry, on: date) -> Json:
    """The same for programs, without what is due."""
    survey = entry.survey
    return {
        "kind": "survey",
        "folder": entry.folder,
        "subject": entry.subject,
        "on": on.isoformat(),
        "open": None if entry.open is None else {"people": entry.open.people},
        **({"rubric": None, "round": None} if survey is None else _result(survey)),
    }


def _result(survey: Survey) -> Json:
    rubric, readiness = survey.now.rubric, survey.now.readiness
    balanced, measured = balance_count(readiness)
    widest, shortfall = widest_gap(readiness), widest_shortfall(readiness)
    return {
        "rubric": rubric_json(rubric),
        "round": round_json(survey.now),
        "areas": {"in_balance": balanced, "measured": measured, "asked": len(readiness.areas)},
        "widest_gap": None if widest is None else _widest(widest),
        "widest_shortfall": None if shortfall is None else _widest(shortfall),
    }


def _widest(widest: QuestionGap) -> Json:
    return {"question": widest.question.id, **figures_json(widest.whole)}


@dataclass(frozen=True, slots=True)
class ListedScore:
    """What the list says of a scorecard."""

    rubric: RubricRef
    complete: bool
    progress: Progress
    overall: ScoreRange | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One assessment in the list, or, without file and scorecard, a decided subject whose assessment is gone.

    `file` is a path inside the workspace, `folder` the subject's folder. `state` is how the decision that counts that
    day stands in a few words, `decision` what programs are told of it.
    """

    folder: str
    file: str | None
    subject: str
    reviewer: str | None
    score: ListedScore | None
    state: str
    decision: dict[str, object] | None
    due: tuple[DueItem, ...] = ()
    decision_file: str | None = None
    """The decision's path inside the workspace."""
    doubts: tuple[str, ...] = ()
    """Why not to rely on its figures or its decision, in a few words each."""
    withdrawn: str = ""
    """Who withdrew the approval, when and why."""


def listed_score(scorecard: Scorecard) -> ListedScore:
    rubric = scorecard.rubric
    reference = RubricRef(rubric.id, rubric.version, rubric.digest)
    return ListedScore(reference, scorecard.complete, progress(scorecard), scorecard.overall, scorecard.verdict)


def with_decision(
    entry: ListEntry, decision: Decision | None, standing: Standing | None, file: str | None = None
) -> ListEntry:
    """The entry with the decision that counts, its path inside the workspace, and how it stands that day."""
    is_usable = standing is not None and standing.stands.may_be_used and not standing.doubts
    last = last_day_of(decision, standing) if decision is not None and is_usable else None
    return replace(
        entry,
        state=with_last_day(brief_standing(decision, standing), last),
        decision=None if decision is None else decision_json(decision, standing),
        decision_file=file,
        doubts=(*entry.doubts, *(() if standing is None else standing.doubts)),
        withdrawn="" if standing is None or standing.withdrawn is None else withdrawn_words(standing.withdrawn),
    )


ListedEntry = ListEntry | SurveyEntry

NOTHING_HERE = "No assessments here yet. Start one with: toolvet assess"
NOTHING_USABLE = "The files here cannot be used: see above. toolvet check names every problem with its line."

_PLURALS = {DueKind.ANSWER: "Answers to renew", DueKind.MUST_HAVE: "Must-haves to renew", DueKind.WAIVER: "Waivers end"}


def list_text(entries: Sequence[ListedEntry], on: date, *, width: int = 80) -> str:
    """A table of the assessments and a line for each survey, then what is due under each subject."""
    if not entries:
        return NOTHING_HERE
    entries = tuple(_told_apart(entries))
    assessments = [entry for entry in entries if isinstance(entry, ListEntry)]
    surveys = [wrapped(survey_line(entry), width, hanging=2) for entry in entries if isinstance(entry, SurveyEntry)]
    due = list_due_text(entries, on, width=width)
    parts = (
        _assessments(assessments, width) if assessments else "",
        "\n".join(["Surveys (toolvet readiness shows them)", *surveys]) if surveys else "",
        f"Due\n{due}" if due else "",
    )
    return "\n\n".join(part for part in parts if part)


def _told_apart(entries: Sequence[ListedEntry]) -> Iterator[ListedEntry]:
    """The entries, with the folder behind a name that several subjects have."""
    names = told_apart([(entry.subject, entry.folder) for entry in entries])
    return (replace(entry, subject=name) for entry, name in zip(entries, names, strict=True))


def _assessments(entries: Sequence[ListEntry], width: int) -> str:
    headers = ("subject", "known", "range", "verdict", "decision")
    align = ("left", "right", "right", "left", "left")
    rows = [_row(entry) for entry in entries]
    decided = ((None, None, None, None, room) for room in range(width // 2, 23, -2))
    subject = ((room, None, None, 12, 20) for room in range(max(width - 40, 16), 15, -4))
    for widths in (None, *decided, *subject):
        listed = table(rows, headers, TableFormat.SIMPLE, align, widths)
        if max(len(line) for line in listed.split("\n")) <= width:
            break
    told = [f"! {one_line(entry.subject)}: {_in_sentences(entry.doubts)}" for entry in entries if entry.doubts]
    told += [f"! {one_line(entry.subject)}: {one_line(entry.withdrawn)}" for entry in entries if entry.withdrawn]
    return "\n".join([listed, *([""] if told else []), *(wrapped(words, width, hanging=2) for words in told)])


def _in_sentences(doubts: Sequence[str]) -> str:
    """The doubts; one that begins with the path of a file keeps it as it is."""
    begun = (doubt if "/" in doubt.partition(" ")[0] else doubt[:1].upper() + doubt[1:] for doubt in doubts)
    return " ".join(map(ended, begun))


def list_due_text(entries: Sequence[ListedEntry], on: date, *, width: int = 80) -> str:
    """What is due, by day; empty if nothing is."""
    lines = [(item, f"{entry.subject}: {text}") for entry in _told_apart(entries) for item, text in _grouped(entry.due)]
    return "\n".join(
        wrapped(f"{item.day}  {_past(item, on)}{one_line(text)}", width, hanging=12)
        for item, text in sorted(lines, key=lambda line: line[0].day)
    )


def list_sheets(entries: Sequence[ListedEntry], on: date) -> tuple[WorkbookSheet, ...]:
    """The workspace for a workbook: the assessments, and what is due."""
    figures = FIGURES[:4]
    columns = ("subject", "reviewer", "answered", "questions", *figures, "verdict", "decision", "file", "doubts")
    rows: list[tuple[Cell, ...]] = []
    for entry in entries:
        if isinstance(entry, SurveyEntry):
            rows.append((survey_line(entry), *[None] * (len(columns) - 1)))
            continue
        card = entry.score
        answered = None if card is None else card.progress
        overall = range_json(None if card is None else card.overall)
        rows.append(
            (
                entry.subject,
                entry.reviewer,
                None if answered is None else answered.answered,
                None if answered is None else answered.total,
                *(None if (given := overall[name]) is None else round(float(str(given)), 1) for name in figures),
                None if card is None else card.verdict.words,
                entry.state,
                entry.file,
                "; ".join(entry.doubts),
            )
        )
    due = [(item.day.isoformat(), entry.subject, due_item_words(item)) for entry in entries for item in entry.due]
    widths = {"subject": 36, "decision": 30, "file": 50, "doubts": 30, "what": 70}
    return (
        WorkbookSheet("Workspace", columns, rows, widths),
        WorkbookSheet("Due", ("day", "subject", "what"), sorted(due), widths),
        WorkbookSheet("About", ("about", ""), [("As of", day(on))]),
    )


def list_json(entries: Sequence[ListedEntry], on: date) -> list[Json]:
    """The same for programs: one object for each assessment and each survey."""
    return [
        {
            **(_entry_json(entry, on) if isinstance(entry, ListEntry) else survey_json(entry, on)),
            "due": [_due_json(item, on) for item in entry.due],
        }
        for entry in entries
    ]


def _row(entry: ListEntry) -> tuple[str, ...]:
    if entry.score is None:
        return (entry.subject, NO_FIGURE, NO_FIGURE, "no assessment", entry.state)
    is_started = entry.score.progress.is_started
    return (
        f"{entry.subject} ({entry.reviewer})" if entry.reviewer else entry.subject,
        f"{entry.score.progress.known}/{entry.score.progress.total}",
        range_cell(entry.score.overall) if is_started else NO_FIGURE,
        entry.score.verdict.words if is_started else NOT_STARTED,
        entry.state,
    )


def _past(item: DueItem, on: date) -> str:
    return "OVERDUE  " if item.is_past(on) else ""


def _grouped(due: Sequence[DueItem]) -> Iterator[tuple[DueItem, str]]:
    """Merge the answers that expire on the same day into one line."""
    for (_, kind), group in groupby(due, key=lambda item: (item.day, item.kind)):
        items = tuple(group)
        if kind in _PLURALS and len(items) > 1:
            titles = [due_about(item) for item in items]
            shown = ", ".join(titles[:3]) + (f" and {len(titles) - 3} more" if len(titles) > 3 else "")
            yield items[0], f"{_PLURALS[kind]}: {shown}"
        else:
            yield from ((item, due_item_words(item)) for item in items)


def _entry_json(entry: ListEntry, on: date) -> Json:
    return {
        "kind": "assessment",
        "file": entry.file,
        "folder": entry.folder,
        "subject": entry.subject,
        "reviewer": entry.reviewer,
        "on": on.isoformat(),
        **(dict.fromkeys(_JUDGED) if entry.score is None else _judged_json(entry.score)),
        "doubts": list(entry.doubts),
        "decision": entry.decision,
    }


_JUDGED = ("rubric", "complete", "answered", "questions", "overall", "verdict")


def _judged_json(score: ListedScore) -> Json:
    return {
        "rubric": rubric_json(score.rubric),
        "complete": score.complete,
        "answered": score.progress.answered,
        "questions": score.progress.total,
        "overall": range_json(score.overall),
        "verdict": score.verdict.value,
    }


def _due_json(item: DueItem, on: date) -> Json:
    return {
        "day": item.day.isoformat(),
        "kind": item.kind.value,
        "text": due_item_words(item),
        "question": item.question,
        "owner": item.owner,
        "overdue": item.is_past(on),
    }


def decision_json(decision: Decision, standing: Standing | None) -> Json:
    """The decision for programs, and how it stands."""
    since, withdrawn = (None, None) if standing is None else (standing.run_out_since, standing.withdrawn)
    return {
        "decision": decision.decision.value,
        "decided_on": decision.decided_on.isoformat(),
        "decided_by": decision.decided_by,
        "valid_until": iso(decision.valid_until),
        "ends": iso(last_day_of(decision, standing)),
        "stands": None if standing is None else standing.stands.value,
        "under_review_again": standing is not None and standing.is_again,
        "run_out_since": iso(since),
        "withdrawn": None if withdrawn is None else _withdrawn_json(withdrawn),
        "conditions_overdue": 0 if standing is None else len(standing.overdue),
        "conditions": [] if standing is None else [_condition_json(state) for state in standing.conditions],
    }


def _withdrawn_json(withdrawn: Record) -> Json:
    return {"on": withdrawn.on.isoformat(), "by": withdrawn.by, "why": withdrawn.why}


def _condition_json(state: ConditionState) -> Json:
    return {
        "condition": state.name,
        "text": state.condition.text,
        "owner": state.condition.owner,
        "due": iso(state.due),
        "state": condition_status(state),
        "recorded": condition_record_words(state) or None,
    }


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
        "from": rubric_json(migration.old),
        "to": rubric_json(migration.new),
        "scope": [_as_json(step) for step in migration.facts],
        "questions": [_as_json(step) for step in migration.questions],
        "written": written,
    }


def nothing_to_migrate_json(answered: RubricRef, *, file: str) -> dict[str, object]:
    """The same for an assessment that already answers the version."""
    same = rubric_json(answered)
    return {"file": file, "from": same, "to": same, "scope": [], "questions": [], "written": None}


def _as_json(step: MigrationStep) -> dict[str, object]:
    return {
        "id": step.id,
        "change": step.change,
        "answer": step.fate,
        "besides": list(step.besides),
        "level": step.was,
        "new_level": step.becomes,
        "called_before": step.called_before,
    }


def step_change_words(step: MigrationStep) -> str:
    """How it changed: "reworded (weight differs)", "moved to another criterion"."""
    parts: list[str] = ["not compared" if step.change is None else step.change]
    if step.called_before is not None:
        parts[0] = f"{parts[0]}, before {step.called_before}"
    if "criterion" in step.besides:
        parts = [*(part for part in parts if step.change is not ChangeKind.SAME), MOVED]
    besides = [each for each in step.besides if each != "criterion"]
    differ = f" ({listed(besides)} differ{'s' if len(besides) == 1 else ''})" if besides else ""
    return f"{', '.join(parts)}{differ}"


def fate_words(step: MigrationStep) -> str:
    """What happens to its answer: "kept, to be confirmed, level 2 is now 3"."""
    if step.fate is Fate.RETIRED and step.change not in (ChangeKind.GONE, None) and step.was is not None:
        return f"kept aside, open: level {step.was} is not on the new ladder"
    if step.was is None or step.becomes is None or step.was == step.becomes:
        return step.fate
    return f"{step.fate}, level {step.was} is now {step.becomes}"


def counted_words(steps: Sequence[MigrationStep], what: str = "question") -> str:
    """How many of each: "12 questions: 9 kept and 3 to be confirmed."."""
    return f"{plural(len(steps), what)}: {listed(list(_counts(steps)))}."


def _counts(steps: Sequence[MigrationStep]) -> Iterator[str]:
    for fate, words in _FATES.items():
        count = sum(step.fate is fate for step in steps)
        if count:
            yield f"{count} {words}"


def output_schema(command: str) -> str:
    """The JSON Schema of what that command prints with --json. More keys may come."""
    return (Path(__file__).parent / "schemas" / f"{command}.json").read_text(encoding="utf-8")
