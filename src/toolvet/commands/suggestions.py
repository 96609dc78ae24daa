"""What a mistyped word may have meant."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches


def not_one_of(word: str, known: Sequence[str]) -> str:
    """Says that the word is none of those known, and the nearest, or all of them where none is near."""
    near = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    hint = f"did you mean '{near[0]}'?" if near else f"it can be {', '.join(known)}"
    return f"'{word}' is not known; {hint}"
