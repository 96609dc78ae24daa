"""Colours for readings and balance; the signs and words, which say the same without colour, are the report's."""

from __future__ import annotations

from toolvet.domain.gaps import Reading

READING_STYLES = {
    Reading.OVER_BUILT: "$text-accent",
    Reading.SWEET_SPOT: "$text-success",
    Reading.NEAR: "$foreground",
    Reading.SLIPPING: "$text-warning",
    Reading.SHORT: "$text-error",
    None: "$text-muted",
}
BALANCE_STYLES = {True: "$text-success", False: "$text-error", None: "$text-muted"}
