"""What differs between two versions of a rubric, and moving an assessment from one to the other.

Nothing is dropped, and only what still fits counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from enum import StrEnum

from toolvet.domain.assessment import Answer, Assessment, Retired, RubricRef, cleared
from toolvet.domain.rubric import Criterion, Question, Rubric, ScopeFact
from toolvet.values import dataclass

_LONGEST = 56
"""So many letters of an id leave room for a number after it."""


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


class Fate(StrEnum):
    """What becomes of an answer or a scope fact."""

    KEPT = "kept"
    CONFIRM = "kept, to be confirmed"
    TAKEN_UP = "taken up again, to be confirmed"
    RETIRED = "kept aside"
    OPEN = "open"
    NOTHING = "not answered"


@dataclass(frozen=True, slots=True)
class MigrationStep:
    """What happens to one question or scope fact.

    `change` is None without an old text to compare with. `was` and `becomes` are the levels before and after.
    `called_before` is the earlier id of a renamed question.
    """

    id: str
    change: ChangeKind | None
    fate: Fate
    besides: tuple[str, ...] = ()
    was: int | None = None
    becomes: int | None = None
    called_before: str | None = None


@dataclass(frozen=True, slots=True)
class Migration:
    """The assessment after the migration, with every step."""

    assessment: Assessment
    old: RubricRef
    new: RubricRef
    facts: tuple[MigrationStep, ...]
    questions: tuple[MigrationStep, ...]


def migrate(assessment: Assessment, old: Rubric | None, new: Rubric) -> Migration:
    """Take the assessment over to the new rubric.

    `old` is the rubric it was answered under; without it every answer must be confirmed. Both need the same `ask`.
    """
    move = _Move(assessment, old, new)
    before = () if old is None else tuple(fact.id for fact in old.scope)
    fact_ids = _in_order([fact.id for fact in new.scope], [*before, *assessment.scope])
    facts = tuple(move.fact(fact_id) for fact_id in fact_ids)
    changes = {} if old is None else {change.question: change for change in question_changes(old, new)}
    in_words = {question.id for question in new.texts} & assessment.answers.keys()
    move.answers |= {name: assessment.answers[name] for name in in_words if assessment.answers[name].level is None}
    others = [name for name in (*changes, *assessment.answers) if name not in move.answers]
    ids = _in_order([question.id for _, question in new.questions()], others)
    renamed = {change.old.id for change in changes.values() if change.old is not None and _is_renamed(change)}
    questions = tuple(move.question(each, changes.get(each)) for each in ids if each not in renamed)
    reference = RubricRef(new.id, new.version, new.digest or None)
    migrated = replace(assessment, rubric=reference, scope=move.scope, answers=move.answers, retired=move.retired)
    return Migration(migrated, assessment.rubric, reference, facts, questions)


class _Move:
    """Collects the scope, the answers and what is set aside."""

    def __init__(self, assessment: Assessment, old: Rubric | None, new: Rubric) -> None:
        self.scope: dict[str, str] = {}
        self.answers: dict[str, Answer] = {}
        self.retired: dict[str, Retired] = dict(assessment.retired)
        self._given, self._old, self._new = assessment, old, new

    def fact(self, fact_id: str) -> MigrationStep:
        """Ask a fact again if its words changed: it takes a moment, and much depends on it."""
        new = self._new.scope_fact(fact_id)
        old = None if self._old is None else self._old.scope_fact(fact_id)
        change = _fact_change(old, new, is_compared=self._old is not None)
        option = self._given.scope.get(fact_id)
        if option is None:
            return MigrationStep(fact_id, change, Fate.NOTHING if new is None else Fate.OPEN)
        if new is not None and option in new.options and change in (ChangeKind.SAME, ChangeKind.OPTIONS):
            self.scope[fact_id] = option
            return MigrationStep(fact_id, change, Fate.KEPT)
        self._retire(fact_id, None if old is None else old.text, Answer(), option)
        return MigrationStep(fact_id, change, Fate.RETIRED)

    def question(self, question_id: str, change: QuestionChange | None) -> MigrationStep:
        """One question of either rubric, or an answer to one that neither has."""
        before = change.old.id if change is not None and change.old is not None and _is_renamed(change) else None
        if before is None:
            return self._question(question_id, change, self._given.answers.get(question_id))
        stray = self._given.answers.get(question_id)
        if stray is not None:
            self._retire(question_id, None, stray, None)
        return replace(self._question(question_id, change, self._given.answers.get(before)), called_before=before)

    def _question(self, question_id: str, change: QuestionChange | None, answer: Answer | None) -> MigrationStep:
        new = self._new.question(question_id)
        kind = None if change is None else change.kind
        besides = () if change is None else change.besides
        old = None if change is None else change.old
        if new is None:
            if answer is None:
                return MigrationStep(question_id, ChangeKind.GONE, Fate.NOTHING)
            self._retire(question_id, None if old is None else old.text, answer, None)
            return MigrationStep(question_id, ChangeKind.GONE, Fate.RETIRED)
        if answer is None:
            return self._take_up(new, kind)
        if not answer.is_given or kind in (ChangeKind.SAME, ChangeKind.MENDED):
            self.answers[question_id] = answer
            return MigrationStep(question_id, kind, Fate.KEPT, besides)
        return self._to_confirm(new, old, kind, answer, besides)

    def _to_confirm(
        self, new: Question, old: Question | None, kind: ChangeKind | None, answer: Answer, besides: tuple[str, ...]
    ) -> MigrationStep:
        moved = _on_ladder(answer, old, new)
        if moved is None:
            self._retire(new.id, None if old is None else old.text, answer, None)
            # The words stay with the question; only the level has no rung any more.
            rest = replace(cleared(answer), expected=None, delivered=None)
            if rest != Answer():
                self.answers[new.id] = rest
            return MigrationStep(new.id, kind, Fate.RETIRED, besides, was=answer.level)
        what = "not compared with" if kind is None else f"{kind} in"
        self.answers[new.id] = replace(moved, confirm=f"{what} {self._new.version}")
        return MigrationStep(new.id, kind, Fate.CONFIRM, besides, was=answer.level, becomes=moved.level)

    def _take_up(self, new: Question, kind: ChangeKind | None) -> MigrationStep:
        """Bring back an answer that was set aside when its question went."""
        kept = self.retired.get(new.id)
        if kind is not ChangeKind.NEW or kept is None or not kept.answer.is_given:
            return MigrationStep(new.id, kind, Fate.OPEN)
        moved = _on_ladder(kept.answer, None, new)
        if moved is None:
            return MigrationStep(new.id, kind, Fate.OPEN)
        del self.retired[new.id]
        self.answers[new.id] = replace(moved, confirm=f"back in {self._new.version}")
        return MigrationStep(new.id, kind, Fate.TAKEN_UP, becomes=moved.level)

    def _retire(self, name: str, text: str | None, answer: Answer, option: str | None) -> None:
        key, number = name, 2
        while key in self.retired:
            key, number = f"{name[:_LONGEST].rstrip('-')}-{number}", number + 1
        self.retired[key] = Retired(self._given.rubric.version, text, option, answer)


def _is_renamed(change: QuestionChange) -> bool:
    return change.kind is ChangeKind.RENAMED


def _fact_change(old: ScopeFact | None, new: ScopeFact | None, *, is_compared: bool) -> ChangeKind | None:
    if new is None:
        return ChangeKind.GONE
    if not is_compared:
        return None
    if old is None:
        return ChangeKind.NEW
    if not same_words(old.text, new.text):
        return ChangeKind.REWORDED
    return ChangeKind.SAME if old.options == new.options else ChangeKind.OPTIONS


def _on_ladder(answer: Answer, old: Question | None, new: Question) -> Answer | None:
    """The answer on the new ladder; None where one of its levels has no rung there."""
    levels = {name: _rung(getattr(answer, name), old, new) for name in _LEVELS}
    if any(levels[name] is None and getattr(answer, name) is not None for name in _LEVELS):
        return None
    return replace(answer, level=levels["level"], expected=levels["expected"], delivered=levels["delivered"])


_LEVELS = ("level", "expected", "delivered")


def _rung(level: int | None, old: Question | None, new: Question) -> int | None:
    """The rung with the same words, else with the same number; None if there is neither."""
    if level is None:
        return None
    if old is not None and level <= old.top:
        same = [at for at, rung in enumerate(new.levels) if same_words(rung, old.levels[level])]
        if len(same) == 1:
            return same[0]
    return level if level <= new.top else None


def _in_order(first: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *others)))


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
_NAMED = 8
"""Titles that are named of each kind."""


def difference_words(changes: Iterable[QuestionChange]) -> str:
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
        f"{kind}: {', '.join(titles[:_NAMED])}{' …' if len(titles) > _NAMED else ''}"
        for kind, titles in by_kind.items()
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
