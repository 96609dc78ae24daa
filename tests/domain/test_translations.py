"""A rubric in other languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolvet.cli.main import main
from toolvet.errors import UnusableFile
from toolvet.prompt.prompt import Conversation
from toolvet.services.assessments import Session, clock_of, open_tool
from toolvet.services.editing import Editor
from toolvet.storage.reader import read_assessment, read_rubric
from toolvet.storage.workspace import Workspace

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


TOOL = """\
format = 1
id = "tool"
version = "1.0.0"
title = "Tool"
subject = "tool"
ask = "level"

[[criteria]]
id = "talking"
title = "Talking"

[[criteria.questions]]
id = "off-hours"
title = "Off hours"
text = "Is it quiet?"
levels = ["No.", "Yes."]

[[criteria.questions]]
id = "vendor"
text = "Who makes it?"
kind = "text"

[[scope]]
id = "outsiders"
text = "Will outsiders take part?"
options = ["no", "yes"]

[translations.de.scope.outsiders]
text = "Nehmen Fremde teil?"

[translations.de.criteria.talking]
title = "Reden"

[translations.de.questions.off-hours]
title = "Feierabend"
text = "Ist Ruhe?"

[translations.de.questions.vendor]
text = "Wer stellt es her?"
"""
ANSWERS = """\
format = 1
rubric = { id = "tool", version = "1.0.0" }
subject = { name = "Zoom" }
reviewer = { name = "A. Reviewer" }

[answers.off-hours]
level = 0
"""


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The answers of a tool whose rubric is there in German."""
    for name, text in (("rubrics/tool.toml", TOOL), ("assessments/zoom/2026-11-02-a.toml", ANSWERS)):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "assessments" / "zoom" / "2026-11-02-a.toml"


@pytest.mark.parametrize("line", ["questions tool", "questions zoom", "report zoom", "questions zoom -o sheet.html"])
@pytest.mark.usefixtures("tool")
def test_sheets_and_reports_are_in_the_language_asked_for(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = [*line.split(), "--language"]
    assert main([*command, "de"]) == 0
    written = Path("sheet.html").read_text(encoding="utf-8") if "sheet" in line else capsys.readouterr().out
    assert "Feierabend" in written
    assert main([*command, "nl"]) == 2
    assert "--language: 'nl' is not known; it can be en, de" in capsys.readouterr().err


@pytest.mark.usefixtures("tool")
def test_facts_and_questions_in_words_are_translated_and_stay_in_their_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["questions", "zoom", "--language", "de"]) == 0
    sheet = capsys.readouterr().out
    assert "Nehmen Fremde teil?" in sheet
    assert "Wer stellt es her?" in sheet
    assert sheet.count("Reden") == 1
    assert "Talking" not in sheet


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('[translations.de.scope.insiders]\ntext = "Wer?"', 'there is no scope fact "insiders"'),
        ('[translations.fr.questions.vendor]\nlevels = ["Non.", "Oui."]', "this question is answered in words"),
        (f'[translations.fr.questions.vendor]\ntitle = "{"a" * 61}"', "60"),
    ],
)
def test_a_translation_of_what_is_not_there_is_refused(more: str, words: str, tool: Path) -> None:
    path = tool.parents[2] / "rubrics" / "tool.toml"
    path.write_text(f"{TOOL}\n{more}\n", encoding="utf-8")
    with pytest.raises(UnusableFile, match=words):
        read_rubric(path)


@pytest.mark.parametrize(
    ("setting", "locale", "title"),
    [
        (None, "de_AT.UTF-8", "Feierabend"),
        ("de", "fr_FR", "Feierabend"),
        ("fr", "de_DE", "Off hours"),
        (None, "C", None),
    ],
)
def test_what_is_answered_is_in_the_persons_language(
    tool: Path, monkeypatch: pytest.MonkeyPatch, setting: str | None, locale: str, title: str | None
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    config = tool.parents[2] / "config.toml"
    monkeypatch.setenv("TOOLVET_CONFIG", str(config))
    config.write_text("" if setting is None else f'language = "{setting}"\n')
    session = Session(Workspace(tool.parents[2]), clock_of(None))
    opened = open_tool(session.workspace, read_assessment(tool))
    for rubric in (Editor(session, opened).rubric, Conversation(session, opened).rubric):
        assert [question.title for _, question in rubric.questions()] == [title or "Off hours"]
        assert rubric.digest == opened.rubric.digest


def test_what_is_not_translated_keeps_its_own_direction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _written(tmp_path, '\n[translations.ar]\ntitle = "ساعات العمل"\n')
    monkeypatch.chdir(tmp_path)
    assert main(["readiness", "Boat", "--form", "--rubric", "hours", "-o", "-", "--language", "ar"]) == 0
    page = capsys.readouterr().out
    assert '<html lang="ar" dir="rtl">' in page
    assert '<legend dir="auto">Off hours</legend>' in page
