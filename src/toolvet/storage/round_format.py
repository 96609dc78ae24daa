"""Rounds of a survey: the document of a closed or open one, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolvet.domain.assessment import RubricRef, Subject
from toolvet.domain.disclosure import ClosedRound, OpenRound
from toolvet.storage.faults import Fault, quoted
from toolvet.storage.record_format import DIGEST

_CLOSED_ROUND = ("closed_on", "rubric", "smallest_group", "counted")


def make_round(document: Mapping[str, Any]) -> ClosedRound:
    """The closed round in a document that passed the schema and our own checks."""
    return ClosedRound(
        closed_on=document["closed_on"],
        rubric=RubricRef(**document["rubric"]),
        smallest_group=document["smallest_group"],
        counted=tuple(document["counted"]),
        salt=document.get("mark"),
    )


def is_open_round(document: Mapping[str, Any]) -> bool:
    """Whether it is about a round that is still open."""
    return "until" in document or "organisation" in document


def make_open_round(document: Mapping[str, Any]) -> OpenRound:
    """The open round in such a document."""
    about, asked = document.get("organisation"), document.get("rubric")
    return OpenRound(
        until=document.get("until"),
        organisation=None if about is None else Subject(**about),
        rubric=None if asked is None else RubricRef(**asked),
    )


def round_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong in a round beyond its schema: digests that are none, and fewer people than it may count.

    An open round has none of what a closed one needs.
    """
    if is_open_round(document):
        for key in ("closed_on", "smallest_group", "counted", "mark"):
            if key in document:
                yield Fault((key,), f"{key} belongs to a closed round, and this is an open one; remove it")
        return
    for key in (key for key in _CLOSED_ROUND if key not in document):
        yield Fault((), f"{key} is missing; bring back the file as it was")
    counted, least = document.get("counted"), document.get("smallest_group")
    if not isinstance(counted, list):
        return
    for place, digest in enumerate(counted):
        if isinstance(digest, str) and DIGEST.fullmatch(digest) is None:
            yield Fault(("counted", place), f"{quoted(digest)} is not the sha256 of a file; bring the file back")
    if isinstance(least, int) and len(counted) < least:
        yield Fault(("counted",), f"counts {len(counted)} answer files, fewer than smallest_group; bring the file back")
