"""Rubrics: scope facts, criteria, questions, must-haves and policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from toolvet.domain.scope import ScopeCondition

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

    `criterion` is the title of the criterion in which it is asked.
    """

    id: str
    text: str
    criterion: str
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
    """A rubric's words in another language: its own, and those of criteria and questions by id.

    What is missing is said in the rubric's own language.
    """

    words: Mapping[str, str]
    criteria: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    questions: Mapping[str, Mapping[str, str | tuple[str, ...]]] = field(default_factory=dict)

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
class Rubric:
    """What is asked, and the policy that judges it.

    `digest` is "sha256:" and 64 hex digits over the parsed file without its policy, or empty if not read from a file.
    `policy_from` names the file in the workspace whose policy replaces the rubric's.
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
    language: str = "en"
    translations: Mapping[str, Translation] = field(default_factory=dict, hash=False)
    texts: tuple[TextQuestion, ...] = ()

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
        criteria = tuple(map(translation.of_criterion, self.criteria))
        given: Mapping[str, Any] = translation.words
        return replace(self, criteria=criteria, language=code, translations={}, **given)

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


class ChangeKind(StrEnum):
    """What became of a question, or a scope fact, from one version of a rubric to another.

    If mended, its words changed but its revision says that answers still fit; if revised, they do not. OPTIONS is about
    facts alone.
    """

    SAME = "same"
    MENDED = "mended"
    REWORDED = "reworded"
    REVISED = "revised"
    RELADDERED = "re-laddered"
    RENAMED = "renamed with the same ladder"
    OPTIONS = "options changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question in two versions of a rubric; `old` or `new` is None where it is missing. `old` may have another id.

    `besides` names the keys that differ without affecting the answer: a weight, a reason, a must-have, the criterion,
    or words that were mended.
    """

    question: str
    kind: ChangeKind
    old: Question | None
    new: Question | None
    besides: tuple[str, ...] = ()

    @property
    def quoted(self) -> str:
        """The question's title as it stands within a sentence."""
        question = self.new or self.old
        return self.question if question is None else question.quoted


_WORDING = ("text", "expected", "delivered", "check", "think_of")
"""The texts that an answer depends on, besides the ladder."""


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


def question_changes(old: Rubric, new: Rubric) -> tuple[QuestionChange, ...]:
    """Every question of both: those of the new version in order, then those that are gone."""
    before = {question.id: (criterion, question) for criterion, question in old.questions()}
    after = {question.id: (criterion, question) for criterion, question in new.questions()}
    names = _names_before(old, new)
    kept = [_change(before.get(names.get(name, name)), *found) for name, found in after.items()]
    gone = [
        QuestionChange(question_id, ChangeKind.GONE, question, None)
        for question_id, (_, question) in before.items()
        if question_id not in after and question_id not in names.values()
    ]
    return (*kept, *gone)


def _names_before(old: Rubric, new: Rubric) -> dict[str, str]:
    """By id the earlier id of each renamed question: it asks the same, with the same ladder."""
    before, after = _by_words(old), _by_words(new)
    ids = {question.id for _, question in old.questions()}, {question.id for _, question in new.questions()}
    pairs = {after[words]: name for words, name in before.items() if words in after}
    return {name: was for name, was in pairs.items() if name not in ids[0] and was not in ids[1]}


def _by_words(rubric: Rubric) -> dict[tuple[str, ...], str]:
    """The id of each question by its text and ladder, where no other question has the same."""
    found: dict[tuple[str, ...], list[str]] = {}
    for _, question in rubric.questions():
        found.setdefault((" ".join(question.text.split()), *_ladder(question)), []).append(question.id)
    return {words: names[0] for words, names in found.items() if len(names) == 1}


def _ladder(question: Question) -> tuple[str, ...]:
    return tuple(" ".join(rung.split()) for rung in question.levels)


MOVED = "moved to another criterion"


def difference_words(changes: Iterable[QuestionChange], *, most: int = 8) -> str:
    """Where two versions differ, in a line: 'reworded: "Quiet hours"; new: "Exit plan"'."""
    by_kind: dict[str, list[str]] = {}
    for change in changes:
        if change.kind is not ChangeKind.SAME:
            by_kind.setdefault(change.kind, []).append(change.quoted)
        elif "criterion" in change.besides:
            by_kind.setdefault(MOVED, []).append(change.quoted)
        elif change.besides:
            by_kind.setdefault(f"changed {', '.join(change.besides)}", []).append(change.quoted)
    parts = [
        f"{kind}: {', '.join(titles[:most])}{' …' if len(titles) > most else ''}" for kind, titles in by_kind.items()
    ]
    return "; ".join(parts) or "no question differs, only the text around them"


def same_words(one: str | None, other: str | None) -> bool:
    """Whether two texts agree, however their lines break."""
    return (one or "").split() == (other or "").split()


def reworded(old: Question, new: Question) -> tuple[str, ...]:
    """The names of a question's texts, the ladder aside, whose words changed."""
    return tuple(name for name in _WORDING if not same_words(getattr(old, name), getattr(new, name)))


def _change(was: tuple[Criterion, Question] | None, criterion: Criterion, new: Question) -> QuestionChange:
    if was is None:
        return QuestionChange(new.id, ChangeKind.NEW, None, new)
    old_criterion, old = was
    kind = _kind(old, new)
    moved = ("criterion",) if old_criterion.id != criterion.id else ()
    words: tuple[str, ...] = ()
    if kind in (ChangeKind.MENDED, ChangeKind.RENAMED):
        words = (*reworded(old, new), *(("levels",) if _ladder(old) != _ladder(new) else ()))
    return QuestionChange(new.id, kind, old, new, (*moved, *words, *_differing_besides(old, new)))


def _kind(old: Question, new: Question) -> ChangeKind:
    """The new revision decides, if there is one: its words may be mended. Else any change of words counts."""
    if old.id != new.id:
        return ChangeKind.RENAMED
    is_same_ladder, is_same_text = _ladder(old) == _ladder(new), not reworded(old, new)
    is_revised = new.revision is not None and (old.revision or 1) != new.revision
    if new.revision is not None and not is_revised and len(old.levels) == len(new.levels):
        return ChangeKind.SAME if is_same_ladder and is_same_text else ChangeKind.MENDED
    if not is_same_ladder:
        return ChangeKind.RELADDERED
    if not is_same_text:
        return ChangeKind.REWORDED
    return ChangeKind.REVISED if is_revised else ChangeKind.SAME


def _differing_besides(old: Question, new: Question) -> Iterator[str]:
    for each in fields(Question):
        name = each.name
        is_name = name in ("id", "title") and old.id != new.id
        if name not in _PASSED_OVER and not is_name and getattr(old, name) != getattr(new, name):
            yield name


_PASSED_OVER = frozenset({*_WORDING, "levels", "revision"})
