"""`toolvet assess --plain` for a survey: asks each ladder twice, for what is expected and what is delivered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toolvet.domain.assessment import Subject, to_confirm
from toolvet.domain.gaps import (
    AnswerSide,
    asked,
    next_unanswered,
    rung,
    survey_progress,
    unanswered,
    with_rung,
)
from toolvet.domain.rubric import Question, Rubric
from toolvet.prompt.prompt import (
    LEVEL_ALONE,
    QUIT,
    Conversation,
    Ended,
    Special,
    ask,
    ask_choice,
    ask_text,
    choose_rubric,
    number_among,
    tell,
)
from toolvet.report.survey.sentences import NOTE_CAUTION, SIDES, UNNAMED, asked_words, number_words
from toolvet.services.assessments import Session, open_answers
from toolvet.services.surveys import organisation_called, organisations_known, rubric_in_use, survey_rubrics
from toolvet.storage.names import number_in
from toolvet.storage.reader import AssessmentFile
from toolvet.text.labels import survey_progress_words

HELP = """\
A number: that level. skip or an empty line: leave this side as it is. clear: no answer on this side.
note: add a note; the text can follow at once. back: the previous question. open: the next open one.
outline: all questions by number. go 12: that question. review: your answers in words.
again: show the question again. undo, redo: take the last change back, or make it again. quit: stop."""


def answer_plainly(session: Session, file: AssessmentFile | None, about: Subject | None, *, name: str = "") -> int:
    """Ask what is expected and what is delivered, saving each answer, until the person quits or the input ends.

    Resumes `file`, or with None begins a new person's answers, about that organisation or the one of that name, which
    is asked for where it is empty. Status 3 if the last change could not be saved.
    """
    try:
        opened = file or _begin(session, about, name)
    except Ended:
        tell("Nothing was started.")
        return 0
    kept = Conversation(session, open_answers(session, opened))
    return kept.run(
        lambda: _ask_questions(kept), lambda: f"{survey_progress_words(survey_progress(kept.rubric, kept.assessment))}."
    )


def _begin(session: Session, about: Subject | None, name: str) -> AssessmentFile:
    workspace, on = session.workspace, session.on
    tell(f"Answers of a new person to a survey. {UNNAMED} Control-D stops.")
    while about is None and not name:
        name = ask_text("Name of the organisation (needed):")
    organisation = about or organisation_called(organisations_known(workspace), name)
    rubric = rubric_in_use(workspace, organisation) or choose_rubric(survey_rubrics(workspace), "survey")
    file = workspace.start(unanswered(rubric, organisation, _choose_group(rubric), on), on)
    number = number_in(file.path.stem) or ""
    back = f"{number_words(number)} To come back: toolvet assess {number} --plain."
    tell(f"Started and saved: {file.path}", back)
    return file


def _choose_group(rubric: Rubric) -> str | None:
    if not rubric.groups:
        return None
    tell("Your group? It decides which questions you are asked; small groups are never shown separately.")
    chosen = ask_choice("Number, or skip to name none:", rubric.groups)
    return None if isinstance(chosen, Special) else rubric.groups[chosen]


def _ask_questions(kept: Conversation) -> None:
    """Ask from the first open question until the last one is passed. Ended if the person quits."""
    questions = {question.id: question for question in asked(kept.rubric, kept.assessment)}
    # What somebody had open is remembered nowhere: others may use this computer too.
    at = next_unanswered(kept.rubric, kept.assessment, None) or next(iter(questions), "")
    while at:
        at = _ask_question(kept, questions[at], list(questions))
    tell("That was the last question.")


def _ask_question(kept: Conversation, question: Question, ids: list[str]) -> str:
    """Ask about both sides; return the id of the question to show next, "" after the last."""
    tell()
    tell(*_question_lines(kept, question, ids.index(question.id) + 1, len(ids)))
    for side in AnswerSide:
        tell(f"{SIDES[side]}: {asked_words(question, side)}")
        if side is AnswerSide.EXPECTED:  # below its text, which it is too long to stand before; the same for both
            tell(*_ladder_lines(question))
        level = rung(kept.assessment.answer(question.id), side)
        if level is not None:
            tell(f"Answered {level}.")
        going_to = _ask_side(kept, question, side, ids)
        if going_to is not None:
            return going_to
    return _neighbour(ids, question.id, 1)


def _question_lines(kept: Conversation, question: Question, place: int, total: int) -> Iterator[str]:
    answer = kept.assessment.answer(question.id)
    area = next(criterion.title for criterion, each in kept.rubric.questions() if each is question)
    yield f"Question {place} of {total}. {area}. {question.heading}."
    if question.think_of:
        yield f"Think of: {question.think_of}"
    if (kept_words := to_confirm(answer)) is not None:
        yield f"To confirm: {kept_words}. Answer it again."
    if answer.note:
        yield f"Note: {answer.note}"


def _ladder_lines(question: Question) -> Iterator[str]:
    yield from (f"  {level}: {words}" for level, words in enumerate(question.levels))
    if question.check:
        yield f"What would show it: {question.check}"


def _ask_side(kept: Conversation, question: Question, side: AnswerSide, ids: list[str]) -> str | None:
    """Ask until the side is done. None to go on, else the id of the question to show next, "" after the last."""
    while True:
        word, _, rest = ask(f"0 to {question.top}, skip, or help:").partition(" ")
        word = word.casefold()
        if word in QUIT:
            raise Ended
        if word.isascii() and word.isdecimal():
            if not rest.strip() and len(word) == 1 and int(word) <= question.top:
                _give(kept, question, side, int(word))
                return None
            tell(LEVEL_ALONE if rest.strip() else f"The ladder goes from 0 to {question.top}.")
        elif word in ("", "n", "skip", "next"):
            return None
        elif word in ("p", "b", "back"):
            return _neighbour(ids, question.id, -1) or question.id
        elif word in ("a", "again"):
            return question.id
        elif word in ("undo", "z", "redo"):
            changed = kept.redo() if word == "redo" else kept.undo()
            if changed:
                return changed
            tell(f"There is nothing to {'redo' if word == 'redo' else 'undo'}.")
        elif word in ("j", "open"):
            found = next_unanswered(kept.rubric, kept.assessment, question.id)
            if found is not None:
                return found
            tell("No other question is open.")
        elif word in ("g", "go"):
            if number := number_among(ids, rest.strip()):
                return ids[number - 1]
            tell(f"Say which question, by its number from 1 to {len(ids)}.")
        else:
            _do(kept, question, side, word, rest.strip())


def _do(kept: Conversation, question: Question, side: AnswerSide, word: str, rest: str) -> None:
    match word:
        case "clear" | "delete":
            _give(kept, question, side, None)
        case "m" | "note":
            tell(NOTE_CAUTION)
            answer = kept.assessment.answer(question.id)
            note = rest or ask_text("Note:") or None
            kept.answer(question.id, replace(answer, note=note))
        case "o" | "outline" | "r" | "review":
            _tell_answers(kept, in_words=word in ("r", "review"))
        case "h" | "?" | "help":
            tell(*HELP.split("\n"))
        case _:
            tell(*f'"{word}" is not understood. {HELP}'.split("\n"))


def _tell_answers(kept: Conversation, *, in_words: bool) -> None:
    """Every question with one's own answers. How the two sides compare is not said: it would colour the next ones."""
    for number, question in enumerate(asked(kept.rubric, kept.assessment), 1):
        answer = kept.assessment.answer(question.id)
        levels = {side: level for side in AnswerSide if (level := rung(answer, side)) is not None}
        words = (
            ", ".join(f"{SIDES[side].lower()} {levels.get(side, 'open')}" for side in AnswerSide) if levels else "open"
        )
        tell(f"  {number}: {question.heading}: {words if to_confirm(answer) is None else 'to be answered again'}.")
        for side, level in levels.items() if in_words else ():
            tell(f"     {SIDES[side]}: {question.levels[level]}")
    tell(f"{survey_progress_words(survey_progress(kept.rubric, kept.assessment))}.")


def _give(kept: Conversation, question: Question, side: AnswerSide, level: int | None) -> None:
    kept.answer(question.id, with_rung(kept.assessment.answer(question.id), side, level))


def _neighbour(ids: list[str], here: str, way: int) -> str:
    at = ids.index(here) + way
    return ids[at] if 0 <= at < len(ids) else ""
