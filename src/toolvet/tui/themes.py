"""A light and a dark theme, by the role of each colour.

The accent (`primary`) means "here": the ring of the focused pane, the bar of the chosen row, the open page, keys.
Verdicts have four colours of their own. Every text colour has a contrast of at least 4.5:1 on every ground it is
used on.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="toolvet-dark",
    dark=True,
    background="#14171c",
    surface="#1a1e25",
    panel="#20252e",
    foreground="#e4e7ec",
    primary="#82b6f2",
    secondary="#9fb3cc",
    accent="#82b6f2",
    success="#8ccf9e",
    warning="#e5c46f",
    error="#f39aa2",
    variables={
        "text": "#e4e7ec",
        "text-muted": "#a6aebb",
        "text-disabled": "#a6aebb",
        "text-primary": "#82b6f2",
        "text-secondary": "#9fb3cc",
        "text-accent": "#82b6f2",
        "text-success": "#8ccf9e",
        "text-warning": "#e5c46f",
        "text-error": "#f39aa2",
        "text-conditions": "#7fd1c7",
        "ring": "#4b5566",
        "foreground-muted": "#a6aebb",
        "foreground-disabled": "#a6aebb",
        "block-cursor-background": "#264168",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#212a37",
        "block-cursor-blurred-foreground": "#e4e7ec",
        "block-hover-background": "#1f2631",
        "border": "#82b6f2",
        "border-blurred": "#4b5566",
        "footer-background": "#14171c",
        "footer-foreground": "#a6aebb",
        "footer-key-foreground": "#82b6f2",
        "footer-description-foreground": "#c3c9d3",
        "input-selection-background": "#2d4a73",
        "input-cursor-background": "#e4e7ec",
        "input-cursor-foreground": "#14171c",
        "link-color": "#82b6f2",
        "link-color-hover": "#ffffff",
        "link-background-hover": "#23395a",
        "scrollbar": "#4b5566",
        "scrollbar-hover": "#66728a",
        "scrollbar-active": "#82b6f2",
        "scrollbar-background": "#14171c",
        "scrollbar-background-hover": "#14171c",
        "scrollbar-background-active": "#14171c",
        "markdown-h1-color": "#e4e7ec",
        "markdown-h2-color": "#e4e7ec",
        "markdown-h3-color": "#e4e7ec",
    },
)

LIGHT = Theme(
    name="toolvet-light",
    dark=False,
    background="#fbfbf9",
    surface="#f3f4f1",
    panel="#e9ebe7",
    foreground="#1c2026",
    primary="#1a549c",
    secondary="#3d5470",
    accent="#1a549c",
    success="#17603a",
    warning="#6f4b00",
    error="#9d1f2c",
    variables={
        "text": "#1c2026",
        "text-muted": "#4e5560",
        "text-disabled": "#4e5560",
        "text-primary": "#1a549c",
        "text-secondary": "#3d5470",
        "text-accent": "#1a549c",
        "text-success": "#17603a",
        "text-warning": "#6f4b00",
        "text-error": "#9d1f2c",
        "text-conditions": "#0b5e63",
        "ring": "#9aa1ac",
        "foreground-muted": "#4e5560",
        "foreground-disabled": "#4e5560",
        "block-cursor-background": "#bfd6f3",
        "block-cursor-foreground": "#0c1d33",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e6ecf3",
        "block-cursor-blurred-foreground": "#1c2026",
        "block-hover-background": "#eef1f4",
        "border": "#1a549c",
        "border-blurred": "#9aa1ac",
        "footer-background": "#fbfbf9",
        "footer-foreground": "#4e5560",
        "footer-key-foreground": "#1a549c",
        "footer-description-foreground": "#353b44",
        "input-selection-background": "#b9d3f2",
        "input-cursor-background": "#1c2026",
        "input-cursor-foreground": "#fbfbf9",
        "link-color": "#1a549c",
        "link-color-hover": "#0c1d33",
        "link-background-hover": "#d3e3f7",
        "scrollbar": "#9aa1ac",
        "scrollbar-hover": "#7c8494",
        "scrollbar-active": "#1a549c",
        "scrollbar-background": "#fbfbf9",
        "scrollbar-background-hover": "#fbfbf9",
        "scrollbar-background-active": "#fbfbf9",
        "markdown-h1-color": "#1c2026",
        "markdown-h2-color": "#1c2026",
        "markdown-h3-color": "#1c2026",
    },
)

THEMES = (DARK, LIGHT)

TEXT_COLOURS = (
    "text",
    "text-muted",
    "text-disabled",
    "text-primary",
    "text-secondary",
    "text-success",
    "text-warning",
    "text-error",
    "text-conditions",
    "footer-key-foreground",
    "footer-description-foreground",
)
"""The colours of text."""

GROUNDS = (
    "background",
    "surface",
    "panel",
    "block-cursor-background",
    "block-cursor-blurred-background",
    "block-hover-background",
    "footer-background",
)
"""The backgrounds of text."""


FOCUS_COLOURS = ("primary", "footer-key-foreground")
"""What shows where the focus is; at least 3:1 on every ground."""

RING_GROUNDS = ("background",)
"""What a quiet ring or the track of a bar is drawn on, at 2:1 or more: it sets things apart and carries no meaning."""


def theme_for(environment: Mapping[str, str], chosen: str | None = None) -> str:
    """The theme chosen before, else the one for the terminal: COLORFGBG ends with 7 or 15 on a light background."""
    if chosen in [theme.name for theme in THEMES]:
        return str(chosen)
    ground = environment.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if ground in ("7", "15") else DARK.name
