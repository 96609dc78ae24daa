"""Vet collaboration and video tools: a rubric, evidence, exact scores, a report."""

__version__ = "0.1.0"
