"""The rubrics of a workspace and those that ship, with the organisation's own policy where it has one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Generic, TypeVar

from toolvet.domain.rubric import DatedPolicy, Policy, Rubric
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.storage.faults import Fault, unknown
from toolvet.storage.names import numbered
from toolvet.storage.reader import Kind, examine, faults_of, problems_of, read_rubric
from toolvet.storage.rubric_format import make_policy
from toolvet.storage.toml_input import PREFIX, Document, is_there, is_toml, note, read_content
from toolvet.values import dataclass

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """The folder "rubrics", "examples" or "docs": inside the installed package, or in the checkout."""
    packed = _PACKAGE / name
    return packed if packed.is_dir() else _PACKAGE.parent.parent / name


Value = TypeVar("Value")
_Mark = tuple[int, ...]


class Remembered(Generic[Value]):
    """Reads each file again only after it changed; a failure is no knowledge, so what failed is always read again."""

    def __init__(self, read: Callable[[Path], Value]) -> None:
        self._read = read
        self._known: dict[Path, tuple[_Mark, Value]] = {}

    def __call__(self, path: Path) -> Value:
        """What the file holds. UnusableFile as the reading raises it."""
        note(path)
        try:
            found = path.lstat()
        except OSError:
            return self._read(path)
        # An editor or a copy may keep the time of a change, but no program can set the time of the inode's; the times
        # of answer files are hidden, so only that one changes with every save of them.
        mark = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_dev)
        known = self._known.get(path)
        if known is None or known[0] != mark:
            self._known.pop(path, None)
            known = (mark, self._read(path))
            self._known[path] = known
        return known[1]


POLICY_FOLDER = "policy"


class HousePolicies:
    """The policies in the folder `policy`, which replace the rubrics' own; each is read once until it changes.

    `<rubric id>.toml` is in force from the beginning, `<rubric id>-<day>.toml` from that day on.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / POLICY_FOLDER
        self._policy_at: Remembered[Policy] = Remembered(_read_policy)

    def misnamed(self, rubric_ids: Callable[[], Collection[str]]) -> tuple[Problem, ...]:
        """The files that count for no rubric, by their names; without a file the rubrics are not asked for."""
        paths = _toml_files(self._folder)
        known = rubric_ids() if paths else ()
        return tuple(
            Problem(path, 1, fault.message)
            for path in paths
            if path.parent == self._folder and not path.name.startswith(".")
            for fault in _name_faults(path, known)
        )

    def applied(self, rubric: Rubric) -> Rubric:
        """The rubric with the house's policies, if there are any. UnusableFile if one cannot be used."""
        first = self._from_the_beginning(rubric)
        later = tuple(
            DatedPolicy(since, self._policy_at(path), f"{POLICY_FOLDER}/{path.name}")
            for since, path in _dated_policies(self._folder, rubric.id)
        )
        if not later:
            return first
        return replace(first, policies=(DatedPolicy(date.min, first.policy, first.policy_from), *later))

    def _from_the_beginning(self, rubric: Rubric) -> Rubric:
        path = self._folder / f"{rubric.id}.toml"
        try:
            path.lstat()
        except FileNotFoundError:
            return rubric
        except OSError:
            # Reading tells why it cannot be looked at: a policy that is there must not be passed over.
            if not is_there(self._folder):
                return rubric
        return replace(rubric, policy=self._policy_at(path), policy_from=f"{POLICY_FOLDER}/{path.name}")


def _dated_policies(folder: Path, rubric_id: str) -> Iterator[tuple[date, Path]]:
    """The policies that came into force on a day, the earliest first. UnusableFile if the folder cannot be listed."""
    for path in _toml_files(folder):
        if path == folder:
            read_content(path)  # tells why it cannot be
        known, since = _policy_name(path.stem)
        if since is not None and known == rubric_id:
            yield since, path


def _policy_name(stem: str) -> tuple[str, date | None]:
    """The rubric id and the first day in a policy's file name."""
    found = re.fullmatch(r"(.+)-(\d{4}-\d\d-\d\d)", stem, re.ASCII)
    try:
        return (stem, None) if found is None else (found[1], date.fromisoformat(found[2]))
    except ValueError:
        return stem, None


def policy_problems(path: Path, content: bytes, document: Document, rubric_ids: Collection[str]) -> tuple[Problem, ...]:
    """Everything wrong in the policy file in these bytes, its name included."""
    return problems_of(path, content, (*faults_of(document, Kind.POLICY), *_name_faults(path, rubric_ids)))


def of_policies(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those of the house's policies, or of their folder."""
    return tuple(one for one in problems if POLICY_FOLDER in (one.path.name, one.path.parent.name))


def _read_policy(path: Path) -> Policy:
    return make_policy(examine(path, read_content(path), Kind.POLICY)["policy"])


def _name_faults(path: Path, rubric_ids: Collection[str]) -> Iterator[Fault]:
    if path.parent.name != POLICY_FOLDER:
        where = f"in the folder {POLICY_FOLDER} of a workspace, under the id of its rubric"
        what = f"a policy counts only {where}; move it there"
        yield Fault(("policy",), what)
    known = _policy_name(path.stem)[0]
    if known not in rubric_ids and path.stem not in rubric_ids:
        told = unknown(f'rubric "{known}"', known, sorted(rubric_ids))
        yield Fault(("policy",), f"{told}; name the file after the id of its rubric")


@dataclass(frozen=True, slots=True)
class RubricFile:
    """A rubric and its file."""

    path: Path
    rubric: Rubric
    shipped: bool


class RubricShelf:
    """The rubrics of a workspace and those that ship; each is read once until it changes."""

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where the rubrics and the policies lie."""
        return self._own, self._own.parent / POLICY_FOLDER, shipped("rubrics")

    def __init__(self, own: Path) -> None:
        self._own = own
        self._house = HousePolicies(own.parent)
        self._rubric_at = Remembered(read_rubric)
        self._found: dict[tuple[str, str], RubricFile] | None = None

    def all(self) -> tuple[tuple[RubricFile, ...], tuple[Problem, ...]]:
        """Every usable rubric, one for each id and version, and what is wrong with the others."""
        files: dict[tuple[str, str], RubricFile] = {}
        problems: list[Problem] = []
        for path, is_shipped in self._paths():
            try:
                rubric = self._house.applied(self._rubric_at(path))
            except UnusableFile as error:
                problems.extend(problem for problem in error.problems if problem not in problems)
                continue
            files.setdefault((rubric.id, rubric.version), RubricFile(path, rubric, is_shipped))
        return tuple(files.values()), tuple(problems)

    def misnamed_policies(self) -> tuple[Problem, ...]:
        """The house's policies that count for no rubric."""
        return self._house.misnamed(self.ids)

    @contextmanager
    def looked_up_once(self) -> Iterator[None]:
        """Meanwhile each rubric is looked for once, as while one subject is judged."""
        self._found = {}
        try:
            yield
        finally:
            self._found = None

    def find(self, rubric_id: str, version: str) -> RubricFile:
        """The rubric with that id and version. ToolvetError, with the places searched, if there is none."""
        if self._found is None:
            return self._find(rubric_id, version)
        known = self._found.get((rubric_id, version))
        if known is None:
            known = self._found[rubric_id, version] = self._find(rubric_id, version)
        return known

    def _find(self, rubric_id: str, version: str) -> RubricFile:
        expected = self._own / rubric_file_name(rubric_id, version)
        unusable: UnusableFile | None = None
        for path, is_shipped in self._expected_first(rubric_id, version):
            try:
                rubric = self._rubric_at(path)
            except UnusableFile as error:
                if path == expected:
                    raise
                if path.stem == rubric_id or path == self._own:
                    unusable = unusable or error
                continue
            if (rubric.id, rubric.version) == (rubric_id, version):
                return RubricFile(path, self._house.applied(rubric), is_shipped)
        # It is likely in the file of its name; what is wrong there helps more than that it is nowhere.
        raise unusable or ToolvetError(self._not_found(rubric_id, version))

    def _expected_first(self, rubric_id: str, version: str) -> Iterator[tuple[Path, bool]]:
        """The file of its name before the folders are listed: thousands of assessments ask for the same rubric."""
        expected = self._own / rubric_file_name(rubric_id, version)
        if is_there(expected):
            yield expected, False
        elif not is_there(self._own):  # nothing can come before the one that ships
            ships = shipped("rubrics") / f"{rubric_id}.toml"
            if is_there(ships):
                yield ships, True
        yield from self._likeliest(rubric_id, version)

    def texts(self, rubric_id: str, version: str, *, all_of_them: bool = False) -> tuple[RubricFile, ...]:
        """Every readable file with that id and version, the one in use first; their texts may differ.

        With `all_of_them`, UnusableFile if a copy of the workspace, by its name, cannot be used, or its folder listed.
        """
        found = []
        stem = Path(rubric_file_name(rubric_id, version)).stem
        for path, is_shipped in self._likeliest(rubric_id, version):
            try:
                rubric = self._rubric_at(path)
                if (rubric.id, rubric.version) == (rubric_id, version):
                    found.append(RubricFile(path, self._house.applied(rubric), is_shipped))
            except UnusableFile:
                if all_of_them and (path == self._own or path.name.startswith((f"{stem}.toml", f"{stem}-"))):
                    raise
        return tuple(found)

    def ids(self) -> frozenset[str]:
        """The ids of all rubrics, by the first lines of files; of one that has none, what its name may say."""
        found = ((_heading(each)[0], each[0].stem) for each in self._paths())
        return frozenset(found_id or _VERSION.sub("", stem) for found_id, stem in found)

    def versions(self, rubric_id: str, *, all_of_them: bool = False) -> frozenset[str]:
        """The versions of that rubric, by the first lines of the files: reading one in full takes 20 ms.

        With `all_of_them`, UnusableFile if a file that may have another cannot be read.
        """
        found = set()
        for path, _ in self._paths():
            try:
                named, version = _named_in(path)
            except UnusableFile:
                if all_of_them and (path == self._own or path.stem.startswith(rubric_id)):
                    raise
                continue
            if named == rubric_id:
                found.add(version)
        return frozenset(found)

    def _likeliest(self, rubric_id: str, version: str) -> list[tuple[Path, bool]]:
        """The likeliest first, the workspace's own before those that ship: each one read takes 20 ms."""
        expected = self._own / rubric_file_name(rubric_id, version)
        return sorted(
            self._paths(), key=lambda found: (found[0] != expected, found[1], not found[0].stem.startswith(rubric_id))
        )

    def _not_found(self, rubric_id: str, version: str) -> str:
        there = [file.rubric for file in self.all()[0]]
        versions = [rubric.version for rubric in there if rubric.id == rubric_id]
        message = f'rubric "{rubric_id}" {version} is neither in {self._own} nor among those that ship'
        if versions:
            return f"{message}; there is version {', '.join(versions)}"
        close = get_close_matches(rubric_id, [rubric.id for rubric in there], n=1)
        return f'{message}; did you mean "{close[0]}"?' if close else f"{message}; put it into that folder"

    def _paths(self) -> list[tuple[Path, bool]]:
        own = [(path, False) for path in _toml_files(self._own)]
        return own + [(path, True) for path in _toml_files(shipped("rubrics"))]


def rubric_file_name(rubric_id: str, version: str) -> str:
    """The name of the copy that a workspace keeps of a rubric."""
    return f"{rubric_id}-{version}.toml"


def rubric_file_names(rubric: Rubric) -> Iterator[str]:
    """Names for that copy, the best first; those with the digest are for when another rubric has the first."""
    yield rubric_file_name(rubric.id, rubric.version)
    with_digest = f"{rubric.id}-{rubric.version}-{rubric.digest.removeprefix(PREFIX)[:12]}"
    yield from (f"{name}.toml" for name in chain([with_digest], numbered(with_digest)))


def _heading(found: tuple[Path, bool]) -> tuple[str, str]:
    """The id and version in a rubric's first lines; empty if they are not there, or the file cannot be read."""
    try:
        return _named_in(found[0])
    except UnusableFile:
        return "", ""


def _named_in(path: Path) -> tuple[str, str]:
    above = _TABLE.split(read_content(path)[:_HEADING_BYTES], maxsplit=1)[0]
    named = {key.decode(): value.decode() for key, value in _NAMED.findall(above)}
    return named.get("id", ""), named.get("version", "")


_HEADING_BYTES = 4096
_VERSION = re.compile(r"-\d+\.\d+\.\d+.*$")
_TABLE = re.compile(rb"^[ \t]*\[", re.MULTILINE)
_NAMED = re.compile(rb"""^(id|version)\s*=\s*["']([0-9A-Za-z.+-]+)["']""", re.MULTILINE)


def _toml_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if is_toml(path))
    except FileNotFoundError:
        return []
    except OSError:
        # Read like a file, the folder says why it cannot be opened. A workspace that is not there has none.
        return [folder] if is_there(folder) else []
