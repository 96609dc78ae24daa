"""A rubric in other languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolvet.cli.main import main
from toolvet.errors import UnusableFile
from toolvet.storage.reader import read_rubric

RUBRIC = """\
format = 1
id = "hours"
version = "1.0.0"
title = "Hours"
subject = "organisation"
ask = "gap"

[[criteria]]
id = "talking"
title = "Talking"

[[criteria.questions]]
id = "off-hours"
title = "Off hours"
expected = "What would do?"
delivered = "What was true?"
levels = ["No.", "Yes."]
"""
GERMAN = """
[translations.de]
title = "Arbeitszeit"

[translations.de.questions.off-hours]
title = "Nach Feierabend"
levels = ["Nein.", "Ja."]
"""


def _written(tmp_path: Path, more: str) -> Path:
    path = tmp_path / "rubrics" / "hours.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(RUBRIC + more, encoding="utf-8")
    return path


def test_what_is_not_translated_is_in_the_rubrics_own_language(tmp_path: Path) -> None:
    rubric = read_rubric(_written(tmp_path, GERMAN))
    german = rubric.in_language("de")
    (criterion, question), digest = next(german.questions()), german.digest
    assert (german.title, criterion.title, question.title) == ("Arbeitszeit", "Talking", "Nach Feierabend")
    assert (question.levels, question.expected) == (("Nein.", "Ja."), "What would do?")
    assert (digest, rubric.in_language("fr")) == (rubric.digest, rubric)


@pytest.mark.parametrize(
    ("more", "line", "words"),
    [
        (GERMAN.replace("off-hours", "of-hours"), 22, 'there is no question "of-hours"; did you mean "off-hours"?'),
        (
            GERMAN.replace('"Nein.", ', '"Nein.", "Vielleicht.", '),
            24,
            "3 levels, but the ladder has 2; translate each of them",
        ),
        (GERMAN.replace(".de", ".en"), 19, '"en" is the rubric\'s own language'),
    ],
)
def test_a_translation_that_does_not_fit_is_told_with_its_line(
    tmp_path: Path, more: str, line: int, words: str
) -> None:
    with pytest.raises(UnusableFile) as caught:
        read_rubric(_written(tmp_path, more))
    problem = caught.value.problems[0]
    assert words in problem.message
    assert problem.line == line


def test_the_form_is_in_the_language_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _written(tmp_path, GERMAN)
    monkeypatch.chdir(tmp_path)
    wanted = ["readiness", "Boat", "--form", "--rubric", "hours", "--output", "-"]
    assert main([*wanted, "--language", "de"]) == 0
    page = capsys.readouterr().out
    assert '<html lang="de" dir="ltr">' in page
    assert "Nach Feierabend" in page
    assert main([*wanted, "--language", "nl"]) == 2
