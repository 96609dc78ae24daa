from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import make_assessment, make_criterion, make_question, make_rubric, without_evidence
from toolvet.domain.assessment import Answer, Assessment, Evidence, Retired
from toolvet.domain.migration import ChangeKind, Fate, Migration, MigrationStep, migrate
from toolvet.domain.rubric import Question, Rubric, ScopeFact
from toolvet.report.listing import step_change_words

DAY = date(2026, 11, 2)
DATA = ScopeFact("data", "What will it hold?", ("public", "internal"))
A, B = make_question("a"), make_question("b")
RENAMED = replace(make_question("z"), text=A.text)


def rubric(*questions: Question, version: str = "1.0.0", scope: tuple[ScopeFact, ...] = ()) -> Rubric:
    return replace(make_rubric(make_criterion("only", *questions), scope=scope), version=version)


def moved(assessment: Assessment, old: Rubric | None, new: Rubric) -> Migration:
    return migrate(assessment, old, replace(new, version="2.0.0", digest="sha256:new"))


def test_same_question_keeps_its_answer_as_it_is() -> None:
    assessment = make_assessment({"a": Answer(level=2, answered=DAY)})
    migration = moved(assessment, rubric(A), rubric(A))
    assert migration.assessment.answers == assessment.answers
    assert migration.questions == (MigrationStep("a", ChangeKind.SAME, Fate.KEPT),)


def test_the_new_version_and_digest_are_named() -> None:
    reference = moved(make_assessment(), rubric(A), rubric(A)).assessment.rubric
    assert (reference.version, reference.digest) == ("2.0.0", "sha256:new")


@pytest.mark.parametrize("answer", [Answer(level=2), Answer(unknown="Asked."), Answer(not_applicable="None here.")])
def test_reworded_question_keeps_its_answer_to_be_confirmed(answer: Answer) -> None:
    migration = moved(make_assessment({"a": answer}), rubric(A), rubric(replace(A, text="Which a?")))
    assert migration.assessment.answers == {"a": replace(answer, confirm="reworded in 2.0.0")}


def test_level_follows_its_rung() -> None:
    new = replace(A, levels=("nothing at all", *A.levels))
    migration = moved(make_assessment(without_evidence({"a": 2})), rubric(A), rubric(new))
    assert migration.assessment.answers == {"a": Answer(level=3, confirm="re-laddered in 2.0.0")}
    assert migration.questions == (MigrationStep("a", ChangeKind.RELADDERED, Fate.CONFIRM, was=2, becomes=3),)


def test_level_that_has_no_rung_any_more_is_kept_aside_and_its_words_stay() -> None:
    answer = Answer(level=4, answered=DAY, note="Seen.", evidence=(Evidence("page"),))
    migration = moved(make_assessment({"a": answer}), rubric(A), rubric(replace(A, levels=("no", "yes"))))
    assert migration.assessment.answers == {"a": Answer(note="Seen.", evidence=(Evidence("page", date=DAY),))}
    assert migration.assessment.retired == {"a": Retired("1.0.0", "What of a?", None, answer)}
    assert migration.questions == (MigrationStep("a", ChangeKind.RELADDERED, Fate.RETIRED, was=4),)


def test_answer_to_a_removed_question_is_set_aside() -> None:
    migration = moved(make_assessment(without_evidence({"a": 2, "b": 1})), rubric(A, B), rubric(B))
    assert migration.assessment.answers == {"b": Answer(level=1)}
    assert migration.assessment.retired == {"a": Retired("1.0.0", "What of a?", None, Answer(level=2))}


def test_answer_that_neither_text_asks_for_is_kept_aside() -> None:
    migration = moved(make_assessment(without_evidence({"stray": 1})), rubric(A), rubric(A))
    assert migration.assessment.retired == {"stray": Retired("1.0.0", None, None, Answer(level=1))}


def test_answer_kept_aside_comes_back_with_its_question() -> None:
    away = moved(make_assessment(without_evidence({"a": 2})), rubric(A), rubric(B)).assessment
    back = migrate(away, rubric(B, version="2.0.0"), rubric(A, version="3.0.0")).assessment
    assert (back.answers, back.retired) == ({"a": Answer(level=2, confirm="back in 3.0.0")}, {})


def test_id_already_set_aside_gets_a_number() -> None:
    kept = Retired("0.9.0", "Old?", None, Answer(level=1))
    assessment = replace(make_assessment(without_evidence({"a": 4})), retired={"a": kept})
    migration = moved(assessment, rubric(A), rubric(B))
    assert migration.assessment.retired == {"a": kept, "a-2": Retired("1.0.0", "What of a?", None, Answer(level=4))}


def test_without_the_old_rubric_everything_has_to_be_confirmed() -> None:
    migration = moved(make_assessment(without_evidence({"a": 2})), None, rubric(A))
    assert migration.assessment.answers == {"a": Answer(level=2, confirm="not compared with 2.0.0")}


def test_note_without_an_answer_needs_no_confirming() -> None:
    assessment = make_assessment({"a": Answer(note="Ask Ada.")})
    migration = moved(assessment, rubric(A), rubric(replace(A, text="Which a?")))
    assert migration.assessment.answers == assessment.answers


def test_scope_fact_that_reads_the_same_is_kept() -> None:
    assessment = make_assessment(scope={"data": "internal"})
    new = rubric(A, scope=(replace(DATA, options=("public", "internal", "secret")),))
    assert moved(assessment, rubric(A, scope=(DATA,)), new).assessment.scope == {"data": "internal"}


@pytest.mark.parametrize(
    "scope", [(), (replace(DATA, text="What does it hold?"),), (replace(DATA, options=("public", "secret")),)]
)
def test_scope_fact_that_changed_or_is_gone_is_kept_aside(scope: tuple[ScopeFact, ...]) -> None:
    assessment = make_assessment(scope={"data": "internal"})
    migrated = moved(assessment, rubric(A, scope=(DATA,)), rubric(A, scope=scope)).assessment
    assert migrated.scope == {}
    assert migrated.retired == {"data": Retired("1.0.0", "What will it hold?", "internal", Answer())}


def test_renamed_question_with_the_same_ladder_keeps_its_answer_to_be_confirmed() -> None:
    migration = moved(make_assessment(without_evidence({"a": 2})), rubric(A, B), rubric(RENAMED, B))
    assert migration.assessment.answers == {"z": Answer(level=2, confirm="renamed with the same ladder in 2.0.0")}
    (step, _) = migration.questions
    assert (step.change, step.called_before, step.fate) == (ChangeKind.RENAMED, "a", Fate.CONFIRM)
    assert step_change_words(step) == "renamed with the same ladder, before a"


def test_new_question_that_asks_something_else_is_no_renamed_one() -> None:
    migration = moved(make_assessment(without_evidence({"a": 2})), rubric(A), rubric(make_question("z")))
    assert [step.change for step in migration.questions] == [ChangeKind.NEW, ChangeKind.GONE]


def test_answer_under_the_new_name_is_set_aside_for_the_one_that_moves_there() -> None:
    migration = moved(make_assessment(without_evidence({"a": 2, "z": 1})), rubric(A, B), rubric(RENAMED, B))
    assert migration.assessment.answer("z").level == 2
    assert migration.assessment.retired == {"z": Retired("1.0.0", None, None, Answer(level=1))}


def test_question_that_moved_to_another_criterion_is_said_to_be_so() -> None:
    old = make_rubric(make_criterion("one", A), make_criterion("two", B))
    new = replace(make_rubric(make_criterion("one"), make_criterion("two", A, B)), version="2.0.0")
    step = migrate(make_assessment(without_evidence({"a": 2})), old, new).questions[0]
    assert (step.change, step.fate) == (ChangeKind.SAME, Fate.KEPT)
    assert step_change_words(step) == "moved to another criterion"


def test_fact_whose_options_changed_is_said_to_be_so() -> None:
    old = rubric(A, scope=(DATA,))
    new = rubric(A, scope=(replace(DATA, options=("public", "internal", "secret")),))
    migration = moved(make_assessment(scope={"data": "internal"}), old, new)
    assert migration.facts == (MigrationStep("data", ChangeKind.OPTIONS, Fate.KEPT),)


QUESTIONS = st.lists(
    st.builds(
        lambda question_id, levels, text: replace(make_question(question_id, levels=levels), text=text),
        st.sampled_from("abcd"),
        st.integers(2, 7),
        st.sampled_from(["What?", "Which?"]),
    ),
    min_size=1,
    unique_by=lambda question: question.id,
)


@given(QUESTIONS, QUESTIONS, st.dictionaries(st.sampled_from("abcde"), st.integers(0, 1)))
def test_no_answer_is_lost_and_every_level_lies_on_its_ladder(
    old: list[Question], new: list[Question], levels: dict[str, int]
) -> None:
    marked = {name: Answer(level=level, note=f"note on {name}") for name, level in levels.items()}
    migrated = moved(make_assessment(marked), rubric(*old), rubric(*new)).assessment
    kept = [*migrated.answers.values(), *(each.answer for each in migrated.retired.values())]
    assert {answer.note for answer in kept} == {answer.note for answer in marked.values()}
    tops = {question.id: question.top for question in new}
    assert all((answer.level or 0) <= tops[name] for name, answer in migrated.answers.items())


def test_question_whose_words_were_mended_keeps_its_answer() -> None:
    answers = {"a": Answer(level=2, answered=DAY)}
    migration = moved(make_assessment(answers), rubric(A), rubric(replace(A, text="Which a?", revision=1)))
    assert migration.assessment.answers == answers
    assert migration.questions == (MigrationStep("a", ChangeKind.MENDED, Fate.KEPT, ("text",)),)
