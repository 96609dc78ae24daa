"""A dark, a light and a high-contrast theme, by the role of each colour.

The accent (`primary`) means "here": the ring of the focused pane, the bar of the chosen row, the open page, keys.
Verdicts have four colours of their own. Every text colour has a contrast of at least 4.5:1 on every ground it is
used on, and 7:1 in the high-contrast theme; rings, scrollbars and the focus have 3:1.
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
        "ring": "#6b7891",
        "foreground-muted": "#a6aebb",
        "foreground-disabled": "#a6aebb",
        "block-cursor-background": "#264168",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#212a37",
        "block-cursor-blurred-foreground": "#e4e7ec",
        "block-hover-background": "#1f2631",
        "border": "#82b6f2",
        "border-blurred": "#6b7891",
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
        "scrollbar": "#6b7891",
        "scrollbar-hover": "#8793ab",
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
        "ring": "#7c8494",
        "foreground-muted": "#4e5560",
        "foreground-disabled": "#4e5560",
        "block-cursor-background": "#bfd6f3",
        "block-cursor-foreground": "#0c1d33",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e6ecf3",
        "block-cursor-blurred-foreground": "#1c2026",
        "block-hover-background": "#eef1f4",
        "border": "#1a549c",
        "border-blurred": "#7c8494",
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
        "scrollbar": "#7c8494",
        "scrollbar-hover": "#5d6573",
        "scrollbar-active": "#1a549c",
        "scrollbar-background": "#fbfbf9",
        "scrollbar-background-hover": "#fbfbf9",
        "scrollbar-background-active": "#fbfbf9",
        "markdown-h1-color": "#1c2026",
        "markdown-h2-color": "#1c2026",
        "markdown-h3-color": "#1c2026",
    },
)

CONTRAST = Theme(
    name="toolvet-contrast",
    dark=True,
    background="#000000",
    surface="#0c0c0c",
    panel="#181818",
    foreground="#ffffff",
    primary="#9fd4ff",
    secondary="#c8d8ea",
    accent="#9fd4ff",
    success="#8dffb0",
    warning="#ffe27a",
    error="#ffbcbc",
    variables={
        **DARK.variables,
        "text": "#ffffff",
        "text-muted": "#dcdcdc",
        "text-disabled": "#dcdcdc",
        "text-primary": "#9fd4ff",
        "text-secondary": "#c8d8ea",
        "text-accent": "#9fd4ff",
        "text-success": "#8dffb0",
        "text-warning": "#ffe27a",
        "text-error": "#ffbcbc",
        "text-conditions": "#8df3e8",
        "ring": "#a8a8a8",
        "foreground-muted": "#dcdcdc",
        "foreground-disabled": "#dcdcdc",
        "block-cursor-background": "#00305c",
        "block-cursor-blurred-background": "#1c1c1c",
        "block-cursor-blurred-foreground": "#ffffff",
        "block-hover-background": "#141414",
        "border": "#9fd4ff",
        "border-blurred": "#a8a8a8",
        "footer-background": "#000000",
        "footer-foreground": "#dcdcdc",
        "footer-key-foreground": "#9fd4ff",
        "footer-description-foreground": "#ffffff",
        "input-selection-background": "#00305c",
        "input-cursor-background": "#ffffff",
        "input-cursor-foreground": "#000000",
        "link-color": "#9fd4ff",
        "link-background-hover": "#00305c",
        "scrollbar": "#a8a8a8",
        "scrollbar-hover": "#dcdcdc",
        "scrollbar-active": "#9fd4ff",
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
        "markdown-h1-color": "#ffffff",
        "markdown-h2-color": "#ffffff",
        "markdown-h3-color": "#ffffff",
    },
)

THEMES = (DARK, LIGHT, CONTRAST)


def chosen_theme(configured: str | None, before: str | None) -> str | None:
    """The theme that was configured, else the one that f9 chose before; None for the one that suits the terminal."""
    if configured not in (None, "auto"):
        return f"toolvet-{configured}"
    return before if before in [theme.name for theme in THEMES] else None


def theme_for(environment: Mapping[str, str], chosen: str | None = None) -> str:
    """The chosen theme, else the one for the terminal: COLORFGBG ends with 7 or 15 on a light background."""
    if chosen is not None:
        return chosen
    ground = environment.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if ground in ("7", "15") else DARK.name


def next_theme(name: str) -> str:
    """The name of the theme after that one: dark, light, high contrast."""
    names = [theme.name for theme in THEMES]
    return names[(names.index(name) + 1) % len(names)] if name in names else DARK.name
