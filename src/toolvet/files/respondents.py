"""Answer files of a survey, taken into a workspace: one file a respondent, known by a number and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import tomli_w

from toolvet.domain.assessment import Assessment, Subject
from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.files.answer_csv import rows_in
from toolvet.files.content import read_content
from toolvet.files.digest import hex_digest
from toolvet.files.examining import problems_of
from toolvet.files.faults import Fault
from toolvet.files.furnishing import copy_rubric, furnish, make_folder
from toolvet.files.naming import number_of, respondent_name, same_subject
from toolvet.files.reading import AssessmentFile, check_answers, read_assessment
from toolvet.files.saving import save, tell_as_not_saved
from toolvet.files.seal import Seal
from toolvet.files.subjects import toml_files
from toolvet.files.workspace import Workspace
from toolvet.files.writing import assessment_bytes

NUMBER_COMMENT = "# Respondent "
"""How the first line of an answer file begins that was saved by the form; its number follows."""

_NUMBER = re.compile(rb"\A(?:\xef\xbb\xbf)?# Respondent ([0-9]{6,20})\r?\n")


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody's answers as they came: the bytes to keep and the number by which they are known.

    `is_row` says that they were a row of a spreadsheet, of which the number is a digest.
    """

    source: Path
    line: int | None
    assessment: Assessment
    content: bytes
    number: str
    is_row: bool = False


def answer_head(rubric: Rubric, organisation: str) -> str:
    """The part of an answer file that says what is answered, about whom, as TOML."""
    reference = {"id": rubric.id, "version": rubric.version} | ({"digest": rubric.digest} if rubric.digest else {})
    return tomli_w.dumps({"rubric": reference, "subject": {"name": organisation}})


def toml_string(text: str) -> str:
    """The text as it stands behind a key in TOML."""
    return tomli_w.dumps({"x": text}).removeprefix("x = ").rstrip("\n")


def respondents_in(
    path: Path, workspace: Workspace, about: tuple[Rubric, Subject] | None, on: date
) -> Iterator[Respondent]:
    """The respondents in an answer file, or in a spreadsheet (.csv), which answers that rubric about that subject.

    UnusableFile with everything that is wrong; ToolvetError where a rubric is missing or nothing says what a
    spreadsheet is about.
    """
    if path.suffix.lower() == ".csv":
        if about is None:
            raise ToolvetError(f"{path}: nothing says which organisation it is about; give --organisation NAME")
        rubric, subject = about
        for row in rows_in(path, read_content(path), rubric, subject, on):
            content = assessment_bytes(row.assessment, rubric)
            yield Respondent(path, row.line, row.assessment, content, _number_from(row.digest), is_row=True)
    else:
        file = _answer_file(path, workspace)
        if about is not None and not same_subject(file.assessment.subject, about[1]):
            message = (
                f"is about {file.assessment.subject.name}, not {about[1].name}; leave out --organisation, or this file"
            )
            raise UnusableFile((Problem(path, None, message),))
        named = _NUMBER.match(file.content)
        number = named[1].decode() if named else _number_from(file.sha256)
        yield Respondent(path, None, file.assessment, file.content, number)


def _answer_file(path: Path, workspace: Workspace) -> AssessmentFile:
    file = read_assessment(path)
    try:
        rubric = workspace.rubric(file.assessment.rubric.id, file.assessment.rubric.version)
    except UnusableFile:
        raise
    except ToolvetError as error:
        raise ToolvetError(f"{path}: {error}") from error
    problems = check_answers(file, rubric) + problems_of(path, file.content, tuple(_faults(file, rubric)))
    if any(not problem.warning for problem in problems):
        raise UnusableFile(problems)
    return file


def _faults(file: AssessmentFile, rubric: Rubric) -> Iterator[Fault]:
    if rubric.ask is not Ask.GAP:
        yield Fault(("rubric",), f"{rubric.id} rates tools and is no survey; import answers to a survey only")
    for key in ("name", "role"):
        if getattr(file.assessment.reviewer, key) is not None:
            yield Fault(("reviewer", key), f"a survey is answered without a {key}; remove it")
    if not any(answer.is_given for answer in file.assessment.answers.values()):
        yield Fault((), "holds no answer; leave it out")
    if file.seal is Seal.BROKEN:
        yield Fault(
            ("seal",),
            "was cut or changed since toolvet wrote it; ask for it again, or remove this line if the change is meant",
        )


def _number_from(digest: str) -> str:
    return number_of(int(digest, 16))


class Keeper:
    """Keeps respondents in a workspace, each once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._folders: dict[str, Path] = {}
        self._known: dict[Path, dict[str, Path]] = {}

    @tell_as_not_saved
    def keep(self, respondent: Respondent, on: date) -> Path | None:
        """Where the respondent is kept now; None where the same was there already.

        UnusableFile where another answer file of the same number is there. `on` is the day where the answers name none.
        """
        folder = self._folder_for(respondent.assessment)
        if folder not in self._known:
            self._known[folder] = _digests(folder)
        known = self._known[folder]
        digest = hex_digest(respondent.content)
        # Rows are told apart by their number: two people may have answered alike on the same day.
        if digest in known and not respondent.is_row:
            return None
        for there in folder.glob(f"*-{respondent.number}.toml"):
            if respondent.is_row:
                return None
            message = (
                f"respondent {respondent.number} has other answers in {there}; of the two keep the one that was saved "
                "last, and remove the other"
            )
            raise UnusableFile((Problem(respondent.source, respondent.line, message),))
        path = folder / f"{respondent_name(respondent.assessment.started or on, respondent.number)}.toml"
        save(path, respondent.content, None)
        known[digest] = path
        return path

    def _folder_for(self, assessment: Assessment) -> Path:
        key = repr((asdict(assessment.subject), assessment.rubric.id, assessment.rubric.version))
        if key not in self._folders:
            furnish(self._workspace.root)
            for file in self._workspace.rubrics():
                if (file.rubric.id, file.rubric.version) == (assessment.rubric.id, assessment.rubric.version):
                    copy_rubric(file, self._workspace.root / "rubrics")
            folder = self._workspace.root / "assessments" / self._workspace.folder_for(assessment.subject)
            make_folder(folder)
            self._folders[key] = folder
        return self._folders[key]


def _digests(folder: Path) -> dict[str, Path]:
    found = {}
    for path in toml_files(folder):
        try:
            found[hex_digest(read_content(path))] = path
        except UnusableFile:
            continue  # told where the folder is read
    return found
