"""The program against the contract, written a second time."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from scoring_cases import DAY, Drawn, draw
from scoring_oracle import Figures, Judged, judge
from toolvet.domain.scorecard import ReasonCode, Scorecard, ScoreRange, Verdict
from toolvet.domain.scoring import score

IN_AN_ORDINARY_RUN, IN_A_LONG_ONE = 300, 10_000


def _figures(found: ScoreRange | None) -> Figures | None:
    if found is None:
        return None
    names = ("floor", "observed", "ceiling", "coverage", "proven")
    return {name: getattr(found, name) for name in names}


def _as_judged(scorecard: Scorecard) -> Judged:
    return Judged(
        criteria=[_figures(each.range) for each in scorecard.criteria],
        overall=_figures(scorecard.overall),
        must_haves=[
            (each.question.id, each.must_reach, each.if_missed.value, each.state.value, each.proven, each.supported)
            for each in scorecard.must_haves
        ],
        verdict=scorecard.verdict.value,
        reasons=[(each.code.value, each.question or each.criterion or each.fact) for each in scorecard.reasons],
    )


def _agrees(drawn: Drawn) -> Scorecard:
    scorecard = score(drawn.rubric, drawn.assessment, DAY)
    assert _as_judged(scorecard) == judge(drawn.rubric, drawn.assessment, DAY), drawn
    return scorecard


def test_scores_as_the_contract_says() -> None:
    random = Random(20261121)
    for _ in range(IN_AN_ORDINARY_RUN):
        _agrees(draw(random))


def test_the_cases_reach_every_verdict_and_every_reason() -> None:
    random = Random(20261121)
    scorecards = [score(drawn.rubric, drawn.assessment, DAY) for drawn in (draw(random) for _ in range(3000))]
    assert {scorecard.verdict for scorecard in scorecards} == set(Verdict)
    assert set(Counter(reason.code for scorecard in scorecards for reason in scorecard.reasons)) == set(ReasonCode)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(4))
def test_scores_as_the_contract_says_for_long(seed: int) -> None:
    random = Random(seed)
    for _ in range(IN_A_LONG_ONE // 4):
        _agrees(draw(random))
