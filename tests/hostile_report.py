"""A report with hostile words in every field, and looking at what of it would be live."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

from report_sample import RUBRIC, make_decision, make_sample, make_survey
from toolvet.domain.assessment import Answer, Assessment, Evidence, Reviewer, RubricRef, Subject
from toolvet.domain.decision import Condition, Decision, Waiver
from toolvet.domain.rubric import Criterion, Rubric, ScopeFact
from toolvet.report.approval.document import Document

HOSTILE = (
    "<script>alert(1)</script>[x](javascript:alert(2))![i](https://beacon.example/x.png)"
    "<img src=//beacon.example onerror=alert(3)>|\n# h\n- [y](http://live.example)\x1b]0;title\x07\u202e"
    "{{ 7*7 }}{% raw %}&lt;b&gt;`a`**b** www.live.example https://live.example a@live.example \"'><svg onload=x>"
)


class Page(HTMLParser):
    """What an HTML page holds: its tags with attributes in order, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]


def hostile_rubric() -> Rubric:
    """The small rubric with hostile words wherever a rubric has words."""
    criteria = tuple(
        Criterion(
            id=criterion.id,
            title=HOSTILE,
            summary=HOSTILE,
            axis=criterion.axis,
            questions=tuple(
                replace(question, text=HOSTILE, why=HOSTILE, levels=(HOSTILE,) * 5) for question in criterion.questions
            ),
        )
        for criterion in RUBRIC.criteria
    )
    scope = tuple(ScopeFact(fact.id, HOSTILE, (HOSTILE, "b")) for fact in RUBRIC.scope)
    return replace(RUBRIC, title=HOSTILE, criteria=criteria, scope=scope)


def hostile_assessment() -> Assessment:
    """An assessment with hostile words in every field."""
    evidence = (Evidence(HOSTILE), Evidence("javascript:alert(4)"), Evidence("https://a.example/\u202e"))
    answers = {
        "every-device": Answer(level=3, note=HOSTILE, setting=HOSTILE, evidence=evidence),
        "old-phones": Answer(unknown=HOSTILE, note=HOSTILE),
        "sign-in": Answer(unknown=HOSTILE),
        "audit": Answer(not_applicable=HOSTILE),
    }
    subject = Subject(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, yearly_cost=HOSTILE)
    return Assessment(
        RubricRef("small", "1.0.0"),
        subject,
        Reviewer(HOSTILE, HOSTILE),
        scope={"data": HOSTILE, "public": HOSTILE},
        answers=answers,
    )


def hostile_decision() -> Decision:
    """A decision with hostile words in every field."""
    decision = make_decision()
    approved_for = replace(
        decision.approved_for, scope={"data": HOSTILE, HOSTILE: HOSTILE}, plan=HOSTILE, left_off=(HOSTILE,)
    )
    return replace(
        decision,
        decided_by=HOSTILE,
        rationale=HOSTILE,
        supersedes=HOSTILE,
        consulted=(HOSTILE,),
        considered=(HOSTILE,),
        links=(HOSTILE, "javascript:alert(5)"),
        approved_for=approved_for,
        conditions=(Condition(HOSTILE, owner=HOSTILE),),
        waivers=tuple(Waiver(HOSTILE, HOSTILE, HOSTILE, HOSTILE, one.expires) for one in decision.waivers),
    )


def hostile_document(newest: Decision | None = None) -> Document:
    return make_sample(
        hostile_decision(),
        rubric=hostile_rubric(),
        assessment=hostile_assessment(),
        others=(hostile_assessment(),),
        surveys=(make_survey(HOSTILE),),
        newest=newest,
    )


def markdown_tokens(text: str) -> list[Token]:
    """All tokens of GitHub's kind of Markdown with HTML switched on, so that anything live shows."""
    parsed = MarkdownIt("gfm-like", {"html": True}).parse(text)
    return [*parsed, *(child for token in parsed for child in token.children or ())]
