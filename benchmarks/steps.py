"""How long it takes to find what would change the verdict, for random rubrics in a process of their own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

from benchmarks.figures import Figure, percentile_95
from benchmarks.starts import environment
from toolvet.domain.advice import advise
from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.rubric import Ask, Criterion, Policy, Question, Rubric

RUBRICS = 300
MOST_QUESTIONS = 60
MOST_WEIGHT = 20
DAY = date(2026, 11, 21)


def steps_figures() -> list[Figure]:
    """Seconds for 95 of 100 rubrics and for the worst, and the process's memory in MB."""
    paths = dict(environment()) | {"PYTHONPATH": str(Path(__file__).parents[1])}
    command = (sys.executable, "-m", "benchmarks.steps")
    told = json.loads(subprocess.run(command, env=paths, capture_output=True, check=True).stdout)
    seconds = told["seconds"]
    made_from = f"{RUBRICS} rubrics of up to {MOST_QUESTIONS} questions; {told['given_up']} not worked out"
    return [
        Figure("what would change, p95", percentile_95(seconds), 1.0, "s", made_from),
        Figure("what would change, worst", max(seconds), 1.0, "s", made_from),
        Figure("what would change, memory", told["megabytes"], 100, "MB", made_from),
    ]


def _measure() -> dict[str, object]:
    random = Random(20261129)
    seconds, given_up = [], 0
    for _ in range(RUBRICS):
        rubric, assessment = _drawn(random)
        started = time.perf_counter()
        ways = advise(rubric, assessment, DAY)
        seconds.append(time.perf_counter() - started)
        given_up += sum(way.further is None and way.steps_at_least <= 6 for way in ways)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "given_up": given_up, "megabytes": memory}


def _drawn(random: Random) -> tuple[Rubric, Assessment]:
    answered, left_out, leaning = random.random(), 0.3 * random.random(), random.random()
    criteria, answers = [], {}
    count = random.randint(1, 6)
    for number in range(count):
        questions = tuple(
            Question(
                id=f"q{number}-{place}",
                text="How?",
                levels=tuple(f"Rung {level}." for level in range(random.randint(2, 7))),
                weight=Fraction(random.randint(1, MOST_WEIGHT)),
            )
            for place in range(random.randint(1, MOST_QUESTIONS // count))
        )
        criteria.append(Criterion(f"c{number}", "C", questions, weight=Fraction(random.randint(1, 9))))
        for question in questions:
            drawn = random.random()
            if drawn < left_out:
                answers[question.id] = Answer(not_applicable="Not ours.")
            elif drawn < left_out + (1 - left_out) * answered:
                answers[question.id] = Answer(
                    level=sum(random.random() < 0.3 + 0.65 * leaning for _ in question.levels[1:])
                )
    policy = Policy(not_applicable_limit=Fraction(random.choice((5, 10, 20, 30))))
    rubric = Rubric("drawn", "1.0.0", "Drawn", "tool", Ask.LEVEL, tuple(criteria), scope=(), policy=policy)
    return rubric, Assessment(RubricRef("drawn", "1.0.0"), Subject("Tool"), Reviewer("A"), scope={}, answers=answers)


if __name__ == "__main__":
    print(json.dumps(_measure()))
