"""Files in toolvet's own form are read without the parser. That reading is held to the parser and the schemas."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import pytest

from toolvet.domain.assessment import (
    Answer,
    Assessment,
    Evidence,
    Grade,
    Retired,
    Reviewer,
    RubricRef,
    Subject,
)
from toolvet.errors import UnusableFile
from toolvet.storage.reader import AssessmentFile, assessment_of, plain_assessment
from toolvet.storage.toml_input import parse
from toolvet.storage.writer import assessment_bytes

DAY = date(2026, 11, 2)
PATH = Path("assessment.toml")
FILE = Evidence("evidence/report.pdf", Grade.INDEPENDENT, DAY, "0b" * 32)
LONG = Evidence("https://support.example.com/knowledge/a-page-with-a-long-address", Grade.DOCUMENT, date(2026, 10, 1))
RATED = {
    "quiet-hours": Answer(level=2, answered=DAY, note="", evidence=(Evidence("a call"),)),
    "guests": Answer(level=0, answered=DAY, note='"Ein \\ Zeichen\n\tund 0xab" – ü 🙂', evidence=(LONG, FILE)),
    "export": Answer(unknown="", answered=DAY, setting="on [answers.guests]", evidence=(FILE, Evidence("b, date = 1"))),
    "audit": Answer(not_applicable="no one asks\u2028here", answered=DAY, confirm="level 2, reworded in 1.1.0"),
    "note-first": Answer(note="level = 6\n[answers.x]\nlevel = 1"),
    "undated": Answer(level=6, evidence=(LONG,)),
}
SURVEYED = {
    "email": Answer(expected=1, delivered=4),
    "devices": Answer(expected=0),
    "partners": Answer(delivered=6, answered=DAY, note='"no"', confirm="reworded"),
}


def rated(answers: dict[str, Answer] = RATED) -> Assessment:
    subject = Subject('Zoom "W"', plan="Business", job="calls\nwith clients", answer_by=DAY, users=400)
    reference = RubricRef("collaboration-tool", "1.0.0", f"sha256:{'0b' * 32}")
    return Assessment(reference, subject, Reviewer("A. B.", role="IT"), DAY, {"data": "internal"}, answers)


def surveyed() -> Assessment:
    return Assessment(RubricRef("readiness", "1.0.0"), Subject("House"), Reviewer(group="it"), DAY, answers=SURVEYED)


CASES = {"a tool": assessment_bytes(rated()), "a survey": assessment_bytes(surveyed())}


def as_parsed(content: bytes) -> AssessmentFile:
    return assessment_of(PATH, content, parse(PATH, content))


@pytest.mark.parametrize("content", CASES.values(), ids=CASES)
def test_what_toolvet_writes_is_read_without_the_parser(content: bytes) -> None:
    assert plain_assessment(PATH, content) == as_parsed(content)


def test_the_seal_of_a_plain_file_is_checked() -> None:
    changed = CASES["a tool"].replace(b"level = 6", b"level = 5")
    found = plain_assessment(PATH, changed)
    assert found is not None
    assert found.seal == "broken"


@pytest.mark.parametrize("table", [b"rubric", b"subject", b"reviewer"])
def test_a_file_without_a_table_that_it_needs_is_left_to_the_parser(table: bytes) -> None:
    head, _, rest = CASES["a tool"].partition(b"[%b]\n" % table)
    damaged = head + rest[rest.index(b"\n[") + 1 :]
    assert plain_assessment(PATH, damaged) is None
    with pytest.raises(UnusableFile):
        assessment_of(PATH, damaged)


def test_what_a_migration_set_aside_is_left_to_the_parser() -> None:
    kept = Assessment(
        **{name: getattr(rated(), name) for name in Assessment.__slots__} | {"retired": {"x": Retired("1")}}
    )
    content = assessment_bytes(kept)
    assert plain_assessment(PATH, content) is None
    assert assessment_of(PATH, content).assessment == kept


PIECES = [
    *(
        b'"',
        b'""',
        b'"""',
        b"'''",
        b"\\",
        b"\\u00e9",
        b"\\ud800",
        b"\\q",
        b"\n",
        b"\n\n",
        b"\r\n",
        b"\t",
        b"\0",
        b"\x7f",
    ),
    *(
        b"#",
        b"# a comment\n",
        b"[",
        b"]",
        b"[[",
        b"{",
        b"}",
        b",",
        b"=",
        b".",
        b" ",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xc2\x85",
    ),
    *(b"level = 7\n", b"level = 0\n", b"level = true\n", b"level = 06\n", b"level = 1.0\n", b"expected = 1\n"),
    *(b"delivered = 0\n", b'unknown = ""\n', b'not_applicable = "x"\n', b'note = "n"\n', b'setting = "s"\n'),
    *(b'confirm = ""\n', b"answered = 2026-02-30\n", b"answered = 0000-01-01\n", b'answered = "2026-11-02"\n'),
    *(
        b'source = ""\n',
        b'grade = "hearsay"\n',
        b"date = 2026-13-01\n",
        b'sha256 = "0B"\n',
        b"seal = 1\n",
        b"format = 1\n",
    ),
    *(
        b"evidence = []\n",
        b'evidence = [\n    { source = "x" },\n]\n',
        b"[[answers.guests.evidence]]\n",
        b"[retired.x]\n",
    ),
    *(
        b"\n[answers.guests]\n",
        b"\n[answers.new]\nlevel = 1\n",
        b"\n[answers.Upper]\n",
        b"[answers]\n",
        b"[reviewer]\n",
    ),
    *(
        b"[scope]\n",
        b'name = "twice"\n',
        b"\n[answers.a.b]\n",
        b"unheard_of = 1\n",
        b"[rubric]\n",
        b"x" * 20_001,
        b"0x" + b"f" * 20,
    ),
]


def changed(content: bytes, random: Random) -> bytes:
    """The file with a few pieces put in, taken out, doubled or moved, at the borders of lines half of the time."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        borders = [0, *(at + 1 for at, byte in enumerate(content) if byte == 10)]
        one, other = sorted(
            random.choice(borders) if random.random() < 0.5 else random.randrange(len(content) + 1) for _ in range(2)
        )
        if random.random() < 0.7:
            other = min(other, one + random.choice((0, 1, 1, 5, 80)))
        place = random.randrange(len(content) + 1) if random.random() < 0.5 else random.choice(borders)
        match random.choice("pprmd"):
            case "p":
                content = content[:one] + random.choice(PIECES) + content[one:]
            case "r":
                content = content[:one] + random.choice(PIECES) + content[other:]
            case "m":
                rest = content[:one] + content[other:]
                content = rest[:place] + content[one:other] + rest[place:]
            case "d":
                content = content[:other] + content[one:other] + content[other:]
    return content


@pytest.mark.parametrize("content", CASES.values(), ids=CASES)
def test_it_is_never_more_lenient_than_the_parser_and_the_schema(content: bytes) -> None:
    random, plain = Random(1), 0
    for _ in range(10_000):
        damaged = changed(content, random)
        found = plain_assessment(PATH, damaged)
        if found is not None:
            assert found == as_parsed(damaged), damaged
            plain += damaged != content
    assert plain > 200  # some of what is changed is in the form still
