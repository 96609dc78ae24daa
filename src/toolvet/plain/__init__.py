"""Asks line by line, for those whom a full screen does not serve."""

from toolvet.plain.start import assess_plainly

__all__ = ["assess_plainly"]
