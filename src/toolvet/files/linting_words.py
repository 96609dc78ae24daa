"""Warnings about the words of a rubric: rungs that two reviewers would not pick alike, references that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolvet.files.faults import Fault, quoted
from toolvet.files.limits import MOST_RUNGS
from toolvet.files.toml_table import TomlTable

_WORDS = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_YES_NO = frozenset({"yes", "no"})
_COUNTS = frozenset({"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "all"})
# Words that say how something is liked, not what can be seen, and those that only make them stronger or weaker.
_LIKING = """bad poor weak low lacking insufficient inadequate unacceptable basic minimal limited fair average medium
    moderate adequate acceptable sufficient reasonable satisfactory ok okay good strong high great excellent
    outstanding superior perfect best better full partial complete mature advanced optimal nice modern robust"""
_STRESS = """very quite rather mostly mainly partly partially fully largely somewhat well not and or more less really
    completely"""
_JUDGEMENTS, _DEGREES = frozenset(_LIKING.split()), frozenset(_STRESS.split())


def ladder_warnings(question: TomlTable) -> Iterator[Fault]:
    """Rungs that repeat another or only judge, and ladders made of single words."""
    rungs = question.keys.get("levels")
    if not isinstance(rungs, list) or len(rungs) > MOST_RUNGS or not all(isinstance(rung, str) for rung in rungs):
        return
    words = [tuple(word.casefold() for word in _WORDS.findall(rung)) for rung in rungs]
    if len(words) == 2 and {word for rung in words for word in rung} == _YES_NO:
        # With two rungs, yes and no leave nothing to argue about but the question itself.
        return
    if sum(map(_is_single, words)) * 2 > len(words):
        place = (*question.place, "levels")
        yield Fault(place, "most rungs are a single word; say what can be seen at each", is_warning=True)
    for level, rung in enumerate(words):
        place = (*question.place, "levels", level)
        if not rung:
            yield Fault(place, f"rung {level} says nothing; say what can be seen there", is_warning=True)
        elif rung in words[:level]:
            yield Fault(place, f"rung {level} repeats rung {words.index(rung)}; say what more is true", is_warning=True)
        elif _JUDGEMENTS & set(rung) and set(rung) <= _JUDGEMENTS | _DEGREES:
            message = f"rung {level} only judges ({quoted(rungs[level])}); say what can be seen there"
            yield Fault(place, message, is_warning=True)


def _is_single(rung: tuple[str, ...]) -> bool:
    """Whether it is one word; a number is something that can be seen."""
    return len(rung) == 1 and rung[0] not in _COUNTS and not any(character.isdigit() for character in rung[0])


def reference_warnings(question: TomlTable) -> Iterator[Fault]:
    """References that are there and say nothing."""
    references = question.keys.get("references")
    if not isinstance(references, list):
        return
    place = (*question.place, "references")
    if not references:
        yield Fault(place, "references is empty; say where the question comes from, or remove it", is_warning=True)
    for position, reference in enumerate(references):
        if isinstance(reference, str) and not reference.strip():
            yield Fault((*place, position), "this reference is empty; fill it in, or remove it", is_warning=True)
