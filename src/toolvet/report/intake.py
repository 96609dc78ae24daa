"""What a filled sheet would change, before anything is written: as text, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolvet.domain.assessment import Answer, given_words
from toolvet.domain.rubric import Rubric
from toolvet.domain.sheet import ANSWER, Taken, TakenAnswer
from toolvet.text.escape import one_line, plural, shortened, wrapped
from toolvet.text.labels import day, grade_words
from toolvet.text.tables import csv_text
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class IntakePage:
    """The preview of one file. `places` and `unusable` say where in the file: the sheet and the row."""

    file: str
    sender: str
    target: str
    rubric: Rubric
    scope: tuple[tuple[str, str | None, str, Taken], ...]
    """Each fact that is new or differs: its id, ours, theirs."""

    answers: tuple[TakenAnswer, ...]
    places: dict[str, str]
    unusable: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    listed: tuple[tuple[str, str, str], ...] = ()
    """What of another tool's file bears on no question: its place, what it says, and why."""


_COUNTED = {Taken.NEW: "new", Taken.DIFFERS: "different", Taken.KEPT: "kept"}
_KINDS = {
    Taken.NEW: ("New", "fills what is open, or adds to what is there"),
    Taken.DIFFERS: ("Differs", "yours stays, unless --take names it"),
}


def intake_text(page: IntakePage, width: int) -> str:
    counts = [f"{_count(page, kind)} {word}" for kind, word in _COUNTED.items()]
    lines = [
        wrapped(f"{page.file}: from {page.sender}, for {page.target}", width),
        f"  {', '.join(counts)}, {len(page.unusable)} unusable",
    ]
    lines += [wrapped(f"  {note}", width, hanging=2) for note in page.notes]
    for kind, (title, means) in _KINDS.items():
        entries = [*_fact_lines(page, kind, width), *_answer_lines(page, kind, width)]
        if entries:
            lines += ["", f"{title}: {means}", *entries]
    kept = [_title(page, each.question) for each in page.answers if each.taken is Taken.KEPT]
    if kept:
        lines += ["", wrapped(f"Kept as it is: {shortened(kept)}", width, hanging=2)]
    if page.unusable:
        lines += ["", "Unusable"]
        lines += [wrapped(f"  {page.file}: {place}: {message}", width, hanging=4) for place, message in page.unusable]
    if page.listed:
        lines += ["", f"Not used: {plural(len(page.listed), 'item')}"]
        lines += _left_out_lines(page.listed, width, most=_LISTED)
    if any(each.merged.confirm is not None and ANSWER in each.fields for each in page.answers):
        lines += ["", "A vendor's answers are proposals: they do not count until a reviewer confirms them."]
    return "\n".join(lines)


def _count(page: IntakePage, kind: Taken) -> int:
    return sum(each.taken is kind for each in page.answers) + sum(each[3] is kind for each in page.scope)


def _title(page: IntakePage, question_id: str) -> str:
    question = page.rubric.question(question_id) or page.rubric.text_question(question_id)
    return question_id if question is None else f'"{question.heading}"'


def _fact_lines(page: IntakePage, kind: Taken, width: int) -> Iterator[str]:
    for fact_id, ours, theirs, found in page.scope:
        if found is kind:
            fact = page.rubric.scope_fact(fact_id)
            yield wrapped(f"  {fact_id}: {'' if fact is None else fact.text}", width, hanging=4)
            yield from _sides(ours, theirs, width)


def _answer_lines(page: IntakePage, kind: Taken, width: int) -> Iterator[str]:
    for each in page.answers:
        if each.taken is kind:
            place = page.places.get(each.question)
            named = f"  {each.question}: {_title(page, each.question)}"
            yield wrapped(f"{named}{f' ({place})' if place else ''}", width, hanging=4)
            ours = whole_answer(each.ours) if each.ours.is_given else None
            yield from _sides(ours, whole_answer(each.theirs), width)


def _sides(ours: str | None, theirs: str, width: int) -> Iterator[str]:
    if ours is not None:
        yield wrapped(f"    ours:   {ours}", width, hanging=12)
    yield wrapped(f"    theirs: {theirs}", width, hanging=12)


def whole_answer(answer: Answer) -> str:
    """An answer with its texts and evidence, on one line."""
    parts = [given_words(answer) if answer.is_given else "no level"]
    if said := answer.unknown or answer.not_applicable:
        parts[0] += f" ({said})"
    parts += [f"note: {answer.note}"] if answer.note else []
    parts += [f"setting: {answer.setting}"] if answer.setting else []
    for each in answer.evidence:
        parts.append(f"{each.source} ({grade_words(each.grade)}{'' if each.date is None else f', {day(each.date)}'})")
    return one_line("; ".join(parts))


def intake_json(page: IntakePage, written: str | None) -> dict[str, object]:
    """The same for programs."""
    return {
        "file": page.file,
        "from": page.sender,
        "for": page.target,
        "scope": [
            {"fact": fact, "is": kind.value, "ours": ours, "theirs": theirs} for fact, ours, theirs, kind in page.scope
        ],
        "answers": [
            {
                "question": each.question,
                "is": each.taken.value,
                "place": page.places.get(each.question),
                "ours": whole_answer(each.ours) if each.ours != Answer() else None,
                "theirs": whole_answer(each.theirs),
            }
            for each in page.answers
        ],
        "unusable": [{"place": place, "problem": message} for place, message in page.unusable],
        "not_used": [{"place": place, "text": text, "why": why} for place, text, why in page.listed],
        "notes": list(page.notes),
        "written": written,
    }


def nothing_written(pages: Sequence[IntakePage]) -> str:
    """What to do after a preview."""
    differing = sum(_count(page, Taken.DIFFERS) for page in pages)
    take = f", and --take ID or --take-all for {plural(differing, 'row')} that differ{'s' * (differing == 1)}"
    return f"Nothing was written; add --write to write what is new{take if differing else ''}."


def draft_text(
    file: str,
    rubric_id: str,
    sizes: Sequence[tuple[str, int]],
    left_out: Sequence[tuple[str, str, str]],
    notes: Sequence[str],
    width: int,
) -> str:
    """What becomes of a questionnaire: its criteria, and each item that does not carry over with the reason."""
    carried = sum(count for _, count in sizes)
    items = carried + len(left_out)
    lines = [
        wrapped(f"{file}: {plural(items, 'item')}, {carried} carried over, {len(left_out)} left out", width),
        f"Rubric {rubric_id}",
        *(wrapped(f"  {note}", width, hanging=2) for note in notes),
        "",
        "Criteria",
        *(wrapped(f"  {title}: {plural(count, 'question')}", width, hanging=4) for title, count in sizes),
    ]
    if left_out:
        lines += ["", "Left out"]
        lines += _left_out_lines(left_out, width)
    return "\n".join(lines)


def _left_out_lines(left_out: Sequence[tuple[str, str, str]], width: int, most: int | None = None) -> Iterator[str]:
    for place, text, why in left_out[:most]:
        shown = one_line(text)
        shown = shown if len(shown) <= _LEFT_OUT else f"{shown[: _LEFT_OUT - 1]}…"
        yield wrapped(f'  {place}: "{shown}" {why}', width, hanging=4)
    if most is not None and len(left_out) > most:
        yield wrapped(f"  and {len(left_out) - most} more; --list FILE writes all of them", width, hanging=4)


_LISTED = 12
"""Items that a preview of answers lists."""


_LEFT_OUT = 60
"""Letters of an item that are shown."""


def left_out_csv(left_out: Sequence[tuple[str, str, str]]) -> str:
    """Every item that was left out, with the reason, as a table."""
    return csv_text(left_out, ("place", "text", "why"))


def draft_json(
    rubric_id: str, carried: int, left_out: Sequence[tuple[str, str, str]], written: str | None
) -> dict[str, object]:
    """The same for programs."""
    return {
        "rubric": rubric_id,
        "carried": carried,
        "left_out": [{"place": place, "text": text, "why": why} for place, text, why in left_out],
        "written": written,
    }
