"""Whatever a rubric's file holds, its problems are told: no document makes the linter stumble."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from toolvet.services.file_check import rubric_problems
from toolvet.storage.rubric_lint import lint
from toolvet.storage.toml_input import parse
from toolvet.storage.workspace import Workspace

NAMES = """id text options levels weight references policy approve conditional criterion overall scope criteria
    questions applies_when must_reach must_reach_when must_reach_why is at_least at_most one_of all any not closes"""
KEYS = st.sampled_from(NAMES.split())
VALUES = st.one_of(
    st.sampled_from(["a", "b", "", "level", "Good.", "no"]),
    st.integers(-2, 70),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.booleans(),
)
ANYTHING = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=6,
)
OPTIONS = st.lists(st.sampled_from("abc"), max_size=3)
CONDITION = st.recursive(
    st.fixed_dictionaries({"scope": st.sampled_from("ab")}, optional={"is": st.sampled_from("abc"), "one_of": OPTIONS}),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"all": st.lists(inner, max_size=2)}),
        st.fixed_dictionaries({"any": st.lists(inner, max_size=2)}),
    ),
    max_leaves=5,
)
QUESTION = st.fixed_dictionaries(
    {},
    optional={
        "id": ANYTHING,
        "text": ANYTHING,
        "levels": ANYTHING | st.lists(st.sampled_from(["No.", "Yes.", "Good."]), max_size=4),
        "weight": ANYTHING,
        "references": ANYTHING,
        "closes": ANYTHING,
        "applies_when": ANYTHING | CONDITION,
        "must_reach_when": CONDITION,
    },
)
DOCUMENT = st.fixed_dictionaries(
    {"format": st.just(1), "ask": st.sampled_from(["level", "gap"])},
    optional={
        "id": ANYTHING,
        "scope": ANYTHING
        | st.lists(st.fixed_dictionaries({"id": st.sampled_from("ab"), "options": OPTIONS}), max_size=3),
        "policy": ANYTHING,
        "criteria": ANYTHING
        | st.lists(
            st.fixed_dictionaries({"questions": st.lists(QUESTION, max_size=3)}, optional={"weight": ANYTHING}),
            max_size=2,
        ),
    },
)


@settings(max_examples=60)
@given(DOCUMENT)
def test_every_document_is_linted(document: dict[str, Any]) -> None:
    assert all(fault.is_warning for fault in lint(document))


@settings(max_examples=40)
@given(DOCUMENT)
def test_problems_of_every_document_have_lines(document: dict[str, Any]) -> None:
    content = tomli_w.dumps(document).encode()
    path = Path("rubric.toml")
    problems = rubric_problems(path, content, parse(path, content), Workspace(Path("nowhere")))
    lines = content.count(b"\n") + 1
    assert all(problem.line is None or 1 <= problem.line <= lines for problem in problems)
