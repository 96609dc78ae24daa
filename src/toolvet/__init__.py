"""Vet collaboration and video tools: a rubric, evidence, exact scores, a report."""

from __future__ import annotations

__version__ = "0.1.0"
