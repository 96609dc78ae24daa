"""Workspaces to measure in: one with the shipped rubric, one with a rubric of a thousand questions."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Reviewer, RubricRef, Subject
from toolvet.domain.decision import APPROVALS, ApprovedFor, AssessmentRef, Decision
from toolvet.domain.decision_rules import make_computed, offered_approved_for, offered_valid_until
from toolvet.domain.gaps import unanswered
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.scoring import score
from toolvet.storage.reader import read_assessment, read_rubric
from toolvet.storage.writer import assessment_bytes, decision_bytes

SHIPPED = Path(__file__).parents[1] / "rubrics" / "collaboration-tool.toml"
SURVEY = SHIPPED.with_name("collaboration-readiness.toml")
SUBJECT = "bench-tool"
DAY = date(2026, 11, 2)
_READING_RULE = 'how_to_answer = "Pick the highest rung wholly true."\n'


def make_workspaces(folder: Path) -> tuple[Path, Path]:
    """Both of them, under that folder, each with one assessment that is half answered."""
    shipped, thousand = folder / "shipped", folder / "thousand"
    thousand_rubric = _thousand_questions()
    _write(thousand / "rubrics" / "thousand-1.0.0.toml", thousand_rubric)
    for workspace, rubric in ((shipped, SHIPPED.read_text(encoding="utf-8")), (thousand, thousand_rubric)):
        _write(assessment_in(workspace), _half_answered(rubric))
    return shipped, thousand


def make_many(folder: Path, count: int) -> None:
    """So many assessments under that folder, two of each subject: every question answered, about 10 kB."""
    rubric = read_rubric(SHIPPED)
    for number in range(count):
        day = DAY if number % 2 else DAY.replace(month=5)
        path = folder / "assessments" / f"tool-{number // 2:05}" / f"{day}-bench.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(assessment_bytes(replace(_answered(rubric, number // 2), started=day), rubric))


def make_answers(folder: Path, count: int) -> None:
    """So many people's answers to the shipped survey, all of them on both sides."""
    rubric = read_rubric(SURVEY)
    place, random = folder / "assessments" / "bench-house", Random(1)
    place.mkdir(parents=True)
    for number in range(count):
        answers = {
            question.id: Answer(expected=random.randint(0, question.top), delivered=random.randint(0, question.top))
            for _, question in rubric.questions()
        }
        empty = unanswered(rubric, Subject("Bench House"), random.choice(rubric.groups), DAY)
        content = assessment_bytes(replace(empty, answers=answers), rubric)
        (place / f"{DAY}-{number:012}.toml").write_bytes(content)


def make_decisions(folder: Path) -> None:
    """A decision on each of those assessments, as the verdict says, and the rubric that they were answered under.

    The second one of a subject supersedes the first.
    """
    rubric = read_rubric(SHIPPED)
    _write(folder / "rubrics" / f"{rubric.id}-{rubric.version}.toml", SHIPPED.read_text(encoding="utf-8"))
    for path in sorted((folder / "assessments").glob("*/*.toml")):
        file = read_assessment(path)
        day = file.assessment.started or DAY
        decided = folder / "decisions" / path.parent.name / f"{day}.toml"
        decided.parent.mkdir(parents=True, exist_ok=True)
        scorecard = score(rubric, file.assessment, day)
        is_approval = scorecard.verdict in APPROVALS
        decision = Decision(
            decision=scorecard.verdict,
            decided_by="Bench",
            decided_on=day,
            supersedes=next((before.name for before in decided.parent.iterdir()), None),
            assessment=AssessmentRef(path.relative_to(folder).as_posix(), file.sha256),
            computed=make_computed(scorecard),
            valid_until=offered_valid_until(scorecard, file.assessment, day) if is_approval else None,
            approved_for=offered_approved_for(file.assessment) if is_approval else ApprovedFor(),
        )
        decided.write_bytes(decision_bytes(decision))


def assessment_in(workspace: Path) -> Path:
    """Where the one assessment of such a workspace lies."""
    return workspace / "assessments" / SUBJECT / "2026-11-02-bench.toml"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _answered(rubric: Rubric, number: int) -> Assessment:
    questions, random = [question for _, question in rubric.questions()], Random(number)
    return Assessment(
        rubric=RubricRef(rubric.id, rubric.version, rubric.digest),
        subject=Subject(f"Tool number {number}", plan="Business", deployment="vendor cloud"),
        reviewer=Reviewer("Bench"),
        started=DAY,
        scope={fact.id: fact.options[-1] for fact in rubric.scope},
        answers={question.id: _answer(question, number + place, random) for place, question in enumerate(questions)},
    )


def _answer(question: Question, chance: int, random: Random) -> Answer:
    source = f"https://support.example.com/knowledge/{chance:05}"
    return Answer(
        level=max(question.must_reach.level if question.must_reach else 0, random.randrange(len(question.levels))),
        answered=DAY,
        note="Seen in the console, and held against the vendor's words." if chance % 3 else None,
        evidence=(Evidence(source, Grade.DOCUMENT, DAY),),
    )


def _thousand_questions() -> str:
    parts = [
        'format = 1\nid = "thousand"\nversion = "1.0.0"\ntitle = "Thousand"\nsubject = "tool"\nask = "level"\n',
        _READING_RULE,
    ]
    for criterion in range(10):
        parts.append(f'\n[[criteria]]\nid = "criterion-{criterion}"\ntitle = "Criterion {criterion}"\n')
        for number in range(100):
            name = f"question-{criterion}-{number}"
            parts.append(
                f'\n[[criteria.questions]]\nid = "{name}"\ntext = "How well does it do the thing of {name}?"\n'
                f'why = "Because {name} matters."\ncheck = "Look at {name}, and write down what you see."\n'
                f'levels = ["Not at all.", "In part.", "For the most part.", "Wholly, as {name} asks."]\n'
            )
            if number % 10 == 0:
                parts.append('must_reach = 1\nmust_reach_why = "Nothing works without it."\n')
    return "".join(parts)


def _half_answered(rubric: str) -> str:
    parsed = tomllib.loads(rubric)
    facts = [f'{fact["id"]} = "{fact["options"][-1]}"\n' for fact in parsed.get("scope", [])]
    questions = [question["id"] for criterion in parsed["criteria"] for question in criterion["questions"]]
    answers = [f"\n[answers.{question}]\nlevel = 2\nanswered = 2026-11-02\n" for question in questions[::2]]
    return "".join(
        [
            "format = 1\nstarted = 2026-11-02\n\n[rubric]\n",
            f'id = "{parsed["id"]}"\nversion = "{parsed["version"]}"\n',
            '\n[subject]\nname = "Bench Tool"\n\n[reviewer]\nname = "Bench"\n\n[scope]\n',
            *facts,
            *answers,
        ]
    )
