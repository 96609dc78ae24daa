"""Vet collaboration and video tools: a rubric, evidence, exact scores, a report."""
