"""The questions one by one, and what can be said to each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from toolvet.domain.answering import as_not_applicable, as_unknown, at_level, cleared, sources_used
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.passes import Pass, next_open, questions_in
from toolvet.domain.scorecard import QuestionScore, Scorecard
from toolvet.files.evidence import evidence_sha256
from toolvet.files.state import last_place, remember_place
from toolvet.plain.facts import ask_facts
from toolvet.plain.keeping import Kept
from toolvet.plain.talk import QUIT, Ended, ask, ask_choice, ask_day, ask_text, tell
from toolvet.plain.words import HELP, answer_lines, evidence_words, question_words, standing

SOURCES_OFFERED = 9

Step = Callable[[Kept, QuestionScore, str], str | None]
"""What a word does, given the text behind it; gives the id of the question to go to, or None to stay."""


def ask_questions(kept: Kept) -> None:
    """Ask from where the person left off, until the last question is passed. Ended where the person quits."""
    at = _first(kept)
    while at is not None:
        remember_place(kept.file.path, at)
        scorecard = kept.scorecard()
        scored = scorecard.question(at)
        tell()
        tell(question_words(scorecard, scored, kept.assessment.answer(at), _place(scorecard, at)))
        going_to: str | None = at
        while going_to == at:
            going_to = _step(kept, scored)
            scored = kept.scorecard().question(at)
        at = going_to or None
    tell("That was the last question.")


def _first(kept: Kept) -> str | None:
    applying = [scored.question.id for scored in questions_in(Pass.ALL, kept.scorecard())]
    last = last_place(kept.file.path)
    return last if last in applying else next_open(kept.scorecard(), None) or next(iter(applying), None)


def _place(scorecard: Scorecard, question_id: str) -> str:
    ids = [scored.question.id for scored in questions_in(Pass.ALL, scorecard)]
    return f"Question {ids.index(question_id) + 1} of {len(ids)}." if question_id in ids else "Does not apply."


def _step(kept: Kept, scored: QuestionScore) -> str:
    """Hear one line and do it: the id of the question to show next, "" behind the last."""
    here = scored.question.id
    line = ask(f"0 to {scored.question.top}, u, x, or help:")
    word, _, rest = line.partition(" ")
    word = word.casefold()
    if word in QUIT:
        raise Ended
    if word.isascii() and word.isdecimal():
        return _answer_level(kept, scored, word)
    if word in ("", "n", "skip", "next"):
        return _neighbour(kept, here, 1)
    if word in ("p", "b", "back"):
        return _neighbour(kept, here, -1) or here
    step = _STEPS.get(word)
    if step is None:
        tell(f'"{word}" is not understood. {HELP}')
        return here
    going_to = step(kept, scored, rest.strip())
    return here if going_to is None else going_to


def _neighbour(kept: Kept, here: str, way: int) -> str:
    """The next question that applies, or the one before; "" beyond the last."""
    ids = [
        each.question.id for each in kept.scorecard().questions if each.applies is not False or each.question.id == here
    ]
    at = ids.index(here) + way
    return ids[at] if 0 <= at < len(ids) else ""


def _answer_level(kept: Kept, scored: QuestionScore, word: str) -> str:
    here, top = scored.question.id, scored.question.top
    if len(word) > 1 or int(word) > top:
        tell(f"The ladder goes from 0 to {top}.")
        return here
    _change(kept, here, at_level(kept.assessment.answer(here), int(word), kept.on))
    return _neighbour(kept, here, 1)


def _change(kept: Kept, here: str, answer: Answer) -> None:
    kept.change(kept.assessment.with_answer(here, answer))


def _unknown(kept: Kept, scored: QuestionScore, rest: str) -> str:
    here = scored.question.id
    _change(kept, here, as_unknown(kept.assessment.answer(here), rest or ask_text("What was tried?"), kept.on))
    return _neighbour(kept, here, 1)


def _not_applicable(kept: Kept, scored: QuestionScore, rest: str) -> str | None:
    here = scored.question.id
    reason = rest or ask_text("Why does it not apply?")
    if not reason:
        tell("Not applicable needs a reason; nothing was changed.")
        return None
    _change(kept, here, as_not_applicable(kept.assessment.answer(here), reason, kept.on))
    return _neighbour(kept, here, 1)


def _clear(kept: Kept, scored: QuestionScore, _rest: str) -> None:
    _change(kept, scored.question.id, cleared(kept.assessment.answer(scored.question.id)))


def _add(kept: Kept, scored: QuestionScore, answer: Answer) -> None:
    """Keep what was added; where the question has no answer yet, say which it is: answering goes on to the next."""
    _change(kept, scored.question.id, answer)
    if not answer.is_given:
        tell(f"It stands with {scored.question.title}, not answered yet; back goes to the question before.")


def _note(kept: Kept, scored: QuestionScore, rest: str) -> None:
    here = scored.question.id
    _add(kept, scored, replace(kept.assessment.answer(here), note=rest or ask_text("Note:") or None))


def _setting(kept: Kept, scored: QuestionScore, rest: str) -> None:
    here = scored.question.id
    _add(kept, scored, replace(kept.assessment.answer(here), setting=rest or ask_text("Setting:") or None))


def _evidence(kept: Kept, scored: QuestionScore, rest: str) -> None:
    here = scored.question.id
    answer = kept.assessment.answer(here)
    evidence = _ask_evidence(kept, rest)
    if evidence is not None:
        _add(kept, scored, replace(answer, evidence=(*answer.evidence, evidence)))


def _ask_evidence(kept: Kept, rest: str) -> Evidence | None:
    used = sources_used(kept.assessment, ())[:SOURCES_OFFERED]
    if used and not rest:
        tell("Sources used so far; a number takes one again:")
        for number, evidence in enumerate(used, 1):
            tell(f"  {number}: {evidence_words(evidence)}")
    source = rest or ask_text("Source (an address, a document, what was tried):")
    if not source:
        return None
    if source.isascii() and source.isdecimal() and 1 <= int(source[:2]) <= len(used) and len(source) == 1:
        return used[int(source) - 1]
    grades = tuple(Grade)
    tell("How far does it carry?")
    chosen = ask_choice("Number, or skip:", grades)
    day = ask_day("Day of what was seen (empty for today):", kept.on)
    grade = grades[chosen] if isinstance(chosen, int) else None
    return Evidence(source, grade, day, evidence_sha256(kept.workspace.root, source))


def _open(kept: Kept, scored: QuestionScore, _rest: str) -> str | None:
    found = next_open(kept.scorecard(), scored.question.id)
    if found is None:
        tell("No other question is open.")
    return found


def _go(kept: Kept, _scored: QuestionScore, rest: str) -> str | None:
    ids = [question.id for _, question in kept.rubric.questions()]
    matches = [each for each in ids if each == rest] or [each for each in ids if rest and each.startswith(rest)]
    if len(matches) != 1:
        tell("No question has that id." if not matches else f"That may be {', '.join(matches)}.")
        return None
    return matches[0]


def _why(_kept: Kept, scored: QuestionScore, _rest: str) -> None:
    question = scored.question
    tell(question.why or "The rubric does not say why.")
    if question.must_reach is not None:
        tell(f"Where it is a must-have: {question.must_reach.why}")


def _facts(kept: Kept, _scored: QuestionScore, _rest: str) -> None:
    ask_facts(kept, again=True)


def _score(kept: Kept, _scored: QuestionScore, _rest: str) -> None:
    tell(standing(kept.scorecard()))


def _again(kept: Kept, scored: QuestionScore, _rest: str) -> None:
    scorecard = kept.scorecard()
    here = scored.question.id
    tell(question_words(scorecard, scored, kept.assessment.answer(here), _place(scorecard, here)))


def _answer(kept: Kept, scored: QuestionScore, _rest: str) -> None:
    tell("\n".join(answer_lines(scored, kept.assessment.answer(scored.question.id))))


def _help(_kept: Kept, _scored: QuestionScore, _rest: str) -> None:
    tell(HELP)


_STEPS: dict[str, Step] = {
    **dict.fromkeys(("u", "unknown"), _unknown),
    **dict.fromkeys(("x",), _not_applicable),
    **dict.fromkeys(("clear", "delete"), _clear),
    **dict.fromkeys(("m", "note"), _note),
    **dict.fromkeys(("s", "setting"), _setting),
    **dict.fromkeys(("e", "evidence"), _evidence),
    **dict.fromkeys(("j", "open"), _open),
    **dict.fromkeys(("go",), _go),
    **dict.fromkeys(("w", "why"), _why),
    **dict.fromkeys(("f", "facts"), _facts),
    **dict.fromkeys(("r", "score"), _score),
    **dict.fromkeys(("a", "again"), _again),
    **dict.fromkeys(("answer",), _answer),
    **dict.fromkeys(("h", "?", "help"), _help),
}
