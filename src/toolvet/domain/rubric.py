"""Rubrics: scope facts, criteria, questions, must-haves and policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from toolvet.domain.scope import ScopeCondition
from toolvet.values import dataclass

_Made = TypeVar("_Made")
_MOST_KEPT = 8


def made_once(make: Callable[..., _Made]) -> Callable[..., _Made]:
    """The same function of one or two values that never change, remembering what it made of the last few.

    They are told apart as objects: comparing two rubrics takes as long as what is saved.
    """
    kept: list[tuple[tuple[object, ...], _Made]] = []

    def found(*values: object) -> _Made:
        for known, made in kept:
            if known[0] is values[0] and known[-1] is values[-1]:
                return made
        made = make(*values)
        kept.insert(0, (values, made))
        del kept[_MOST_KEPT:]
        return made

    return found


class Ask(StrEnum):
    """How to answer a rubric: one level, or expected against delivered."""

    LEVEL = "level"
    GAP = "gap"


class Axis(StrEnum):
    EXPERIENCE = "experience"
    CONTROL = "control"


class Sitting(StrEnum):
    """Where questions are answered together: with the tool, in its console, from documents, from the contract."""

    TRIAL = "trial"
    CONSOLE = "console"
    READING = "reading"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class ScopeFact:
    """A fact about the tool or its setting, asked once; its options are ordered."""

    id: str
    text: str
    options: tuple[str, ...]
    about: str | None = None
    help: str | None = None

    @property
    def letters(self) -> dict[str, int]:
        """The keys y and n with their option's place, where the options are yes and no."""
        words = [option.casefold() for option in self.options]
        return {word[0]: words.index(word) for word in ("yes", "no")} if sorted(words) == ["no", "yes"] else {}


class IfMissed(StrEnum):
    REJECT = "reject"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Raise:
    """A higher level to reach where the condition holds, and why."""

    to: int
    when: ScopeCondition
    why: str


@dataclass(frozen=True, slots=True)
class MustReach:
    """The level a must-have must reach, why, and when it is one (None: always).

    `if_missed` is about that level alone; missing only one of the `raises` holds.
    """

    level: int
    why: str
    when: ScopeCondition | None = None
    if_missed: IfMissed = IfMissed.REJECT
    raises: tuple[Raise, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to judge. `levels` describes each rung, 0 the lowest.

    Without a `title` the id in words is used: "strong-sign-in" is "Strong sign in". With `ask = "gap"`, `expected` and
    `delivered` are the two questions about the ladder, and `text` is a short form of them.
    """

    id: str
    text: str
    levels: tuple[str, ...]
    why: str | None = None
    check: str | None = None
    where: Sitting | None = None
    minutes: int | None = None
    weight: Fraction = Fraction(1)
    axis: Axis | None = None
    applies_when: ScopeCondition | None = None
    must_reach: MustReach | None = None
    evidence: str | None = None
    shelf_months: int | None = None
    closes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    expected: str | None = None
    delivered: str | None = None
    think_of: str | None = None
    asked_of: tuple[str, ...] = ()
    title: str = ""
    ref: str | None = None
    revision: int | None = None

    def __post_init__(self) -> None:
        if not self.title:
            object.__setattr__(self, "title", _in_words(self.id))

    @property
    def quoted(self) -> str:
        """The heading as it stands within a sentence."""
        return f'"{self.heading}"'

    @property
    def heading(self) -> str:
        """The title after its control number, if any: "AAAI-09 Strong sign-in"."""
        return f"{self.ref} {self.title}" if self.ref else self.title

    @property
    def top(self) -> int:
        return len(self.levels) - 1

    @property
    def needs_hands_on(self) -> bool:
        return self.evidence == "tested"


_ACRONYMS = frozenset({"ai", "api", "mfa", "sso", "vpn"})


def _in_words(id_: str) -> str:
    words = " ".join(word.upper() if word in _ACRONYMS else word for word in id_.split("-"))
    return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class TextQuestion:
    """A question that only informs: it has no ladder and counts nowhere, and the answer's note answers it.

    `criterion` is the title of the criterion in which it is asked, `criterion_id` its id.
    """

    id: str
    text: str
    criterion: str
    criterion_id: str
    title: str = ""
    ref: str | None = None
    why: str | None = None
    check: str | None = None
    references: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The title after its control number, if any."""
        title = self.title or _in_words(self.id)
        return f"{self.ref} {title}" if self.ref else title


@dataclass(frozen=True, slots=True)
class Criterion:
    """A group of questions with a weight and, on the map, an axis."""

    id: str
    title: str
    questions: tuple[Question, ...]
    summary: str | None = None
    axis: Axis | None = None
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Translation:
    """A rubric's words in another language: its own, and those of scope facts, criteria and questions by id.

    What is missing is said in the rubric's own language.
    """

    words: Mapping[str, str]
    criteria: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    questions: Mapping[str, Mapping[str, str | tuple[str, ...]]] = field(default_factory=dict)
    scope: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of_fact(self, fact: ScopeFact) -> ScopeFact:
        given: Mapping[str, Any] = self.scope.get(fact.id, {})
        return replace(fact, **given)

    def of_text(self, text: TextQuestion) -> TextQuestion:
        given: Mapping[str, Any] = self.questions.get(text.id, {})
        criterion = self.criteria.get(text.criterion_id, {}).get("title", text.criterion)
        return replace(text, criterion=criterion, **given)

    def of_question(self, question: Question) -> Question:
        given: Mapping[str, Any] = self.questions.get(question.id, {})
        return replace(question, **given)

    def of_criterion(self, criterion: Criterion) -> Criterion:
        given: Mapping[str, Any] = self.criteria.get(criterion.id, {})
        return replace(criterion, questions=tuple(map(self.of_question, criterion.questions)), **given)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What every criterion's floor and the overall floor must reach, in percent."""

    criterion: Fraction
    overall: Fraction


class Reading(StrEnum):
    """What a gap means by policy, from more than people ask for to much less."""

    OVER_BUILT = "over-built"
    SWEET_SPOT = "sweet spot"
    NEAR = "near"
    SLIPPING = "slipping"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Policy:
    """House policy: thresholds in percent, periods in months, readings of gaps in levels.

    The defaults are those of the shipped rubrics. With `require_signature`, an approval that nobody known signed counts
    as none.
    """

    approve: Thresholds = Thresholds(Fraction(60), Fraction(70))
    conditional: Thresholds = Thresholds(Fraction(40), Fraction(50))
    coverage: Fraction = Fraction(80)
    proven: Fraction = Fraction(50)
    valid_months: int = 12
    not_applicable_limit: Fraction = Fraction(30)
    waiver_months: int = 12
    over_built: Fraction = Fraction(2)
    slipping: Fraction = Fraction(-1, 2)
    short: Fraction = Fraction(-1)
    smallest_group: int = 5
    require_signature: bool = False


@dataclass(frozen=True, slots=True)
class DatedPolicy:
    """A policy and the day on which it came into force; `file` names it in the workspace, None for the rubric's own."""

    since: date
    policy: Policy
    file: str | None


@dataclass(frozen=True, slots=True)
class Rubric:
    """What is asked, and the policy that judges it.

    `digest` is "sha256:" and 64 hex digits over the parsed file without its policy, or empty if not read from a file.
    `policy_from` names the file in the workspace whose policy replaces the rubric's. `policies` are those of all days,
    the earliest first, where the house changed its thresholds on a day; see `on`.
    """

    id: str
    version: str
    title: str
    subject: str
    ask: Ask
    criteria: tuple[Criterion, ...]
    summary: str | None = None
    how_to_answer: str | None = None
    groups: tuple[str, ...] = ()
    scope: tuple[ScopeFact, ...] = ()
    policy: Policy = field(default_factory=Policy)
    digest: str = ""
    policy_from: str | None = None
    policies: tuple[DatedPolicy, ...] = ()
    language: str = "en"
    translations: Mapping[str, Translation] = field(default_factory=dict, hash=False)
    texts: tuple[TextQuestion, ...] = ()

    def on(self, day: date) -> Rubric:
        """The same rubric with the policy in force on that day."""
        began = [each for each in self.policies if each.since <= day]
        return replace(self, policy=began[-1].policy, policy_from=began[-1].file) if began else self

    @property
    def languages(self) -> tuple[str, ...]:
        """Its own language and those it is translated into."""
        return self.language, *self.translations

    def language_for(self, wanted: str | None) -> str | None:
        """The language of the rubric's that does for the one wanted, as "de" for "de-AT"; None if none does."""
        codes = (wanted or "", (wanted or "").split("-")[0])
        return next((code for code in codes if code in self.languages), None)

    def in_language(self, language: str | None) -> Rubric:
        """The same rubric in that language, or else as it is; "de" does for "de-AT"."""
        code = self.language_for(language)
        if code is None or code not in self.translations:
            return self
        translation = self.translations[code]
        given: Mapping[str, Any] = translation.words
        return replace(
            self,
            criteria=tuple(map(translation.of_criterion, self.criteria)),
            texts=tuple(map(translation.of_text, self.texts)),
            scope=tuple(map(translation.of_fact, self.scope)),
            language=code,
            translations={},
            **given,
        )

    def questions(self) -> Iterator[tuple[Criterion, Question]]:
        """Every question with its criterion, in the rubric's order."""
        for criterion in self.criteria:
            for question in criterion.questions:
                yield criterion, question

    def question(self, question_id: str) -> Question | None:
        return next((question for _, question in self.questions() if question.id == question_id), None)

    def text_question(self, question_id: str) -> TextQuestion | None:
        return next((question for question in self.texts if question.id == question_id), None)

    def ids(self) -> tuple[str, ...]:
        """The ids of all questions, those that are answered in words last."""
        return (*(question.id for _, question in self.questions()), *(question.id for question in self.texts))

    def scope_fact(self, fact_id: str) -> ScopeFact | None:
        return next((fact for fact in self.scope if fact.id == fact_id), None)


_AS_BEFORE = re.compile(r"\s*as before\b", re.IGNORECASE)


def rung_alone(levels: Sequence[str], level: int) -> str:
    """The rung's words with "As before" spelled out in brackets: "[Minutes on request], and in time."."""
    text = levels[level]
    behind = _behind(levels, level)
    return text if behind is None else f"[{_spelled_out(levels, level - 1)}]{behind}"


def _spelled_out(levels: Sequence[str], level: int) -> str:
    """The rung with those it builds on, ready for something to follow."""
    behind = _behind(levels, level)
    text = levels[level] if behind is None else f"{_spelled_out(levels, level - 1)}{behind}"
    return text.strip().rstrip(".")


def _behind(levels: Sequence[str], level: int) -> str | None:
    """What follows "As before"; None where the rung does not begin so, and on the lowest."""
    refers = _AS_BEFORE.match(levels[level]) if level else None
    return None if refers is None else levels[level][refers.end() :]


def version_order(version: str) -> tuple[tuple[int, str], ...]:
    """A sort key that puts 1.10.0 after 1.9.0."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in version.split("."))


def newest(versions: Iterable[str]) -> str | None:
    return max(versions, key=version_order, default=None)


def newest_of_each(rubrics: Iterable[Rubric]) -> tuple[Rubric, ...]:
    """The newest version of each rubric, in order of first appearance."""
    latest: dict[str, Rubric] = {}
    for rubric in rubrics:
        known = latest.setdefault(rubric.id, rubric)
        if version_order(known.version) < version_order(rubric.version):
            latest[rubric.id] = rubric
    return tuple(latest.values())
