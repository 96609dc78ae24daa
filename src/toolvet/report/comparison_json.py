"""A comparison as JSON: the fields of `toolvet compare --json`."""

from __future__ import annotations

from toolvet.domain.comparison import Ranked, separated_pairs
from toolvet.domain.robustness import LeaderHolds, Robustness
from toolvet.domain.scorecard import QuestionScore
from toolvet.report.comparison import Comparison, Entry
from toolvet.report.comparison_why import Part, Why
from toolvet.report.scorecard_json import Json, range_json, scorecard_json


def comparison_json(
    comparison: Comparison,
    *,
    robustness: Robustness | None = None,
    reason: Why | None = None,
    by_question: bool = False,
) -> Json:
    """The tools in ranked order and whom the evidence separates; robustness, matrix and reasons where asked for."""
    rubric = comparison.rubric
    ranked = [Ranked(entry.rank, entry.candidate) for entry in comparison.entries]
    found: Json = {
        "rubric": {"id": rubric.id, "version": rubric.version, "digest": rubric.digest},
        "on": comparison.on.isoformat(),
        "tools": [_tool(entry) for entry in comparison.entries],
        "separated": [[better.file, worse.file] for better, worse in separated_pairs(ranked)],
    }
    if by_question:
        found["questions"] = _questions(comparison)
    if robustness is not None:
        found["robustness"] = robustness_json(robustness)
    if reason is not None:
        found["why"] = _why(reason)
    return found


def robustness_json(robustness: Robustness) -> Json:
    """Weights as shares of one."""
    return {
        "seed": robustness.seed,
        "draws": robustness.draws,
        "first_share": {file: float(share) for file, share in robustness.first_share.items()},
        "left_out": [candidate.file for candidate in robustness.left_out],
        "leader_holds": [_holds(hold) for hold in robustness.holds],
    }


def _tool(entry: Entry) -> Json:
    scorecard = entry.scorecard
    return {
        "file": entry.candidate.file,
        "name": entry.name,
        "rank": entry.rank,
        "verdict": scorecard.verdict.value,
        "overall": range_json(scorecard.overall),
        "criteria": scorecard_json(scorecard, entry.tool.assessment, (), (), file=entry.candidate.file)["criteria"],
    }


def _holds(hold: LeaderHolds) -> Json:
    return {
        "criterion": hold.criterion.id,
        "weight": float(hold.weight),
        "from": float(hold.low.share),
        "to": float(hold.high.share),
    }


def _questions(comparison: Comparison) -> list[Json]:
    return [
        {
            "id": question.id,
            "criterion": criterion.id,
            "answers": [
                _answer(entry.candidate.file, entry.scorecard.question(question.id)) for entry in comparison.entries
            ],
        }
        for criterion, question in comparison.rubric.questions()
    ]


def _answer(file: str, scored: QuestionScore) -> Json:
    applies = "open" if scored.applies is None else scored.applies
    return {"file": file, "applies": applies, "state": scored.state.value, "level": scored.level}


def _why(reason: Why) -> Json:
    return {
        "first": reason.first.candidate.file,
        "second": reason.second.candidate.file,
        "total": float(reason.total),
        "questions": [_part(part) for part in reason.parts],
    }


def _part(part: Part) -> Json:
    return {
        "question": part.question,
        "points": float(part.points),
        "first": part.first.level,
        "second": part.second.level,
    }
