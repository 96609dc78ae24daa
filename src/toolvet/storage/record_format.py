"""Assessments, decisions and records from checked documents, with the rules that a schema cannot express."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from sys import intern
from typing import Any

import tomli

from toolvet.domain.assessment import (
    Amendment,
    Answer,
    Assessment,
    Correction,
    Evidence,
    Grade,
    Retired,
    Reviewer,
    RubricRef,
    Subject,
)
from toolvet.domain.decision import (
    ApprovedFor,
    AssessmentRef,
    Computed,
    Condition,
    Confirmed,
    CoveredFile,
    Decision,
    Toleration,
    Waiver,
)
from toolvet.domain.records import Proof, Record, RecordKind
from toolvet.domain.rubric import Ask, Criterion, Question, Rubric, ScopeFact, TextQuestion, made_once
from toolvet.domain.scorecard import Verdict
from toolvet.storage.faults import Fault, Place, named, quoted, unknown
from toolvet.storage.names import is_file_name, is_inside
from toolvet.storage.rubric_format import make_policy
from toolvet.storage.toml_input import TEXT_CHARACTERS

Table = Mapping[str, Any]
DIGEST = re.compile("[0-9a-f]{64}")
_ONE_OF = ("level", "unknown", "not_applicable")
_GAP_ONLY = ("expected", "delivered")
_NOT_SCOPE = frozenset({"users", "plan", "left_off"})
"""The keys of `approved_for` that are not scope facts."""


def make_assessment(document: Table) -> Assessment:
    """The assessment in a document that passed the schema and our own checks."""
    return Assessment(
        rubric=RubricRef(**document["rubric"]),
        subject=Subject(**document["subject"]),
        reviewer=Reviewer(**document.get("reviewer", {})),
        started=document.get("started"),
        # Thousands of files name the same facts, questions and sources: of each name one is kept.
        scope={intern(fact): intern(option) for fact, option in document.get("scope", {}).items()},
        answers={intern(name): _make_answer(answer) for name, answer in document.get("answers", {}).items()},
        retired={name: _make_retired(kept) for name, kept in document.get("retired", {}).items()},
        amended=tuple(
            Amendment(one["on"], one["by"], _make_corrections(one), one.get("why"))
            for one in document.get("amended", ())
        ),
        panel=tuple(AssessmentRef(**one) for one in document.get("panel", ())),
    )


@cache
def _pair(expected: int | None, delivered: int | None) -> Answer:
    """The answer to a question of a survey: thousands of people give the same few."""
    return Answer(expected=expected, delivered=delivered)


_PAIR = frozenset(_GAP_ONLY)


def _make_answer(table: Table) -> Answer:
    if table.keys() <= _PAIR:
        return _pair(table.get("expected"), table.get("delivered"))
    given = dict(table)
    evidence = tuple(_make_evidence(seen) for seen in given.pop("evidence", ()))
    return Answer(**given, evidence=evidence)


def _make_retired(table: Table) -> Retired:
    answer = dict(table)
    version, text, option = answer.pop("version"), answer.pop("text", None), answer.pop("option", None)
    return Retired(version, text, option, _make_answer(answer))


def _make_evidence(table: Table) -> Evidence:
    given = dict(table)
    source, grade = intern(given.pop("source")), given.pop("grade", None)
    return Evidence(source, **given, grade=None if grade is None else Grade(grade))


BEFORE_ANSWER = "\n[answers."
"""What stands between one answer and the next in a file that toolvet wrote."""

_SAID = r'"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]++|\\[^\x00-\x08\x0a-\x1f\x7f])*+)"'
_DAY = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
_LEVEL = "([0-6])"


def _evidence(between: str, end: str) -> str:
    keys = f'grade = "({"|".join(Grade)})"', f"date = {_DAY}", 'sha256 = "([0-9a-f]{64})"'
    return f"source = {_SAID}{''.join(f'(?:{between}{key})?' for key in keys)}{end}"


def _uncaptured(pattern: str) -> str:
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


_PLAIN_ANSWER = re.compile(
    r"(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\]\n"
    rf"(?:level = {_LEVEL}\n)?(?:unknown = {_SAID}\n)?(?:not_applicable = {_SAID}\n)?"
    rf"(?:expected = {_LEVEL}\n)?(?:delivered = {_LEVEL}\n)?"
    rf"(?:answered = {_DAY}\n)?(?:note = {_SAID}\n)?(?:setting = {_SAID}\n)?(?:confirm = {_SAID}\n)?"
    rf"(?:evidence = \[\n((?:    \{{ {_uncaptured(_evidence(', ', ''))} \}},\n)+)\]\n)?"
    rf"((?:\n\[\[answers\.(?P=id)\.evidence\]\]\n{_uncaptured(_evidence(chr(10), chr(10)))})*)"
)
_PLAIN_EVIDENCE = re.compile(_evidence("(?:, |\\n)", ""))
_MOST_OF_ID = 64
_PlainAnswer = tuple[str, Answer, bool | None]


def plain_answers(blocks: Iterable[str]) -> tuple[dict[str, Answer], bool] | None:
    """Answers that stand in a file just as toolvet writes them, and whether they are to a survey.

    None if anything is out of the ordinary: it is for the parser and the schema to say what.
    """
    answers: dict[str, Answer] = {}
    kinds: set[bool | None] = set()
    for block in blocks:
        found = _plain_answer(block)
        if found is None or found[0] in answers:
            return None
        answers[found[0]] = found[1]
        kinds.add(found[2])
    if kinds == {True}:
        return answers, True
    return (answers, False) if False in kinds and True not in kinds else None


@lru_cache(maxsize=4096)  # respondents give the same few answers, and a review keeps most of those of the one before
def _plain_answer(block: str) -> _PlainAnswer | None:
    found = _PLAIN_ANSWER.fullmatch(block)
    if found is None or len(block) > TEXT_CHARACTERS:
        return None
    name, level, unknown, without, expected, delivered, answered, note, setting, confirm, listed, tables = (
        found.groups()
    )
    is_gap = expected is not None or delivered is not None
    given = (level, unknown, without).count(None)
    has_more = setting is not None or listed or tables
    if given < 2 or (is_gap and (given < 3 or has_more)) or (listed and tables) or confirm == "":
        return None
    try:
        if "\\" in block:
            unknown, without, note, setting, confirm = map(_unescaped, (unknown, without, note, setting, confirm))
        answer = Answer(
            None if level is None else int(level),
            unknown,
            without,
            None if expected is None else int(expected),
            None if delivered is None else int(delivered),
            None if answered is None else date.fromisoformat(answered),
            note,
            setting,
            confirm,
            tuple(map(_plain_evidence, _PLAIN_EVIDENCE.findall(listed or tables))),
        )
    except ValueError:
        return None
    if len(name) > _MOST_OF_ID:
        return None
    return intern(name), answer, is_gap or (None if given == 3 else False)


def _plain_evidence(found: tuple[str, ...]) -> Evidence:
    """ValueError for a source, a day or an escape that is none."""
    source, grade, day, sha256 = found
    if not source:
        raise ValueError("no source")
    said = _unescaped(source) if "\\" in source else source
    seen = date.fromisoformat(day) if day else None
    return Evidence(intern(said or ""), _GRADES[grade] if grade else None, seen, sha256 or None)


_GRADES = {grade.value: grade for grade in Grade}


def _unescaped(text: str | None) -> str | None:
    if text is None or "\\" not in text:
        return text
    said: str = tomli.loads(f'said = "{text}"')["said"]
    return said


def assessment_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong in an assessment beyond its schema, without its rubric."""
    for table in ("answers", "retired"):
        for question_id, answer in _answers(document, table):
            given = [key for key in _ONE_OF if key in answer]
            if len(given) > 1:
                yield Fault(
                    (table, question_id, given[1]),
                    f"{named(question_id)} has {' and '.join(given)}; keep one of them",
                )
    yield from _stray_paths(document, "panel", "path")


def is_gap_document(document: Mapping[str, Any]) -> bool:
    """Whether it is answered as a gap rubric is: with `expected` or `delivered`, or by nobody and not at all."""
    answers = [answer for table in ("answers", "retired") for _, answer in _answers(document, table)]
    has_gap = any(key in answer for answer in answers for key in _GAP_ONLY)
    has_level = any(key in answer for answer in answers for key in _ONE_OF)
    reviewer = document.get("reviewer", {})
    is_nameless = isinstance(reviewer, dict) and "name" not in reviewer
    return not has_level and (has_gap or is_nameless)


def answer_faults(assessment: Assessment, rubric: Rubric) -> Iterator[Fault]:
    """What in an assessment does not fit its rubric.

    Under a rubric that was changed since, an answer to a question that is gone is only a warning: it is kept.
    """
    is_changed = assessment.rubric.digest is not None and assessment.rubric.digest != rubric.digest
    if rubric.ask is Ask.LEVEL and assessment.reviewer.name is None:
        yield Fault(("reviewer",), "in reviewer: name is missing; add the name of who answers")
    yield from _scope_faults(assessment, rubric, is_changed=is_changed)
    questions = _questions_of(rubric.criteria)
    fits = _fits_level if rubric.ask is Ask.LEVEL else _fits_gap
    for question_id, answer in assessment.answers.items():
        question = questions.get(question_id)
        if question is not None and fits(answer, question.top):
            continue  # as nearly all do: what follows takes ten times as long
        text = rubric.text_question(question_id) if question is None else None
        if text is not None:
            yield from _text_faults(text, answer)
        elif question is None:
            yield _not_in(rubric, "question", ("answers", question_id), list(rubric.ids()), is_changed=is_changed)
        else:
            yield from _level_faults(question, answer, rubric)
    group = assessment.reviewer.group
    if group is not None and group not in rubric.groups:
        yield Fault(("reviewer", "group"), unknown(f"group {quoted(group)} in {rubric.id}", group, list(rubric.groups)))


@made_once
def _questions_of(criteria: tuple[Criterion, ...]) -> Mapping[str, Question]:
    return {question.id: question for criterion in criteria for question in criterion.questions}


@made_once
def _facts_of(scope: tuple[ScopeFact, ...]) -> Mapping[str, ScopeFact]:
    return {fact.id: fact for fact in scope}


def _fits_level(answer: Answer, top: int) -> bool:
    return answer.expected is None and answer.delivered is None and (answer.level is None or answer.level <= top)


def _fits_gap(answer: Answer, top: int) -> bool:
    is_within = all(level is None or level <= top for level in (answer.expected, answer.delivered))
    return is_within and answer.level is None and answer.unknown is None and answer.not_applicable is None


def _text_faults(question: TextQuestion, answer: Answer) -> Iterator[Fault]:
    for key in ("level", *_GAP_ONLY):
        if getattr(answer, key) is not None:
            yield Fault(("answers", question.id, key), f"{question.id} is answered in words; write them as its note")


def _level_faults(question: Question, answer: Answer, rubric: Rubric) -> Iterator[Fault]:
    other = _GAP_ONLY if rubric.ask is Ask.LEVEL else _ONE_OF
    right = "level" if rubric.ask is Ask.LEVEL else "expected and delivered"
    for key in other:
        if getattr(answer, key) is not None:
            yield Fault(("answers", question.id, key), f"{rubric.id} is answered with {right}, not with {key}")
    for key in ("level", *_GAP_ONLY):
        level = getattr(answer, key)
        if level is not None and key not in other and level > question.top:
            yield Fault(
                ("answers", question.id, key),
                f"{question.id} has no level {level}; its ladder ends at {question.top}, so choose 0 to {question.top}",
            )


def _scope_faults(assessment: Assessment, rubric: Rubric, *, is_changed: bool) -> Iterator[Fault]:
    facts = _facts_of(rubric.scope)
    for fact_id, option in assessment.scope.items():
        fact = facts.get(fact_id)
        if fact is None:
            names = [known.id for known in rubric.scope]
            yield _not_in(rubric, "scope fact", ("scope", fact_id), names, is_changed=is_changed)
        elif option not in fact.options:
            what = f"{fact_id} has no option {quoted(option)}"
            yield Fault(("scope", fact_id), unknown(what, option, list(fact.options), is_sentence=True))


def _not_in(rubric: Rubric, what: str, place: tuple[str, str], known: list[str], *, is_changed: bool) -> Fault:
    missing = f"{what} {quoted(place[1])} in {rubric.id}"
    if is_changed:
        return Fault(
            place, f"there is no {missing}, which was changed since; what was entered is kept", is_warning=True
        )
    return Fault(place, unknown(missing, place[1], known))


def _answers(document: Mapping[str, Any], table: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    answers = document.get(table)
    for question_id, answer in (answers if isinstance(answers, dict) else {}).items():
        if isinstance(answer, dict):
            yield question_id, answer


def make_decision(document: Table) -> Decision:
    """The decision in a document that passed the schema and our own checks."""
    word, is_toleration = document["decision"], document["decision"] == Toleration.TOLERATE
    return Decision(
        decision=Toleration.TOLERATE if is_toleration else Verdict(word),
        decided_by=document["decided_by"],
        decided_on=document["decided_on"],
        assessment=None if is_toleration else AssessmentRef(**document["assessment"]),
        computed=None if is_toleration else _make_computed(document["computed"]),
        owner=document.get("owner"),
        subject=document.get("subject"),
        rationale=document.get("rationale"),
        valid_until=document.get("valid_until"),
        supersedes=document.get("supersedes"),
        also_supersedes=tuple(document.get("also_supersedes", ())),
        consulted=tuple(document.get("consulted", ())),
        considered=tuple(document.get("considered", ())),
        links=tuple(document.get("links", ())),
        approved_for=_make_approved_for(document.get("approved_for", {})),
        conditions=tuple(Condition(**condition) for condition in document.get("conditions", ())),
        waivers=tuple(Waiver(**waiver) for waiver in document.get("waivers", ())),
        confirmed=tuple(
            Confirmed(one["file"], one["sha256"], tuple(one["told"])) for one in document.get("confirmed", ())
        ),
        records=_make_files(document, "records") if "records" in document else None,
    )


def _make_computed(table: Table) -> Computed:
    observed = table.get("observed")
    return Computed(
        on=table["on"],
        verdict=Verdict(table["verdict"]),
        reasons=tuple(table.get("reasons", ())),
        floor=float(table["floor"]),
        observed=None if observed is None else float(observed),
        ceiling=float(table["ceiling"]),
        coverage=float(table["coverage"]),
        policy=make_policy(table.get("policy", {})),
    )


def _make_approved_for(table: Table) -> ApprovedFor:
    return ApprovedFor(
        scope={fact: option for fact, option in table.items() if fact not in _NOT_SCOPE},
        users=table.get("users"),
        plan=table.get("plan"),
        left_off=tuple(table.get("left_off", ())),
    )


_OF_TOLERATION = ("rationale", "owner", "valid_until")
_OF_ASSESSED = ("assessment", "computed")
_NOT_OF_TOLERATION = (*_OF_ASSESSED, "approved_for", "conditions", "waivers")


def _missing_or_stray(document: Mapping[str, Any]) -> Iterator[Fault]:
    """The keys that this kind of decision lacks, and those that only another kind has."""
    is_toleration = document.get("decision") == Toleration.TOLERATE
    kind = "a decision to tolerate" if is_toleration else "a decision on an assessment"
    for key in _OF_TOLERATION if is_toleration else _OF_ASSESSED:
        if key not in document:
            yield Fault((), f"{key} is missing; {kind} needs it")
    for key in _NOT_OF_TOLERATION if is_toleration else ("owner", "subject"):
        if key in document:
            yield Fault((key,), f"{key} does not belong in {kind}; remove it")


def decision_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong in a decision beyond its schema: keys of another kind, and names of files that lead elsewhere."""
    if "decision" in document:
        yield from _missing_or_stray(document)
    ground = document.get("assessment")
    path = ground.get("path") if isinstance(ground, dict) else None
    if isinstance(path, str) and not (is_inside(path) and path.startswith("assessments/")):
        yield Fault(
            ("assessment", "path"),
            f"path {quoted(path)} is not an assessment in this workspace; write it like assessments/zoom/….toml",
        )
    yield from _stray_paths(document, "records", "path")
    also = document.get("also_supersedes")
    named: list[tuple[Place, object]] = [(("supersedes",), document.get("supersedes"))]
    named += [(("also_supersedes", at), name) for at, name in enumerate(also if isinstance(also, list) else ())]
    for place, name in named:
        if isinstance(name, str) and not is_file_name(name):
            yield Fault(
                place,
                f"{place[0]} {quoted(name)} is not a file name; name the file beside this one, like 2026-11-20.toml",
            )


def make_record(document: Table) -> Record:
    """The record in a document that passed the schema and our own checks."""
    given = {key: value for key, value in document.items() if key not in ("format", "seal")}
    given["record"] = RecordKind(given["record"])
    given["evidence"] = tuple(Proof(**proof) for proof in given.get("evidence", ()))
    given["corrections"] = _make_corrections({key: given.pop(key, {}) for key in ("was", "now")})
    given |= {key: _make_files(given, key) for key in ("files", "earlier")}
    return Record(**given)


def _make_corrections(document: Table) -> tuple[Correction, ...]:
    was, now = document.get("was", {}), document.get("now", {})
    return tuple(Correction(fact, was.get(fact), now.get(fact)) for fact in sorted({*was, *now}))


def _make_files(document: Table, key: str) -> tuple[CoveredFile, ...]:
    return tuple(CoveredFile(**file) for file in document.get(key, ()))


_RECORD_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    RecordKind.CONDITION_MET: (("condition",), ("evidence", "note")),
    RecordKind.CONDITION_MOVED: (("condition", "due", "why"), ("note",)),
    RecordKind.WITHDRAWN: (("why",), ("note",)),
    RecordKind.SIGNED: (("files", "signature"), ("note",)),
    RecordKind.CORRECTED: ((), ("was", "now", "why", "note")),
}
"""For each kind the keys that it needs, and those that it may have, beside the keys of all records."""


def record_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong in a record beyond its schema: keys of another kind, and names of files that lead elsewhere."""
    keys = _RECORD_KEYS.get(str(document.get("record")))
    if keys is not None:
        needed, allowed = keys
        yield from (
            Fault((), f"{key} is missing; a {document['record']} record needs it")
            for key in needed
            if key not in document
        )
        for key in ("condition", "due", "why", "was", "now", "evidence", "files", "signature"):
            if key in document and key not in (*needed, *allowed):
                yield Fault((key,), f"{key} does not belong in a {document['record']} record; remove it")
    if document.get("record") == RecordKind.CORRECTED:
        was, now = document.get("was") or {}, document.get("now") or {}
        if not was and not now:
            yield Fault((), "it corrects nothing; write what stood there under [was] and what stands now under [now]")
        for key in ("name", "reviewer"):
            if isinstance(was, dict) and isinstance(now, dict) and key in was and key not in now:
                yield Fault(("was", key), f"{key} cannot be taken away; write it under [now] too")
    name = document.get("decision")
    if isinstance(name, str) and not is_file_name(name):
        yield Fault(
            ("decision",),
            f"decision {quoted(name)} is not a file name; name a file of the folder above, like 2026-11-20.toml",
        )
    for table, key in (("evidence", "source"), ("files", "path"), ("earlier", "path")):
        yield from _stray_paths(document, table, key)


def _stray_paths(document: Mapping[str, Any], table: str, key: str) -> Iterator[Fault]:
    """Files of that table that lie outside of the workspace."""
    listed = document.get(table)
    for at, one in enumerate(listed if isinstance(listed, list) else ()):
        place = one.get(key) if isinstance(one, dict) else None
        if isinstance(place, str) and "sha256" in one and not is_inside(place):
            yield Fault((table, at, key), f"{key} {quoted(place)} is not a file of this workspace")
