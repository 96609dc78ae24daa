"""`toolvet score`."""

from __future__ import annotations

import argparse

from toolvet.cli.output import Faults, ending_of, put, put_json, save_workbook, session_given, warn, width
from toolvet.cli.select import Judged, judge_files
from toolvet.domain.advice import advise
from toolvet.domain.scorecard import Verdict
from toolvet.report.approval.arithmetic import explain
from toolvet.report.scorecard import Json, score_sheets, scorecard_json, scorecard_text


def score_files(options: argparse.Namespace) -> int:
    """Print the scorecards. Status 3 if a file could not be used, else 1 if a verdict is below the gate."""
    faults = Faults()
    judged = list(judge_files(options.files, options, faults))
    for one in judged:
        asked = one.opened.assessment.rubric
        if newer := one.session.workspace.newer_version(asked):
            warn(
                f"{one.name}: scored under {asked.id} {asked.version}, as answered. Version {newer} is available; "
                "toolvet migrate shows what becomes of each answer"
            )
    if options.output is not None:
        ending_of(options.output, ("xlsx",))
        shown = [(one.name, one.opened.assessment, one.scorecard) for one in judged]
        on = session_given(options).on
        save_workbook("Scorecards", score_sheets(shown), options.output, force=options.force, on=on)
    elif options.json:
        put_json([_as_json(one) for one in judged])
    elif judged:
        put(
            "\n\n\n".join(
                scorecard_words(one, with_arithmetic=options.explain, has_charts=not options.no_charts)
                for one in judged
            )
        )
    if faults.status:
        return faults.status
    return int(
        options.gate is not None and any(one.scorecard.verdict.rank > Verdict(options.gate).rank for one in judged)
    )


def _as_json(judged: Judged) -> Json:
    scorecard, assessment = judged.scorecard, judged.opened.assessment
    advice = advise(scorecard.rubric, assessment, scorecard.on)
    return scorecard_json(scorecard, assessment, judged.findings, advice, file=judged.name)


def scorecard_words(judged: Judged, *, with_arithmetic: bool = False, has_charts: bool = True) -> str:
    """The scorecard as text, as wide as the terminal, with the arithmetic below it if wanted."""
    assessment, scorecard = judged.opened.assessment, judged.scorecard
    text = scorecard_text(
        scorecard,
        assessment,
        judged.findings,
        advise(scorecard.rubric, assessment, scorecard.on),
        file=judged.name,
        width=width(),
        has_charts=has_charts,
    )
    return f"{text}\n\n{explain(scorecard, width())}" if with_arithmetic else text
