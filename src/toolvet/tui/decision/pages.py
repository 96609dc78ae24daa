"""Pages of the Decision screen: the decision, how it stands, its conditions, and what was recorded since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from textual.app import App
from textual.content import Content

from toolvet.domain.decision import Decision
from toolvet.domain.records import ConditionState, Record
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.standing import Standing
from toolvet.services.assessments import Session
from toolvet.services.events import HistoryEvent, history_of
from toolvet.services.overview import days_words, urgency_of
from toolvet.storage.reader import DecisionFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.text.escape import ended, listed
from toolvet.text.labels import DECISION_STYLES, day, verdict_mark
from toolvet.text.record_words import condition_record_words, record_words, standing_line
from toolvet.text.sentences import reasons_in_words
from toolvet.tui.home.details import URGENCY_SIGNS, URGENCY_STYLES
from toolvet.tui.kit.content import below_each_other, in_a_row, on_one_line, shown
from toolvet.tui.kit.dialogs import Tell
from toolvet.tui.kit.link_list import PageRow, blank, line, quiet_line, title_line
from toolvet.tui.kit.score_panel import verdict_chip

_INDENT = 3
_STATE_WIDTH, _DUE_WIDTH, _OWNER_WIDTH = 16, 19, 22
_BESIDE_FROM = 110
"""Columns from which a condition stands beside its state, day and owner, not below them."""


def decision_rows(
    file: DecisionFile,
    standing: Standing,
    signatures: Sequence[str],
    titles: Mapping[str, str],
    scorecard: Scorecard | None,
    width: int,
) -> Iterator[PageRow]:
    """The page from top to bottom; the row of a condition leads to it by its name. `titles` are the questions'.

    `scorecard` is that of the assessment behind it, today; None where it cannot be read.
    """
    decision = file.decision
    yield line(Content.styled(verdict_mark(decision.decision), f"bold {DECISION_STYLES[decision.decision]}"))
    words = standing_line(decision, standing)
    yield title_line(f"{words[:1].upper()}{words[1:]}.")
    yield line(f"Decided by {decision.decided_by} on {day(decision.decided_on)}.")
    if scorecard is not None:
        yield line("Today: ", verdict_chip(scorecard), *(f"  {words}" for words in reasons_in_words(scorecard)[:1]))
    yield from (line(shown(f"! {doubt}", "bold $text-error")) for doubt in standing.doubts)
    conditions = sorted(standing.by_due, key=lambda state: state.met is not None)
    yield from _headed("Conditions", list(_condition_rows(conditions, standing.on, width)))
    records = [record for record in file.records if record.on <= standing.on]
    events = [_event_row(record, decision) for record in records]
    yield from _headed("Since then", events)
    signed = [line(words) for words in signatures] or [
        quiet_line("Unsigned. P signs it with your ssh key; a seal alone proves no author.")
    ]
    yield from _headed("Signature", signed)
    yield from _headed("Why, and on what terms", list(_terms(decision, titles)))


def _event_row(record: Record, decision: Decision) -> PageRow:
    when = Content.styled(f"{day(record.on):<{_DUE_WIDTH}}", "$text-muted")
    return PageRow(in_a_row(" ", when, record_words(record, decision)), indent=_DUE_WIDTH + 1)


def _terms(decision: Decision, titles: Mapping[str, str]) -> Iterator[PageRow]:
    if decision.owner:
        yield line(f"Nobody has assessed it; {decision.owner} answers for it.")
    if decision.rationale:
        yield line(ended(decision.rationale))
    if decision.approved_for.left_off:
        yield line(f"Not covered: {listed(decision.approved_for.left_off)}.")
    for waiver in decision.waivers:
        title = titles.get(waiver.question, waiver.question)
        words = f'Waived until {day(waiver.expires)}, owned by {waiver.owner}: "{title}". {ended(waiver.reason)}'
        yield PageRow(in_a_row(f" {words} Instead: {ended(waiver.compensating_control)}"), indent=_INDENT)


def _headed(heading: str, rows: Sequence[PageRow]) -> Iterator[PageRow]:
    if rows:
        yield blank()
        yield title_line(heading)
        yield from rows


def _condition_rows(states: Sequence[ConditionState], on: date, width: int) -> Iterator[PageRow]:
    """Each condition with its state, day and owner in columns, those that are met last."""
    is_beside = width >= _BESIDE_FROM
    owner_width = min(_OWNER_WIDTH, max((len(_owner(state)) for state in states), default=0) + 2)
    indent = _INDENT + _STATE_WIDTH + _DUE_WIDTH + owner_width if is_beside else _INDENT
    if states:
        head = f"   {'':<{_STATE_WIDTH}}{'due':<{_DUE_WIDTH}}{'owner':<{owner_width}}{'condition' if is_beside else ''}"
        yield PageRow(Content.styled(head, "$text-muted"))
    for state in states:
        mark, style = _state_words(state, on)
        owner = on_one_line(_owner(state))
        if is_beside:
            owner = owner.truncate(owner_width - 2, ellipsis=True).pad_right(2)
            owner = owner.pad_right(owner_width - owner.cell_length)
        said = condition_record_words(state)
        text = in_a_row(
            " ",
            Content.styled(f"{mark:<{_STATE_WIDTH + 2}}", style),
            Content.styled(f"{'–' if state.due is None else day(state.due):<{_DUE_WIDTH}}", style),
            owner,
            "" if is_beside else "\n",
            on_one_line(ended(state.condition.text)),
            on_one_line(f" ({said})" if said else "", "$text-muted"),
        )
        yield PageRow(text, state.name, indent)


def _owner(state: ConditionState) -> str:
    return state.condition.owner or "no owner"


def _state_words(state: ConditionState, on: date) -> tuple[str, str]:
    """Whether it is met, or how soon it is due, as on Home, with its style."""
    if state.met is not None:
        return "✓ met", "$text-success"
    if state.due is None:
        return "· open", "$text-muted"
    urgency = urgency_of(state.due, on)
    return f"{URGENCY_SIGNS[urgency]} {days_words(state.due, on)}", URGENCY_STYLES[urgency]


def tell_history(app: App[Any], session: Session, folder: SubjectFolder) -> None:
    """Show what happened to a tool, in order, with what changed from each review and decision to the next."""
    lines = list(_history_lines(history_of(session, folder)))
    nothing = f"Nothing had happened by {day(session.on)}."
    app.push_screen(Tell("History", below_each_other(*lines) if lines else nothing))


def _history_lines(events: Sequence[HistoryEvent]) -> Iterator[Content]:
    for at, (on, same) in enumerate(groupby(events, key=lambda event: event.on)):
        if at:
            yield Content("")
        yield Content.styled(day(on), "bold")
        for event in same:
            name = on_one_line(f"  {Path(event.file).name}", "$text-muted")
            yield in_a_row("· ", on_one_line(event.words), name)
            yield from (in_a_row("  - ", on_one_line(change)) for change in event.changes)
