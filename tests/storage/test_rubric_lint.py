"""Warnings about rubrics, each with its line, and none where all is well."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from house import HEAD
from toolvet.services.file_check import check_paths
from toolvet.storage.rubric_library import shipped
from toolvet.storage.workspace import Workspace

GUESTS = """\
[[scope]]
id = "guests"
text = "Will guests take part?"
options = ["none", "few", "many"]
"""
ALWAYS = """\
[[criteria]]
id = "safety"
title = "Safety"
[[criteria.questions]]
id = "sign-in"
text = "How do people sign in?"
levels = ["With a password.", "With a second factor."]
"""
QUESTION = """\
[[criteria.questions]]
id = "admission"
text = "Who lets guests in?"
levels = ["Nobody has to.", "A host."]
"""


def warnings(tmp_path: Path, text: str) -> list[str]:
    """What is said of a rubric that is nothing but odd."""
    path = tmp_path / "house.toml"
    path.write_text(text, encoding="utf-8")
    problems = check_paths([path], Workspace(tmp_path))
    assert all(problem.warning for problem in problems)
    return [f"{problem.line}: {problem.message}" for problem in problems]


@pytest.mark.parametrize("name", ["collaboration-tool.toml", "collaboration-readiness.toml"])
def test_rubrics_that_ship_have_neither_errors_nor_warnings(name: str, tmp_path: Path) -> None:
    assert check_paths([shipped("rubrics") / name], Workspace(tmp_path)) == ()


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('{ scope = "guests", at_least = "few" }', []),
        ('{ scope = "guests", at_least = "none" }', ["it can never be false; remove it, the question always applies"]),
        (
            '{ scope = "guests", one_of = ["none", "few", "many"] }',
            ["it can never be false; remove it, the question always applies"],
        ),
        (
            '{ all = [{ scope = "guests", is = "few" }, { scope = "guests", is = "many" }] }',
            ["it can never be true, so the question is never asked; correct it"],
        ),
    ],
)
def test_condition_that_a_question_hangs_on(condition: str, said: list[str], tmp_path: Path) -> None:
    text = f"{HEAD}{GUESTS}{ALWAYS}{QUESTION}applies_when = {condition}\n"
    assert warnings(tmp_path, text) == [f"22: {message}" for message in said]


@pytest.mark.parametrize(
    ("applies", "must_reach", "said"),
    [
        ("many", '{ scope = "guests", at_least = "few" }', []),
        (
            "many",
            '{ scope = "guests", at_least = "none" }',
            ["it can never be false; remove it, the must-have always binds"],
        ),
        (
            "many",
            '{ scope = "guests", is = "few" }',
            ["it is never true where the question applies, so the must-have never binds; correct it"],
        ),
        (
            "many",
            '{ not = { scope = "guests", at_least = "none" } }',
            ["it can never be true, so the must-have never binds; correct it"],
        ),
    ],
)
def test_condition_that_a_must_have_hangs_on(applies: str, must_reach: str, said: list[str], tmp_path: Path) -> None:
    text = (
        f'{HEAD}{GUESTS}{ALWAYS}{QUESTION}applies_when = {{ scope = "guests", is = "{applies}" }}\n'
        f'must_reach = 1\nmust_reach_why = "House rule."\nmust_reach_when = {must_reach}\n'
    )
    assert warnings(tmp_path, text) == [f"25: {message}" for message in said]


def test_scope_fact_that_nothing_asks_for(tmp_path: Path) -> None:
    assert warnings(tmp_path, HEAD + GUESTS + ALWAYS) == [
        "8: no condition asks for the scope fact guests; use it, or remove it"
    ]


def test_criterion_that_the_scope_can_switch_off(tmp_path: Path) -> None:
    hanging = (
        f'[[criteria]]\nid = "guests"\ntitle = "Guests"\n{QUESTION}applies_when = {{ scope = "guests", is = "few" }}\n'
        + QUESTION.replace("admission", "badges")
        + 'applies_when = { scope = "guests", is = "many" }\n'
    )
    assert warnings(tmp_path, HEAD + GUESTS + ALWAYS + hanging) == [
        "19: where guests is none, no question of it applies and it drops out of the total; "
        "see that this is meant, or add a question that always applies"
    ]


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ('["No.", "Yes."]', []),
        ('["None.", "For administrators.", "For everybody."]', []),
        ('["5 minutes.", "10.", "1080p"]', []),
        ('["None.", "One.", "Two."]', []),
        ('["By hand.", "By  HAND!"]', ["rung 1 repeats rung 0; say what more is true"]),
        ('["Weak.", "Strong.", "By everybody."]', [
            "most rungs are a single word; say what can be seen at each",
            'rung 0 only judges ("Weak."); say what can be seen there',
            'rung 1 only judges ("Strong."); say what can be seen there',
        ]),
        ('["With a password.", "Very good."]', ['rung 1 only judges ("Very good."); say what can be seen there']),
        ('["Red.", "Green.", "Blue sky."]', ["most rungs are a single word; say what can be seen at each"]),
        ('["…", "A second factor."]', ["rung 0 says nothing; say what can be seen there"]),
    ],
)  # fmt: skip
def test_rungs(levels: str, said: list[str], tmp_path: Path) -> None:
    text = (HEAD + ALWAYS).replace('["With a password.", "With a second factor."]', levels)
    assert warnings(tmp_path, text) == [f"13: {message}" for message in said]


def test_rung_is_told_with_its_own_line(tmp_path: Path) -> None:
    levels = '[\n"With a password.",\n"Excellent.",\n]'
    text = (HEAD + ALWAYS).replace('["With a password.", "With a second factor."]', levels)
    assert warnings(tmp_path, text) == ['15: rung 1 only judges ("Excellent."); say what can be seen there']


@pytest.mark.parametrize(
    ("references", "said"),
    [
        ('["MVSP 2.1"]', []),
        ("[]", ["references is empty; say where the question comes from, or remove it"]),
        ('["MVSP 2.1", " "]', ["this reference is empty; fill it in, or remove it"]),
    ],
)
def test_references(references: str, said: list[str], tmp_path: Path) -> None:
    text = f"{HEAD}{ALWAYS}references = {references}\n"
    assert warnings(tmp_path, text) == [f"14: {message}" for message in said]


def test_weight_of_a_tenth_of_the_heaviest_is_enough(tmp_path: Path) -> None:
    assert warnings(tmp_path, f"{HEAD}{ALWAYS}weight = 10\n{QUESTION}weight = 1\n") == []


def test_question_lighter_than_a_tenth_of_the_heaviest(tmp_path: Path) -> None:
    assert warnings(tmp_path, f"{HEAD}{ALWAYS}weight = 10.5\n{QUESTION}weight = 1\n") == [
        "19: the weight is less than a tenth of the heaviest question beside it (sign-in, 10.5) and hardly moves its "
        "criterion; raise it, or leave the question out"
    ]


def test_criterion_lighter_than_a_tenth_of_the_heaviest(tmp_path: Path) -> None:
    light = f'[[criteria]]\nid = "other"\ntitle = "Other"\n{QUESTION}'
    heavy = ALWAYS.replace('title = "Safety"', 'title = "Safety"\nweight = 11')
    assert warnings(tmp_path, HEAD + heavy + light) == [
        "15: the weight is less than a tenth of the heaviest criterion beside it (safety, 11) and hardly moves the "
        "total; raise it, or put its questions into another criterion"
    ]


def test_overall_threshold_that_never_decides(tmp_path: Path) -> None:
    text = f"{HEAD}[policy]\napprove = {{ criterion = 70, overall = 60 }}\n{ALWAYS}"
    assert warnings(tmp_path, text) == [
        "8: overall of approve (60) is below criterion (70) and never decides; raise it, or lower criterion"
    ]


def said_of(tmp_path: Path, text: str) -> list[tuple[int | None, str, bool]]:
    path = tmp_path / "house.toml"
    path.write_text(text, encoding="utf-8")
    return [(each.line, each.message, each.warning) for each in check_paths([path], Workspace(tmp_path))]


def test_errors_and_warnings_are_told_together(tmp_path: Path) -> None:
    text = f"{HEAD}{GUESTS}{ALWAYS}weigth = 2\n{QUESTION}references = []\n"
    assert said_of(tmp_path, text) == [
        (8, "no condition asks for the scope fact guests; use it, or remove it", True),
        (18, 'unknown key "weigth"; did you mean weight?', False),
        (23, "references is empty; say where the question comes from, or remove it", True),
    ]


def test_question_that_closes_one_that_no_survey_has_is_an_error(tmp_path: Path) -> None:
    text = f'{HEAD}{ALWAYS}closes = ["any-device", "any-devise"]\n'
    assert said_of(tmp_path, text) == [
        (
            14,
            'there is no question "any-devise" in collaboration-readiness; did you mean "any-device"?',
            False,
        )
    ]


def test_question_may_close_one_of_a_survey_in_the_workspace(tmp_path: Path) -> None:
    data = Path(__file__).parent.parent / "data" / "good" / "rubric-gap.toml"
    (tmp_path / "rubrics").mkdir()
    shutil.copy(data, tmp_path / "rubrics")
    asked = next(line for line in data.read_text().splitlines()[12:] if line.startswith("id = ")).split('"')[1]
    text = f'{HEAD}{ALWAYS}closes = ["{asked}"]\n'
    assert [message for _, message, _ in said_of(tmp_path, text) if asked in message] == []


def test_other_file_of_the_same_id_and_version_is_told_with_the_difference(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "house-1.0.0.toml").write_text(HEAD + ALWAYS, encoding="utf-8")
    text = (HEAD + ALWAYS).replace("How do people", "How does everybody") + QUESTION
    assert said_of(tmp_path, text) == [
        (
            3,
            "rubrics/house-1.0.0.toml has the same id and version but another text "
            '(reworded: "Sign in"; new: "Admission"); give this one a version of its own',
            True,
        )
    ]


def test_the_copy_of_what_was_answered_is_to_be_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "mine.toml").write_text(HEAD + ALWAYS + QUESTION, encoding="utf-8")
    copy = tmp_path / "rubrics" / "house-1.0.0.toml"
    copy.write_text(HEAD + ALWAYS, encoding="utf-8")
    assert [problem.message for problem in check_paths([copy], Workspace(tmp_path))] == [
        'rubrics/mine.toml has the same id and version but another text (gone: "Admission"); '
        "leave this one, which is what was answered, and give that one a version of its own"
    ]


def test_copy_that_reads_the_same_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "house-1.0.0.toml").write_text("# A copy.\n" + HEAD + ALWAYS, encoding="utf-8")
    assert said_of(tmp_path, HEAD + ALWAYS) == []


def test_warnings_never_crowd_out_an_error(tmp_path: Path) -> None:
    odd = "".join(QUESTION.replace("admission", f"q-{number}") + "references = []\n" for number in range(120))
    said = said_of(tmp_path, f"{HEAD}{ALWAYS}{odd}minutes = -1\n")
    assert sum(not warning for _, _, warning in said) == 1
    assert said[-1] == (None, "there is more; correct these first", True)
