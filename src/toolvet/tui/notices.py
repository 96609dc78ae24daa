"""What has to be said about an assessment before somebody relies on it."""

from __future__ import annotations

from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.rubric import Ask, Rubric
from toolvet.files.reading import AssessmentFile
from toolvet.files.seal import Seal

DECIDED = "A decision rests on this assessment, so it is read-only. Go back with esc, and continue it as a new one."
GAP = "This rubric asks for expected and delivered levels, which this screen cannot answer yet. It is read-only here."
OVERTAKEN = "Nothing more is saved here: the file is somebody else's now. Go back with esc, and open it again."

UNREAD = "The seal of this file is broken and it was not read through: it is read-only until you open it again."


def about(file: AssessmentFile, rubric: Rubric, *, is_decided: bool) -> tuple[str, ...]:
    """One sentence or two for each thing the person should know; none where all is as usual."""
    said = []
    why = why_read_only(rubric, is_decided=is_decided)
    if why is not None:
        said.append(why)
    match file.seal:
        case Seal.BROKEN:
            said.append(
                "The seal of this file is broken: it was changed outside toolvet, or cut short. "
                "Look through the answers before you rely on them; no decision can rest on it until that is confirmed."
            )
        case Seal.MISSING if why is None:
            said.append(
                "This file was written by hand. The first change saves it in toolvet's form and keeps the original "
                f"as {file.path.name}.orig."
            )
        case _:
            pass
    if is_rubric_changed(rubric, file.assessment):
        said.append("The rubric's words have changed since this was answered: no decision can rest on it.")
    return tuple(said)


def why_read_only(rubric: Rubric, *, is_decided: bool) -> str | None:
    """Why the answers cannot be changed; None where they can."""
    if rubric.ask is Ask.GAP:
        return GAP
    return DECIDED if is_decided else None
