"""Asks line by line, for those whom a full screen does not serve."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from toolvet.domain.assessment import (
    Answer,
    Assessment,
    Evidence,
    Grade,
    Reviewer,
    RubricRef,
    Subject,
    as_not_applicable,
    as_unknown,
    at_level,
    cleared,
    sources_used,
    to_confirm,
)
from toolvet.domain.progress import Pass, next_open, progress, questions_in
from toolvet.domain.rubric import Ask, Rubric, ScopeFact, newest_of_each
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard
from toolvet.domain.scoring import score
from toolvet.errors import Conflict, NotSaved, ToolvetError, UnusableFile
from toolvet.prompt.prompt import (
    QUIT,
    Ended,
    Special,
    ask,
    ask_choice,
    ask_day,
    ask_number,
    ask_text,
    ask_yes,
    choose_rubric,
    tell,
)
from toolvet.storage.reader import AssessmentFile, check_answers
from toolvet.storage.toml_input import CHANGED_OUTSIDE, READ_THROUGH, Seal
from toolvet.storage.user_state import last_place, remember_place, reviewer_name
from toolvet.storage.workspace import Workspace, evidence_sha256
from toolvet.text.labels import figure, progress_words

HELP = """\
A number: the highest rung that is wholly true.
u: unknown; you are asked what was tried. x: not applicable; you are asked why. clear: no answer.
note, setting, evidence: add to the answer. The text can follow at once: note Works on tablets.
skip or an empty line: the next question. back: the one before. open: the next open one. go and an id: that one.
why: why it is asked. facts: the scope facts again. score: where it stands. again: the question once more.
quit: stop."""


def question_words(scorecard: Scorecard, scored: QuestionScore, answer: Answer, place: str) -> str:
    """The question, its ladder, and what was answered so far."""
    question = scored.question
    lines = [f"{place} {scored.criterion.title}. {question.id}"]
    must_have = next((each for each in scorecard.must_haves if each.question.id == question.id), None)
    if must_have is not None:
        lines.append(f"Must-have: it must reach {must_have.must_reach}.")
    lines.append(question.text)
    if question.check:
        lines.append(f"How to check: {question.check}")
    lines += [f"  {level}: {rung}" for level, rung in enumerate(question.levels)]
    lines += answer_lines(scored, answer)
    return "\n".join(lines)


def answer_lines(scored: QuestionScore, answer: Answer) -> Iterator[str]:
    """What was answered, with note, setting and evidence."""
    dated = f" on {answer.answered}" if answer.answered else ""
    match scored.state:
        case AnswerState.ANSWERED:
            yield f"Answered {answer.level}{dated}."
        case AnswerState.EXPIRED:
            yield f"Answered {answer.level}{dated}; expired, to be answered again."
        case AnswerState.UNKNOWN:
            yield f"Unknown{dated}. {answer.unknown}".rstrip()
        case AnswerState.NOT_APPLICABLE:
            yield f"Not applicable{dated}. {answer.not_applicable}".rstrip()
        case AnswerState.UNANSWERED:
            kept = to_confirm(answer)
            yield "Not answered yet." if kept is None else f"To be confirmed: {kept}. Answer it again."
    if answer.note:
        yield f"Note: {answer.note}"
    if answer.setting:
        yield f"Setting: {answer.setting}"
    for evidence in answer.evidence:
        yield f"Evidence: {evidence_words(evidence)}"


def evidence_words(evidence: Evidence) -> str:
    """Source, grade and day in one line."""
    details = [str(detail) for detail in (evidence.grade, evidence.date) if detail is not None]
    return f"{evidence.source} ({', '.join(details)})" if details else evidence.source


def standing(scorecard: Scorecard) -> str:
    """How far it is and what it comes to, in two sentences."""
    overall = scorecard.overall
    figures = (
        f"Floor {figure(overall.floor)}, observed {figure(overall.observed)}, ceiling {figure(overall.ceiling)}."
        if overall
        else "Nothing counts yet."
    )
    return f"{progress_words(progress(scorecard))} questions. Verdict: {scorecard.verdict.words}. {figures}"


class Kept:
    """One open assessment. `is_saved` is false where the last change did not reach the disk."""

    def __init__(self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date) -> None:
        self.workspace, self.rubric, self.on = workspace, rubric, on
        self._file = file
        self.assessment = file.assessment
        self.is_saved = True

    @property
    def place(self) -> str:
        """Where it is saved, as seen from the workspace."""
        return self.workspace.relative(self._file.path)

    @property
    def file(self) -> AssessmentFile:
        """As it was saved last."""
        return self._file

    def scorecard(self) -> Scorecard:
        """What follows from the answers as they stand."""
        return score(self.rubric, self.assessment, self.on)

    def change(self, assessment: Assessment) -> None:
        """Go on to that assessment and save it. Conflict where somebody else changed the file meanwhile."""
        if assessment == self.assessment and self.is_saved:
            return
        self.assessment = assessment
        original = self._file.kept_original
        try:
            self._file = self.workspace.save(self._file, assessment)
        except Conflict:
            self.is_saved = False
            raise
        except (NotSaved, UnusableFile) as error:
            self.is_saved = False
            tell(f"NOT SAVED: {str(error).removeprefix('NOT SAVED: ')}. It is tried again with the next change.")
            return
        self.is_saved = True
        if self._file.kept_original not in (None, original):
            tell(f"The file as it was written by hand is kept as {self._file.kept_original}.")
        tell("Saved.")


def ask_facts(kept: Kept, *, again: bool = False) -> None:
    """Ask for the facts that are open, or, with `again`, for all of them. Ended where the person quits."""
    facts = [fact for fact in kept.rubric.scope if again or fact.id not in kept.assessment.scope]
    if facts:
        tell("Facts about the tool and its setting. They decide which questions apply.")
    at = 0
    while at < len(facts):
        chosen = _ask(kept, facts[at], f"Fact {at + 1} of {len(facts)}.")
        if chosen is Special.BACK:
            at = max(at - 1, 0)
            continue
        if isinstance(chosen, int):
            kept.change(kept.assessment.with_scope(facts[at].id, facts[at].options[chosen]))
        at += 1


def _ask(kept: Kept, fact: ScopeFact, place: str) -> int | Special:
    tell()
    tell(f"{place} {fact.text}")
    given = kept.assessment.scope.get(fact.id)
    if given is not None:
        tell(f"Given: {given}.")
    return ask_choice("Number, skip or back:", fact.options)


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


def assess_plainly(workspace: Workspace, file: AssessmentFile | None, *, name: str, on: date) -> int:
    """Ask for everything that is open, saving each answer, until the person quits or the input ends.

    `file` is resumed; with None a new assessment is started, of the tool of that name where one is given. Status 3
    where the last change could not be saved.
    """
    try:
        opened = _start(workspace, name, on) if file is None else _continued(workspace, file, on)
    except Ended:
        tell("Nothing was started.")
        return 0
    kept = Kept(workspace, _rubric_of(workspace, opened), opened, on)
    _introduce(kept)
    newer = workspace.newer_version(opened.assessment.rubric)
    if newer is not None:
        tell(f"There is version {newer} of this rubric: toolvet migrate shows what becomes of each answer.")
    try:
        ask_facts(kept)
        ask_questions(kept)
    except Ended:
        pass
    except Conflict as conflict:
        tell(f"{conflict} Nothing more is saved here; start again to go on.")
        return conflict.status
    tell()
    tell(standing(kept.scorecard()))
    tell(f"Saved: {kept.place}" if kept.is_saved else f"NOT SAVED: the last change to {kept.place}")
    return 0 if kept.is_saved else 3


def _start(workspace: Workspace, name: str, on: date) -> AssessmentFile:
    rubrics = newest_of_each(file.rubric for file in workspace.rubrics() if file.rubric.ask is Ask.LEVEL)
    rubric = choose_rubric(rubrics, "rubric")
    tell("A new assessment. An empty line leaves open what is not required. Control-D stops.")
    while not name:
        name = ask_text("Name of the tool:")
    subject = Subject(
        name=name,
        vendor=ask_text("Vendor:") or None,
        plan=ask_text("Plan or edition:") or None,
        deployment=ask_text("Deployment (vendor cloud, own servers):") or None,
        job=ask_text("The job to be done:") or None,
        requested_by=ask_text("Requested by:") or None,
        answer_by=ask_day("Answer promised by (2026-11-20):", None),
        users=ask_number("Number of users:"),
    )
    reviewer = reviewer_name() or ""
    while not reviewer:
        reviewer = ask_text("Your name:")
    file = workspace.start(
        Assessment(RubricRef(rubric.id, rubric.version, rubric.digest), subject, Reviewer(reviewer), started=on), on
    )
    tell(f"Started and saved: {file.path}")
    return file


def _continued(workspace: Workspace, file: AssessmentFile, on: date) -> AssessmentFile:
    """The file itself, or, where a decision rests on it, a new one with the same answers."""
    if file.seal is Seal.BROKEN:
        tell(f"{CHANGED_OUTSIDE}.")
        if not ask_yes(READ_THROUGH):
            raise Ended
    why = workspace.why_read_only(file)
    if why is None:
        return file
    tell(f"It stays as it is, because {why}.")
    if not ask_yes("Continue with its answers as a new assessment?"):
        raise Ended
    reviewer = replace(file.assessment.reviewer, name=reviewer_name() or file.assessment.reviewer.name)
    return workspace.start(replace(file.assessment, started=on, reviewer=reviewer), on)


def _rubric_of(workspace: Workspace, file: AssessmentFile) -> Rubric:
    rubric = workspace.rubric(file.assessment.rubric.id, file.assessment.rubric.version)
    problems = tuple(problem for problem in check_answers(file, rubric) if not problem.warning)
    if problems:
        raise UnusableFile(problems)
    if rubric.ask is Ask.GAP:
        raise ToolvetError(f"{file.path} answers a survey of what is expected and delivered: toolvet assess --survey")
    return rubric


def _introduce(kept: Kept) -> None:
    tell(f"{kept.assessment.subject.label}. {kept.rubric.title}.")
    tell("Each answer is saved at once. Say help for what can be said, quit to stop.")
    if kept.rubric.how_to_answer:
        tell(kept.rubric.how_to_answer)


__all__ = ["assess_plainly"]
