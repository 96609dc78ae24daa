"""A scorecard as plain text: the verdict and its reasons first, then what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolvet.domain.advice import Advice, Step
from toolvet.domain.assessment import Assessment, RubricRef
from toolvet.domain.findings import Finding
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import FIGURES, MustHave, QuestionScore, Scorecard, ScoreRange, Verdict
from toolvet.text.advice_words import further_words, note_words, step_words
from toolvet.text.charts import range_bar, range_legend
from toolvet.text.escape import columns_of, fitted, one_line, visible, wrapped
from toolvet.text.labels import (
    NO_FIGURE,
    NOT_STARTED,
    day,
    figure,
    house_policy_words,
    marked_state,
    number,
    observed_over,
    plain_number,
    proof_words,
    reviewer_words,
    state_words,
)
from toolvet.text.sentences import finding_words, reason_words
from toolvet.text.tables import Cell, TableFormat, WorkbookSheet, table


def scorecard_text(
    scorecard: Scorecard,
    assessment: Assessment,
    findings: Sequence[Finding],
    advice: Sequence[Advice],
    *,
    file: str | None = None,
    width: int = 80,
    has_charts: bool = True,
) -> str:
    """The whole scorecard in lines of about that width, without a line end after the last."""
    parts = (
        _verdict(scorecard, assessment, width),
        _figures(scorecard),
        _bars(scorecard, width) if has_charts else "",
        _must_haves(scorecard, assessment),
        _findings(findings, scorecard, width),
        _advice(advice, scorecard, width),
        _origin(scorecard, assessment, file, width),
    )
    return "\n\n".join(part for part in parts if part)


def _verdict(scorecard: Scorecard, assessment: Assessment, width: int) -> str:
    state = "" if scorecard.complete else " (assessment not complete)" if scorecard.is_started else f" ({NOT_STARTED})"
    lines = [
        one_line(assessment.subject.label),
        f"Verdict: {scorecard.verdict.words.upper()}{state}",
    ]
    lines += [wrapped(f"  - {reason_words(reason, scorecard)}", width, hanging=4) for reason in scorecard.reasons]
    return "\n".join(lines)


def _figures(scorecard: Scorecard) -> str:
    rows = [
        (scored.criterion.title, *range_figures(scored.range), number(scored.criterion.weight))
        for scored in scorecard.criteria
    ]
    rows.append(("Overall", *range_figures(scorecard.overall), ""))
    headers = ("criterion", *FIGURES, "weight")
    text = table(rows, headers, TableFormat.SIMPLE, ("left", *["right"] * 6))
    over = observed_over(scorecard.observed_over, scorecard.criteria)
    return f"{text}\n{over}" if over else text


def range_cell(score_range: ScoreRange | None) -> str:
    """Floor and ceiling: `45.8–79.2`."""
    return NO_FIGURE if score_range is None else f"{figure(score_range.floor)}–{figure(score_range.ceiling)}"


def range_figures(score_range: ScoreRange | None) -> tuple[str, ...]:
    """The `FIGURES` to one decimal."""
    return tuple(figure(getattr(score_range, name, None)) for name in FIGURES)


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
            must_have.question.heading,
            NO_FIGURE if must_have.level is None else str(must_have.level),
            str(must_have.must_reach),
            proof_words(must_have, assessment.answer(must_have.question.id)),
        )
        for must_have in scorecard.must_haves
    ]
    headers = ("state", "must-have", "level", "must reach", "evidence")
    return table(rows, headers, TableFormat.SIMPLE, ("left", "left", "right", "right", "left"))


def _findings(findings: Sequence[Finding], scorecard: Scorecard, width: int) -> str:
    if not findings:
        return "Findings: none"
    return "\n".join(
        ["Findings", *(wrapped(f"  - {finding_words(finding, scorecard)}", width, hanging=4) for finding in findings)]
    )


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


def score_sheets(judged: Sequence[tuple[str, Assessment, Scorecard]]) -> tuple[WorkbookSheet, ...]:
    """The scorecards for a workbook: a file, its assessment and its scorecard each."""
    scores: list[tuple[Cell, ...]] = []
    must_haves: list[tuple[Cell, ...]] = []
    questions: list[tuple[Cell, ...]] = []
    for file, assessment, card in judged:
        about = (assessment.subject.label, file)
        ranges = [("Overall", card.overall), *((each.criterion.title, each.range) for each in card.criteria)]
        for title, found in ranges:
            verdict = card.verdict.words if title == "Overall" else None
            scores.append((*about, title, verdict, *map(_percentage, range_figures(found))))
        for each in card.must_haves:
            proof = proof_words(each, assessment.answer(each.question.id))
            must_haves.append(
                (*about, each.question.heading, state_words(each.state), each.level, each.must_reach, proof)
            )
        for scored in card.questions:
            if scored.applies is not False:
                question = scored.question
                state = state_words(scored.state)
                questions.append((*about, scored.criterion.title, question.id, question.heading, state, scored.level))
    widths = {"subject": 30, "file": 44, "criterion": 26, "must-have": 40, "question": 30, "title": 40}
    levels = ("must-have", "state", "level", "must reach", "evidence")
    return (
        WorkbookSheet("Scores", ("subject", "file", "criterion", "verdict", *FIGURES), scores, widths),
        WorkbookSheet("Must-haves", ("subject", "file", *levels), must_haves, widths),
        WorkbookSheet(
            "Questions", ("subject", "file", "criterion", "question", "title", "state", "level"), questions, widths
        ),
    )


def _percentage(shown: str) -> float | None:
    return None if shown == NO_FIGURE else float(shown)


Json = dict[str, object]


def scorecard_json(
    scorecard: Scorecard, assessment: Assessment, findings: Sequence[Finding], advice: Sequence[Advice], *, file: str
) -> Json:
    """One scorecard for a list of them. Percentages are not rounded; null stands for none."""
    return {
        "file": file,
        "subject": assessment.subject.label,
        "rubric": rubric_json(scorecard.rubric),
        "on": scorecard.on.isoformat(),
        "complete": scorecard.complete,
        "verdict": scorecard.verdict.value,
        "reasons": reasons_json(scorecard),
        "overall": range_json(scorecard.overall),
        "criteria": criteria_json(scorecard),
        "must_haves": [_must_have(must_have) for must_have in scorecard.must_haves],
        "questions": questions_json(scorecard),
        "findings": findings_json(findings, scorecard),
        "advice": [advice_json(way) for way in advice],
    }


def rubric_json(rubric: Rubric | RubricRef) -> Json:
    return {"id": rubric.id, "version": rubric.version, "digest": rubric.digest}


def range_json(score_range: ScoreRange | None) -> Json:
    """The five figures in percent, or nulls."""
    figures = {name: getattr(score_range, name, None) for name in FIGURES}
    return {name: None if found is None else float(found) for name, found in figures.items()}


def reasons_json(scorecard: Scorecard) -> list[Json]:
    """The reasons for the verdict, in order."""
    return [
        {
            "code": one.code.value,
            "question": one.question,
            "criterion": one.criterion,
            "text": reason_words(one, scorecard),
        }
        for one in scorecard.reasons
    ]


def findings_json(findings: Sequence[Finding], scorecard: Scorecard) -> list[Json]:
    """The findings with the ids of their questions."""
    return [
        {"code": one.code.value, "questions": list(one.questions), "text": finding_words(one, scorecard)}
        for one in findings
    ]


def criteria_json(scorecard: Scorecard) -> list[Json]:
    """Every criterion with its figures."""
    return [
        {
            "id": scored.criterion.id,
            "title": scored.criterion.title,
            "weight": plain_number(scored.criterion.weight),
            **range_json(scored.range),
        }
        for scored in scorecard.criteria
    ]


def _must_have(must_have: MustHave) -> Json:
    return {
        "question": must_have.question.id,
        "must_reach": must_have.must_reach,
        "if_missed": must_have.if_missed.value,
        "level": must_have.level,
        "state": must_have.state.value,
        "proven": must_have.proven,
        "supported": must_have.supported,
    }


def questions_json(scorecard: Scorecard) -> list[Json]:
    """Every question, and how it counts."""
    return [_question(scored) for scored in scorecard.questions]


def _question(scored: QuestionScore) -> Json:
    return {
        "id": scored.question.id,
        "title": scored.question.title,
        "ref": scored.question.ref,
        "criterion": scored.criterion.id,
        "applies": "open" if scored.applies is None else scored.applies,
        "state": scored.state.value,
        "level": scored.level,
        "value": None if scored.value is None else float(scored.value),
        "weight": plain_number(scored.question.weight),
        "proven": scored.proven,
    }


def advice_json(way: Advice) -> Json:
    """One way; a step is one rung, so that a question raised by two of them is there twice.

    `steps_at_least` is null where the steps are all that it takes. `outcomes` is there where facts that are not given
    could break the promise.
    """
    steps = [each for step in way.further or () for each in _rungs(step)]
    outcomes = [
        {"fact": each.fact.id, "option": each.option, "verdicts": [verdict.value for verdict in each.verdicts]}
        for each in way.outcomes
    ]
    return {
        "verdict": way.target.value,
        "needs": [need for step in way.needed for need in _needs(step)],
        "steps": steps,
        "steps_at_least": way.steps_at_least if way.further is None else None,
        "sure": way.is_sure,
        "outcomes": outcomes,
    }


def _needs(step: Step) -> Iterator[Json]:
    if step.fact is not None:
        yield {"kind": step.kind.value, "fact": step.fact.id, "level": None, "idle": step.is_idle}
        return
    question = None if step.question is None else step.question.id
    yield {"kind": step.kind.value, "question": question, "level": step.rung}
    if step.evidence is not None:
        yield {"kind": step.evidence.value, "question": question, "level": step.rung}


def _rungs(step: Step) -> Iterator[Json]:
    if step.question is None or step.rung is None:
        return
    for level in range(step.rung - step.steps + 1, step.rung + 1):
        yield {"question": step.question.id, "level": level}
