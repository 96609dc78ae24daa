"""`toolvet decide --plain`: a decision line by line, read out in full before it is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from toolvet.domain.decision import Condition, Waiver
from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.scorecard import MustHave, Scorecard, Verdict
from toolvet.errors import UsageError
from toolvet.prompt.prompt import (
    Ended,
    Special,
    ask_choice,
    ask_day,
    ask_number,
    ask_text,
    ask_yes,
    number_among,
    tell,
)
from toolvet.services.assessments import OpenedAssessment, Session
from toolvet.services.decision_draft import Draft, Offer, decision_sentences, first_draft, to_waive
from toolvet.services.decisions import limiting, not_as_recorded_in, to_supersede
from toolvet.storage.subjects import SubjectFolder
from toolvet.text.sentences import reason_words, refusals_in_words


def decide_plainly(session: Session, folder: SubjectFolder, opened: OpenedAssessment) -> int:
    """Ask for the decision and all that goes with it, read it out, and record it once it is confirmed."""
    if opened.is_seal_broken:
        raise UsageError(
            f"{opened.file.path}: its seal is broken; read it through and use --decision with --confirm-seal"
        )
    scorecard = opened.score(session.on)
    path = session.workspace.relative(opened.file.path)
    draft = first_draft(
        scorecard,
        opened.file,
        path,
        by=session.reviewer or "",
        earlier=to_supersede(folder),
        limits=limiting(folder),
        confirmed=not_as_recorded_in(session.workspace, folder),
        on=session.on,
    )
    tell(f"{opened.assessment.subject.label}. The verdict is {scorecard.verdict.words}.")
    for reason in scorecard.reasons:
        tell(f"- {reason_words(reason, scorecard)}")
    tell("Type quit at a choice to stop; nothing is recorded before you confirm it.")
    try:
        draft = _asked(draft, scorecard)
        return _record(session, folder, opened, scorecard, draft)
    except Ended:
        tell("Not recorded.")
        return 0


def _asked(draft: Draft, scorecard: Scorecard) -> Draft:
    verdicts = tuple(Verdict)
    tell("What is decided?")
    chosen = ask_choice(f"Number (empty: {scorecard.verdict.words}):", [verdict.words for verdict in verdicts])
    draft = draft.decided(scorecard.verdict if isinstance(chosen, Special) else verdicts[chosen])
    by = _needed("Who decides?", draft.decision.decided_by or None)
    is_as_computed = draft.decision.decision is scorecard.verdict
    rationale = ask_text("Why? (optional)") if is_as_computed else _needed("Why does it differ from the verdict?", None)
    draft = replace(draft, decision=replace(draft.decision, decided_by=by, rationale=rationale or None))
    if draft.is_approval:
        draft = _limited(draft)
        for must_have in to_waive(draft, scorecard):
            draft = draft.with_waiver(_waiver(draft, must_have))
    return _with_company(_with_conditions(draft))


def _limited(draft: Draft) -> Draft:
    decision = draft.decision
    until = ask_day(f"Valid until? (empty: {decision.valid_until})", decision.valid_until)
    approved = decision.approved_for
    users = ask_number(f"For how many users? (empty: {'any number' if approved.users is None else approved.users})")
    for text in approved.left_off:
        tell(f"Not covered: {text}")
    left_off = [*approved.left_off, *_texts("What does it not cover? (empty: nothing more)")]
    approved = replace(approved, users=approved.users if users is None else users, left_off=tuple(left_off))
    return replace(draft, decision=replace(decision, valid_until=until, approved_for=approved))


def _texts(prompt: str) -> Iterator[str]:
    while text := ask_text(prompt):
        yield text


def _waiver(draft: Draft, must_have: MustHave) -> Waiver:
    question = must_have.question
    before = draft.waiver(question.id)
    tell(f"{question.quoted} is not met: an approval needs a waiver for it.")
    reason = _needed("Why is it set aside?", None if before is None else before.reason)
    control = _needed("What takes its place?", None if before is None else before.compensating_control)
    owner = _needed("Who is responsible?", None if before is None else before.owner)
    ends = None if before is None else before.expires
    while (expires := ask_day(f"Until when?{'' if ends is None else f' (empty: {ends})'}", ends)) is None:
        tell("A waiver needs an end.")
    return Waiver(question.id, reason, control, owner, expires)


def _needed(prompt: str, otherwise: str | None) -> str:
    while True:
        text = ask_text(f"{prompt}{'' if otherwise is None else f' (empty: {otherwise})'}") or otherwise
        if text:
            return text
        tell("This is required.")


def _with_conditions(draft: Draft) -> Draft:
    offers = []
    suggested = [offer for offer in draft.offers if not offer.carried]
    chosen = _chosen(suggested)
    for offer in draft.offers:
        if offer.carried:
            tell(f"Carried over condition: {offer.condition.text}")
        taken = ask_yes("Set it?") if offer.carried else offer in chosen
        if taken and not offer.carried:
            tell(f"Condition: {offer.condition.text}")
        offers.append(replace(offer, taken=taken, condition=_owned(offer.condition) if taken else offer.condition))
    texts = _texts("A condition of your own? (empty: no more)")
    own = (Offer(_owned(Condition(text)), taken=True, own=True) for text in texts)
    return replace(draft, offers=(*offers, *own))


def _with_company(draft: Draft) -> Draft:
    """Who was consulted, what else was considered, and where more can be read, behind what is carried over."""
    decision = draft.decision
    for words, carried in (
        ("Consulted", decision.consulted),
        ("Considered", decision.considered),
        ("Link", decision.links),
    ):
        for each in carried:
            tell(f"{words}: {each}")
    consulted = (*decision.consulted, *_texts("Who was consulted? (empty: nobody more)"))
    considered = (*decision.considered, *_texts("Which alternatives were considered? (empty: no more)"))
    links = (*decision.links, *_texts("A link to a ticket or minutes? (empty: no more)"))
    return replace(draft, decision=replace(decision, consulted=consulted, considered=considered, links=links))


def _chosen(suggested: Sequence[Offer]) -> Sequence[Offer]:
    """Those that the person picks by number."""
    if not suggested:
        return ()
    tell("Suggested conditions:")
    for number, offer in enumerate(suggested, 1):
        tell(f"  {number}: {offer.condition.text}")
    while True:
        words = (
            ask_text("Which of them? Numbers such as 1 3, all, or empty for none:").casefold().replace(",", " ").split()
        )
        if words == ["all"]:
            return suggested
        numbers = {number_among(suggested, word) for word in words}
        if 0 not in numbers:
            return [suggested[number - 1] for number in sorted(numbers)]
        tell(f"Write numbers from 1 to {len(suggested)}.")


def _owned(condition: Condition) -> Condition:
    owner = ask_text(f"Who does it? (empty: {condition.owner or 'nobody yet'})") or condition.owner
    due: date | None = ask_day(f"By when? (empty: {condition.due or 'no day'})", condition.due)
    return replace(condition, owner=owner, due=due)


def _record(
    session: Session, folder: SubjectFolder, opened: OpenedAssessment, scorecard: Scorecard, draft: Draft
) -> int:
    decision = draft.made(scorecard)
    changed = is_rubric_changed(scorecard.rubric, opened.assessment)
    missing: Sequence[str] = refusals_in_words(decision, scorecard, rubric_changed=changed, carried=draft.carried)
    if not decision.decided_by:
        missing = (*missing, "Nobody is named as deciding.")
    if missing:
        tell("Not recorded:")
        for words in missing:
            tell(f"- {words}")
        return 2
    tell()
    tell(f"{opened.assessment.subject.label}: {decision.decision.words}. The verdict is {scorecard.verdict.words}.")
    for line in decision_sentences(draft, decision, scorecard):
        tell(line)
    tell()
    if not ask_yes("Record this decision?"):
        tell("Not recorded.")
        return 0
    known = [one.path for file in folder.decisions for one in file.record_files]
    tell(f"Recorded: {session.workspace.record(decision, folder.name, known).path}")
    return 0
