"""What is due, as a file for calendars (RFC 5545) and as a table for programs."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from toolvet.domain.decision_rules import DueItem, DueKind
from toolvet.report.listing import ListedEntry, ListEntry
from toolvet.text.escape import encodable, one_line
from toolvet.text.sentences import due_item_words
from toolvet.text.tables import csv_text

_OF_DECISIONS = (DueKind.APPROVAL, DueKind.WAIVER, DueKind.CONDITION)
_COLUMNS = ("day", "overdue", "folder", "subject", "kind", "text", "owner", "file")


def due_calendar(entries: Sequence[ListedEntry], on: date, root: Path) -> str:
    """One event of a whole day for each thing that is due, with its owner and a link to its file.

    The same thing has the same UID each time, so that a second import updates it, also where its day was moved.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//toolvet//due//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    named: Counter[str] = Counter()
    for entry, item in _items(entries):
        name = ".".join(part for part in (entry.folder, item.kind.value, item.question or _key(item)) if part)
        named[name] += 1  # such as the same question to two reviewers
        uid = f"{name}{'' if named[name] == 1 else f'.{named[name]}'}@toolvet"
        calendar.add_component(_event(entry, item, on, root, uid))
    text: str = calendar.to_ical().decode()
    return text


def due_csv(entries: Sequence[ListedEntry], on: date) -> str:
    """One line for each thing that is due, by day."""
    rows = (
        (
            *(item.day.isoformat(), "yes" if item.is_past(on) else "no", entry.folder, entry.subject, item.kind.value),
            *(due_item_words(item), item.owner or "", _file(entry, item) or ""),
        )
        for entry, item in _items(entries)
    )
    return csv_text(rows, _COLUMNS)


def _items(entries: Sequence[ListedEntry]) -> Iterator[tuple[ListedEntry, DueItem]]:
    found = [(entry, item) for entry in entries for item in entry.due]
    yield from sorted(found, key=lambda one: (one[1].day, one[0].folder))


def _file(entry: ListedEntry, item: DueItem) -> str | None:
    if not isinstance(entry, ListEntry):
        return None
    return entry.decision_file if item.kind in _OF_DECISIONS else entry.file


def _key(item: DueItem) -> str:
    """What a condition keeps when the next decision carries it over at another place: its id, else its words."""
    if item.kind is not DueKind.CONDITION:
        return ""
    return item.key or hashlib.sha256(item.about.encode(errors="surrogatepass")).hexdigest()[:12]


def _event(entry: ListedEntry, item: DueItem, on: date, root: Path, uid: str) -> Event:
    event = Event()
    words = one_line(due_item_words(item))
    event.add("uid", encodable(uid))
    event.add("summary", f"{'Overdue: ' if item.is_past(on) else ''}{one_line(entry.subject)}: {words}")
    event.add("dtstart", item.day)
    event.add("dtend", item.day + timedelta(days=1))
    event.add("dtstamp", datetime.combine(on, time(), UTC))
    event.add("sequence", on.toordinal())
    event.add("transp", "TRANSPARENT")
    event.add("categories", [item.kind.value])
    owner = [f"Owner: {one_line(item.owner)}"] if item.owner else []
    file = _file(entry, item)
    about = "\n".join([words, *owner, *([] if file is None else [f"File: {file}"])])
    event.add("description", encodable(about))
    if file is not None:
        event.add("url", (root / file).absolute().as_uri())
    return event
