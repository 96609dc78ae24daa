"""Pages of the Decision screen: the decision, how it stands, its conditions, and what was recorded since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.app import App
from textual.content import Content

from toolvet.domain.decision import Decision
from toolvet.domain.records import ConditionState
from toolvet.domain.standing import Standing
from toolvet.services.assessments import Session
from toolvet.services.events import history_of, history_text
from toolvet.storage.reader import DecisionFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.text.escape import ended, listed
from toolvet.text.labels import DECISION_STYLES, day, verdict_mark
from toolvet.text.record_words import (
    condition_record_words,
    condition_status,
    record_words,
    standing_line,
)
from toolvet.tui.kit.content import shown
from toolvet.tui.kit.dialogs import Tell
from toolvet.tui.kit.link_list import PageRow

_INDENT = 3
_HISTORY_WIDTH = 66
"""Columns of text in a dialog at 80 columns, so that what goes on hangs under its own text."""
_SIGNS = {"met": "✓", "open": "·", "overdue": "✗"}
_STYLES = {"met": "$text-success", "open": "$foreground", "overdue": "bold $text-error"}


def decision_rows(
    file: DecisionFile, standing: Standing, signatures: Sequence[str], titles: Mapping[str, str]
) -> Iterator[PageRow]:
    """The page from top to bottom; the row of a condition leads to it by its name. `titles` are the questions'."""
    decision = file.decision
    yield PageRow(Content.styled(verdict_mark(decision.decision), f"bold {DECISION_STYLES[decision.decision]}"))
    words = standing_line(decision, standing)
    yield PageRow(shown(f"{words[:1].upper()}{words[1:]}.", "bold"))
    yield PageRow(shown(f"Decided by {decision.decided_by} on {day(decision.decided_on)}."))
    yield from (PageRow(shown(f"! {doubt}", "bold $text-error")) for doubt in standing.doubts)
    yield from _headed("Conditions", [_condition(state) for state in standing.by_due])
    records = [record for record in file.records if record.on <= standing.on]
    events = [PageRow(shown(f"{record.on}  {record_words(record, decision)}"), indent=12) for record in records]
    yield from _headed("Since then", events)
    signed = [PageRow(shown(words)) for words in signatures] or [
        PageRow(shown("Unsigned. P signs it with your ssh key; a seal alone proves no author.", "$text-muted"))
    ]
    yield from _headed("Signature", signed)
    yield from _headed("Why, and on what terms", list(_terms(decision, titles)))


def _terms(decision: Decision, titles: Mapping[str, str]) -> Iterator[PageRow]:
    if decision.owner:
        yield PageRow(shown(f"Nobody has assessed it; {decision.owner} answers for it."))
    if decision.rationale:
        yield PageRow(shown(ended(decision.rationale)))
    if decision.approved_for.left_off:
        yield PageRow(shown(f"Not covered: {listed(decision.approved_for.left_off)}."))
    for waiver in decision.waivers:
        title = titles.get(waiver.question, waiver.question)
        words = f'Waived until {day(waiver.expires)}, owned by {waiver.owner}: "{title}". {ended(waiver.reason)}'
        yield PageRow(shown(f"{words} Instead: {ended(waiver.compensating_control)}"), indent=_INDENT)


def _headed(heading: str, rows: Sequence[PageRow]) -> Iterator[PageRow]:
    if rows:
        yield PageRow(Content(""))
        yield PageRow(Content.styled(heading, "bold"))
        yield from rows


def _condition(state: ConditionState) -> PageRow:
    status = condition_status(state)
    due = f", due {day(state.due)}" if state.due and state.met is None else ""
    owner = f", {state.condition.owner}" if state.condition.owner else ", no owner"
    said = condition_record_words(state)
    words = f" {_SIGNS[status]} {status}{due}{owner}: {ended(state.condition.text)}{f' ({said})' if said else ''}"
    return PageRow(shown(words, _STYLES[status]), state.name, _INDENT)


def tell_history(app: App[Any], session: Session, folder: SubjectFolder) -> None:
    """Show what happened to a tool, in order, with what changed from each review and decision to the next."""
    events = [replace(event, file=Path(event.file).name) for event in history_of(session, folder)]
    words = history_text(events, _HISTORY_WIDTH) or f"Nothing had happened by {day(session.on)}."
    app.push_screen(Tell("History", words))
