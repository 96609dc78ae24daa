"""Surveys in a workspace: what is known of them without opening anybody's answers, and their rounds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from toolvet.domain.assessment import RubricRef, Subject
from toolvet.domain.disclosure import ClosedRound, OpenRound
from toolvet.errors import NoSuchSubject, NotSaved, Problem, UnusableFile
from toolvet.storage.atomic import content_there, save, save_new, tell_as_not_saved
from toolvet.storage.furnishing import furnish, make_folder
from toolvet.storage.lock import locked
from toolvet.storage.names import day_names, first_free, number_in, same_subject, subject_names
from toolvet.storage.reader import AssessmentFile, RoundFile, round_of
from toolvet.storage.subjects import OPEN_ROUND, ROUNDS, SubjectFolder, SubjectReader, find_subject, recency, toml_in
from toolvet.storage.toml_input import is_there
from toolvet.storage.writer import open_round_bytes, round_bytes


class SurveyFolders:
    """Finds and keeps what is known of surveys without opening anybody's answers, so that nobody who answers does."""

    def __init__(self, root: Path, reader: SubjectReader) -> None:
        self._root, self._reader = root, reader

    def known(self, names: Iterable[str]) -> Iterator[tuple[str, Subject]]:
        """Those of the folders that say whom a survey is about, with whom."""
        for name in names:
            about = self._reader.open_round(name).organisation
            if about is not None:
                yield name, about

    def meant(self, names: Iterable[str], name: str) -> Subject | None:
        """Whom the survey is about whose folder or organisation has that name, or the only one that begins with it.

        None if there is none of those folders; nobody's answers are opened. UsageError if it may be any of several.
        """
        known = dict(self.known(names))
        called = {folder: (folder, about.name.casefold(), about.label.casefold()) for folder, about in known.items()}
        with suppress(NoSuchSubject):
            return known[find_subject(called, name)]
        return None

    def asked_in(self, name: str) -> tuple[RubricRef | None, RubricRef | None]:
        """What the open round of the survey in that folder asks, once somebody answered; and what was asked before.

        UnusableFile if somebody answered and what the round asks cannot be read.
        """
        (known, problems), closed = self._reader.open_round_and_problems(name), self._reader.rounds(name)
        is_answered = self._answers_in(name) > 0
        if problems and is_answered:
            raise UnusableFile(problems)
        return (known.rubric if is_answered else None), known.rubric or (closed[-1].round.rubric if closed else None)

    def _answers_in(self, name: str) -> int:
        return sum(number_in(path.stem) is not None for path in toml_in(self._root / "assessments" / name))

    def numbered(self, names: Iterable[str], number: str) -> AssessmentFile | None:
        """The answers of the person with that number in those folders; no other file is opened."""
        for name in names:
            for path in toml_in(self._root / "assessments" / name):
                if number_in(path.stem) == number:
                    return self._reader.assessment(path)
        return None

    def folder_for(self, subject: Subject, names: Collection[str]) -> str:
        """The folder, of those or a new one, for a new person's answers about that subject.

        UnusableFile if one may be it.
        """
        taken = {name.casefold() for name in names}
        found = (name for name in names if self._is_about(name, subject))
        return next(found, None) or first_free(subject_names(subject), lambda name: name not in taken)

    def _is_about(self, name: str, subject: Subject) -> bool:
        """Whether the folder is about that subject; one of nothing but answers, which does not say so, by its name."""
        open_round, problems = self._reader.open_round_and_problems(name)
        if open_round.organisation is not None:
            return same_subject(open_round.organisation, subject)
        paths = list(toml_in(self._root / "assessments" / name))
        rated = [path for path in paths if number_in(path.stem) is None]
        newest, unread = self._newest(rated)
        if newest is not None:
            return same_subject(newest.assessment.subject, subject)
        if name != next(subject_names(subject)):
            return False
        if unread or (problems and not paths):
            raise UnusableFile(unread or problems)
        return bool(paths) or open_round.until is not None

    def _newest(self, paths: Iterable[Path]) -> tuple[AssessmentFile | None, tuple[Problem, ...]]:
        """The newest of those that can be read, and what is wrong with the others."""
        files: list[AssessmentFile] = []
        problems: list[Problem] = []
        for path in paths:
            try:
                files.append(self._reader.assessment(path))
            except UnusableFile as error:
                problems += error.problems
        return max(files, key=recency, default=None), tuple(problems)

    def note(self, name: str, about: Subject, asked: RubricRef) -> None:
        """Keep whom the survey in that folder is about, and what its open round asks: what the first person answers."""
        known = self._reader.open_round(name)
        asked = known.rubric if known.rubric is not None and self._answers_in(name) > 1 else asked
        noted = replace(known, organisation=known.organisation or _identified(about), rubric=asked)
        is_unreadable = known == OpenRound() and is_there(self._path(name))
        if noted != known and not is_unreadable:
            with suppress(OSError, NotSaved):  # the answers are saved, and it can be done without
                self._save(name, noted)

    @tell_as_not_saved
    def open_round(self, name: str, until: date) -> Path:
        """Keep until when the open round of the survey in that folder counts answers."""
        furnish(self._root)
        return self._save(name, replace(self._reader.open_round(name), until=until))

    def close_round(self, name: str, make: Callable[[SubjectFolder], ClosedRound]) -> RoundFile:
        """Save the round that `make` gives for what is in the survey's folder; nobody else closes one meanwhile."""
        folder = self._root / "assessments" / name
        self._reader.subject(name)  # thousands are read before others have to wait
        with locked(folder / ".close"):
            content = round_bytes(closed := make(there := self._reader.subject(name)))
            furnish(self._root)
            make_folder(folder / ROUNDS)
            saved = round_of(save_new(folder / ROUNDS, day_names(closed.closed_on), content), content)
            self._forget_open(name, there.assessments[0].assessment.subject)
            return saved

    def _forget_open(self, name: str, about: Subject) -> None:
        """Forget the open round, which is closed now, but not whom the survey is about."""
        known = self._reader.open_round(name).organisation
        with suppress(OSError, NotSaved):
            self._save(name, OpenRound(organisation=known or _identified(about)))

    def _path(self, name: str) -> Path:
        return self._root / "assessments" / name / ROUNDS / OPEN_ROUND

    def _save(self, name: str, open_round: OpenRound) -> Path:
        path = self._path(name)
        make_folder(path.parent)
        save(path, open_round_bytes(open_round), content_there(path))
        return path


def _identified(about: Subject) -> Subject:
    return Subject(about.name, plan=about.plan, deployment=about.deployment)
