"""Compare: several tools side by side, by criterion, by question, on the map, and under other weights."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, cast

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import Static
from textual.worker import get_current_worker

from toolvet.domain.comparison import Robustness, robustness
from toolvet.domain.scorecard import QuestionScore
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.comparison.ranking import Comparison, Entry, Tool, compare
from toolvet.services.assessments import OpenedAssessment, Session, doubts_about, findings_on
from toolvet.services.decisions import decided_about, speaking
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import listed, plural
from toolvet.text.labels import day
from toolvet.tui import screens
from toolvet.tui.assess.question import evidence_words, head
from toolvet.tui.compare.pages import AtTool, ComparisonView, CriteriaPage, MapPage, Page, QuestionsPage, WhyPage
from toolvet.tui.compare.tables import (
    QUESTIONS_LEGEND,
    Headline,
    answer_description,
    first_headline,
    in_sentences,
    lettered_name,
    level_mark,
    must_have_states,
)
from toolvet.tui.compare.weights import WeightsPage, given_up
from toolvet.tui.kit.content import Entry as Labelled
from toolvet.tui.kit.content import Hanging, Keys, TitleBar, entitle, in_a_row, shown
from toolvet.tui.kit.find import FIND
from toolvet.tui.kit.grid import TableGrid
from toolvet.tui.kit.link_list import PageTabs, page_bindings
from toolvet.tui.navigation import choose_assessment, decide_file, opened_tool
from toolvet.tui.screen import COPY, Place, copy_words, tells_errors


class BothAnswersScreen(Place[int]):
    """One question with two tools' answers. Dismissed with the place, in the rubric, of the question last shown."""

    CSS_PATH = "compare.tcss"
    HELP = "One question and the answers of two tools. The letters beside the ladder show which tool is on which rung."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,right,tab", "turn(1)", "Next", key_display="n", tooltip="The next question.", id="next"),
        Binding(
            *("p,left,shift+tab", "turn(-1)", "Previous"),
            key_display="p",
            tooltip="The question before.",
            id="previous",
        ),
    ]

    body = query_one("#both", VerticalScroll)

    def __init__(self, pair: Callable[[], tuple[Entry, Entry]], places: Sequence[int], at: int) -> None:
        """`places` are the questions to turn through, by their place in the rubric, and `at` is the first one shown."""
        super().__init__()
        self._pair = pair
        self.pair = pair()
        self._places = tuple(places)
        self._at = self._places.index(at)

    @property
    def place(self) -> int:
        """The place of the question shown."""
        return self._places[self._at]

    def compose(self) -> ComposeResult:
        yield TitleBar("Compare", " · ".join(entry.name for entry in self.pair))
        with VerticalScroll(id="both", classes="pane"):
            yield Static(id="both-question")
            yield Hanging(id="both-ladder")
            with Horizontal(id="both-sides"):
                for side in ("first", "second"):
                    with Vertical(id=f"{side}-side", classes="side pane"):
                        yield Static(id=f"{side}-level")
                        yield Hanging(id=f"{side}-answer")
        yield Keys()

    def on_mount(self) -> None:
        self.body.focus()
        self._show()

    def action_turn(self, by: int) -> None:
        self._at = (self._at + by) % len(self._places)
        self._show()
        self.body.scroll_home(animate=False)

    def action_back(self) -> object:
        return self.dismiss(self.place)

    def take_new_day(self) -> None:
        self.pair = self._pair()
        self._show()

    def _show(self) -> None:
        first = self.pair[0].scorecard
        scored = first.questions[self.place]
        must_have = next((each for each in first.must_haves if each.question.id == scored.question.id), None)
        entitle(self.body, "Both answers", f"question {self._at + 1} of {len(self._places)}")
        self.query_one("#both-question", Static).update(head(scored, must_have))
        self.query_one("#both-ladder", Hanging).show(self._ladder(scored))
        for side, entry in zip(("first", "second"), self.pair, strict=True):
            own = entry.scorecard.questions[self.place]
            entitle(self.query_one(f"#{side}-side"), lettered_name(entry))
            state = must_have_states(entry.scorecard).get(own.question.id)
            self.query_one(f"#{side}-level", Static).update(level_mark(own, state))
            self.query_one(f"#{side}-answer", Hanging).show(tuple(_answer(entry, own)))

    def _ladder(self, scored: QuestionScore) -> tuple[Labelled, ...]:
        """The rungs, the highest first, with the letters of the tools on them."""
        levels = [(entry.letter, entry.scorecard.questions[self.place]) for entry in self.pair]
        rungs = []
        for level in range(scored.question.top, -1, -1):
            here = [letter for letter, own in levels if own.level == level and own.applies is not False]
            label = f"{' '.join(here):>5} {'▸' if here else ' '}{level}"
            rungs.append((label, shown(scored.question.levels[level], "bold" if here else "$text-muted")))
        return tuple(rungs)


def _answer(entry: Entry, scored: QuestionScore) -> Iterator[Labelled]:
    answer = entry.tool.assessment.answer(scored.question.id)
    yield "Answer", answer_description(scored, answer)
    if answer.answered is not None:
        yield "On", Content(day(answer.answered))
    if answer.note:
        yield "Note", shown(answer.note)
    if answer.setting:
        yield "Setting", shown(answer.setting)
    for index, evidence in enumerate(answer.evidence):
        yield "Evidence" if index == 0 else "", evidence_words(evidence)
    if not answer.evidence:
        yield "Evidence", Content.styled("none", "$text-muted")


NAMES = ("Criteria", "Questions", "Map", "Weights", "Why")
CRITERIA, QUESTIONS, MAP, WEIGHTS, WHY = range(len(NAMES))
IDS = tuple(f"page-{name.lower()}" for name in NAMES)


class CompareScreen(Place[None]):
    """At least two tools of one rubric, on five pages that share the current tool."""

    CSS_PATH = "compare.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-middle"), (36, "-high")]  # noqa: RUF012 as Textual declares it
    HELP = (
        "Tools side by side, ranked by verdict, then by floor. Digits and tab turn the pages. Why and enter compare "
        "two tools: the one at the cursor and the leader, or the two that you marked with space. "
        "Bars reach from floor to ceiling; the dot is the observed figure, the line what approval needs. "
        f"{QUESTIONS_LEGEND}"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *page_bindings(NAMES),
        Binding(
            "n",
            "go_to_tool(1)",
            "Next",
            show=False,
            tooltip="The next tool, on every page; in Why it is the second tool.",
            id="next",
        ),
        Binding("p", "go_to_tool(-1)", "Previous", show=False, tooltip="The tool before.", id="previous"),
        Binding(
            "equals_sign",
            "only_differences",
            "Differences",
            key_display="=",
            tooltip="Only where the tools differ.",
            id="differences",
        ),
        Binding("i", "why", "More", tooltip="Why: what makes the difference between two tools.", id="more"),
        FIND,
        COPY,
        Binding("w", "report", "Write report", tooltip="Preview and write the comparison.", id="report"),
        Binding("space", "mark", "Mark", tooltip="Mark a tool to compare it with another; two at most.", id="mark"),
        Binding("d", "decide", "Decide", tooltip="Record a decision on the tool at the cursor.", id="decide"),
    ]

    tabs = query_one(PageTabs)

    page: reactive[int] = reactive(CRITERIA, init=False, repaint=False)

    def __init__(
        self,
        comparison: Comparison,
        again: Callable[[], Comparison] | None = None,
        doubted: Callable[[], tuple[str, ...]] = tuple,
        workspace: Workspace | None = None,
        decide: Callable[[str, Sequence[str]], Awaitable[object]] | None = None,
    ) -> None:
        """`again` compares the same assessments as of the day it is; reports are written into the workspace.

        `decide` takes the path of an assessment and the names of the other tools, and returns what was recorded.

        `doubted` says which files cannot be used or whose evidence changed; as it reads files, it is asked in a thread.
        """
        super().__init__()
        self._workspace = workspace
        self.view = ComparisonView(comparison)
        self._again = again
        self._doubted = doubted
        self._decide = decide

    def compose(self) -> ComposeResult:
        comparison = self.view.comparison
        rubric, tools = comparison.rubric, plural(len(comparison.entries), "tool")
        yield TitleBar("Compare", f"{tools} · {rubric.id} {rubric.version}", day(comparison.on))
        yield PageTabs(NAMES)
        yield Headline(first_headline(comparison))
        with Container(id="pages"):
            yield CriteriaPage(comparison, id=IDS[CRITERIA])
            yield QuestionsPage(comparison, id=IDS[QUESTIONS])
            yield MapPage(comparison, id=IDS[MAP])
            yield WeightsPage(comparison, id=IDS[WEIGHTS])
            yield WhyPage(id=IDS[WHY])
        yield Keys()

    def take_new_day(self) -> None:
        if self._again is not None:
            self.view = self.view.renewed(self._again())
            self.run_worker(self._compose_again(), exclusive=True)

    async def _compose_again(self) -> None:
        """Make the pages anew; the weights being tried stay."""
        shares = self.query_one(WeightsPage).what_if.shares
        await self.recompose()
        self.query_one(WeightsPage).take_shares(shares)
        self._turn_over()
        self._fill()
        self._draw_weightings()

    def on_mount(self) -> None:
        self._turn_over()
        self._draw_weightings()

    @on(Resize)
    def _fill(self) -> None:
        """Fill all pages, so that turning to one lays nothing out."""
        self.query_one(Headline).fit()
        for at in range(len(NAMES)):
            self._page(at).show(self.view)
        self.tabs.show(self.page)

    def _page(self, at: int) -> Page:
        return cast(Page, self.query_one(f"#{IDS[at]}"))

    def _look_at(self, view: ComparisonView) -> None:
        if view != self.view:
            self.view = view
            self._page(self.page).show(view)

    @work(thread=True)
    def _draw_weightings(self) -> None:
        # Takes some tenths of a second for many tools
        worker = get_current_worker()
        ranked = self.view.comparison.ranked
        found = robustness(ranked, is_stopped=given_up(worker))
        words = in_sentences(self.view.comparison, found)
        doubts = self._doubted()
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take_robustness, found, words, doubts)

    def _take_robustness(self, found: Robustness | None, words: tuple[str, ...], doubts: tuple[str, ...] = ()) -> None:
        if doubts:
            told = Content.styled("".join(f"! {doubt}   " for doubt in doubts), "bold $text-error")
            self.query_one(Headline).say(in_a_row(told, first_headline(self.view.comparison)))
        comparison = replace(self.view.comparison, unusable=doubts) if doubts else self.view.comparison
        self._look_at(replace(self.view, comparison=comparison, robustness=found, words=words))

    def watch_page(self) -> None:
        self._turn_over()
        self.tabs.show(self.page)
        self._page(self.page).show(self.view)
        self.refresh_bindings()

    def _turn_over(self) -> None:
        """Bring the page into view. The others keep their size beside the screen, so turning lays nothing out."""
        for at, name in enumerate(IDS):
            self.query_one(f"#{name}").styles.offset = (0, 0) if at == self.page else ("100vw", 0)
        self._page(self.page).take_focus()

    def action_turn(self, by: int) -> None:
        self.page = (self.page + by) % len(NAMES)

    def action_turn_to(self, page: int) -> None:
        self.page = page

    @on(PageTabs.Chosen)
    def _turn_to_clicked(self, event: PageTabs.Chosen) -> None:
        self.page = event.page

    def action_find(self) -> None:
        """Find a question by its title, or on the pages of tools a tool by its name."""
        entries, questions = self.view.comparison.entries, self.view.entry.scorecard.questions
        is_question = self.page == QUESTIONS
        names = [each.question.title for each in questions] if is_question else [each.name for each in entries]
        found = screens.FindOne("Find", [(str(at), name) for at, name in enumerate(names)])
        self.app.push_screen(found, self._go_to_question if is_question else self._go_to_found)

    def _go_to_question(self, at: str | None) -> None:
        if at is not None:
            self._look_at(replace(self.view, place=int(at)))

    def _go_to_found(self, at: str | None) -> None:
        if at is not None:
            self._look_at(replace(self.view, at=int(at)))

    def action_report(self) -> None:
        if self._workspace is not None:
            self.app.push_screen(screens.ComparisonReportScreen(self._workspace, self._so_far))

    def _so_far(self) -> tuple[Comparison, Robustness | None]:
        return self.view.comparison, self.view.robustness

    @work(exclusive=True, group="deciding")
    @tells_errors
    async def action_decide(self) -> None:
        """Decide on the current tool; the others marked, or all others, are offered as considered."""
        entries, marked, at = self.view.comparison.entries, self.view.marked, self.view.at
        labels = [entry.tool.assessment.subject.label for entry in entries]
        among = [label for each, label in enumerate(labels) if not marked or each in marked]
        others = [label for label in dict.fromkeys(among) if label != labels[at]]
        if self._decide is not None and await self._decide(entries[at].tool.file, others) is not None:
            self.take_new_day()

    def action_why(self) -> None:
        self.page = WHY

    @on(AtTool)
    def _follow(self, event: AtTool) -> None:
        place = self.view.place if event.place is None else event.place
        self._look_at(replace(self.view, at=event.at, place=place))

    def action_go_to_tool(self, by: int) -> None:
        """Take the next tool of the ranking. Where two are marked, it replaces the second."""
        at = (self.view.at + by) % len(self.view.comparison.entries)
        self._look_at(replace(self.view, at=at, marked=self.view.marked[:1]))

    def action_only_differences(self) -> None:
        self._look_at(replace(self.view, only_differences=not self.view.only_differences))
        self.refresh_bindings()

    @property
    def key_words(self) -> Mapping[str, str]:
        return {"only_differences": "All"} if self.view.only_differences else {}

    def action_copy(self) -> None:
        """Copy the row, or on the page of questions the level, under the cursor."""
        copy_words(self, self.query_one(f"#{IDS[self.page]} TableGrid", TableGrid).words, "row")

    def action_mark(self) -> None:
        """Mark the current tool, or remove its mark. A third mark replaces the first."""
        at, marked = self.view.at, self.view.marked
        kept = tuple(one for one in marked if one != at) if at in marked else (*marked, at)[-2:]
        self._look_at(replace(self.view, marked=kept))

    @on(TableGrid.Picked)
    def _open_picked(self) -> None:
        """On pages of questions show both answers, on pages of tools why one is ranked before the other."""
        page = self._page(self.page)
        if isinstance(page, QuestionsPage | WhyPage):
            place, places = page.picked
            if place is not None:
                self.app.push_screen(BothAnswersScreen(lambda: self.view.pair, places, place), self._come_back)
        elif self.page != WEIGHTS:
            self.action_why()

    def _come_back(self, place: int | None) -> None:
        if place is not None:
            self._look_at(replace(self.view, place=place))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """Only questions have differences; a mark and a decision need a tool under the cursor."""
        match action:
            case "only_differences":
                return self.page == QUESTIONS
            case "mark" | "decide":
                return self.page in (CRITERIA, QUESTIONS, MAP) and (action == "mark" or self._decide is not None)
            case "why":
                return self.page != WHY
            case "report":
                return self._workspace is not None
            case _:
                return True


Asked = tuple[str, str, str, str]
"""A rubric's id, version and digest, and the digest that was answered."""


async def compare_subjects(app: App[None], session: Session, folders: Sequence[SubjectFolder]) -> None:
    """Compare these subjects."""
    if len(folders) < 2:
        raise UsageError("Mark a second tool with space, then press c.")
    found = [await _open(app, session, folder) for folder in folders]
    chosen = [one for one in found if one is not None]
    if len(chosen) == len(found):
        await app.push_screen_wait(_comparing(app, session, chosen))


async def compare_all(app: App[None], session: Session, folders: Sequence[SubjectFolder], like: SubjectFolder) -> None:
    """Compare all subjects that answered the same rubric as `like`, and say which ones did not."""
    one = await _open(app, session, like)
    if one is None:
        return
    chosen, left_out = [one], []
    for folder in folders:
        if folder.name == like.name or not (folder.assessments or folder.errors):
            continue
        try:
            other = await _open(app, session, folder)
        except ToolvetError:
            left_out.append(folder.name)
            continue
        if other is None:
            return
        if _asked(other) == _asked(one):
            chosen.append(other)
        else:
            left_out.append(folder.name)
    if len(chosen) < 2:
        raise UsageError(
            f"No other tool was answered under the current text of {one.rubric.title} {one.rubric.version}."
        )
    if left_out:
        names = listed(left_out) if len(left_out) < 4 else plural(len(left_out), "tool")
        app.notify(f"Left out, with another rubric or not readable: {names}.", markup=False)
    await app.push_screen_wait(_comparing(app, session, chosen))


def _comparing(app: App[None], session: Session, chosen: Sequence[OpenedAssessment]) -> CompareScreen:
    files = {session.workspace.relative(one.file.path): one.file for one in chosen}
    return CompareScreen(
        compared(session, chosen),
        lambda: compared(session, chosen),
        lambda: doubts_about(session.workspace.root, [one.file for one in chosen]),
        session.workspace,
        lambda path, others: decide_file(app, session, files[path], others),
    )


def compared(session: Session, chosen: Sequence[OpenedAssessment]) -> Comparison:
    """Rank the assessments. UsageError, naming files and rubrics, where they were not all asked the same."""
    kinds: dict[Asked, list[str]] = {}
    for one in chosen:
        kinds.setdefault(_asked(one), []).append(session.workspace.relative(one.file.path))
    if len(kinds) > 1:
        raise UsageError(
            "Different rubrics are never ranked together. Mark only tools of one rubric; press M to take the answers "
            "over to its newer version:",
            *(_kind_words(asked, paths) for asked, paths in kinds.items()),
        )
    return compare([_tool(session, one) for one in chosen])


def _asked(opened: OpenedAssessment) -> Asked:
    """What was answered: only assessments that agree in it can be ranked together."""
    rubric = opened.rubric
    return rubric.id, rubric.version, rubric.digest, opened.assessment.rubric.digest or rubric.digest


async def _open(app: App[None], session: Session, folder: SubjectFolder) -> OpenedAssessment | None:
    """None where the person was asked which assessment, and went back."""
    files = speaking(session.workspace, folder, session.on)
    file = await choose_assessment(app, session, files, folder)
    return None if file is None else opened_tool(session, file)


def _tool(session: Session, one: OpenedAssessment) -> Tool:
    workspace, scorecard = session.workspace, one.score(session.on)
    path, findings = workspace.relative(one.file.path), findings_on(workspace, one, scorecard)
    decided = decided_about(workspace, one.file, session.on)
    return Tool(path, one.file.sha256, one.assessment, scorecard, findings, decided.decision, decided.standing)


def _kind_words(asked: Asked, paths: Sequence[str]) -> str:
    rubric_id, version, digest, answered = asked
    changed = "" if digest == answered else ", before its text changed"
    return f"{rubric_id} {version}{changed}: {listed(paths)}"
