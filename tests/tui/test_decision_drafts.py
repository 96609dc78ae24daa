"""A decision that was not recorded when the app ended, however it ended, is offered again as it was left."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from screens import HOSTILE, ON, Case, Host, picture, press, until
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.decision import ApprovedFor, Condition, Waiver
from toolvet.domain.records import Record, RecordKind
from toolvet.domain.scorecard import Verdict
from toolvet.errors import NotSaved
from toolvet.services.assessments import OpenedAssessment, Session, open_assessment
from toolvet.services.decision_draft import Draft, Offer
from toolvet.storage.reader import read_assessment
from toolvet.storage.user_state import Unfinished
from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp
from toolvet.tui.decide.draft import FormPart, OpenDraft, PartAt
from toolvet.tui.decide.screen import DecideScreen
from toolvet.tui.kit.dialogs import ChooseOne, Confirm
from toolvet.tui.kit.text_dialogs import AskFields, AskLine, AskText

SIZE = (120, 40)
SEEN = (Evidence("https://a.example/1", Grade.DOCUMENT, date(2026, 10, 30)),)
GOOD = {
    question: Answer(level=level, answered=ON, evidence=SEEN)
    for question, level in {"does-it": 4, "how-fast": 2, "sign-in": 4}.items()
}
FAILING = {**GOOD, "sign-in": Answer(level=1, answered=ON, evidence=SEEN)}


def opened(case: Case) -> Host:
    return Host(lambda: DecideScreen(case.session, case.opened))


def place(case: Case) -> Unfinished:
    """Where the draft of a decision on the case's assessment is kept."""
    return Unfinished(case.workspace.root, "decision", path=case.workspace.relative(case.file.path))


def screen_of(app: Host) -> DecideScreen:
    """The Decide screen, under whatever stands over it."""
    return next(screen for screen in app.screen_stack if isinstance(screen, DecideScreen))


async def left(case: Case, *keys: str, typed: Mapping[str, str] | None = None) -> None:
    """Decide after these keys and, in the dialog that is open then, these texts; ended without a word."""
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot, *keys)
        if typed is not None:
            await until(lambda: place(case).left().texts("texts") == typed)


def taken_up(case: Case) -> Draft:
    """The draft as the next Decide has it."""
    return OpenDraft(case.session, case.opened).draft


def row(part: str) -> tuple[str, ...]:
    """The keys from the first row of Decide, decided as approved, to that part."""
    parts = ("decision", "rationale", "add", "scope", "limits", "consulted", "considered", "links", "until", "by")
    return ("home", *["down"] * parts.index(part), "enter")


async def test_everything_chosen_is_taken_up(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    first = taken_up(case)
    await left(
        case,
        *(*row("rationale"), "text:Because.", "enter", *row("scope"), "2", *row("limits"), "text:40", *["enter"] * 3),
        *(*row("consulted"), "text:Legal", "enter", *row("considered"), "text:Nothing", "enter"),
        *(*row("links"), "text:a.example", "enter", *row("until"), "text:2027-01-02", "enter"),
        *(*row("by"), "text:The board", "enter", "a", "text:Train them", "enter", "text:Ops", "enter", "enter"),
    )
    decision = replace(
        first.decision,
        rationale="Because.",
        consulted=("Legal",),
        considered=("Nothing",),
        links=("a.example",),
        valid_until=date(2027, 1, 2),
        decided_by="The board",
        approved_for=ApprovedFor({"records": "yes"}, 40, "Business"),
    )
    own = Offer(Condition("Train them", owner="Ops"), taken=True, own=True)
    assert taken_up(case) == Draft(decision, (*first.offers, own))


async def test_a_waiver_is_taken_up(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", FAILING)
    await left(
        case,
        *("enter", "1", "down", "down", "down", "down", "enter", "text:Later", "enter", "text:A bridge", "enter"),
        *("text:CIO", "enter", "enter"),
    )
    draft = taken_up(case)
    assert (draft.decision.decision, draft.waivers) == (
        Verdict.APPROVE,
        (Waiver("sign-in", "Later", "A bridge", "CIO", date(2027, 11, 21)),),
    )


@pytest.mark.parametrize(
    ("keys", "dialog", "texts"),
    [
        ((*row("rationale"), "text:Half a sent"), AskText, {"text": "Half a sent"}),
        ((*row("until"), "text:2027-0"), AskLine, {"text": "2027-0"}),
        ((*row("considered"), "text:Zo"), AskLine, {"text": "Zo"}),
        (("a", "text:Train", "enter", "text:Op"), AskFields, {"text": "Train", "owner": "Op", "due": ""}),
    ],
)
async def test_what_is_half_typed_is_taken_up_in_its_dialog(
    tmp_path: Path, keys: tuple[str, ...], dialog: type, texts: dict[str, str]
) -> None:
    case = Case(tmp_path / "w", GOOD)
    await left(case, *keys, typed=texts)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        await until(lambda: isinstance(app.screen, dialog))
        screen = app.screen
        assert isinstance(screen, AskText | AskLine | AskFields)
        assert screen.typed == (texts if isinstance(screen, AskFields) else texts["text"])


async def test_what_is_half_typed_is_kept_when_the_app_is_ended_by_a_signal(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "d", *row("rationale"), "text:Half")
        app.end_by_signal(15)
    assert place(case).left().texts("texts") == {"text": "Half"}


async def test_it_is_said_that_it_was_taken_up_and_f_starts_afresh_once_that_is_confirmed(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    first = taken_up(case)
    await left(case, "enter", "4")
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        assert any(
            re.search(r"Draft restored, from \d+ [A-Z]\w+ \d{4}, .*N starts afresh", line) for line in picture(app)
        )
        await press(pilot, "N")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "n")
        assert screen_of(app).decided.draft.decision.decision is Verdict.REJECT
        await press(pilot, "N", "y")
        assert (screen_of(app).decided.draft, place(case).left().work) == (first, {})
        assert not any("Draft restored" in line for line in picture(app))


async def test_where_only_half_a_text_was_taken_up_and_is_thrown_away_nothing_is_said_any_more(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    await left(case, "a", "text:Tra", typed={"text": "Tra", "owner": "", "due": ""})
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await until(lambda: isinstance(app.screen, AskFields))
        await press(pilot, "escape", "2")
        await until(lambda: not any("Draft restored" in line for line in picture(app)))
    assert place(case).left().work == {}


async def test_f_does_nothing_where_nothing_was_chosen(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", GOOD))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot, "N")
        assert isinstance(app.screen, DecideScreen)


async def test_a_recorded_decision_is_not_offered_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    await left(case, *row("rationale"), "text:Because.", "enter", "d", "y")
    assert (len(case.workspace.subject("tool").decisions), place(case).left().work) == (1, {})


async def test_a_draft_thrown_away_is_not_offered_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    await left(case, "enter", "4", "escape", "2")
    assert place(case).left().work == {}


async def test_a_draft_left_to_be_kept_is_offered_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    await left(case, "enter", "4", "escape", "1")
    assert taken_up(case).decision.decision is Verdict.REJECT


async def test_users_and_plan_corrected_since_are_offered_and_said_and_what_was_chosen_beside_them_stays(
    tmp_path: Path,
) -> None:
    case = Case(tmp_path / "w", GOOD)
    await left(case, *row("limits"), "enter", "enter", "text:AI companion", "enter")
    subject = replace(case.file.assessment.subject, users=600, plan="Enterprise")
    case.file = case.workspace.save(case.file, replace(case.file.assessment, subject=subject))
    assert taken_up(case).decision.approved_for == ApprovedFor({"records": "no"}, 600, "Enterprise", ("AI companion",))
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        told = " ".join(" ".join(picture(app)).split())
    assert "Users corrected since: not stated → 600. Plan corrected since: Business → Enterprise." in told


async def test_users_chosen_for_the_decision_itself_stay_where_the_subject_is_corrected(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    await left(case, *row("limits"), "text:40", *["enter"] * 3)
    subject = replace(case.file.assessment.subject, users=600)
    case.file = case.workspace.save(case.file, replace(case.file.assessment, subject=subject))
    assert taken_up(case).decision.approved_for == ApprovedFor({"records": "no"}, 40, "Business")


async def test_where_the_assessment_changed_that_is_said_and_the_texts_are_there(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    await left(case, *row("rationale"), "text:Because.", "enter", "a", "text:Train", "enter", "enter", "enter")
    case.file = case.workspace.save(case.file, replace(case.file.assessment, answers=FAILING))
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        first, draft = screen_of(app).decided.first, screen_of(app).decided.draft
        assert any(
            "The assessment has changed since: the verdict was approve and is now reject" in row for row in picture(app)
        )
    decision = replace(first.decision, rationale="Because.")
    own = Offer(Condition("Train"), taken=True, own=True)
    assert draft == Draft(decision, (*first.offers, own))


async def test_a_condition_half_changed_is_a_new_one_where_others_are_offered_now(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    keys = ("a", "text:Train", "enter", "enter", "enter", "home", "down", "down", "enter", "text:Teach")
    await left(case, *keys, typed={"text": "Teach", "owner": "", "due": ""})
    case.file = case.workspace.save(case.file, replace(case.file.assessment, answers=FAILING))
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await until(lambda: isinstance(app.screen, AskFields))
        await press(pilot, "enter", "enter", "enter")
        assert [offer.condition.text for offer in screen_of(app).decided.draft.offers if offer.own] == [
            "Train",
            "Teach",
        ]


async def test_quitting_says_that_the_draft_is_kept_and_asks_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(tmp_path / "w", GOOD)
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "d", "enter", "4", "q")
    assert capsys.readouterr().err == "Saved as a draft: the decision on Tool Business. Decide restores it.\n"


async def test_where_no_draft_can_be_kept_that_is_said_before_anything_is_lost(tmp_path: Path, person: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    person.mkdir()
    (person / "XDG_STATE_HOME").write_text("no folder")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "d", "enter", "4", "escape")
        assert isinstance(app.screen, ChooseOne)
        assert "It could not be kept as a draft (not a directory)" in " ".join(" ".join(picture(app)).split())
        await press(pilot, "escape", "q")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "n")


@pytest.mark.parametrize("damage", ["{", "[]", '{"about": 1}', "[" * 100_000])
async def test_a_damaged_draft_is_no_draft(tmp_path: Path, person: Path, damage: str) -> None:
    case = Case(tmp_path / "w", GOOD)
    first = taken_up(case)
    await left(case, "enter", "4")
    [file] = (person / "XDG_STATE_HOME").rglob("unfinished/*.json")
    file.write_text(damage, encoding="utf-8")
    assert taken_up(case) == first
    assert file.with_suffix(".damaged").read_text(encoding="utf-8") == damage


async def test_a_damaged_draft_is_told_and_kept(tmp_path: Path, person: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    await left(case, "enter", "4")
    [file] = (person / "XDG_STATE_HOME").rglob("unfinished/*.json")
    file.write_text("{", encoding="utf-8")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "d")
        assert "A draft was left here, but it cannot be read. It is kept as" in " ".join(" ".join(picture(app)).split())


def test_a_draft_of_another_shape_is_no_draft(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    first = taken_up(case)
    place(case).keep({"chosen": {"decision": "maybe"}, "offers": [], "waivers": [], "offered": []})
    assert taken_up(case) == first


def test_hostile_text_is_taken_up_as_it_was(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    first = taken_up(case)
    draft = replace(first, decision=replace(first.decision, rationale=HOSTILE))
    OpenDraft(case.session, case.opened).change(draft)
    assert taken_up(case) == draft


def test_a_change_is_saved_and_resumed(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decided = OpenDraft(case.session, case.opened)
    draft = decided.draft.decided(Verdict.HOLD)
    decided.change(draft)
    resumed = OpenDraft(case.session, case.opened).resumed
    assert resumed is not None
    assert (resumed.draft, resumed.asking, resumed.changes, decided.is_saved) == (draft, None, (), True)


async def test_a_draft_is_restored_where_the_workspace_was_renamed_and_says_where_it_was(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decided = OpenDraft(case.session, case.opened)
    draft = decided.draft.decided(Verdict.HOLD)
    decided.change(draft)
    shutil.copytree(tmp_path / "w", tmp_path / "copy")
    assert OpenDraft(*in_another_folder(case, tmp_path / "copy")).resumed is None
    (tmp_path / "w").rename(tmp_path / "new")
    session, again = in_another_folder(case, tmp_path / "new")
    app = Host(lambda: DecideScreen(session, again))
    async with app.run_test(size=(200, 40)):
        await until(lambda: any(f" in {tmp_path / 'w'}. N starts afresh" in line for line in picture(app)))
    assert OpenDraft(session, again).draft == draft


def in_another_folder(case: Case, root: Path) -> tuple[Session, OpenedAssessment]:
    """The same workspace there, with the assessment."""
    workspace = Workspace(root)
    file = read_assessment(root / case.workspace.relative(case.file.path))
    return replace(case.session, workspace=workspace), open_assessment(workspace, file)


def test_an_untouched_draft_leaves_nothing(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decided = OpenDraft(case.session, case.opened)
    decided.change(decided.draft.decided(Verdict.HOLD))
    decided.change(decided.first)
    assert (decided.is_untouched, decided.is_saved, OpenDraft(case.session, case.opened).resumed) == (True, False, None)


def test_it_says_what_is_missing(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decided = OpenDraft(case.session, case.opened)
    assert decided.missing() == ()
    decided.change(replace(decided.draft, decision=replace(decided.draft.decision, decided_by="")))
    assert decided.missing() == ("Say who decides.",)


def test_half_a_text_about_a_part_is_resumed_with_that_part(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    about = PartAt(FormPart.CONSULTED)
    assert OpenDraft(case.session, case.opened).save_typed(about, {"text": "Leg"}) is None
    resumed = OpenDraft(case.session, case.opened).resumed
    assert resumed is not None
    assert (resumed.asking, resumed.texts) == (about, {"text": "Leg"})


def test_a_part_that_is_not_there_cannot_be_asked(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decided = OpenDraft(case.session, case.opened)
    parts = (PartAt(FormPart.LIMITS), PartAt(FormPart.CONDITION, at=7), PartAt(FormPart.WAIVER))
    assert [decided.can_ask(about) for about in parts] == [True, False, False]
    decided.change(decided.draft.decided(Verdict.REJECT))
    assert not decided.can_ask(PartAt(FormPart.LIMITS))


def test_it_catches_up_with_the_day(tmp_path: Path) -> None:
    case, days = Case(tmp_path / "w", GOOD), [ON]
    decided = OpenDraft(Session(case.workspace, lambda: days[-1]), case.opened)
    decided.change(decided.draft.decided(Verdict.HOLD))
    days.append(date(2026, 11, 22))
    decided.catch_up()
    decision = decided.made()
    assert (decision.decided_on, decision.basis[1].on, decision.decision) == (days[-1], days[-1], Verdict.HOLD)


def test_a_record_that_came_after_the_screen_was_opened_is_looked_at_before_anything_is_recorded(
    tmp_path: Path,
) -> None:
    case = Case(tmp_path / "w", GOOD)
    folder = case.file.path.parent.name
    before = OpenDraft(case.session, case.opened).record()
    decided = OpenDraft(case.session, case.opened)
    decided.change(decided.draft.decided(Verdict.HOLD))
    withdrawn = Record(RecordKind.WITHDRAWN, before.path.name, "CISO", ON, sha256=before.sha256, why="A breach.")
    name = case.workspace.add_record(withdrawn, folder).path.name
    with pytest.raises(NotSaved, match=name):
        decided.record()
    again = OpenDraft(case.session, case.opened)
    assert again.resumed is not None
    assert [words for words in again.resumed.changes if name in words] != []
    assert [PurePosixPath(one.path).name for one in again.record().decision.records or ()] == [name]


def test_what_is_recorded_rests_on_the_file_with_its_new_seal(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    text = case.file.path.read_text(encoding="utf-8")
    case.file.path.write_text(text.replace("A. Reviewer", "B. Reviewer"), encoding="utf-8")
    case.file = read_assessment(case.file.path)
    decided = OpenDraft(case.session, case.opened)
    assert decided.has_broken_seal
    decided.confirm_seal()
    recorded = decided.record()
    assert recorded.decision.basis[0].sha256 == read_assessment(case.file.path).sha256
    assert (decided.has_broken_seal, place(case).left().work) == (False, {})


async def test_the_draft_is_for_its_owner_alone(tmp_path: Path, person: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    await left(case, "enter", "4")
    [file] = (person / "XDG_STATE_HOME").rglob("unfinished/*.json")
    assert file.stat().st_mode & 0o777 == 0o600
