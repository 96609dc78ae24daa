"""A workspace: finding what is in its folders, and saving into them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from copy import copy
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from toolvet.domain.assessment import Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.rubric import Ask, Rubric, newest
from toolvet.errors import NoSuchSubject, NotSaved, Problem, ToolvetError, UnusableFile, UsageError
from toolvet.storage.atomic import (
    content_there,
    hide_time,
    is_replaceable,
    keep_original,
    remember_written,
    save,
    save_new,
    tell_as_not_saved,
)
from toolvet.storage.evidence_files import EvidenceFiles
from toolvet.storage.furnishing import copy_rubric, furnish, make_folder, refuse_links
from toolvet.storage.index import Code, Index
from toolvet.storage.lock import locked
from toolvet.storage.names import (
    as_seen_from,
    day_names,
    first_free,
    is_file_name,
    is_in_assessments,
    is_inside,
    numbered,
    respondent_names,
    same_subject,
    slug,
    subject_names,
)
from toolvet.storage.reader import (
    AssessmentFile,
    DecisionFile,
    RecordFile,
    assessment_of,
    decision_of,
    read_assessment,
    record_of,
    same_among,
    unknown_to,
)
from toolvet.storage.rubric_library import RubricFile, RubricShelf
from toolvet.storage.subjects import (
    ARCHIVED,
    RECORDS,
    SUBJECT_KINDS,
    SubjectFolder,
    SubjectReader,
    called_in,
    day_of,
    find_subject,
    folder_names,
    is_archived,
    latest_of,
    may_be_survey,
    paths_in_panels,
    recency,
    records_among,
    refuse_archived,
    stray_problem,
    toml_in,
)
from toolvet.storage.survey_folders import SurveyFolders
from toolvet.storage.toml_input import Seal, hex_digest, is_folder, is_there, lies_in, may_be_folder, read_content, real
from toolvet.storage.writer import assessment_bytes, decision_bytes, record_bytes

if TYPE_CHECKING:
    from toolvet.domain.decision import Decision
    from toolvet.domain.records import Record


_NAMES: Code[tuple[str, ...]] = Code(tuple[str, ...])


class Workspace:
    """A folder with assessments, decisions, reports, rubrics and evidence; it need not exist yet."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._shelf = RubricShelf(root / "rubrics")
        self._reader = SubjectReader(root)
        self.index = Index(root, lambda: self._shelf.folders)
        self.evidence = EvidenceFiles(root)

    def as_of(self, clock: Callable[[], date]) -> Workspace:
        """The same workspace, with what was corrected by that day; otherwise with all that ever was."""
        found = copy(self)
        found._reader = self._reader.as_of(clock)
        return found

    @property
    def surveys(self) -> SurveyFolders:
        """What is known of the surveys without opening anybody's answers."""
        return SurveyFolders(self.root, self._reader)

    @property
    def exists(self) -> bool:
        """Whether anything was saved here yet, or may have been where we are not let in."""
        return may_be_folder(self.root / "assessments")

    def subjects(self) -> tuple[SubjectFolder, ...]:
        """Every subject that is not archived, by folder name; what cannot be read is among its problems."""
        return tuple(self._reader.subject(name) for name in self.subject_names())

    @property
    def stray_problems(self) -> tuple[Problem, ...]:
        """Files beside the folders of subjects, and policies named after no rubric: nothing in them counts."""
        found = (path for kind in SUBJECT_KINDS for path in toml_in(self.root / kind))
        beside = sorted(path for path in found if not path.name.startswith(".") and not may_be_folder(path))
        return (*map(stray_problem, beside), *self._shelf.misnamed_policies())

    def each_subject(self, *, with_archived: bool = False) -> Iterator[SubjectFolder]:
        """The same one after another, for thousands: nothing is kept in memory for the next look."""
        for name in self.subject_names(with_archived=with_archived):
            yield from self.alone(name)

    def decided_names(self) -> list[str]:
        """The names of those subjects that have a folder of decisions."""
        decided = {*folder_names(self.root / "decisions")}
        return [name for name in self.subject_names() if name in decided]

    def alone(self, name: str) -> Iterator[SubjectFolder]:
        """The subject, whose files are remembered only until the next one is asked for."""
        kept, self._reader = self._reader, self._reader.anew()
        try:
            with self._shelf.looked_up_once():
                yield self._reader.subject(name)
        finally:
            self._reader = kept

    def subject(self, name: str, *, with_archived: bool = False) -> SubjectFolder:
        """The subject with that folder or name, or the only one that begins with it. UsageError if there is none.

        The others are read only if no folder has exactly that name.
        """
        names = self.subject_names(with_archived=with_archived)
        if name in names:
            return self._reader.subject(name)
        known = self.index.rows("names", _NAMES)
        nameless: list[Problem] = []
        called = {each: known.row(each, lambda each=each: self._called(each, nameless)) for each in names}  # type: ignore[misc]
        known.save()
        try:
            return self._reader.subject(find_subject(called, name))
        except NoSuchSubject:
            if nameless:
                raise UnusableFile(tuple(nameless)) from None  # it may be one of those
            for each in {*self.subject_names(with_archived=True)} - called.keys():
                if name.casefold().strip() in self._called(each, [])[0]:
                    refuse_archived(self.root, each)
            raise

    def _called(self, name: str, nameless: list[Problem]) -> tuple[tuple[str, ...], bool]:
        """What the subject is called, and whether that is certain; problems that leave it without a name are added."""
        folder = next(self.alone(name))
        if not folder.assessments:
            nameless += folder.errors
        return called_in(folder), not folder.problems

    def numbered_subjects(self) -> Iterator[SubjectFolder]:
        """The subjects with files of respondents, by their numbers, or closed rounds: others have no result to show."""
        return (
            self._reader.subject(name)
            for name in self.subject_names()
            if may_be_survey(self.root / "assessments" / name)
        )

    def folder_named(self, name: str) -> SubjectFolder:
        """The subject in the folders of exactly that name, which need not exist."""
        return self._reader.subject(name)

    def folder_of(self, file: AssessmentFile) -> SubjectFolder | None:
        """The subject's folder that the file lies in; None for one that lies elsewhere."""
        is_here = is_in_assessments(self.root, file.path)
        return self._reader.subject(file.path.absolute().parent.name) if is_here else None

    def rubrics(self) -> tuple[RubricFile, ...]:
        """Every rubric that can be used, the workspace's own first."""
        return self._shelf.all()[0]

    def rubrics_and_problems(self) -> tuple[tuple[RubricFile, ...], tuple[Problem, ...]]:
        """The same with what was wrong with the others at that look."""
        return self._shelf.all()

    @property
    def rubric_ids(self) -> frozenset[str]:
        """The ids of the rubrics there are, whatever is wrong with them."""
        return self._shelf.ids()

    @property
    def rubric_problems(self) -> tuple[Problem, ...]:
        """What is wrong with rubrics that cannot be used."""
        return self._shelf.all()[1]

    def rubric(self, rubric_id: str, version: str) -> Rubric:
        """The rubric with that id and version. ToolvetError, with the places searched, if there is none."""
        return self._shelf.find(rubric_id, version).rubric

    def rubric_texts(self, rubric_id: str, version: str, *, all_of_them: bool = False) -> tuple[RubricFile, ...]:
        """Every file with that id and version, the one in use first; if they differ, one was changed.

        With `all_of_them`, UnusableFile if one cannot be used.
        """
        return self._shelf.texts(rubric_id, version, all_of_them=all_of_them)

    def rubric_as_answered(self, reference: RubricRef) -> Rubric | None:
        """The rubric as it was answered, found by its digest; None if it is gone.

        UnusableFile if it may be in a copy that cannot be used.
        """
        for all_of_them in (False, True):
            texts = self.rubric_texts(reference.id, reference.version, all_of_them=all_of_them)
            found = next((file.rubric for file in texts if reference.digest in (None, file.rubric.digest)), None)
            if found is not None:
                return found
        return None

    def newer_version(self, reference: RubricRef, *, for_certain: bool = False) -> str | None:
        """The newest version of the rubric, if it is not the one named; UnusableFile if that is not certain."""
        latest = newest((*self._shelf.versions(reference.id, all_of_them=for_certain), reference.version))
        return None if latest == reference.version else latest

    def latest(self, folder: SubjectFolder, on: date) -> tuple[AssessmentFile, ...]:
        """The assessments that speak for the subject that day, as `latest_of` finds them."""
        return latest_of(folder, self.rubric, on)

    @tell_as_not_saved
    def start(self, assessment: Assessment, on: date) -> AssessmentFile:
        """Save a new assessment in the folder of its subject, making the workspace if need be.

        Answers to a survey are kept without a name or role, in a file that is named by a random number.
        """
        rubric_file = self._shelf.find(assessment.rubric.id, assessment.rubric.version)
        is_survey = rubric_file.rubric.ask is Ask.GAP
        if is_survey:
            assessment = replace(assessment, reviewer=Reviewer(group=assessment.reviewer.group))
        if assessment.rubric.digest is None:
            assessment = replace(assessment, rubric=replace(assessment.rubric, digest=rubric_file.rubric.digest))
        content = assessment_bytes(assessment, rubric_file.rubric)
        furnish(self.root)
        copy_rubric(rubric_file, self.root / "rubrics")
        name = f"{on.isoformat()}-{slug(assessment.reviewer.name or '', otherwise='reviewer')}"
        names = respondent_names(on) if is_survey else chain([name], numbered(name))
        if not is_survey:
            self.subjects()  # thousands are read before others have to wait
        # Two who start at once must not take one folder for two subjects, nor two for one.
        with locked(self.root / "assessments" / ".start"):
            if not is_survey:
                return self._start_in(self.folder_for(assessment.subject), names, content)
            folder = self.surveys.folder_for(assessment.subject, self.subject_names(with_archived=True))
            refuse_archived(self.root, folder)
            file = self._start_in(folder, names, content)
            self.surveys.note(folder, assessment.subject, assessment.rubric)
        hide_time(file.path, assessment.started or on)
        return file

    def _start_in(self, subject: str, names: Iterator[str], content: bytes) -> AssessmentFile:
        folder = self.root / "assessments" / subject
        make_folder(folder)
        try:
            return assessment_of(save_new(folder, names, content), content)
        except (NotSaved, OSError):
            # An empty folder would keep its name from the next try.
            with suppress(OSError):
                folder.rmdir()
            raise

    def folder_for(self, subject: Subject) -> str:
        """The folder of the subject: its own, or a free one. ToolvetError if that is unclear, or it is archived."""
        folders = tuple(self._reader.subject(name) for name in self.subject_names(with_archived=True))
        for folder in folders:
            # The newest says what the folder is of: it may have been renamed since the others.
            about = folder.assessments[0].assessment.subject if folder.assessments else folder.open_round.organisation
            if about is not None and same_subject(about, subject):
                refuse_archived(self.root, folder.name)
                return folder.name
            if not folder.assessments and folder.errors and folder.name == next(subject_names(subject)):
                raise UnusableFile(folder.errors)
        # a round may be open before anybody answered
        taken = {folder.name.casefold() for folder in folders if folder.assessments or not folder.is_just_open}
        return first_free(subject_names(subject), lambda name: name not in taken)

    @tell_as_not_saved
    def save(self, file: AssessmentFile, assessment: Assessment) -> AssessmentFile:
        """Save the assessment in that file. NotSaved or Conflict if the change did not reach the disk.

        The first save of a file that toolvet did not write, or that was edited since, keeps the old one as `.orig`.
        """
        if is_in_assessments(self.root, file.path):
            refuse_links(file.path.parent, file.path.parent.parent)
        rubric_file = self._rubric_file(assessment)
        content = self.bytes_of(assessment, file.path)
        if content != file.content and (why := self.why_read_only(file)) is not None:
            raise NotSaved(f"NOT SAVED: {why}; continue {self.relative(file.path)} as a new assessment")
        kept = file.kept_original if file.seal is Seal.INTACT else keep_original(file)
        save(file.path, content, file.content)
        if rubric_file is not None and rubric_file.rubric.ask is Ask.GAP:
            for path in (file.path, *([] if kept is None else [kept])):
                hide_time(path, day_of(replace(file, assessment=assessment)))
        not_copied = None
        if rubric_file is not None and self.exists:
            try:
                copy_rubric(rubric_file, self.root / "rubrics")
            except ToolvetError as error:
                # The answers are saved all the same; a decision is refused until the copy is there.
                not_copied = str(error).removeprefix("NOT SAVED: ")
        return AssessmentFile(file.path, assessment, Seal.INTACT, content, kept, not_copied)

    def bytes_of(self, assessment: Assessment, path: Path) -> bytes:
        """The file of the assessment at that path."""
        rubric_file = self._rubric_file(assessment)
        rubric = None if rubric_file is None else rubric_file.rubric
        return assessment_bytes(assessment, rubric, schemas=self._schemas_from(path))

    def _rubric_file(self, assessment: Assessment) -> RubricFile | None:
        with suppress(ToolvetError):
            return self._shelf.find(assessment.rubric.id, assessment.rubric.version)
        return None

    @tell_as_not_saved
    def record(self, decision: Decision, subject: str, known: Collection[Path] | None = None) -> DecisionFile:
        """Save the decision in the subject's folder, and the rubric that it can be computed anew with.

        One recorded that day that is the same in all but what it supersedes is not recorded twice: whoever was cut off
        tries again. NotSaved if the assessment was changed since it was judged, or there is a decision or, beyond those
        that are `known`, a record that is new to whoever decides.
        """
        if not is_file_name(subject):
            raise UsageError(f'"{subject}" is not the folder of a subject; choose one of this workspace')
        assessed = None if decision.tolerates else self._ground_of(decision)
        furnish(self.root)
        folder = self.root / "decisions" / subject
        with locked(folder.with_name(".decide")):  # two who decide at once must know of each other
            earlier, problems = self._reader.decisions(subject)
            if unusable := tuple(problem for problem in problems if not problem.warning):
                raise UnusableFile(unusable)  # the new decision would not know them
            if (same := same_among(earlier, decision)) is not None:
                return same
            for path in unknown_to(decision, earlier, known):
                raise NotSaved(f"NOT SAVED: {self.relative(path)} was recorded meanwhile; look at it and decide again")
            if earlier:
                decision = replace(decision, records=records_among(subject, earlier))
            content = decision_bytes(decision)
            if assessed is not None:
                asked = assessed.assessment.rubric
                copy_rubric(self._shelf.find(asked.id, asked.version), self.root / "rubrics")
            make_folder(folder)
            return decision_of(save_new(folder, day_names(decision.decided_on), content), content)

    @tell_as_not_saved
    def add_record(self, record: Record, subject: str) -> RecordFile:
        """Save the record beside the decision it is about. NotSaved if that decision was changed in the meantime."""
        folder = self.root / "decisions" / subject
        decided = folder / record.decision
        if record.sha256 is not None and hex_digest(read_content(decided)) != record.sha256:
            raise NotSaved(f"NOT SAVED: {self.relative(decided)} was changed since it was read; look at it again")
        if not record.files:  # a signature names them anyway
            about = None if record.corrections else (record.decision,)
            record = replace(record, earlier=self._reader.records_of(subject, about))
        content = record_bytes(record)
        furnish(self.root)
        make_folder(folder / RECORDS)
        what = slug(record.condition or "", otherwise="condition") if record.condition else ""
        name = "-".join(part for part in (record.on.isoformat(), record.record.value, what) if part)
        return record_of(save_new(folder / RECORDS, chain([name], numbered(name)), content), content)

    def decision_on(self, file: AssessmentFile) -> DecisionFile | None:
        """The newest decision that rests on that file, if any; the file then opens read-only."""
        return self._resting_on(file, self._reader.decisions(file.path.parent.name)[0])

    def _resting_on(self, file: AssessmentFile, decisions: Iterable[DecisionFile]) -> DecisionFile | None:
        path = self.relative(file.path)
        return next((found for found in decisions if found.decision.rests_on(path)), None)

    def earlier(self, file: AssessmentFile) -> Assessment | None:
        """The subject's assessment before this one under the same rubric, if any."""
        if file.path.absolute().parent.parent != (self.root / "assessments").absolute():
            return None
        asked = file.assessment.rubric
        for found in self._reader.subject(file.path.parent.name).assessments:
            theirs = found.assessment.rubric
            if recency(found) < recency(file) and (theirs.id, theirs.version) == (asked.id, asked.version):
                return found.assessment
        return None

    def why_read_only(self, file: AssessmentFile) -> str | None:
        """Why the file can no longer be changed: a decision rests on it, or may do so; None if it can."""
        if not is_in_assessments(self.root, file.path):
            return None
        decisions, problems = self._reader.decisions(file.path.parent.name)
        if (decided := self._resting_on(file, decisions)) is not None:
            return f"a decision of {decided.decision.decided_on} rests on this assessment"
        for closed in self._reader.rounds(file.path.parent.name):
            if file.sha256 in closed.round.counted:
                return f"the round closed on {closed.round.closed_on} counts these answers"
        for panel in () if file.answers_gaps else self._reader.subject(file.path.parent.name).assessments:
            if self.relative(file.path) in paths_in_panels([panel]):
                return f"the panel of {day_of(panel)} was settled from this assessment"
        unusable = next((problem.path for problem in problems if not problem.warning), None)
        words = "cannot be read, and that decision may rest on this assessment"
        return None if unusable is None else f"{self.relative(unusable)} {words}"

    def doubts(self, file: AssessmentFile, folder: SubjectFolder | None = None) -> tuple[str, ...]:
        """Why a reader should not rely on that file, in a few words each.

        `folder` is its subject's, if that was read already.
        """
        decisions = self._reader.decisions(file.path.parent.name)[0] if folder is None else folder.decisions
        decided = self._resting_on(file, decisions)
        seals = [file.seal] if decided is None else [file.seal, decided.seal]
        doubts = ["seal broken"] if Seal.BROKEN in seals else []
        if decided is not None and decided.decision.basis[0].sha256 != file.sha256:
            doubts.append("assessment changed after the decision")
        return tuple(doubts)

    def assessment_behind(self, decision: Decision) -> Path | None:
        """The path of the assessment that the decision names; None if it names none, or one outside the workspace."""
        if decision.assessment is None:
            return None
        named = decision.assessment.path
        path = self.root / named
        return path if is_inside(named) and lies_in(path, self.root) else None

    def relative(self, path: Path) -> str:
        """The path as seen from the workspace, with forward slashes."""
        return as_seen_from(self.root, path)

    @tell_as_not_saved
    def save_report(self, name: str, content: str | bytes) -> Path:
        """Write a file into reports/ and return its path.

        It replaces an earlier report of that name that is as toolvet wrote it; beside any other file it gets a number.
        """
        if not is_file_name(name):
            raise UsageError(f'"{name}" cannot be the name of a file; use letters, digits, hyphens and dots')
        folder = self.root / "reports"
        make_folder(folder)
        stem, ending = Path(name).stem, Path(name).suffix
        names = chain([name], (f"{each}{ending}" for each in numbered(stem)))
        written = content.encode() if isinstance(content, str) else content
        path = folder / first_free(names, lambda each: is_replaceable(folder / each, written))
        remember_written(path, written)
        save(path, written, content_there(path))
        return path

    @tell_as_not_saved
    def archive(self, subject: str, *, on: date | None) -> None:
        """Set the subject aside as of that day, so that it is listed no longer; None takes it back."""
        mark = self.root / "assessments" / subject / ARCHIVED
        if on is None:
            mark.unlink(missing_ok=True)
        elif not is_there(mark):
            make_folder(mark.parent)
            said = f"Archived by toolvet on {on.isoformat()}; toolvet subject --restore takes it back.\n"
            save(mark, said.encode(), None)

    def subject_names(self, *, with_archived: bool = False) -> list[str]:
        """The names of the folders of subjects, in order; UnusableFile if one of the two above them is closed."""
        names = {name for kind in SUBJECT_KINDS for name in folder_names(self.root / kind)}
        return sorted(name for name in names if with_archived or not is_archived(self.root, name))

    def _schemas_from(self, path: Path) -> str | None:
        schemas = self.root / ".toolvet"
        return as_seen_from(path.parent, schemas) if lies_in(path, self.root) and schemas.is_dir() else None

    def _ground_of(self, decision: Decision) -> AssessmentFile:
        path, ground = self.assessment_behind(decision), decision.basis[0]
        if path is None or not path.is_file():
            raise NotSaved(f"NOT SAVED: the assessment {ground.path} is not in this workspace")
        file = read_assessment(path)
        if file.sha256 != ground.sha256:
            raise NotSaved(f"NOT SAVED: {ground.path} was changed since it was judged; look at it again")
        return file


def find_workspace(start: Path, named: Path | None = None) -> Workspace:
    """The named workspace, or the nearest folder upwards with assessments, or the start."""
    if named is not None:
        return Workspace(named)
    if may_be_folder(start / "assessments"):
        return Workspace(start)
    parents = real(start).parents
    return Workspace(next((folder for folder in parents if is_folder(folder / "assessments")), start))
