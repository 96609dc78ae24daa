"""Find as you type: a line above a list, which of its words match, and what the palette finds by other words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.fuzzy import Matcher
from textual.message import Message
from textual.widgets import Input

from toolvet.tui.kit.content import LineField

Found = TypeVar("Found")

FIND = Binding("slash", "find", "Find", key_display="/", tooltip="Find as you type; esc shows all again.", id="find")
"""The key of a screen with `action_find`, which calls `FindLine.open`."""


class FindLine(LineField):
    """Hidden until it is opened. Enter and down go to the list and keep what was found; esc shows all again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "keep", "To the list", key_display="enter", priority=True, id="to-the-list"),
        Binding("escape", "leave", "Show all", priority=True, id="show-all"),
    ]

    class Asked(Message):
        """Something else is to be found; with `is_over`, the focus goes back to the list."""

        def __init__(self, words: str, *, is_over: bool = False) -> None:
            super().__init__()
            self.words, self.is_over = words, is_over

    def __init__(self) -> None:
        super().__init__(placeholder="Find", id="find")
        self.display = False

    def allow_focus(self) -> bool:
        """Not while it is hidden: Textual would put the first focus of the screen here."""
        return self.display and super().allow_focus()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Also the key that opened it: in the line it is a letter like any other."""
        return key == "slash" or super().check_consume_key(key, character)

    def open(self) -> None:
        self.display = True
        self.focus()

    @on(Input.Changed)
    def _ask(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Asked(event.value.strip()))

    def action_leave(self) -> None:
        with self.prevent(Input.Changed):
            self.value = ""
        self.display = False
        self.post_message(self.Asked("", is_over=True))

    def action_keep(self) -> None:
        self.display = bool(self.value.strip())
        self.post_message(self.Asked(self.value.strip(), is_over=True))


def matching(words: str, items: Sequence[Found], named: Callable[[Found], str]) -> list[Found]:
    """The items whose names have those letters in that order; all of them where nothing is asked."""
    if not words:
        return list(items)
    matcher = Matcher(words)
    return [item for item in items if matcher.match(named(item)) > 0]


def matching_lines(words: str, lines: Sequence[str]) -> list[int]:
    """The places of the lines with those words; where no line has them, of those with the letters in that order."""
    wanted = words.lower()
    if not wanted:
        return []
    found = [at for at, line in enumerate(lines) if wanted in line.lower()]
    return found or [at for at, line in enumerate(lines) if Matcher(words).match(line) > 0]


WAYS = {
    "Home": ("esc", "back", "Back", "goes back to Home."),
    "Add": ("a", "add", "Add", "on Home opens it."),
    "Assess": ("enter", "choose", "Open", "on a tool on Home opens it."),
    "Review": ("r", "review", "Review", "on a tool on Home opens it."),
    "Decide": ("d", "decide", "Decide", "on a tool on Home or in Compare opens it."),
    "Decision": ("D", "decision", "Decision", "on a decided tool on Home opens it."),
    "Report": ("w", "report", "Write report", "on a tool on Home opens it."),
    "Compare": ("c", "compare", "Compare", "on Home opens it."),
    "Readiness": ("v", "readiness", "Readiness", "on Home opens it."),
}
"""How to get where something is done: a key as it is shipped, its id and name, and the rest of the sentence."""

ELSEWHERE = (
    ("Add", "vet a new tool, begin an assessment", "Home: a", "add"),
    ("Assess", "answer the questions of a tool, open, resume", "Home: enter", "choose"),
    ("Review", "scorecard, verdict, score", "Home: r", "review"),
    ("Decide", "record a decision: approve, hold, reject", "Home: d", "decide"),
    ("Decision", "see the decision on a tool, approval, conditions", "Home: D", "decision"),
    ("Edit", "subject: name, vendor, plan, users, cost; correct, rename, archive", "Home: E", "edit"),
    ("Compare", "tools side by side, ranking", "Home: c", "compare"),
    ("Write register", "list of what is approved, for everybody", "Home: L", "register"),
    ("Import", "take in a filled-in sheet of a vendor or colleague", "Home: I", "import"),
    ("Readiness", "result of a survey, gaps, expectations", "Home: v", "readiness"),
    ("Rubrics", "the questions, criteria and versions", "Home: b", "rubrics"),
    ("Sort", "order by name, verdict, due or last change", "Home: t", "sort"),
    ("Due dates", "overdue, deadlines, reminders, calendar, ics", "toolvet list --due 30", ""),
    ("Survey instead", "answer a survey about an organisation", "Add: f3", "answer-a-survey"),
    ("Tolerate for now", "allow a tool without an assessment", "Add: f4", "tolerate"),
    ("Continue", "on to the scope facts", "Add: f2", "continue"),
    ("Scope facts", "data class, personal data, outsiders, hosting", "Assess: f", "facts"),
    ("Evidence", "source, proof, link, document of an answer", "Assess: e", "evidence"),
    ("Open evidence", "address, link, file of an answer", "Assess: o", "open-evidence"),
    ("Note", "comment on an answer", "Assess: m", "note"),
    ("Setting", "configuration of an answer", "Assess: s", "setting"),
    ("Unknown", "not found, cannot answer", "Assess: u", "unknown"),
    ("N/A", "not applicable", "Assess: x", "n-a"),
    ("Clear", "delete, remove an answer", "Assess: delete", "clear"),
    ("Undo", "take back the last change", "Assess: z", "undo"),
    ("Redo", "make the change again", "Assess: Z", "redo"),
    ("Next open", "skip to a question without an answer", "Assess: j", "next-open"),
    ("Go to", "outline, jump to a question", "Assess: g", "go-to"),
    ("Filter", "sittings, must-haves, open questions to work on", "Assess: l", "which"),
    ("Confirm", "a carried-over answer still holds, a broken seal is right", "Assess: K", "confirm"),
    ("Review again", "next review, renew an approval, reassess", "Decision: V", "again"),
    ("Migrate", "newer version of the rubric", "Home: M", "migrate"),
    ("Must-haves", "required, gates, failed", "Review: 2", "page-2"),
    ("Map", "sweet spot, control and experience", "Review: 3", "page-3"),
    ("Findings", "weak points, old evidence, warnings", "Review: 4", "page-4"),
    ("Steps", "what would change the verdict, advice, next steps", "Review: 6", "page-6"),
    ("Sums", "arithmetic, calculation: how the score is computed", "Review: 7", "page-7"),
    ("Panel", "where several reviewers part, agreement; toolvet panel", "Review: 8", "page-8"),
    ("Settle", "begin what a panel of reviewers settles on", "Review: B", "settle-panel"),
    ("Policy", "thresholds, limits, house rules; policy/ in the workspace changes them", "Review: 1", "page-1"),
    ("History", "log, timeline, what happened to a tool", "Review: h", "history"),
    ("Waivers", "set a must-have aside, exception", "Decide: enter", "change"),
    ("Start afresh", "discard the draft of a decision", "Decide: N", "start-afresh"),
    ("Update condition", "condition met or moved, due date", "Decision: enter", "met-or-moved"),
    ("Withdraw", "revoke, end an approval", "Decision: W", "withdraw"),
    ("Write report", "html, pdf, word, docx, markdown, json, save, print", "Report: w", "report"),
    ("For the requester", "half page in plain words", "Report: 2", "page-2"),
    ("Differences", "only the questions where tools differ", "Compare: =", "differences"),
    ("Weights", "what if a criterion counted more, sensitivity", "Compare: 4", "page-4"),
    ("Why", "what makes one tool rank above another", "Compare: 5", "page-5"),
    ("Close round", "end a survey round, show its result", "Readiness: C", "close-round"),
    ("Check", "errors and warnings of a rubric or any file", "toolvet check", ""),
    ("Sign", "signature, ssh key", "Decision: P", "sign"),
    ("Verify", "seals, digests, signatures, tampering", "toolvet verify", ""),
    ("Export", "tables for others: csv, excel, xlsx, parquet, oscal", "toolvet export", ""),
    ("Question sheet", "questions to send to a vendor or colleague", "toolvet questions {tool}", ""),
    ("Survey form", "questionnaire to send to people", "toolvet readiness --form", ""),
    ("New rubric", "own questions, copy a rubric", "toolvet new-rubric", ""),
    ("Diff", "what changed between two files", "toolvet diff", ""),
    ("Serve", "browser, web", "toolvet serve", ""),
    ("Demo", "worked examples, try", "toolvet demo", ""),
    ("Keys", "shortcuts, bindings, keyboard", "toolvet keys", ""),
    ("Config", "configuration file, keys, editor", "toolvet config", ""),
    ("Schema", "JSON Schema, format of files", "toolvet schema", ""),
    ("Doctor", "versions, folders, missing packages", "toolvet doctor", ""),
    ("Completion", "shell, bash, zsh, fish", "toolvet completion", ""),
)
"""What the palette finds by more than its name, here or elsewhere: its name, words people look for, where it is done,
and with which key: the one that is shipped, and its id. A {tool} in a command is the one that is chosen here."""
