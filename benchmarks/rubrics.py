"""How long `toolvet check` takes for a rubric of a thousand questions, every one with a condition and a warning."""

from __future__ import annotations

import statistics
import subprocess
import time
from pathlib import Path

from benchmarks.figures import Figure, milliseconds
from benchmarks.starts import TOOLVET, environment

FACTS = 20


def check_figure(folder: Path, rounds: int) -> Figure:
    """The whole command in seconds, against the two it may take."""
    path = folder / "odd.toml"
    path.write_text(_odd_rubric(), encoding="utf-8")
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        subprocess.run((TOOLVET, "check", str(path)), env=environment(), capture_output=True, check=True)
        seconds.append(time.perf_counter() - started)
    median = statistics.median(seconds)
    return Figure("check of 1,000 questions", median, 2.0, "s", f"{milliseconds(median)}; {FACTS} scope facts")


def _odd_rubric() -> str:
    parts = ['format = 1\nid = "odd"\nversion = "1.0.0"\ntitle = "Odd"\nsubject = "tool"\nask = "level"\n']
    parts += (
        f'\n[[scope]]\nid = "fact-{fact}"\ntext = "Fact?"\noptions = ["none", "some", "much"]\n'
        for fact in range(FACTS)
    )
    for criterion in range(10):
        parts.append(f'\n[[criteria]]\nid = "criterion-{criterion}"\ntitle = "Criterion {criterion}"\n')
        parts.extend(_question(100 * criterion + number) for number in range(100))
    return "".join(parts)


def _question(number: int) -> str:
    one, other = number % FACTS, (7 * number + 3) % FACTS
    condition = f'{{ scope = "fact-{one}", is = "much" }}, {{ not = {{ scope = "fact-{other}", at_most = "none" }} }}'
    return (
        f'\n[[criteria.questions]]\nid = "question-{number}"\ntext = "How is {number} done?"\n'
        f'why = "Because {number} matters."\ncheck = "Look at {number}."\n'
        f'levels = ["By nobody.", "By hand.", "By rule.", "By rule, as {number} asks."]\n'
        f"applies_when = {{ any = [{condition}] }}\nreferences = []\n"
    )
