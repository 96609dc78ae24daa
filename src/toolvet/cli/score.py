"""`toolvet score`."""

from __future__ import annotations

import argparse

from toolvet.cli.output import Faults, put, say, width, workspace_given
from toolvet.cli.select import Judged, judge_files
from toolvet.domain.advice import advise
from toolvet.domain.scorecard import Verdict
from toolvet.report.approval.arithmetic import explain
from toolvet.report.scorecard import Json, scorecard_json, scorecard_text
from toolvet.text.escape import json_text


def score_files(options: argparse.Namespace) -> int:
    """Print the scorecards. Status 3 where a file could not be used, else 1 where a verdict is below the gate."""
    faults = Faults()
    judged = list(judge_files(options.files, options, faults))
    for one in judged:
        _tell_newer(one, options)
    if options.json:
        put(json_text([_as_json(one) for one in judged]))
    elif judged:
        put("\n\n\n".join(scorecard_words(one, with_arithmetic=options.explain) for one in judged))
    if faults.status:
        return faults.status
    return 0 if options.gate is None or all(_passes(one, Verdict(options.gate)) for one in judged) else 1


def _tell_newer(judged: Judged, options: argparse.Namespace) -> None:
    """Say that the rubric has a newer version than the one that was answered."""
    asked = judged.file.assessment.rubric
    newer = workspace_given(options, judged.file.path.absolute().parent).newer_version(asked)
    if newer is not None:
        say(
            f"{judged.name}: scored by {asked.id} {asked.version}, which was answered; there is version {newer}: "
            "toolvet migrate shows what becomes of each answer"
        )


def _as_json(judged: Judged) -> Json:
    scorecard, assessment = judged.scorecard, judged.file.assessment
    advice = advise(scorecard.rubric, assessment, scorecard.on)
    return scorecard_json(scorecard, assessment, judged.findings, advice, file=judged.name)


def scorecard_words(judged: Judged, *, with_arithmetic: bool = False) -> str:
    """The scorecard as text, as wide as the terminal, with the sums below it where they are asked for."""
    assessment, scorecard = judged.file.assessment, judged.scorecard
    text = scorecard_text(
        scorecard,
        assessment,
        judged.findings,
        advise(scorecard.rubric, assessment, scorecard.on),
        file=judged.name,
        width=width(),
    )
    return f"{text}\n\n{explain(scorecard, width())}" if with_arithmetic else text


def _passes(judged: Judged, gate: Verdict) -> bool:
    return judged.scorecard.verdict.rank <= gate.rank
