"""OSCAL catalogs and profiles as draft rubrics: each control is a question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolvet.storage.questionnaire_kinds import QuestionnaireKind, SentFile, tables_in
from toolvet.storage.rubric_draft import DraftBuilder, DraftQuestion, RubricDraft

_INSERT = re.compile(r"\{\{\s*insert:\s*param,\s*([\w.\-]+)\s*\}\}")
_DEEP = 20
_CHECKED = ("assessment-objective", "objective", "assessment")
"""Parts of a control by which an assessor checks it."""


def oscal_draft(file: SentFile, _columns: Mapping[str, str]) -> RubricDraft | None:
    """A catalog's groups as criteria and its controls as questions, or the controls that a profile names.

    None if the file is neither.
    """
    catalog, profile = file.mapping.get("catalog"), file.mapping.get("profile")
    if isinstance(catalog, dict):
        draft = DraftBuilder(_title(catalog) or "OSCAL catalog")
        for group, control in _controls(catalog, "Controls"):
            _add(group, control, draft)
        return draft.built()
    if isinstance(profile, dict):
        draft = DraftBuilder(_title(profile) or "OSCAL profile")
        _add_named(profile, draft)
        return draft.built()
    return None


def _title(table: Mapping[str, Any]) -> str:
    about = table.get("metadata")
    return _words(about, "title") if isinstance(about, dict) else ""


def _words(table: Mapping[str, Any], key: str) -> str:
    found = table.get(key)
    return found.strip() if isinstance(found, str) else ""


def _controls(table: Mapping[str, Any], group: str, deep: int = 0) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every control, those within another too, with its group's title."""
    if deep > _DEEP:
        return
    for control in tables_in(table, "controls"):
        yield group, control
        yield from _controls(control, group, deep + 1)
    for inner in tables_in(table, "groups"):
        yield from _controls(inner, _words(inner, "title") or group, deep + 1)


def _add(group: str, control: Mapping[str, Any], draft: DraftBuilder) -> None:
    name, title = _words(control, "id"), _words(control, "title")
    place = f"control {name}"
    properties = {_words(each, "name"): _words(each, "value") for each in tables_in(control, "props")}
    if properties.get("status") in ("withdrawn", "Withdrawn"):
        draft.leave_out(place, title, "is withdrawn")
        return
    parameters = {_words(each, "id"): _parameter(each) for each in tables_in(control, "params")}
    statement = _prose(control, lambda part: part in ("statement", "item", "overview"), parameters)
    if not title and not statement:
        draft.leave_out(place, name, "has no text")
        return
    text = statement or title
    guidance = _prose(control, lambda part: part == "guidance", parameters)
    check = _prose(control, lambda part: part in _CHECKED, parameters)
    ref = properties.get("label") or name.upper()
    question = DraftQuestion(text, ref=ref, title=title or None, why=guidance or None, check=check or None)
    draft.add(group, question, place)


def _parameter(parameter: Mapping[str, Any]) -> str:
    chosen = parameter.get("select")
    if isinstance(chosen, dict) and isinstance(chosen.get("choice"), list):
        return f"[one of: {'; '.join(map(str, chosen['choice']))}]"
    return f"[{_words(parameter, 'label') or 'to be chosen'}]"


def _prose(table: Mapping[str, Any], wanted: Any, parameters: Mapping[str, str], deep: int = 0) -> str:
    """The prose of the parts of that name, with those inside them, line by line."""
    lines = []
    for part in tables_in(table, "parts") if deep <= _DEEP else ():
        if deep or wanted(_words(part, "name")):
            label = next(
                (_words(each, "value") for each in tables_in(part, "props") if each.get("name") == "label"), ""
            )
            prose = _filled(_words(part, "prose"), parameters)
            lines += [f"{label} {prose}".strip()] if prose else []
            lines += [found] if (found := _prose(part, wanted, parameters, deep + 1)) else []
    return "\n".join(lines)


def _filled(prose: str, parameters: Mapping[str, str]) -> str:
    """The prose with what each parameter stands for, also where one stands within another."""
    for _ in range(3):
        prose = _INSERT.sub(lambda found: parameters.get(found[1], "[to be chosen]"), prose)
    return prose


def _add_named(profile: Mapping[str, Any], draft: DraftBuilder) -> None:
    """A profile only names controls: each becomes a question of its number, to be worded from its catalog."""
    for source in tables_in(profile, "imports"):
        where = _words(source, "href") or "a catalog"
        if "include-all" in source:
            draft.leave_out(f"import {where}", where, "takes in a whole catalog; import that catalog instead")
        for chosen in tables_in(source, "include-controls"):
            names = chosen.get("with-ids")
            for name in names if isinstance(names, list) else ():
                group = str(name).split("-")[0].upper()
                text = f"Is the control {str(name).upper()} in place?"
                draft.add(group, DraftQuestion(text, ref=str(name).upper()), f"control {name}")
            for pattern in tables_in(chosen, "matching"):
                draft.leave_out(f"import {where}", str(pattern), "names controls by a pattern")
        for excluded in tables_in(source, "exclude-controls"):
            draft.leave_out(f"import {where}", str(excluded.get("with-ids")), "is left out of the profile itself")
    modify = profile.get("modify")
    changes: dict[str, Any] = modify if isinstance(modify, dict) else {}
    for key in changes:
        for each in tables_in(changes, key):
            named = _words(each, "param-id") or _words(each, "control-id")
            draft.leave_out(f"modify {key} {named}", named, "changes a control's words; word the question yourself")
    draft.notes.append(
        "A profile holds no words of its controls. Import the resolved catalog, where there is one, to get them."
    )


KIND = QuestionnaireKind("OSCAL", (".json", ".yaml", ".yml"), draft=oscal_draft)
