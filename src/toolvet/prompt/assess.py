"""`toolvet assess --plain`: begin or resume an assessment, then its facts and questions, line by line."""

from __future__ import annotations

from toolvet.domain.assessment import Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.rubric import Ask, ScopeFact, newest_of_each
from toolvet.prompt.conversation import Conversation
from toolvet.prompt.prompt import (
    Ended,
    Special,
    ask_choice,
    ask_day,
    ask_number,
    ask_text,
    ask_yes,
    choose_rubric,
    tell,
)
from toolvet.prompt.questions import Questions, score_line
from toolvet.services.session import OpenedAssessment, Session, continue_as_new, open_tool
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.toml_input import CHANGED_OUTSIDE, READ_THROUGH


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


def ask_facts(conversation: Conversation, *, again: bool = False) -> None:
    """Ask the facts that are open or, with `again`, all of them. Ended if the person quits."""
    facts = [fact for fact in conversation.rubric.scope if again or fact.id not in conversation.assessment.scope]
    if facts:
        tell("Facts about the tool and how it will be used. They decide which questions apply.")
    at = 0
    while at < len(facts):
        fact = facts[at]
        chosen = _ask_fact(conversation, fact, f"Fact {at + 1} of {len(facts)}.")
        if chosen is Special.BACK:
            at = max(at - 1, 0)
            continue
        if not isinstance(chosen, Special):
            conversation.change(conversation.assessment.with_scope(fact.id, fact.options[chosen]))
        at += 1


def _ask_fact(conversation: Conversation, fact: ScopeFact, place: str) -> int | Special:
    tell()
    tell(f"{place} {fact.text}")
    given = conversation.assessment.scope.get(fact.id)
    if given is not None:
        tell(f"Given: {given}.")
    return ask_choice("Number, skip or back:", fact.options)


def _start(session: Session, name: str) -> OpenedAssessment:
    workspace = session.workspace
    rubrics = newest_of_each(file.rubric for file in workspace.rubrics() if file.rubric.ask is Ask.LEVEL)
    rubric = choose_rubric(rubrics, "rubric")
    tell("A new assessment. Press enter to leave something out. Control-D stops.")
    while not name:
        name = ask_text("Name of the tool:")
    subject = Subject(
        name=name,
        vendor=ask_text("Vendor:") or None,
        plan=ask_text("Plan or edition:") or None,
        deployment=ask_text("Deployment (vendor cloud, own servers):") or None,
        job=ask_text("The job to be done:") or None,
        requested_by=ask_text("Requested by:") or None,
        answer_by=ask_day("Answer promised by (such as 2026-11-20):", None),
        users=ask_number("Number of users:"),
    )
    reviewer = session.reviewer or ""
    while not reviewer:
        reviewer = ask_text("Your name:")
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
