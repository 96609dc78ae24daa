"""Rows that every page of the Review screen is made of."""

from __future__ import annotations

from textual.content import Content

from toolvet.tui.widgets.jump_list import PageRow


def heading(words: str) -> Content:
    """Words above what they are about."""
    return Content.styled(words, "bold")


def quiet(words: str) -> PageRow:
    """An explanation."""
    return PageRow(Content.styled(f"   {words}", "$text-muted"), indent=3)


def blank() -> PageRow:
    """An empty line."""
    return PageRow(Content(""))
