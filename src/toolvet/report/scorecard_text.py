"""A scorecard as plain text: the verdict and its reasons first, then what they rest on."""

from __future__ import annotations

from collections.abc import Sequence

from toolvet.domain.advice import Advice, further_words, note_words, step_words
from toolvet.domain.assessment import Assessment
from toolvet.domain.findings import Finding
from toolvet.domain.scorecard import Scorecard, ScoreRange, Verdict
from toolvet.report.charts import range_bar, range_legend
from toolvet.report.tables import TableFormat, table
from toolvet.report.text import columns_of, fitted, one_line, visible, wrapped
from toolvet.report.words import (
    NO_FIGURE,
    day,
    figure,
    house_policy_words,
    marked_state,
    number,
    observed_over,
    proof_words,
    reviewer_words,
)


def scorecard_text(
    scorecard: Scorecard,
    assessment: Assessment,
    findings: Sequence[Finding],
    advice: Sequence[Advice],
    *,
    file: str | None = None,
    width: int = 80,
) -> str:
    """The whole scorecard in lines of about that width, without a line end after the last."""
    parts = (
        _verdict(scorecard, assessment, width),
        _figures(scorecard),
        _bars(scorecard, width),
        _must_haves(scorecard, assessment),
        _findings(findings, width),
        _advice(advice, scorecard, width),
        _origin(scorecard, assessment, file, width),
    )
    return "\n\n".join(part for part in parts if part)


def _verdict(scorecard: Scorecard, assessment: Assessment, width: int) -> str:
    lines = [
        one_line(assessment.subject.label),
        f"Verdict: {scorecard.verdict.words.upper()}{'' if scorecard.complete else ' (assessment not complete)'}",
    ]
    lines += [wrapped(f"  - {reason.text}", width, hanging=4) for reason in scorecard.reasons]
    return "\n".join(lines)


def _figures(scorecard: Scorecard) -> str:
    rows = [
        (scored.criterion.title, *range_figures(scored.range), number(scored.criterion.weight))
        for scored in scorecard.criteria
    ]
    rows.append(("Overall", *range_figures(scorecard.overall), ""))
    headers = ("criterion", "floor", "observed", "ceiling", "coverage", "proven", "weight")
    text = table(rows, headers, TableFormat.SIMPLE, ("left", *["right"] * 6))
    over = observed_over(scorecard.observed_over, scorecard.criteria)
    return f"{text}\n{over}" if over else text


def range_figures(score_range: ScoreRange | None) -> tuple[str, str, str, str, str]:
    """Floor, observed, ceiling, coverage and proven to one decimal."""
    if score_range is None:
        return (NO_FIGURE,) * 5
    return (
        figure(score_range.floor),
        figure(score_range.observed),
        figure(score_range.ceiling),
        figure(score_range.coverage),
        figure(score_range.proven),
    )


def _bars(scorecard: Scorecard, width: int) -> str:
    approve = scorecard.rubric.policy.approve
    bars = [
        (one_line(scored.criterion.title), scored.range, approve.criterion)
        for scored in scorecard.criteria
        if scored.range is not None
    ]
    if scorecard.overall is not None:
        bars.append(("Overall", scorecard.overall, approve.overall))
    if not bars:
        return ""
    left = min(max(columns_of(title) for title, _, _ in bars), width // 2)
    lines = [
        f"{fitted(title, left)}  {range_bar(score_range, max(width - left - 2, 10), (mark,))}"
        for title, score_range, mark in bars
    ]
    return "\n".join([*lines, range_legend()])


def _must_haves(scorecard: Scorecard, assessment: Assessment) -> str:
    if not scorecard.must_haves:
        return ""
    rows = [
        (
            marked_state(must_have),
            must_have.question.title,
            NO_FIGURE if must_have.level is None else str(must_have.level),
            str(must_have.must_reach),
            proof_words(must_have, assessment.answer(must_have.question.id)),
        )
        for must_have in scorecard.must_haves
    ]
    headers = ("state", "must-have", "level", "must reach", "evidence")
    return table(rows, headers, TableFormat.SIMPLE, ("left", "left", "right", "right", "left"))


def _findings(findings: Sequence[Finding], width: int) -> str:
    if not findings:
        return "Findings: none"
    return "\n".join(["Findings", *(wrapped(f"  - {finding.text}", width, hanging=4) for finding in findings)])


def _advice(advice: Sequence[Advice], scorecard: Scorecard, width: int) -> str:
    if not advice:
        is_best = scorecard.verdict is Verdict.APPROVE
        return "" if is_best else "No answers would lead to a better verdict under this policy."
    lines = ["What would change the verdict"]
    for way in advice:
        lines.append(f"  To {way.target.words}:")
        lines += [wrapped(f"    - {step_words(step)}", width, hanging=6) for step in way.needed]
        lines.append(f"    {further_words(way)}")
        lines += [wrapped(f"    - {step_words(step)}", width, hanging=6) for step in way.further or ()]
        lines += [wrapped(f"    {note}", width, hanging=4) for note in note_words(way)]
    return "\n".join(lines)


def _origin(scorecard: Scorecard, assessment: Assessment, file: str | None, width: int) -> str:
    started = f", started {day(assessment.started)}" if assessment.started else ""
    rubric = scorecard.rubric
    digest = f", {rubric.digest}" if rubric.digest else ""
    lines = [
        wrapped(
            f"Assessed by {reviewer_words(assessment.reviewer)}{started}. Scored as of {day(scorecard.on)}.", width
        ),
        f"Rubric {rubric.id} {rubric.version}{digest}",
    ]
    if file is not None:
        lines.append(f"File {visible(file)}")
    return "\n".join([*lines, wrapped(house_policy_words(rubric), width)])
