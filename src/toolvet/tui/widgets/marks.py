"""Signs and words for answers, must-haves and verdicts. Each sign differs in shape, so none relies on colour."""

from __future__ import annotations

from toolvet.domain.scorecard import AnswerState, MustHaveState, QuestionScore, Verdict

MUST_HAVE = "◆"
TO_CONFIRM = "!"
"""Stands for an answer that has to be given anew because the question was changed."""
MARKED = "*"
"""Stands before a tool that is marked to be compared."""

ANSWER_SIGNS = {
    AnswerState.ANSWERED: "●",
    AnswerState.EXPIRED: "↻",
    AnswerState.UNKNOWN: "?",
    AnswerState.NOT_APPLICABLE: "–",
    AnswerState.UNANSWERED: "·",
}
ANSWER_WORDS = {
    AnswerState.ANSWERED: "answered",
    AnswerState.EXPIRED: "expired",
    AnswerState.UNKNOWN: "unknown",
    AnswerState.NOT_APPLICABLE: "not applicable",
    AnswerState.UNANSWERED: "not answered yet",
}
ANSWER_STYLES = {
    AnswerState.ANSWERED: "$foreground",
    AnswerState.EXPIRED: "$text-warning",
    AnswerState.UNKNOWN: "$text-warning",
    AnswerState.NOT_APPLICABLE: "$text-muted",
    AnswerState.UNANSWERED: "$text-muted",
}
MUST_HAVE_WORDS = {
    MustHaveState.MET: "met",
    MustHaveState.FAILED: "FAILED",
    MustHaveState.UNKNOWN: "not known",
    MustHaveState.EXPIRED: "expired",
    MustHaveState.NOT_APPLICABLE: "not applicable",
}
MUST_HAVE_SIGNS = {
    MustHaveState.MET: "✓",
    MustHaveState.FAILED: "✗",
    MustHaveState.UNKNOWN: "?",
    MustHaveState.EXPIRED: "↻",
    MustHaveState.NOT_APPLICABLE: "–",
}
MUST_HAVE_STYLES = {
    MustHaveState.MET: "$text-success",
    MustHaveState.FAILED: "$text-error",
    MustHaveState.UNKNOWN: "$text-warning",
    MustHaveState.EXPIRED: "$text-warning",
    MustHaveState.NOT_APPLICABLE: "$text-warning",
}
VERDICT_SIGNS = {
    Verdict.APPROVE: "✓",
    Verdict.APPROVE_WITH_CONDITIONS: "◐",
    Verdict.HOLD: "‖",
    Verdict.REJECT: "✗",
}
VERDICT_STYLES = {
    Verdict.APPROVE: "$text-success",
    Verdict.APPROVE_WITH_CONDITIONS: "$text-accent",
    Verdict.HOLD: "$text-warning",
    Verdict.REJECT: "$text-error",
}


def answer_mark(scored: QuestionScore) -> str:
    """Two cells: the sign of the answer and its level, or a blank."""
    if scored.to_confirm:
        return f"{TO_CONFIRM} "
    level = "" if scored.level is None else str(scored.level)
    return f"{ANSWER_SIGNS[scored.state]}{level or ' '}"


def answer_style(scored: QuestionScore) -> str:
    """The style of that mark."""
    return "$text-warning" if scored.to_confirm else ANSWER_STYLES[scored.state]


def verdict_mark(verdict: Verdict) -> str:
    """The sign and the word: "✓ APPROVE"."""
    return f"{VERDICT_SIGNS[verdict]} {verdict.words.upper()}"
