"""Asks line by line, for those whom a full screen does not serve."""
