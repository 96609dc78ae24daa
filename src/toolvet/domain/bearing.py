"""Answers of other tools' questionnaires: which of our questions each bears on, and the level that it proposes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from toolvet.domain.assessment import Answer, Grade
from toolvet.domain.rubric import Question, Rubric, TextQuestion
from toolvet.domain.sheet import same_text
from toolvet.values import dataclass

YES_NO = ("No.", "Yes.")
THREE_STEPS = ("No, or not known.", "In part, or only planned.", "Yes, and a source shows it.")
"""What questions without a ladder of their own get in a draft: rungs to be replaced by what can be seen."""

_LONGEST_NOTE = 16_000


class SentStanding(StrEnum):
    """What an answer says, whatever its words."""

    FULL = "full"
    PART = "part"
    NONE = "none"
    NOT_APPLICABLE = "not applicable"
    CHOSEN = "chosen"
    """One of the choices whose ids a question's references list as its ladder."""


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """One answer as its source has it. `ref` is its number there; `place` is where it stands in the file."""

    ref: str
    place: str
    given: str
    text: str = ""
    note: str = ""
    standing: SentStanding | None = None


@dataclass(frozen=True, slots=True)
class SentAnswers:
    """The answers of one file. `names` are what a rubric's references call the source; carried and left out are all.

    `report_words` are words by which a question asks for such a report as a whole; `summary` is what it then says.
    """

    kind: str
    names: tuple[str, ...]
    items: tuple[SentAnswer, ...]
    left_out: tuple[tuple[str, str, str], ...] = ()
    grade: Grade = Grade.CLAIM
    by: str | None = None
    about: str | None = None
    on: date | None = None
    report_words: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Bearing:
    """The answers by question, where each stands, and the items that bear on none."""

    answers: dict[str, Answer]
    places: dict[str, str]
    unused: tuple[SentAnswer, ...]
    contradicted: tuple[SentAnswer, ...] = ()
    """Those whose number has different answers in one file: none of them is taken."""


def bearing_on(rubric: Rubric, sent: SentAnswers) -> Bearing:
    """What the answers say about the rubric's questions.

    A question that carries the item's number is answered with a level, if the item's words or standing name one of its
    rungs. Where its references name the item, or the item's group, the item is noted as evidence.
    """
    answers: dict[str, Answer] = {}
    places: dict[str, str] = {}
    used: set[str] = set()
    contradicted = _contradicted(sent.items)
    sent_items = tuple(item for item in sent.items if item not in contradicted)
    by_ref = {_number(item.ref): item for item in reversed(sent_items)}
    for _, question in rubric.questions():
        named = tuple(_named(question, sent.names))
        own = by_ref.get(_number(question.ref or ""))
        if own is None and len(named) == 1 and question.levels == THREE_STEPS:
            own = by_ref.get(_number(named[0]))
        level, not_applicable = (None, None) if own is None else _judged(question, own)
        items = [own] if own is not None else []
        groups: list[str] = []
        for at, name in enumerate(named):
            chosen = by_ref.get(_number(name))
            if chosen is not None and chosen.standing is SentStanding.CHOSEN and len(named) == len(question.levels):
                own, level = chosen, at
            if chosen is not None:
                items += [chosen] if chosen not in items else []
            elif re.fullmatch(r"[A-Z&]{3,4}", name):
                groups.append(name)
        lines = [_line(sent.kind, item) for item in items if item.note or level is None or item is not own]
        for group in groups:
            members = [item for item in sent_items if re.split(r"[-.]", item.ref)[0] == group]
            lines += [_group_line(sent.kind, group, members)] if members else []
            items += [item for item in members if item not in items]
        if sent.summary and _asks_for(question, sent.report_words):
            lines.insert(0, sent.summary)
        if not items and not lines:
            continue
        used |= {item.ref for item in items}
        note = "\n".join(lines)
        note = note if len(note) <= _LONGEST_NOTE else f"{note[:_LONGEST_NOTE]}… (more in the file)"
        answers[question.id] = Answer(level=level, not_applicable=not_applicable, note=note or None)
        places[question.id] = items[0].place if items else "the whole report"
    for text in rubric.texts:
        named = (*_named(text, sent.names), text.ref or text.id)
        found = next(filter(None, (by_ref.get(_number(name)) for name in named)), None)
        if found is not None and (found.given or found.note):
            used.add(found.ref)
            answers[text.id] = Answer(note="\n".join(filter(None, (found.given, found.note))))
            places[text.id] = found.place
    return Bearing(answers, places, tuple(item for item in sent_items if item.ref not in used), contradicted)


def _contradicted(items: tuple[SentAnswer, ...]) -> tuple[SentAnswer, ...]:
    said: dict[str, set[str]] = {}
    for item in items:
        said.setdefault(_number(item.ref), set()).update(filter(None, [item.standing or _plain(item.given)]))
    return tuple(item for item in items if len(said[_number(item.ref)]) > 1)


def _judged(question: Question, item: SentAnswer) -> tuple[int | None, str | None]:
    """The level that the item gives, or why the question does not apply; neither where the ladder is another."""
    if item.standing is SentStanding.NOT_APPLICABLE:
        return None, item.note or f'Answered with "{item.given}".'
    given = _plain(item.given)
    same = [level for level, rung in enumerate(question.levels) if same_text(_plain(rung), given)]
    if len(same) == 1:
        return same[0], None
    if question.levels == THREE_STEPS and item.standing is not None:
        return {SentStanding.FULL: 2, SentStanding.PART: 1}.get(item.standing, 0), None
    return None, None


def _number(ref: str) -> str:
    """The number without its version: CISA counts a policy's versions, which a reference may leave out."""
    return re.sub(r"(?<=\d)v\d+$", "", _plain(ref))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _line(kind: str, item: SentAnswer) -> str:
    asked = f" ({item.text})" if item.text else ""
    said = f" {item.note}" if item.note else ""
    return f"{kind} {item.ref}{asked}: {item.given or 'no answer'}.{said}"


def _group_line(kind: str, group: str, members: list[SentAnswer]) -> str:
    """How many of a group were answered in full, and the numbers of the others."""
    counted = [item for item in members if item.standing is not SentStanding.NOT_APPLICABLE]
    if not counted:
        return f"{kind} {group}: {', '.join(item.ref for item in members)} answered as not applicable."
    others = [f"{item.ref} {item.given or 'no answer'}" for item in counted if item.standing is not SentStanding.FULL]
    line = f"{kind} {group}: {len(counted) - len(others)} of {len(counted)} answered in full"
    return f"{line}; not {', '.join(others)}." if others else f"{line}."


def _asks_for(question: Question, words: tuple[str, ...]) -> bool:
    said = f"{question.title} {question.text} {question.check or ''}"
    return any(re.search(rf"\b{re.escape(word)}\b", said) for word in words)


def _named(question: Question | TextQuestion, names: tuple[str, ...]) -> Iterator[str]:
    """The numbers and groups that the question's references give under these names, shortened ones in full."""
    for reference in question.references:
        if any(re.search(rf"\b{re.escape(name)}\b", reference) for name in names):
            yield from numbers_in(reference)


def numbers_in(reference: str) -> Iterator[str]:
    """The numbers in a reference: "HECVAT DPAI-02, -03" has DPAI-02 and DPAI-03, "MS.AAD.3.1, 3.2" two as well."""
    last = ""
    tokens = re.split(r"[\s,;()\"]+", reference)
    if tokens[0] == "VSAQ":  # its ids are words
        yield from tokens[1:]
        return
    for token in tokens:
        if re.fullmatch(r"[A-Z&]{2,}(?:-[A-Z]*\d+(?:\.\d+)?|(?:\.[A-Z]+)*(?:\.\d+)+(?:v\d+)?)", token):
            last = token
        elif last and re.fullmatch(r"-\d+", token):
            last = last.rsplit("-", 1)[0] + token
        elif re.fullmatch(r"\d+(?:\.\d+)+(?:v\d+)?", token):
            lead = re.match(r"(?:[A-Z]+\.)+", last)
            last = f"{lead[0]}{token}" if lead else last
            yield last if lead else token
            continue
        elif not re.fullmatch(r"[A-Z&]{3,4}", token):
            continue
        else:
            yield token
            continue
        yield last
