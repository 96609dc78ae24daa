"""Rubrics: the rubrics in the workspace and those that ship; enter previews one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import Problem
from toolvet.services.assessments import Session
from toolvet.storage.rubric_library import RubricFile, rubric_file_name
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural
from toolvet.tui import screens
from toolvet.tui.kit.content import Choices, Keys, TitleBar, below_each_other, in_a_row, on_one_line, shown, titled
from toolvet.tui.kit.find import FIND
from toolvet.tui.screen import Place, copy_words

NOT_USED = "Another file with this id and version but different content takes precedence. Give this one a new version."

KEPT_COPY = "The copy that assessments under this version are scored by; change your own file instead."


class RubricsScreen(Place[None]):
    """The list; files that cannot be used stand below it with what is wrong."""

    CSS_PATH = "rubrics.tcss"
    HELP = (
        "Every rubric in this workspace and every one that ships. Enter walks through one as a reviewer would see it; "
        "nothing is saved there. toolvet new-rubric ID begins one of your own; docs/rubrics.md says how to write it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        FIND,
        Binding("y", "copy", "Copy", show=False, tooltip="Copy the path of the file.", id="copy"),
        Binding("R,f5", "reload", "Read again", key_display="R", tooltip="Read the files again.", id="read-again"),
    ]

    rows = query_one("#rubrics", OptionList)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._workspace = session, session.workspace
        self._files: tuple[RubricFile, ...] = ()
        self._broken: tuple[Problem, ...] = ()

    def compose(self) -> ComposeResult:
        yield TitleBar("Rubrics", state=self._workspace.root.name or str(self._workspace.root))
        with Horizontal(id="rubrics-panes"):
            yield titled(RubricList(id="rubrics"), "Rubrics")
            with titled(VerticalScroll(id="rubric-details", can_focus=False), "Details"):
                yield Static(id="rubric-details-text")
        yield Keys()

    def on_mount(self) -> None:
        self.action_reload()

    def action_reload(self) -> None:
        self._files = _all_files(self._workspace)
        self._broken = self._workspace.rubric_problems
        at = self.rows.highlighted or 0
        options = [Option(self._row(file)) for file in self._files]
        if self._broken:
            options.append(Option(_broken_heading(len(self._broken)), disabled=True))
            options += [Option(on_one_line(f"✗ {self._said(each)}", "$text-error")) for each in self._broken]
        self.rows.set_options(options)
        self.rows.highlighted = min(at, len(options) - 1) if options else None
        self.rows.focus()

    @property
    def quiet_actions(self) -> frozenset[str]:
        """A file with a problem cannot be walked through; enter says more."""
        return frozenset({"select"}) if self._chosen() is None else frozenset()

    def _row(self, file: RubricFile) -> Content:
        rubric = file.rubric
        return in_a_row(
            on_one_line(f"{rubric.id} {rubric.version}", "bold"),
            "  ",
            on_one_line(rubric.title),
            "\n  ",
            on_one_line(f"{_size(rubric)} · {self._where(file)}", "$text-muted"),
            Content.styled("  ! not used", "$text-warning") if not self._is_used(file) else "",
        )

    def _where(self, file: RubricFile) -> str:
        if file.shipped:
            return "shipped with toolvet"
        what = ", a kept copy" if _is_copy(file, self._files) else ""
        return f"{self._workspace.relative(file.path)}{what}"

    def _said(self, problem: Problem) -> str:
        return str(problem).replace(f"{self._workspace.root}/", "", 1)

    def action_find(self) -> None:
        rubrics = [file.rubric for file in self._files]
        names = [(str(at), f"{one.id} {one.version}  {one.title}") for at, one in enumerate(rubrics)]
        self.app.push_screen(screens.FindOne("Find a rubric", names), self._go_to)

    def _go_to(self, at: str | None) -> None:
        if at is not None:
            self.rows.highlighted = int(at)

    def action_copy(self) -> None:
        """Copy the path of the file."""
        chosen = self._chosen() or self._chosen_problem()
        copy_words(self, "" if chosen is None else str(chosen.path), "path")

    def _chosen(self) -> RubricFile | None:
        at = self.rows.highlighted
        return self._files[at] if at is not None and at < len(self._files) else None

    def _chosen_problem(self) -> Problem | None:
        behind = -1 if self.rows.highlighted is None else self.rows.highlighted - len(self._files) - 1
        return self._broken[behind] if 0 <= behind < len(self._broken) else None

    @on(OptionList.OptionHighlighted)
    def _show_details(self) -> None:
        file, problem = self._chosen(), self._chosen_problem()
        details = self.query_one("#rubric-details-text", Static)
        self.refresh_bindings()
        if file is not None:
            details.update(self._details(file))
        elif problem is not None:
            details.update(shown(self._said(problem)))

    def _details(self, file: RubricFile) -> Content:
        rubric = file.rubric
        rows: list[Content | str] = [shown(rubric.title, "bold"), ""]
        if rubric.summary:
            rows += [shown(rubric.summary), ""]
        rows += [
            on_one_line(f"· {criterion.title}: {plural(len(criterion.questions), 'question')}")
            for criterion in rubric.criteria
        ]
        rows += ["", shown(self._where(file), "$text-muted")]
        copied = f" --from {rubric.id}" if rubric.ask is not Ask.GAP else ""
        rows += [Content.styled("One of your own: ", "$text-muted") + shown(f"toolvet new-rubric ID{copied}")]
        if _is_copy(file, self._files):
            rows += ["", Content.styled(KEPT_COPY, "$text-muted")]
        if not self._is_used(file):
            rows += ["", Content.styled(NOT_USED, "$text-warning")]
        return below_each_other(*rows)

    def _is_used(self, file: RubricFile) -> bool:
        return self._workspace.rubric(file.rubric.id, file.rubric.version).digest == file.rubric.digest

    @on(OptionList.OptionSelected)
    def _open(self) -> None:
        file, problem = self._chosen(), self._chosen_problem()
        if file is not None:
            self.app.push_screen(screens.PreviewScreen(self._session, file))
        elif problem is not None:
            self.run_worker(screens.navigation.explain_problem(self.app, problem))


class RubricList(Choices):
    """The list, in which enter opens."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "Walk through",
            tooltip="As a reviewer would see it; nothing is saved.",
            id="walk-through",
        ),
    ]


def _all_files(workspace: Workspace) -> tuple[RubricFile, ...]:
    """Every file, also where another of its id and version is used before it; those that people change come first."""
    used = [file.rubric for file in workspace.rubrics()]
    files = [text for rubric in used for text in workspace.rubric_texts(rubric.id, rubric.version)]
    return tuple(sorted(files, key=lambda file: (file.shipped, _is_copy(file, files))))


def _is_copy(file: RubricFile, files: Sequence[RubricFile]) -> bool:
    """Whether it is the copy kept for a version's assessments: by its name, where there is a file to copy from."""
    return _is_named_as_copy(file) and any(
        other.rubric.id == file.rubric.id and not other.shipped and not _is_named_as_copy(other) for other in files
    )


def _is_named_as_copy(file: RubricFile) -> bool:
    return file.path.name == rubric_file_name(file.rubric.id, file.rubric.version)


def _size(rubric: Rubric) -> str:
    questions = sum(1 for _ in rubric.questions())
    must_haves = sum(question.must_reach is not None for _, question in rubric.questions())
    if rubric.ask is Ask.GAP:
        return f"survey · {plural(questions, 'question')}"
    return f"{plural(questions, 'question')} · {plural(must_haves, 'must-have')}"


def _broken_heading(count: int) -> Content:
    return below_each_other("", Content.styled(f"{plural(count, 'problem')} (enter says more)", "bold"))
