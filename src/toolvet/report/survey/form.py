"""A survey as one HTML page that is answered without a network, and that writes an answer file."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.survey_answers import is_asked_of
from toolvet.report.environments import TEMPLATES, html_environment
from toolvet.report.survey.sentences import SIDES, asked_words


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """How the page writes an answer file: the TOML of everything but the answers.

    `head` says what is answered about whom, `groups` gives each group as TOML writes it, and `comment` begins the
    first line, which ends with the respondent's number.
    """

    head: str
    groups: dict[str, str]
    comment: str


def form_html(rubric: Rubric, organisation: str, file: AnswerFile, group: str | None = None) -> str:
    """The page, for that group or for one to be chosen on it."""
    style, script = _part("form.css"), _part("form.js")
    return (
        html_environment()
        .get_template("form.html.j2")
        .render(
            rubric=rubric,
            organisation=organisation,
            head=escape(file.head),
            draft=escape(f"toolvet {rubric.id} {rubric.version} {organisation} {group or ''}".strip()),
            comment=file.comment,
            group=None if group is None else _group(group, file),
            groups=[_group(one, file) for one in rubric.groups],
            areas=list(_areas(rubric, group)),
            style=Markup(style),
            style_digest=_digest(style),
            script=Markup(script),
            script_digest=_digest(script),
        )
    )


def _part(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _group(name: str, file: AnswerFile) -> dict[str, object]:
    # The value and its TOML have to stay as they are; what is shown beside them is made visible by the template.
    return {"name": name, "value": escape(name), "toml": escape(file.groups[name])}


def _areas(rubric: Rubric, group: str | None) -> Iterator[dict[str, object]]:
    for criterion in rubric.criteria:
        questions = [
            _question(question) for question in criterion.questions if group is None or is_asked_of(question, group)
        ]
        if questions:
            yield {"id": criterion.id, "title": criterion.title, "questions": questions}


def _question(question: Question) -> dict[str, object]:
    return {
        "id": question.id,
        "title": question.title,
        "think_of": question.think_of,
        "check": question.check,
        "levels": question.levels,
        "asked_of": escape(json.dumps(question.asked_of)),
        "sides": [{"key": side.value, "tag": tag, "text": asked_words(question, side)} for side, tag in SIDES.items()],
    }
