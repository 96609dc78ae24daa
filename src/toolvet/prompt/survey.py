"""`toolvet assess --plain` for a survey: one ladder, asked about on both sides, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from toolvet.domain.assessment import Subject, to_confirm
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.survey_answers import (
    AnswerSide,
    asked,
    next_unanswered,
    rung,
    survey_progress,
    unanswered,
    with_rung,
)
from toolvet.errors import Conflict
from toolvet.prompt.assess import Kept
from toolvet.prompt.prompt import QUIT, Ended, Special, ask, ask_choice, ask_text, choose_rubric, tell
from toolvet.report.survey.sentences import NOTE_CAUTION, SIDES, UNNAMED, asked_words, gap_words
from toolvet.services.surveys import answers_in, organisation_called, rubric_in_use, survey_rubrics
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.user_state import last_place, remember_place
from toolvet.storage.workspace import Workspace
from toolvet.text.labels import survey_progress_words

HELP = """\
A number: the rung. skip or an empty line: leave this side as it is, and on to the next. clear: no answer on this side.
note: a note; the text can follow at once. back: the question before. open: the next open one. again: once more.
quit: stop."""


def answer_plainly(workspace: Workspace, file: AssessmentFile | None, about: Subject | None, *, on: date) -> int:
    """Ask what is expected and what is delivered, saving each answer, until the person quits or the input ends.

    `file` is gone on with; with None a new person's answers are begun, about that organisation or one that is asked
    for. Status 3 where the last change could not be saved.
    """
    try:
        opened = file or _begin(workspace, about, on)
    except Ended:
        tell("Nothing was started.")
        return 0
    kept = Kept(workspace, answers_in(opened, workspace).rubric, opened, on)
    _introduce(kept)
    try:
        _ask_questions(kept)
    except Ended:
        pass
    except Conflict as conflict:
        tell(f"{conflict} Nothing more is saved here; start again to go on.")
        return conflict.status
    tell()
    tell(f"{survey_progress_words(survey_progress(kept.rubric, kept.assessment))}.")
    tell(f"Saved: {kept.place}" if kept.is_saved else f"NOT SAVED: the last change to {kept.place}")
    return 0 if kept.is_saved else 3


def _begin(workspace: Workspace, about: Subject | None, on: date) -> AssessmentFile:
    tell(f"A new person's answers to a survey. {UNNAMED} Control-D stops.")
    name = ""
    while about is None and not name:
        name = ask_text("Name of the organisation:")
    organisation = about or organisation_called(workspace, name)
    rubric = rubric_in_use(workspace, organisation, on) or choose_rubric(survey_rubrics(workspace), "survey")
    file = workspace.start(unanswered(rubric, organisation, _choose_group(rubric), on), on)
    tell(f"Started and saved: {file.path}")
    return file


def _choose_group(rubric: Rubric) -> str | None:
    if not rubric.groups:
        return None
    tell("Your group? It decides which questions are asked; small groups are never shown apart.")
    chosen = ask_choice("Number, or skip to say none:", rubric.groups)
    return None if isinstance(chosen, Special) else rubric.groups[chosen]


def _introduce(kept: Kept) -> None:
    tell(f"{kept.assessment.subject.label}. {kept.rubric.title}.")
    tell("Each answer is saved at once. Say help for what can be said, quit to stop.")
    if kept.rubric.how_to_answer:
        tell(kept.rubric.how_to_answer)


def _ask_questions(kept: Kept) -> None:
    """Ask from where the person left off, until the last question is passed. Ended where the person quits."""
    questions = {question.id: question for question in asked(kept.rubric, kept.assessment)}
    last = last_place(kept.file.path)
    at = last if last in questions else next_unanswered(kept.rubric, kept.assessment, None) or next(iter(questions), "")
    while at:
        remember_place(kept.file.path, at)
        at = _ask_question(kept, questions[at], list(questions))
    tell("That was the last question.")


def _ask_question(kept: Kept, question: Question, ids: list[str]) -> str:
    """Ask about both sides; gives the id of the question to show next, "" behind the last."""
    tell()
    tell("\n".join(_question_lines(kept, question, ids.index(question.id) + 1, len(ids))))
    for side in AnswerSide:
        tell(f"{SIDES[side]}: {asked_words(question, side)}")
        level = rung(kept.assessment.answer(question.id), side)
        if level is not None:
            tell(f"Answered {level}.")
        going_to = _ask_side(kept, question, side, ids)
        if going_to is not None:
            return going_to
    if words := gap_words(kept.assessment.answer(question.id), kept.rubric.policy):
        tell(words)
    return _neighbour(ids, question.id, 1)


def _question_lines(kept: Kept, question: Question, place: int, total: int) -> Iterator[str]:
    answer = kept.assessment.answer(question.id)
    area = next(criterion.title for criterion, each in kept.rubric.questions() if each is question)
    yield f"Question {place} of {total}. {area}. {question.title}."
    if question.think_of:
        yield f"Think of: {question.think_of}"
    yield from (f"  {level}: {words}" for level, words in enumerate(question.levels))
    if question.check:
        yield f"What would show it: {question.check}"
    if (kept_words := to_confirm(answer)) is not None:
        yield f"To be answered anew: {kept_words}."
    if answer.note:
        yield f"Note: {answer.note}"


def _ask_side(kept: Kept, question: Question, side: AnswerSide, ids: list[str]) -> str | None:
    """Hear lines until the side is done with: None to go on, else the id of the question to go to, "" for the end."""
    while True:
        word, _, rest = ask(f"0 to {question.top}, skip, or help:").partition(" ")
        word = word.casefold()
        if word in QUIT:
            raise Ended
        if word.isascii() and word.isdecimal():
            if len(word) == 1 and int(word) <= question.top:
                _give(kept, question, side, int(word))
                return None
            tell(f"The ladder goes from 0 to {question.top}.")
        elif word in ("", "n", "skip", "next"):
            return None
        elif word in ("p", "b", "back"):
            return _neighbour(ids, question.id, -1) or question.id
        elif word in ("a", "again"):
            return question.id
        elif word in ("j", "open"):
            found = next_unanswered(kept.rubric, kept.assessment, question.id)
            if found is not None:
                return found
            tell("No other question is open.")
        else:
            _do(kept, question, side, word, rest.strip())


def _do(kept: Kept, question: Question, side: AnswerSide, word: str, rest: str) -> None:
    """What changes the answer and stays at the question."""
    match word:
        case "clear" | "delete":
            _give(kept, question, side, None)
        case "m" | "note":
            tell(NOTE_CAUTION)
            answer = kept.assessment.answer(question.id)
            note = rest or ask_text("Note:") or None
            kept.change(kept.assessment.with_answer(question.id, replace(answer, note=note)))
        case "h" | "?" | "help":
            tell(HELP)
        case _:
            tell(f'"{word}" is not understood. {HELP}')


def _give(kept: Kept, question: Question, side: AnswerSide, level: int | None) -> None:
    answer = with_rung(kept.assessment.answer(question.id), side, level)
    kept.change(kept.assessment.with_answer(question.id, answer))


def _neighbour(ids: list[str], here: str, way: int) -> str:
    at = ids.index(here) + way
    return ids[at] if 0 <= at < len(ids) else ""
