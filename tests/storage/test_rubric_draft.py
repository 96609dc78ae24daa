"""Questionnaires of other tools as drafts of rubrics: what carries over is a question, and the rest is listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toolvet.domain.bearing import THREE_STEPS
from toolvet.errors import UnusableFile, UsageError
from toolvet.storage.questionnaire_kinds import read_rubric_draft
from toolvet.storage.reader import read_rubric
from toolvet.storage.rubric_draft import DraftQuestion, RubricDraft, write_draft


def draft_of(folder: Path, name: str, content: str, **columns: str) -> RubricDraft:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read_rubric_draft(path, columns)


def left_out(draft: RubricDraft) -> list[tuple[str, str]]:
    return [(each.place, each.why) for each in draft.left_out]


def test_columns_of_a_table_are_guessed_by_their_headers(tmp_path: Path) -> None:
    draft = draft_of(
        tmp_path,
        "caiq.csv",
        "Control Domain,Control ID,Question,Guidance\nAccess,AC-01,Is sign-in strong?,See the policy.\n",
    )
    question = DraftQuestion("Is sign-in strong?", ref="AC-01", check="See the policy.")
    assert draft.criteria == (("Access", (question,)),)
    assert draft.notes == (
        'text from "Question", section from "Control Domain", ref from "Control ID", check from "Guidance".',
    )


def test_a_column_can_be_named(tmp_path: Path) -> None:
    draft = draft_of(tmp_path, "a.csv", "Nr,Was\n1,Is sign-in strong?\n", text="was", ref="Nr")
    assert draft.criteria == (("Questions", (DraftQuestion("Is sign-in strong?", ref="1"),)),)


def test_options_become_a_ladder_unless_they_are_yes_and_no_or_too_many(tmp_path: Path) -> None:
    rows = ["How is it encrypted?,None|Disk|Customer key", "Is it logged?,Yes;No", "Which of these?,a|b|c|d|e|f|g|h"]
    draft = draft_of(tmp_path, "a.csv", "question,options\n" + "\n".join(rows) + "\n")
    ((_, questions),) = draft.criteria
    assert [question.levels for question in questions] == [("None", "Disk", "Customer key"), ()]
    assert left_out(draft) == [("row 4", "is multiple choice with more than 7 options; write its ladder")]


def test_headings_between_the_questions_become_criteria(tmp_path: Path) -> None:
    rows = "Nr,Question\n,\nAccess control,\n1,Is sign-in strong?\nData,\n2,Is it encrypted at rest?\n"
    draft = draft_of(tmp_path, "a.csv", rows)
    assert [title for title, _ in draft.criteria] == ["Access control", "Data"]
    assert draft.carried + len(draft.left_out) == 4


def test_a_table_without_a_question_names_its_columns(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match='--column text=HEADER; it has "a", "b"'):
        draft_of(tmp_path, "a.csv", "a,b\n1,2\n")


def vsaq(*items: dict[str, Any]) -> str:
    blocks = [{"type": "block", "text": "Web", "items": [{"type": "block", "text": "Login", "items": list(items)}]}]
    return '// a comment with a "quote\n' + json.dumps({"questionnaire": blocks})


def test_what_vsaq_answers_with_one_choice_is_a_question(tmp_path: Path) -> None:
    choices = [{"a_yes": "Yes, always"}, {"a_part": "In <b>part</b>"}, {"a_no": "No"}]
    draft = draft_of(
        tmp_path,
        "web.json",
        vsaq(
            {"type": "radiogroup", "id": "a", "text": "Is sign-in strong?", "choices": choices, "cond": "b/yes"},
            {"type": "yesno", "id": "b", "text": "Is there a login?"},
        ),
    )
    check = "In the source it is asked only if b/yes."
    assert (draft.title, draft.criteria) == (
        "Web",
        (
            (
                "Login",
                (
                    DraftQuestion(
                        "Is sign-in strong?",
                        check=check,
                        levels=("No", "In part", "Yes, always"),
                        references=("VSAQ a_no a_part a_yes",),
                    ),
                    DraftQuestion("Is there a login?", references=("VSAQ b",)),
                ),
            ),
        ),
    )


def test_free_text_is_answered_in_words_and_the_rest_is_listed_item_by_item(tmp_path: Path) -> None:
    draft = draft_of(
        tmp_path,
        "web.json",
        vsaq(
            {"type": "check", "text": "I declare it."},
            {"type": "line", "id": "name", "text": "Name:"},
            {"type": "checkgroup", "text": "Which?", "choices": [{"a": "A"}]},
            {"type": "tip", "text": "Well done."},
            {"type": "song"},
        ),
    )
    assert (draft.carried, left_out(draft)) == (
        2,
        [
            ("item 1.1.3", "is multiple choice: one question for each choice that matters can stand for it"),
            ("item 1.1.4", "is advice that follows from an answer"),
            ("item 1.1.5", "is of the kind song, which toolvet does not know"),
        ],
    )


def test_texts_that_vsaq_joins_by_a_plus_are_one(tmp_path: Path) -> None:
    asked = '{"type": "yesno", "text": "Is // it" +\n  " so?"}'
    text = f'{{"questionnaire": [{{"type": "block", "text": "A", "items": [{asked}]}}]}}'
    ((_, (question,)),) = draft_of(tmp_path, "a.json", text).criteria
    assert question.text == "Is // it so?"


def test_a_lens_has_a_question_for_each_best_practice(tmp_path: Path) -> None:
    choices = [
        {"id": "c1", "title": "Back up", "helpfulResource": {"displayText": "Do it.", "url": "https://a.example"}},
        {"id": "c2", "title": "None of these"},
    ]
    asked = {"id": "q1", "title": "How do you recover?", "description": "Losses.", "choices": choices}
    pillar = {"id": "p", "name": "Reliability", "questions": [{**asked, "riskRules": [{"condition": "default"}]}]}
    draft = draft_of(tmp_path, "lens.json", json.dumps({"name": "My lens", "pillars": [pillar]}))
    question = DraftQuestion(
        "How do you recover? Back up", title="Back up", check="Do it. https://a.example", why="Losses."
    )
    assert (draft.title, draft.criteria) == ("My lens", (("Reliability", (question,)),))
    assert left_out(draft) == [
        ("choice c2", "stands for no choice: the lowest rung of the others says so"),
        ("question q1", "has 1 risk rules: weights and must-haves stand in for them"),
    ]


@pytest.mark.parametrize("text", ["[]", '{"a": 1}', '{"questionnaire": []}', '{"pillars": [1, {"questions": 2}]}'])
def test_other_json_is_no_questionnaire(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no questionnaire that toolvet knows"):
        draft_of(tmp_path, "a.json", text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "a.json:1: is not valid JSON"),
        ("[" * 100_000, "nested too deeply"),
        (" " * 11_000_000, "is larger than 10 MiB"),
    ],
)
def test_broken_json_is_refused_with_a_sentence(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match=said):
        draft_of(tmp_path, "a.json", text)


def test_a_draft_is_written_as_a_rubric_that_works(tmp_path: Path) -> None:
    long = "Is it so that " + "very " * 20 + "long titles are cut at a word?"
    questions = (DraftQuestion("Is it?", ref="A 1"), DraftQuestion(long, ref="A 1"), DraftQuestion("漢字?"))
    draft = RubricDraft("House", (("Access", questions), ("Access!", (DraftQuestion("Is it?"),))))
    path = write_draft(tmp_path, draft, "house", "a\nb.csv")
    rubric = read_rubric(path)
    assert [(criterion.id, question.id) for criterion, question in rubric.questions()] == [
        ("access", "a-1"),
        ("access", "a-1-2"),
        ("access", "question"),
        ("access-2", "is-it"),
    ]
    assert {question.levels for _, question in rubric.questions()} == {THREE_STEPS}
    assert max(len(question.title) for _, question in rubric.questions()) <= 60


def test_a_draft_never_overwrites_a_rubric(tmp_path: Path) -> None:
    draft = RubricDraft("House", (("Access", (DraftQuestion("Is it?"),)),))
    write_draft(tmp_path, draft, "house", "a.csv")
    with pytest.raises(UsageError, match=r"house\.toml already exists; choose another id with --id"):
        write_draft(tmp_path, draft, "house", "a.csv")
