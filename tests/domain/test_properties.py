"""What holds for every rubric and every set of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.rubric import Criterion, Rubric, ScopeFact
from toolvet.domain.scope import OneOf
from toolvet.domain.scorecard import AnswerState, Scorecard
from toolvet.domain.scoring import score

DAY = date(2026, 11, 21)
GUESTS = ScopeFact("guests", "Guests?", ("no", "yes"))
WITH_GUESTS = OneOf("guests", frozenset({"yes"}), "guests is yes")
WEIGHTS = st.sampled_from([Fraction(1), Fraction(2), Fraction(4), Fraction("0.5"), Fraction("1.3")])


@dataclass(frozen=True)
class Case:
    rubric: Rubric
    answers: Mapping[str, Answer]
    scope: Mapping[str, str]

    def scorecard(self, changed: Mapping[str, Answer] | None = None) -> Scorecard:
        answers = {**self.answers, **(changed or {})}
        return score(self.rubric, make_assessment(answers, scope=self.scope), DAY)


_EVIDENCE = st.lists(st.sampled_from([None, *Grade]).map(lambda grade: Evidence("page", grade)), max_size=2).map(tuple)
_ANSWERS = st.one_of(
    st.builds(Answer, level=st.integers(0, 2), evidence=_EVIDENCE),
    st.builds(Answer, level=st.integers(0, 2), answered=st.sampled_from([DAY, date(2020, 1, 1)])),
    st.just(Answer(unknown="Asked.")),
    st.just(Answer(not_applicable="Not ours.")),
    st.just(Answer(note="Later.")),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    criteria: list[Criterion] = []
    answers: dict[str, Answer] = {}
    for number in range(draw(st.integers(1, 3))):
        questions = []
        for place in range(draw(st.integers(1, 4))):
            question_id = f"q{number}{place}"
            questions.append(
                make_question(
                    question_id,
                    weight=draw(WEIGHTS),
                    levels=draw(st.integers(3, 7)),
                    must_reach=draw(st.sampled_from([None, None, 1, 2])),
                    must_reach_when=draw(st.sampled_from([None, WITH_GUESTS])),
                    applies_when=draw(st.sampled_from([None, None, WITH_GUESTS])),
                    shelf_months=draw(st.sampled_from([None, 12])),
                )
            )
            if draw(st.booleans()):
                answers[question_id] = draw(_ANSWERS)
        criteria.append(make_criterion(f"c{number}", *questions, weight=draw(WEIGHTS)))
    scope = draw(st.sampled_from([{}, {"guests": "no"}, {"guests": "yes"}]))
    return Case(make_rubric(*criteria, scope=[GUESTS]), answers, scope)


@given(cases())
def test_floor_observed_ceiling_are_in_order_where_nothing_is_expired(case: Case) -> None:
    scorecard = case.scorecard()
    for scored in scorecard.criteria:
        if scored.range is None:
            continue
        assert 0 <= scored.range.floor <= scored.range.ceiling <= 100
        own = [q for q in scorecard.questions if q.criterion is scored.criterion and q.counts]
        if scored.range.observed is not None and not any(q.state is AnswerState.EXPIRED for q in own):
            assert scored.range.floor <= scored.range.observed <= scored.range.ceiling


@given(cases())
def test_it_is_complete_when_no_fact_is_missing_and_nothing_that_counts_is_unanswered(case: Case) -> None:
    scorecard = case.scorecard()
    to_answer = [q for q in scorecard.questions if q.counts and q.state is AnswerState.UNANSWERED]
    assert scorecard.complete == (not scorecard.scope_open and not to_answer)


@given(cases(), st.data())
def test_answering_an_open_question_never_widens_a_range(case: Case, data: st.DataObject) -> None:
    before = case.scorecard()
    still_open = [q for q in before.questions if q.applies is not False and q.state.is_open]
    if not still_open:
        return
    question = data.draw(st.sampled_from(still_open)).question
    after = case.scorecard({question.id: Answer(level=data.draw(st.integers(0, question.top)))})
    pairs = [(old.range, new.range) for old, new in zip(before.criteria, after.criteria, strict=True)]
    for old, new in [*pairs, (before.overall, after.overall)]:
        if old is not None and new is not None:
            assert old.floor <= new.floor <= new.ceiling <= old.ceiling


@given(cases())
def test_order_changes_nothing(case: Case) -> None:
    before = case.scorecard()
    turned = tuple(replace(c, questions=tuple(reversed(c.questions))) for c in reversed(case.rubric.criteria))
    after = replace(case, rubric=replace(case.rubric, criteria=turned)).scorecard()
    assert (after.verdict, after.overall) == (before.verdict, before.overall)
    assert {c.criterion.id: c.range for c in after.criteria} == {c.criterion.id: c.range for c in before.criteria}
    assert set(after.reasons) == set(before.reasons)


@given(cases(), st.data())
def test_raising_a_level_never_worsens_the_verdict(case: Case, data: st.DataObject) -> None:
    before = case.scorecard()
    raisable = [q for q in before.questions if q.level is not None and q.level < q.question.top]
    if not raisable:
        return
    scored = data.draw(st.sampled_from(raisable))
    assert scored.level is not None
    raised = replace(case.answers[scored.question.id], level=data.draw(st.integers(scored.level, scored.question.top)))
    assert case.scorecard({scored.question.id: raised}).verdict.rank <= before.verdict.rank


@given(cases(), st.data())
def test_adding_evidence_never_worsens_the_verdict(case: Case, data: st.DataObject) -> None:
    if not case.answers:
        return
    question_id = data.draw(st.sampled_from(sorted(case.answers)))
    answer = case.answers[question_id]
    grade = data.draw(st.sampled_from([None, *Grade]))
    proven = replace(answer, evidence=(*answer.evidence, Evidence("more", grade)))
    assert case.scorecard({question_id: proven}).verdict.rank <= case.scorecard().verdict.rank


@given(cases())
def test_every_verdict_but_approve_has_a_reason(case: Case) -> None:
    scorecard = case.scorecard()
    assert bool(scorecard.reasons) is (scorecard.verdict.value != "approve")
