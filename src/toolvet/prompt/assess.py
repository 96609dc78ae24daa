"""Assessing a tool line by line: starting or resuming, the questions, and what each typed word does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from toolvet.domain.advice import advise
from toolvet.domain.assessment import (
    Answer,
    Assessment,
    Evidence,
    Pass,
    Reviewer,
    RubricRef,
    Subject,
    as_not_applicable,
    as_unknown,
    at_level,
    cleared,
    confirmed,
    minutes_left,
    next_open,
    progress,
    questions_in,
    to_confirm,
)
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard
from toolvet.domain.scoring import past_shelf_life, score
from toolvet.prompt.prompt import (
    LEVEL_ALONE,
    QUIT,
    Conversation,
    Ended,
    ask,
    ask_day,
    ask_evidence,
    ask_facts,
    ask_number,
    ask_text,
    ask_yes,
    changed_evidence,
    choose_rubric,
    evidence_line,
    number_among,
    tell,
)
from toolvet.report.scorecard import scorecard_text
from toolvet.services.assessments import (
    OpenedAssessment,
    Session,
    continue_as_new,
    findings_on,
    open_tool,
    tool_rubrics_among,
)
from toolvet.services.panels import opinions_beside
from toolvet.services.survey_rounds import raised_expectations
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.toml_input import CHANGED_OUTSIDE, READ_THROUGH
from toolvet.storage.user_state import last_place, prefer, remember_place
from toolvet.text.escape import plural
from toolvet.text.labels import figure, plain_condition_words, progress_words, required_words, state_words
from toolvet.text.sentences import settled_words

HELP = """\
A number: the highest level that is wholly true.
k: keep an answer that was carried over; it still holds.
u: unknown; you are asked what you tried. x: not applicable; you are asked why. clear: no answer.
note, setting, evidence: add to the answer, best before it is given, because then the next question comes. The text can
follow at once: note Works on tablets.
change 1, remove 1: change or remove the first piece of evidence. undo, redo: take a change back, or make it again.
skip or an empty line: the next question. back: the previous one. open: the next open one.
outline: all questions by number. go 12, or go and an id: that question.
must-haves, trial, console, reading, contract: go on with these questions only; quickest: with what settles the
verdict soonest; all: with all questions again.
why: why it is asked. facts: the scope facts again. score: how it stands in a line. review: the whole scorecard.
again: show the question again. quit: stop."""

_BACK = ("p", "b", "back")
_SITTINGS = (Pass.MUST_HAVES, Pass.TRIAL, Pass.CONSOLE, Pass.READING, Pass.CONTRACT)


def question_words(scorecard: Scorecard, scored: QuestionScore, answer: Answer, place: str) -> list[str]:
    """The question, its ladder, and the answer so far."""
    question = scored.question
    lines = [f"{place} {scored.criterion.title}. {question.heading}"]
    must_have = next((each for each in scorecard.must_haves if each.question.id == question.id), None)
    if must_have is not None:
        lines.append(f"Must-have: {required_words(must_have)}.")
    lines.append(question.text)
    if question.check:
        lines.append(f"How to check: {question.check}")
    lines += [f"  {level}: {rung}" for level, rung in enumerate(question.levels)]
    lines += answer_lines(scored, answer)
    return lines


def answer_lines(scored: QuestionScore, answer: Answer) -> Iterator[str]:
    """The answer, with note, setting and evidence."""
    dated = f" on {answer.answered}" if answer.answered else ""
    match scored.state:
        case AnswerState.ANSWERED:
            yield f"Answered {answer.level}{dated}."
        case AnswerState.EXPIRED:
            yield f"Answered {answer.level}{dated}. This has expired; answer it again."
        case AnswerState.UNKNOWN:
            yield f"Unknown{dated}. {answer.unknown}".rstrip()
        case AnswerState.NOT_APPLICABLE:
            yield f"Not applicable{dated}. {answer.not_applicable}".rstrip()
        case AnswerState.UNANSWERED:
            kept = to_confirm(answer)
            yield "Not answered yet." if kept is None else f"To confirm: {kept}. k if it still holds, or answer again."
    if answer.note:
        yield f"Note: {answer.note}"
    if answer.setting:
        yield f"Setting: {answer.setting}"
    for evidence in answer.evidence:
        yield f"Evidence: {evidence_line(evidence)}"


def score_line(scorecard: Scorecard) -> str:
    """Progress, verdict and score in a few sentences."""
    overall = scorecard.overall
    figures = (
        f"Floor {figure(overall.floor)}, observed {figure(overall.observed)}, ceiling {figure(overall.ceiling)}."
        if overall
        else "Nothing counts yet."
    )
    return f"{progress_words(progress(scorecard))} questions. Verdict: {scorecard.verdict.words}. {figures}"


class Questions:
    """Asks the questions of one assessment. `ask_facts` asks the scope facts again."""

    def __init__(self, conversation: Conversation, ask_facts: Callable[[], None]) -> None:
        self.conversation = conversation
        self._ask_facts = ask_facts
        self._at = ""
        """The id of the question shown; empty after the last one."""
        self._pass = Pass.ALL
        self._beside: tuple[Mapping[str, str], ...] = ()
        """By question, what a panel's reviewers said, and that people expect more than at the last review."""
        self._words: dict[str, Callable[[str], None]] = {
            **dict.fromkeys(("", "n", "skip", "next"), lambda _: self._move(1)),
            **dict.fromkeys(_BACK, lambda _: self._move(-1)),
            **dict.fromkeys(("u", "unknown"), self._unknown),
            **dict.fromkeys(("k", "keep", "confirm"), self._confirm),
            "x": self._not_applicable,
            **dict.fromkeys(("clear", "delete"), lambda _: self._change(cleared(self._answer))),
            **dict.fromkeys(("m", "note"), self._note),
            **dict.fromkeys(("s", "setting"), self._setting),
            **dict.fromkeys(("e", "evidence"), self._evidence),
            **dict.fromkeys(("j", "open"), self._open),
            **dict.fromkeys(("l", "quickest"), lambda _: self._begin(Pass.QUICKEST)),
            "all": lambda _: self._begin(Pass.ALL),
            **dict.fromkeys(("go", "g"), self._go),
            **{each.value: partial(self._begin_sitting, each) for each in _SITTINGS},
            **dict.fromkeys(("z", "undo"), lambda _: self._travel(self.conversation.undo(), "undo")),
            "redo": lambda _: self._travel(self.conversation.redo(), "redo"),
            **dict.fromkeys(("o", "outline"), self._outline),
            "change": self._change_evidence,
            "remove": partial(self._change_evidence, is_removed=True),
            **dict.fromkeys(("w", "why"), self._why),
            **dict.fromkeys(("f", "facts"), lambda _: self._ask_facts()),
            "score": lambda _: tell(score_line(self.scorecard())),
            **dict.fromkeys(("r", "review"), self._review),
            **dict.fromkeys(("a", "again"), lambda _: self._show()),
            "answer": lambda _: tell(*answer_lines(self._scored, self._answer)),
            **dict.fromkeys(("h", "?", "help"), lambda _: tell(*HELP.split("\n"))),
        }

    def scorecard(self) -> Scorecard:
        """What follows from the answers so far."""
        conversation = self.conversation
        return score(conversation.rubric, conversation.assessment, conversation.session.on)

    @property
    def _scored(self) -> QuestionScore:
        return self.scorecard().question(self._at)

    @property
    def _answer(self) -> Answer:
        return self.conversation.assessment.answer(self._at)

    def ask(self) -> None:
        """Ask from where the person was last, until the last question is passed. Ended if the person quits."""
        session, rubric, applying = self.conversation.session, self.conversation.rubric, self._applying()
        raised, untold = raised_expectations(session.workspace, self.conversation.file, rubric, session.on)
        self._beside = opinions_beside(session.workspace, rubric, self.conversation.assessment, session.on), raised
        for words in untold:
            tell(words)
        last = last_place(self.conversation.file.path)
        self._at = last if last in applying else next_open(self.scorecard(), None) or next(iter(applying), "")
        last = self._at
        while last:
            while here := self._at:
                last = here
                remember_place(self.conversation.file.path, here)
                tell()
                self._show()
                while self._at == here:
                    self._obey(ask(f"0 to {self._scored.question.top}, u, x, or help:"))
            self._ask_in_words()
            tell("That was the last question.")
            line = ask("quit, or back, open, outline, review, undo:")
            if not line:
                return
            self._at = last
            if line.casefold() not in _BACK:
                self._obey(line)

    def _ask_in_words(self) -> None:
        """Ask what is answered in words and is not yet; an empty line leaves it open."""
        for question in self.conversation.rubric.texts:
            if not self.conversation.assessment.answer(question.id).note:
                tell("", f"{question.criterion}. {question.id}", question.text)
                if words := ask_text("In words:"):
                    self.conversation.answer(question.id, Answer(note=words, answered=self.conversation.session.on))

    def _applying(self) -> list[str]:
        return [scored.question.id for scored in questions_in(Pass.ALL, self.scorecard())]

    def _show(self) -> None:
        ids = self._applying()
        place = f"Question {ids.index(self._at) + 1} of {len(ids)}." if self._at in ids else "Does not apply."
        tell(*question_words(self.scorecard(), self._scored, self._answer, place))
        for words in self._beside:
            if self._at in words:
                tell(*words[self._at].split("\n"))

    def _obey(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        word = word.casefold()
        if word in QUIT:
            raise Ended
        if word.isascii() and word.isdecimal():
            if rest.strip():
                tell(LEVEL_ALONE)
            else:
                self._level(word)
        elif word in self._words:
            self._words[word](rest.strip())
        else:
            tell(*f'"{word}" is not understood. {HELP}'.split("\n"))

    def _begin(self, chosen: Pass) -> None:
        """Go on with these questions; with the quickest way, at its first."""
        self._pass = chosen
        if chosen is Pass.QUICKEST:
            self._go_on_quickest([each.question.id for each in questions_in(chosen, self.scorecard())])
        else:
            tell("Going on with all questions.")

    def _begin_sitting(self, chosen: Pass, _rest: str) -> None:
        """Go on with these questions only, at the first open one."""
        questions = questions_in(chosen, self.scorecard())
        if not questions:
            tell("No question here is one of these.")
            return
        self._pass = chosen
        minutes = minutes_left(chosen, self.scorecard())
        left = f", {plural(minutes, 'minute')} left" if minutes else ""
        tell(f"Going on with {plural(len(questions), 'question')}{left}.")
        before = self._at
        self._at = next((each for each in questions if each.state.is_open), questions[0]).question.id
        if self._at == before:
            self._show()

    def _travel(self, question_id: str | None, what: str) -> None:
        if question_id is None:
            tell(f"There is nothing to {what}.")
        elif question_id in ("", self._at):
            tell(*answer_lines(self._scored, self._answer))
        else:
            self._at = question_id

    def _review(self, _rest: str) -> None:
        conversation, scorecard = self.conversation, self.scorecard()
        opened = OpenedAssessment(
            replace(conversation.file, assessment=conversation.assessment), conversation.rubric, None
        )
        findings = findings_on(conversation.session.workspace, opened, scorecard)
        advice = advise(conversation.rubric, conversation.assessment, scorecard.on)
        tell(*scorecard_text(scorecard, conversation.assessment, findings, advice, has_charts=False).split("\n"))

    def _outline(self, _rest: str) -> None:
        numbers = {each: number for number, each in enumerate(self._applying(), 1)}
        title = ""
        for scored in self.scorecard().questions:
            if scored.question.id in numbers:
                if scored.criterion.title != title:
                    title = scored.criterion.title
                    tell(title)
                here = " (here)" if scored.question.id == self._at else ""
                given = "to confirm" if scored.to_confirm else state_words(scored.state)
                level = "" if scored.level is None else f" {scored.level}"
                tell(f"  {numbers[scored.question.id]}. {scored.question.heading}: {given}{level}{here}")

    def _go_on_quickest(self, order: Sequence[str]) -> None:
        """To the first of these; without one, say why and go on with all questions from here."""
        scorecard = self.scorecard()
        minutes, count = minutes_left(Pass.QUICKEST, scorecard), len(questions_in(Pass.QUICKEST, scorecard))
        can_change = f"{plural(count, 'question')} can still change the verdict, {plural(minutes, 'minute')} at most."
        tell(settled_words(scorecard) or can_change)
        if order:
            self._at = order[0]
        else:
            self._begin(Pass.ALL)

    def _move(self, way: int) -> None:
        """To the next question that applies or the one before; before the first one, stay."""
        if way > 0 and self._pass is Pass.QUICKEST:
            order = [each.question.id for each in questions_in(Pass.QUICKEST, self.scorecard())]
            skipped = order.index(self._at) + 1 if self._at in order else 0
            self._go_on_quickest(order[skipped:])
            return
        questions = self.scorecard().questions
        ids = [each.question.id for each in questions if each.applies is not False or each.question.id == self._at]
        if self._pass is not Pass.ALL:
            among = {each.question.id for each in questions_in(self._pass, self.scorecard())} | {self._at}
            ids = [each for each in ids if each in among]
        at = max(ids.index(self._at) + way, 0)
        self._at = ids[at] if at < len(ids) else ""

    def _change(self, answer: Answer) -> None:
        self.conversation.answer(self._at, answer)

    def _level(self, word: str) -> None:
        top = self._scored.question.top
        if len(word) > 1 or int(word) > top:
            tell(f"The ladder goes from 0 to {top}.")
            return
        self._change(at_level(self._answer, int(word), self.conversation.session.on))
        self._move(1)

    def _unknown(self, rest: str) -> None:
        self._change(as_unknown(self._answer, rest or ask_text("What did you try?"), self.conversation.session.on))
        self._move(1)

    def _confirm(self, rest: str) -> None:  # noqa: ARG002 - every word is called with what follows it
        """Confirm an answer that was carried over, once the dates of evidence past its shelf life are renewed."""
        answer, on = self._answer, self.conversation.session.on
        if answer.confirm is None:
            tell("Nothing is to be confirmed here.")
            return
        renewed: dict[Evidence, date] = {}
        for one in past_shelf_life(self._scored.question, answer, on):
            seen = ask_day(f"Look again at {one.source}. On which day (empty if you did not)?", None)
            if seen is None:
                tell("Still to be confirmed: that evidence is past its shelf life.")
                return
            renewed[one] = seen
        evidence = tuple(replace(one, date=renewed.get(one) or one.date) for one in answer.evidence)
        self._change(confirmed(replace(answer, evidence=evidence), on))
        self._move(1)

    def _not_applicable(self, rest: str) -> None:
        reason = rest or ask_text("Why does it not apply?")
        if not reason:
            tell("Not applicable needs a reason; nothing was changed.")
            return
        self._change(as_not_applicable(self._answer, reason, self.conversation.session.on))
        self._move(1)

    def _add(self, answer: Answer) -> None:
        """Keep what was added. An unanswered question is named, because an answer would have moved on from it."""
        self._change(answer)
        if not answer.is_given and answer != Answer():
            tell(f'Added to "{self._scored.question.heading}", which is not answered yet.')

    def _note(self, rest: str) -> None:
        self._add(replace(self._answer, note=rest or ask_text("Note:") or None))

    def _setting(self, rest: str) -> None:
        self._add(replace(self._answer, setting=rest or ask_text("Setting:") or None))

    def _evidence(self, rest: str) -> None:
        evidence = ask_evidence(self.conversation, rest)
        if evidence is not None:
            self._add(replace(self._answer, evidence=(*self._answer.evidence, evidence)))

    def _change_evidence(self, rest: str, *, is_removed: bool = False) -> None:
        found = self._evidence_called(rest)
        if found is not None:
            new = () if is_removed else (changed_evidence(self.conversation, found),)
            at = self._answer.evidence.index(found)
            kept = self._answer.evidence
            self._change(replace(self._answer, evidence=(*kept[:at], *new, *kept[at + 1 :])))

    def _evidence_called(self, rest: str) -> Evidence | None:
        evidence = self._answer.evidence
        if number := number_among(evidence, rest or ("1" if len(evidence) == 1 else "")):
            return evidence[number - 1]
        tell("Say which piece of evidence, by its number." if evidence else "This answer has no evidence.")
        for place, each in enumerate(evidence, 1):
            tell(f"  {place}: {evidence_line(each)}")
        return None

    def _open(self, _rest: str) -> None:
        found = next_open(self.scorecard(), self._at)
        if found is None:
            tell("No other question is open.")
        else:
            self._at = found

    def _go(self, rest: str) -> None:
        ids = self._applying()
        if number := number_among(ids, rest):
            self._at = ids[number - 1]
            return
        ids = [question.id for _, question in self.conversation.rubric.questions()]
        matches = [each for each in ids if each == rest] or [each for each in ids if rest and each.startswith(rest)]
        if len(matches) == 1:
            self._at = matches[0]
        else:
            tell(f"That could be {', '.join(matches)}." if matches else "No question has that id.")

    def _why(self, _rest: str) -> None:
        question = self._scored.question
        tell(question.why or "The rubric does not say why.")
        if question.must_reach is not None:
            tell(f"Why it is a must-have: {question.must_reach.why}")
            for each in question.must_reach.raises:
                tell(f"Level {each.to} when {plain_condition_words(each.when)}, else on hold: {each.why}")


def assess_plainly(session: Session, file: AssessmentFile | None, *, name: str) -> int:
    """Ask everything that is open, saving each answer, until the person quits or the input ends.

    Resumes `file`, or with None starts a new assessment of the tool of that name. Status 3 if the last change could
    not be saved.
    """
    try:
        opened = _start(session, name) if file is None else _to_continue(session, open_tool(session.workspace, file))
    except Ended:
        tell("Nothing was started.")
        return 0
    conversation = Conversation(session, opened)
    questions = Questions(conversation, lambda: ask_facts(conversation, again=True))

    def ask_all() -> None:
        newer = session.workspace.newer_version(opened.assessment.rubric)
        if newer is not None:
            tell(f"This rubric has a newer version, {newer}; toolvet migrate shows what becomes of each answer.")
        ask_facts(conversation)
        questions.ask()

    return conversation.run(ask_all, lambda: score_line(questions.scorecard()))


def _start(session: Session, name: str) -> OpenedAssessment:
    workspace = session.workspace
    files, problems = workspace.rubrics_and_problems()
    if problems:
        tell(*map(str, problems))
    rubric = choose_rubric(tool_rubrics_among(files), "rubric")
    tell("A new assessment. Press enter to leave something out. Control-D stops.")
    while not name:
        name = ask_text("Name of the tool (needed):")
    subject = Subject(
        name=name,
        vendor=ask_text("Vendor:") or None,
        plan=ask_text("Plan or edition:") or None,
        deployment=ask_text("Deployment (vendor cloud, own servers):") or None,
        job=ask_text("The job to be done:") or None,
        requested_by=ask_text("Requested by:") or None,
        requested_on=ask_day("Requested on (empty for today):", session.on),
        answer_by=ask_day("Answer promised by (such as 2026-11-20):", None),
        users=ask_number("Number of users:"),
        yearly_cost=ask_text("Yearly cost, with its currency:") or None,
    )
    reviewer = session.reviewer or ""
    if reviewer:
        tell(f"Reviewer: {reviewer}. To change it, set TOOLVET_REVIEWER.")
    while not reviewer:
        reviewer = ask_text("Your name, which is remembered:")
        prefer("reviewer", reviewer)
    on = session.on
    reference = RubricRef(rubric.id, rubric.version, rubric.digest)
    file = workspace.start(Assessment(reference, subject, Reviewer(reviewer), started=on), on)
    tell(f"Started and saved: {file.path}")
    return open_tool(workspace, file)


def _to_continue(session: Session, opened: OpenedAssessment) -> OpenedAssessment:
    """The assessment itself or, if it is read-only, a new one with the same answers. Ended if the person declines."""
    if opened.is_seal_broken:
        tell(f"{CHANGED_OUTSIDE}.")
        if not ask_yes(READ_THROUGH):
            raise Ended
    if opened.read_only is None:
        return opened
    tell(f"It stays as it is, because {opened.read_only}.")
    if not ask_yes("Continue with its answers as a new assessment?"):
        raise Ended
    return continue_as_new(session, opened)
