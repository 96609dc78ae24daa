"""Files made to hurt: each is about a megabyte at most, and legal TOML where that hurts more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from toolvet.storage.toml_input import MOST_MARKS

GOOD = Path(__file__).parents[1] / "data" / "good"
KINDS = ("rubric", "assessment", "decision")
_MOST = 1024 * 1024 - 4096


def _many(part: str, *, start: str = "", share: float = 1) -> str:
    """As many of that part, "{}" being its number, as the limits let in, or that share of them."""
    marks = sum(part.count(mark) for mark in "[]{}.,=#") - 2 * part.count("{}")
    count = int(min(_MOST // (len(part) + 4), (MOST_MARKS - 1000) // marks) * share)
    return start + "".join(part.replace("{}", str(number)) for number in range(count))


def _list_of(part: str) -> str:
    """A list of that part as long as the limits let in."""
    return "[" + part * ((MOST_MARKS - 1000) // sum(part.count(mark) for mark in "[]{}.,")) + "]"


def _nested(key: str) -> str:
    return f"{{{key} = " * 31 + "1" + "}" * 31


def _after(text: str) -> Callable[[str], str]:
    return lambda good: f"{good}\n{text}\n"


def _before(text: str) -> Callable[[str], str]:
    return lambda good: f"{text}\n{good}"


EIGHT = "not.not.not.not.not.not.not.not"
SYNTAX: Mapping[str, Callable[[str], str]] = {
    "empty": lambda _good: "",
    "dotted key of 40 kB": _before("a." * 20_000 + "a = 1"),
    "header of 40 kB": _after("[" + "a." * 20_000 + "a]"),
    "500 brackets": _before("x = " + "[" * 500 + "]" * 500),
    "500 braces": _before("x = " + "{a=" * 500 + "1" + "}" * 500),
    "32 brackets of 8-part keys": _before("x = " + _nested("a.b.c.d.e.f.g.h")),
    "whole number of 5,000 digits": _before("x = " + "9" * 5000),
    "whole number of 1 MB in hexadecimal": _before("x = 0x" + "f" * _MOST),
    "whole number of 1 MB in hexadecimal as format": lambda good: good.replace(
        "format = 1", "format = 0x" + "f" * _MOST
    ),
    "decimal of 1 MB": _before("x = 0." + "1" * _MOST),
    "decimal with a vast power": _before("x = 1e999999999999999999"),
    "8-part keys": lambda _good: _many("a{}.b.c.d.e.f.g.h = 1\n"),
    "8-part keys that share": lambda _good: _many("a.b.c.d.e.f.g.h{} = 1\n"),
    "8-part headers": lambda _good: _many("[a{}.b.c.d.e.f.g.h]\n"),
    "unknown keys": _before(_many("k{} = 1\n")),
    "unknown keys in quotes": _before(_many('"k {}" = 1\n')),
    "unknown tables": _after(_many("[k{}]\n")),
    "unknown lists of tables": _after(_many("[[k]]\n")),
    "as long a list as is let in": _before("x = " + _list_of("1,")),
    "as many empty tables as are let in": _before("x = " + _list_of("{},")),
    "1 MB of one list": _before("x = [" + "1," * (_MOST // 2) + "]"),
    "1 MB of empty lists": _before("x = [" + "[]," * (_MOST // 3) + "]"),
    "1 MB of empty tables": _before("x = [" + "{}," * (_MOST // 3) + "]"),
    "1 MB of text": _before('x = "' + "x" * _MOST + '"'),
    "1 MB of escapes": _before('x = "' + '\\"' * (_MOST // 2) + '"'),
    "1 MB of text without end": _before('x = "' + '\\"' * (_MOST // 2)),
    "1 MB of text on many lines": _before('x = """' + '\n""' * (_MOST // 3) + '"""'),
    "1 MB key in quotes": _before('"' + "x" * _MOST + '" = 1'),
    "1 MB bare key": _before("x" * _MOST + " = 1"),
    "10,000 comments": _before("#\n" * 10_000),
    "1 MB of comments": _before("#\n" * (_MOST // 2)),
    "1 MB of blanks": _before(" " * _MOST),
    "1 MB of line breaks": _before("\n" * _MOST),
    "1 MB of equal signs": _before("=" * _MOST),
    "1 MB of quotes": _before('"' * _MOST),
    "1 MB of apostrophes": _before("'" * _MOST),
    "1 MB of brackets": _before("[" * _MOST),
    "1 MB of dots": _before("." * _MOST),
} | {
    f"1 MB of {part} over and over": _before(part * (_MOST // len(part)))
    for part in ('"\\"', '"\\', '"""\\', "[.", "a.")
}
"""What may stand in a file of any kind."""

_MIXED = '1, "a", 1.5, [], {}, '
_RUBRIC = 'format = 1\nid = "r"\nversion = "1"\ntitle = "T"\nsubject = "tool"\nask = "level"\n'
_QUESTION = '[[criteria.questions]]\nid = "q{}"\ntext = "T"\nlevels = ["a", "b"]\n'
_CRITERION = '[[criteria]]\nid = "c"\ntitle = "C"\n'
_ASSESSMENT = (
    'format = 1\n[rubric]\nid = "collaboration-tool"\nversion = "1.0.0"\n'
    '[subject]\nname = "S"\n[reviewer]\nname = "R"\n'
)


def _rubric(rest: str, top: str = "") -> str:
    return _RUBRIC + top + rest


def _one_question(extra: str) -> str:
    return _rubric(_CRITERION + _QUESTION.replace("{}", "") + extra)


RUBRICS: Mapping[str, Callable[[], str]] = {
    "questions": lambda: _rubric(_many(_QUESTION, start=_CRITERION)),
    "questions of one name": lambda: _rubric(_many(_QUESTION.replace("{}", ""), start=_CRITERION)),
    "questions without anything": lambda: _rubric(_many("[[criteria.questions]]\n", start=_CRITERION)),
    "unknown keys of a question": lambda: _one_question(_many("k{} = 1\n")),
    "criteria": lambda: _rubric(_many('[[criteria]]\nid = "c{}"\n')),
    "scope facts": lambda: _rubric(_many('[[scope]]\nid = "f{}"\ntext = "T"\noptions = ["a"]\n')),
    "unknown scope facts asked for": lambda: _rubric(
        _many('[[scope]]\nid = "f{}"\ntext = "T"\noptions = ["a"]\n', share=0.5)
        + _CRITERION
        + _many(_QUESTION + 'applies_when = { scope = "f-{}", is = "x" }\n', share=0.4)
    ),
    "options not there": lambda: _rubric(
        '[[scope]]\nid = "f"\ntext = "T"\noptions = ['
        + "".join(f'"o{n}", ' for n in range(12_000))
        + "]\n"
        + _CRITERION
        + _QUESTION.replace("{}", "")
        + 'applies_when = { scope = "f", one_of = ['
        + "".join(f'"o-{n}", ' for n in range(12_000))
        + "] }\n"
    ),
    "groups twice": lambda: _rubric(_CRITERION + _QUESTION, "groups = " + _list_of('"a", ') + "\n").replace(
        '"level"', '"gap"'
    ),
    "groups of every kind": lambda: _rubric(_CRITERION + _QUESTION, f"groups = {_list_of(_MIXED)}\n").replace(
        '"level"', '"gap"'
    ),
    "closes of every kind": lambda: _one_question(f"closes = {_list_of(_MIXED)}\n"),
    "levels": lambda: _rubric(
        _CRITERION + '[[criteria.questions]]\nid = "q"\ntext = "T"\nlevels = ' + _list_of('"x", ') + "\n"
    ),
    "condition of nots": lambda: _one_question(f"applies_when = {_nested(EIGHT)}\n"),
    "conditions over many facts": lambda: _rubric(
        "".join(f'[[scope]]\nid = "f{n}"\ntext = "T"\noptions = ["a", "b", "c", "d", "e"]\n' for n in range(60))
        + _CRITERION
        + _many(
            _QUESTION
            + "applies_when = { any = ["
            + ", ".join(f'{{ scope = "f{n}", at_least = "b" }}' for n in range(60))
            + "] }\n"
            + 'must_reach = 1\nmust_reach_why = "W"\nmust_reach_when = { all = ['
            + ", ".join(f'{{ not = {{ scope = "f{n}", is = "c" }} }}' for n in range(60))
            + "] }\n",
            share=0.9,
        )
    ),
    "condition of many": lambda: _one_question(
        "applies_when = { all = " + _list_of('{ scope = "x", is = "y" }, ') + " }\n"
    ),
    "condition of empty ones": lambda: _one_question("applies_when = { any = " + _list_of("{}, ") + " }\n"),
    "weight in hexadecimal": lambda: _one_question("weight = 0x" + "f" * 500_000 + "\n"),
    "ask in hexadecimal": lambda: _RUBRIC.replace('"level"', "0x" + "f" * 500_000) + _CRITERION,
}
ASSESSMENTS: Mapping[str, Callable[[], str]] = {
    "answers": lambda: _many("[answers.q{}]\nlevel = 1\n", start=_ASSESSMENT),
    "answers in one line each": lambda: _many("a{}={level=1}\n", start=_ASSESSMENT + "[answers]\n"),
    "answers of the wrong kind": lambda: _many("a{}=1\n", start=_ASSESSMENT + "[answers]\n"),
    "answers with bad names": lambda: _many(
        '"A {}"={}\n'.replace("={}", "={level=true}"), start=_ASSESSMENT + "[answers]\n"
    ),
    "answers with two": lambda: _many("a{}={level=1,unknown='x'}\n", start=_ASSESSMENT + "[answers]\n"),
    "evidence": lambda: _many('[[answers.q.evidence]]\nsource = "x"\n', start=_ASSESSMENT),
    "evidence without source": lambda: _many("[[answers.q.evidence]]\n", start=_ASSESSMENT),
    "scope facts": lambda: _many('f{} = "a"\n', start=_ASSESSMENT + "[scope]\n"),
    "level in hexadecimal": lambda: _ASSESSMENT + "[answers.q]\nlevel = 0x" + "f" * 500_000 + "\n",
    "users in hexadecimal": lambda: _ASSESSMENT.replace('name = "S"', 'name = "S"\nusers = 0x' + "f" * 500_000),
    "unknown in hexadecimal": lambda: _ASSESSMENT + "[answers.q]\nunknown = 0x" + "f" * 500_000 + "\n",
    "grade in hexadecimal": lambda: (
        _ASSESSMENT + '[[answers.q.evidence]]\nsource = "x"\ngrade = 0x' + "f" * 500_000 + "\n"
    ),
}


def _decision(change: Callable[[str], str]) -> Callable[[], str]:
    return lambda: change((GOOD / "decision.toml").read_text())


DECISIONS: Mapping[str, Callable[[], str]] = {
    "consulted": _decision(lambda good: good.replace('["Data protection"]', _list_of('"x", '))),
    "consulted of every kind": _decision(lambda good: good.replace('["Data protection"]', _list_of(_MIXED))),
    "conditions": _decision(lambda good: _many('[[conditions]]\ntext = "x"\n', start=good)),
    "conditions without text": _decision(lambda good: _many("[[conditions]]\n", start=good)),
    "approved for": _decision(lambda good: good.replace("[approved_for]", "[approved_for]\n" + _many("f{} = 'x'\n"))),
    "verdict in hexadecimal": _decision(lambda good: good.replace('"hold"', "0x" + "f" * 500_000)),
    "floor in hexadecimal": _decision(lambda good: good.replace("71.2", "0x" + "f" * 500_000)),
    "day as text of 1 MB": _decision(lambda good: good.replace("2026-11-20\nv", '"' + "x" * 400_000 + '"\nv')),
}


SURVEYS: Mapping[str, Callable[[], str]] = {
    "one column many times.csv": lambda: ",".join(["x"] * 1_000_000),
    "many columns.csv": lambda: ",".join(f"c{n}" for n in range(1_000_000)),
    "many columns that are nearly known.csv": lambda: ",".join(f"off-hours.expecte{n}" for n in range(300_000)),
    "many rows with too few cells.csv": lambda: "off-hours.expected,off-hours.delivered\n" + "1\n" * 250_000,
    "many rows.csv": lambda: "off-hours.expected\n" + "1\n" * 250_000,
    "empty rows.csv": lambda: "off-hours.expected\n" + "\n" * 10_000_000,
    "empty columns.csv": lambda: "off-hours.expected" + "," * 10_000_000,
}
"""Tables of answers to the shipped survey."""


def bombs(kind: str, *, every: bool) -> dict[str, bytes]:
    """The bombs for that kind of file by name; those of syntax alone for assessments only, or for every kind."""
    own = {"rubric": RUBRICS, "assessment": ASSESSMENTS, "decision": DECISIONS, "survey": SURVEYS}[kind]
    texts = {f"{kind}: {name}": make() for name, make in own.items()}
    if kind != "survey" and (every or kind == "assessment"):
        good = (GOOD / f"{kind}.toml").read_text()
        texts |= {f"{kind}: {name}": make(good) for name, make in SYNTAX.items()}
    return {name: text.encode() for name, text in texts.items()}
