"""What is said of a question, and of where the assessment stands."""

from __future__ import annotations

from collections.abc import Iterator

from toolvet.domain.answering import to_confirm
from toolvet.domain.assessment import Answer, Evidence
from toolvet.domain.passes import progress, progress_words
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard
from toolvet.report.words import figure

HELP = """\
A number: the highest rung that is wholly true.
u: unknown; you are asked what was tried. x: not applicable; you are asked why. clear: no answer.
note, setting, evidence: add to the answer. The text can follow at once: note Works on tablets.
skip or an empty line: the next question. back: the one before. open: the next open one. go and an id: that one.
why: why it is asked. facts: the scope facts again. score: where it stands. again: the question once more.
quit: stop."""


def question_words(scorecard: Scorecard, scored: QuestionScore, answer: Answer, place: str) -> str:
    """The question, its ladder, and what was answered so far."""
    question = scored.question
    lines = [f"{place} {scored.criterion.title}. {question.id}"]
    must_have = next((each for each in scorecard.must_haves if each.question.id == question.id), None)
    if must_have is not None:
        lines.append(f"Must-have: it must reach {must_have.must_reach}.")
    lines.append(question.text)
    if question.check:
        lines.append(f"How to check: {question.check}")
    lines += [f"  {level}: {rung}" for level, rung in enumerate(question.levels)]
    lines += answer_lines(scored, answer)
    return "\n".join(lines)


def answer_lines(scored: QuestionScore, answer: Answer) -> Iterator[str]:
    """What was answered, with note, setting and evidence."""
    dated = f" on {answer.answered}" if answer.answered else ""
    match scored.state:
        case AnswerState.ANSWERED:
            yield f"Answered {answer.level}{dated}."
        case AnswerState.EXPIRED:
            yield f"Answered {answer.level}{dated}; expired, to be answered again."
        case AnswerState.UNKNOWN:
            yield f"Unknown{dated}. {answer.unknown}".rstrip()
        case AnswerState.NOT_APPLICABLE:
            yield f"Not applicable{dated}. {answer.not_applicable}".rstrip()
        case AnswerState.UNANSWERED:
            kept = to_confirm(answer)
            yield "Not answered yet." if kept is None else f"To be confirmed: {kept}. Answer it again."
    if answer.note:
        yield f"Note: {answer.note}"
    if answer.setting:
        yield f"Setting: {answer.setting}"
    for evidence in answer.evidence:
        yield f"Evidence: {evidence_words(evidence)}"


def evidence_words(evidence: Evidence) -> str:
    """Source, grade and day in one line."""
    details = [str(detail) for detail in (evidence.grade, evidence.date) if detail is not None]
    return f"{evidence.source} ({', '.join(details)})" if details else evidence.source


def standing(scorecard: Scorecard) -> str:
    """How far it is and what it comes to, in two sentences."""
    overall = scorecard.overall
    figures = (
        f"Floor {figure(overall.floor)}, observed {figure(overall.observed)}, ceiling {figure(overall.ceiling)}."
        if overall
        else "Nothing counts yet."
    )
    return f"{progress_words(progress(scorecard))} questions. Verdict: {scorecard.verdict.words}. {figures}"
