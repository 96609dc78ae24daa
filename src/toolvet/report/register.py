"""The register: what is approved, refused and under review, for everybody in the organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from toolvet.domain.standing import Stands
from toolvet.report.environments import filled_in_markdown, page_with_script, template_text
from toolvet.report.scorecard import Json
from toolvet.text.escape import json_text, told_apart
from toolvet.text.labels import iso
from toolvet.text.tables import WorkbookSheet, csv_text
from toolvet.values import dataclass


class RegisterGroup(StrEnum):
    """The parts of the register; the value is the heading."""

    APPROVED = "Approved"
    TOLERATED = "Tolerated without an assessment"
    REFUSED = "Refused"
    ENDED = "No longer allowed"
    UNDER_REVIEW = "Under review"


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One tool. `data`, `users`, `until` and `terms` only of what is approved; `instead` are approved tools.

    `state` is how it stands for tables and files, `said` the same for pages.
    """

    folder: str
    name: str
    group: RegisterGroup
    stands: Stands
    state: str
    said: str
    job: str | None = None
    owner: str | None = None
    data: tuple[str, ...] = ()
    users: int | None = None
    until: date | None = None
    terms: tuple[str, ...] = ()
    why: str | None = None
    instead: tuple[str, ...] = ()
    promised: date | None = None
    decided_by: str | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class RegisterPart:
    """A heading with its tools."""

    group: RegisterGroup
    entries: tuple[RegisterEntry, ...]


def register_parts(entries: Sequence[RegisterEntry]) -> tuple[RegisterPart, ...]:
    """The groups that have a tool, each by name."""
    parts = []
    for group in RegisterGroup:
        found = [one for one in entries if one.group is group]
        if found:
            found.sort(key=lambda one: (one.name.casefold(), one.folder))
            parts.append(RegisterPart(group, tuple(found)))
    return tuple(parts)


def register_markdown(entries: Sequence[RegisterEntry], on: date) -> str:
    return filled_in_markdown("register.md.j2", _names(entries, on))


def register_html(entries: Sequence[RegisterEntry], on: date) -> str:
    """One page that can be searched and filtered in the browser; it loads and sends nothing."""
    style, script = template_text("register.css"), template_text("register.js")
    return page_with_script("register.html.j2", style, script, _names(entries, on))


def register_csv(entries: Sequence[RegisterEntry], on: date) -> str:
    """One line a tool; several values of a cell are joined by "; "."""
    return csv_text(_rows(entries, on), _COLUMNS)


def register_sheet(entries: Sequence[RegisterEntry], on: date) -> WorkbookSheet:
    """The same rows as in the CSV, for a workbook."""
    return WorkbookSheet("Register", _COLUMNS, _rows(entries, on))


def register_json(entries: Sequence[RegisterEntry], on: date) -> str:
    return json_text(_entries_json(entries, on))


def _names(entries: Sequence[RegisterEntry], on: date) -> dict[str, object]:
    """What pages show: a folder stands only behind names that look alike."""
    names = told_apart([(one.name, one.folder) for one in entries])
    parts = register_parts([replace(one, name=name) for one, name in zip(entries, names, strict=True)])
    counts = ", ".join(f"{len(part.entries)} {part.group.value.lower()}" for part in parts)
    return {"parts": parts, "on": on, "counts": counts}


_COLUMNS = (
    *("folder", "name", "group", "state", "job", "owner", "data", "users", "until", "terms", "why", "instead"),
    *("promised", "decided_by", "decided_on", "on"),
)


def _rows(entries: Sequence[RegisterEntry], on: date) -> list[list[str]]:
    return [[_cell(found[name]) for name in _COLUMNS] for found in _entries_json(entries, on)]


def _cell(value: object) -> str:
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _entries_json(entries: Sequence[RegisterEntry], on: date) -> list[Json]:
    return [_entry_json(one, on) for part in register_parts(entries) for one in part.entries]


def _entry_json(entry: RegisterEntry, on: date) -> Json:
    return {
        "folder": entry.folder,
        "name": entry.name,
        "group": entry.group.name.lower().replace("_", "-"),
        "stands": entry.stands.value,
        "state": entry.state,
        "job": entry.job,
        "owner": entry.owner,
        "data": list(entry.data),
        "users": entry.users,
        "until": iso(entry.until),
        "terms": list(entry.terms),
        "why": entry.why,
        "instead": list(entry.instead),
        "promised": iso(entry.promised),
        "decided_by": entry.decided_by,
        "decided_on": iso(entry.decided_on),
        "on": on.isoformat(),
    }
