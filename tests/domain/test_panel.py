"""Where several reviewers part, how far they agree, and what settling takes over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Reviewer, RubricRef, Subject
from toolvet.domain.decision import AssessmentRef
from toolvet.domain.panel import Panel, panel_assessment, panel_of
from toolvet.domain.rubric import Ask, Criterion, Question, Rubric, ScopeFact
from toolvet.domain.scope import OneOf

ON = date(2026, 11, 28)
FIRST, SECOND = date(2026, 11, 2), date(2026, 11, 9)
LADDER = ("0", "1", "2", "3", "4")
QUESTIONS = tuple(Question(name, f"{name}?", LADDER) for name in ("a", "b", "c", "d"))
OUTSIDE = Question("e", "e?", LADDER, applies_when=OneOf("outsiders", frozenset({"yes"}), "outsiders is yes"))
RUBRIC = Rubric(
    id="small",
    version="1.0.0",
    title="Small",
    subject="tool",
    ask=Ask.LEVEL,
    criteria=(Criterion("one", "One", QUESTIONS[:2]), Criterion("two", "Two", (*QUESTIONS[2:], OUTSIDE))),
    scope=(ScopeFact("outsiders", "Outsiders?", ("no", "yes")),),
    digest="sha256:0",
)
FILES = (AssessmentRef("assessments/tool/1.toml", "a" * 64), AssessmentRef("assessments/tool/2.toml", "b" * 64))


def by(name: str, scope: str | None = "yes", **answers: Answer) -> Assessment:
    facts = {} if scope is None else {"outsiders": scope}
    return Assessment(RubricRef("small", "1.0.0"), Subject("Tool"), Reviewer(name), scope=facts, answers=answers)


def panel(*assessments: Assessment) -> Panel:
    return panel_of(RUBRIC, assessments, ON)


def settle(*assessments: Assessment) -> Assessment:
    return panel_assessment(panel(*assessments), FILES, Subject("Tool"), "Board", ON)


def test_the_widest_spread_comes_first_and_words_against_a_level_last() -> None:
    ada = by("Ada", a=Answer(level=2), b=Answer(unknown=""), c=Answer(level=4), d=Answer(level=1))
    tom = by("Tom", a=Answer(level=3), b=Answer(level=2), c=Answer(level=1), d=Answer(level=1))
    found = panel(ada, tom).parted
    assert [(one.question.id, one.spread) for one in found] == [("c", 3), ("a", 1), ("b", None)]


def test_agreement_counts_only_questions_with_two_levels() -> None:
    ada = by("Ada", a=Answer(level=2), b=Answer(level=2), c=Answer(level=4), d=Answer(level=1))
    tom = by("Tom", a=Answer(level=2), b=Answer(level=3), c=Answer(unknown=""))
    found = [
        (one.criterion and one.criterion.id, one.questions, one.same, one.within_one)
        for one in panel(ada, tom).agreement
    ]
    assert found == [("one", 2, 1, 2), ("two", 0, 0, 0), (None, 2, 1, 2)]


def test_an_answer_to_be_confirmed_is_none() -> None:
    ada, tom = by("Ada", a=Answer(level=2)), by("Tom", a=Answer(level=0, confirm="reworded in 1.1.0"))
    assert (panel(ada, tom).parted, [one.question.id for one in panel(ada, tom).of_some]) == ((), ["a"])


def test_who_was_not_asked_does_not_part_from_who_was() -> None:
    ada, tom = by("Ada", e=Answer(level=2)), by("Tom", scope="no", e=Answer(level=0))
    assert (panel(ada, tom).parted, [one.question.id for one in panel(ada, tom).of_some]) == ((), ["e"])


def test_what_nobody_was_asked_is_left_out() -> None:
    ada, tom = by("Ada", scope="no", e=Answer(level=2)), by("Tom", scope="no", e=Answer(level=0))
    assert settle(ada, tom).answers == {}


def test_three_reviewers_part_where_one_does() -> None:
    twice = Answer(level=2)
    found = panel(by("Ada", a=twice), by("Tom", a=twice), by("Kim", a=Answer(level=4)))
    assert [(one.question.id, one.spread) for one in found.parted] == [("a", 2)]
    assert found.agreement[-1].same == 0


def test_settling_leaves_what_parts_open() -> None:
    ada = by("Ada", a=Answer(level=2, note="Tried it."), b=Answer(level=2))
    begun = settle(ada, by("Tom", a=Answer(level=3), b=Answer(level=2)))
    assert begun.answers == {"b": Answer(level=2)}
    assert (begun.reviewer.name, begun.started, begun.panel, begun.rubric.digest) == ("Board", ON, FILES, "sha256:0")


def test_what_only_one_answered_has_to_be_confirmed() -> None:
    begun = settle(by("Ada", a=Answer(level=2, answered=FIRST)), by("Tom"))
    assert begun.answers == {"a": Answer(level=2, answered=FIRST, confirm="from Ada alone")}


def test_scope_facts_are_taken_over_where_all_give_them_alike() -> None:
    assert settle(by("Ada"), by("Tom")).scope == {"outsiders": "yes"}
    assert settle(by("Ada"), by("Tom", scope="no")).scope == {}
    assert settle(by("Ada"), by("Tom", scope=None)).scope == {}


def test_an_answer_of_all_has_the_latest_day_and_the_evidence_of_all_as_old_as_it_was() -> None:
    page, trial = Evidence("https://a.example", Grade.DOCUMENT), Evidence("Trial", Grade.TESTED, FIRST)
    ada = by("Ada", a=Answer(level=2, answered=FIRST, evidence=(page, trial)))
    tom = by("Tom", a=Answer(level=2, answered=SECOND, evidence=(trial, replace(trial, grade=Grade.CLAIM))))
    found = settle(ada, tom).answers["a"]
    assert found.answered == SECOND
    assert found.evidence == (replace(page, date=FIRST), trial, replace(trial, grade=Grade.CLAIM))


def test_a_document_that_one_dated_is_no_younger_because_another_looked_later() -> None:
    old = Evidence("https://a.example", Grade.DOCUMENT, date(2024, 1, 1))
    ada = by("Ada", a=Answer(level=2, answered=FIRST, evidence=(old,)))
    tom = by("Tom", a=Answer(level=2, answered=SECOND, evidence=(replace(old, date=None),)))
    assert settle(ada, tom).answers["a"].evidence == (old,)


def test_notes_that_differ_are_kept_under_their_names_and_the_same_one_once() -> None:
    ada = by("Ada", a=Answer(unknown="Asked.", note="Slow."), b=Answer(level=1, note="Fine."))
    tom = by("Tom", a=Answer(unknown="Searched.", note="Slow."), b=Answer(level=1))
    assert settle(ada, tom).answers == {
        "a": Answer(unknown="Ada: Asked.\nTom: Searched.", note="Slow."),
        "b": Answer(level=1, note="Fine."),
    }
