"""An assessment being changed, without a screen: what is saved, undone, refused and settled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from screens import ON, Case
from toolvet.domain.assessment import Answer
from toolvet.services.assessments import UNREAD, open_assessment
from toolvet.services.editing import Editor, History, step_back, step_forward
from toolvet.storage.reader import read_assessment
from toolvet.text.sentences import read_only_words

TWO, THREE = Answer(level=2), Answer(level=3)


def test_undo_and_redo_go_back_and_forth() -> None:
    history = History("a").change("b", "q1").change("c", "q2")
    assert [history.undo().now, history.undo().undo().now, history.undo().undo().redo().now] == ["b", "a", "b"]


def test_a_new_change_forgets_what_was_undone() -> None:
    history = History("a").change("b", "q1").undo().change("c", "q1")
    gone_to: list[History[str]] = []
    assert (step_forward(history, gone_to.append), gone_to) == (None, [])


def test_no_change_is_no_step() -> None:
    history = History("a")
    assert history.change("a", "q1") is history
    gone_to: list[History[str]] = []
    assert (step_back(history, gone_to.append), gone_to) == (None, [])


def editor_of(case: Case) -> Editor:
    return Editor(case.session, case.opened)


def test_a_change_is_shown_at_once_and_saved_when_asked(tmp_path: Path) -> None:
    case = Case(tmp_path)
    editor, shown = editor_of(case), list[Answer]()
    editor.on_change = lambda: shown.append(editor.assessment.answer("does-it"))
    editor.change_answer("does-it", TWO)
    assert (shown, case.saved.answers) == ([TWO], {})
    editor.save()
    assert case.saved.answers == {"does-it": TWO}


def test_undo_and_redo_name_the_question(tmp_path: Path) -> None:
    editor = editor_of(Case(tmp_path))
    editor.change_answer("does-it", TWO)
    editor.change_answer("how-fast", TWO)
    assert [editor.undo(), editor.undo(), editor.undo(), editor.redo()] == ["how-fast", "does-it", None, "does-it"]
    assert editor.assessment.answers == {"does-it": TWO}


def test_nothing_can_be_changed_under_a_decision(tmp_path: Path) -> None:
    case = Case(tmp_path)
    editor = Editor(case.session, replace(case.opened, read_only="a decision rests on it"))
    refusal = "A decision rests on it, so it is read-only. V reviews it again, as a new one."
    assert (editor.must_be_read_first, editor.refusal) == (False, refusal)


def broken(case: Case) -> Editor:
    """The editor of a file that was changed without its seal."""
    case.file.path.write_bytes(case.file.path.read_bytes().replace(b"Business", b"Premium!"))
    return Editor(case.session, open_assessment(case.workspace, read_assessment(case.file.path)))


def test_a_file_with_a_broken_seal_is_read_only_until_it_was_read_through(tmp_path: Path) -> None:
    editor = broken(Case(tmp_path))
    assert editor.must_be_read_first
    editor.say_read_through(False)
    assert (editor.must_be_read_first, editor.refusal) == (False, UNREAD)
    editor.say_read_through(True)
    assert editor.refusal is None


def test_saving_says_once_where_the_original_is(tmp_path: Path) -> None:
    case = Case(tmp_path)
    editor, said = broken(case), list[str | None]()
    editor.on_save = said.append
    for answer in (TWO, THREE):
        editor.change_answer("does-it", answer)
        editor.save()
    assert said == [f"The file as it was before is kept as {case.file.path.name}.orig.", None]


def test_a_draft_is_saved_as_one_change_and_can_be_taken_back(tmp_path: Path) -> None:
    case = Case(tmp_path)
    editor = editor_of(case)
    draft = editor.draft("does-it")
    for note in ("t", "ty", "typed"):
        assert draft.save_answer(Answer(note=note)) is None
    assert (case.saved.answer("does-it").note, len(editor.history.past)) == ("typed", 1)
    draft.take_back()
    assert (case.saved.answers, editor.history.past) == ({}, ())


def test_a_conflict_goes_on_beside_the_file_until_it_is_settled(tmp_path: Path) -> None:
    case = Case(tmp_path)
    editor = editor_of(case)
    theirs = case.workspace.save(case.file, case.file.assessment.with_answer("how-fast", TWO))
    editor.change_answer("does-it", THREE)
    editor.save()
    assert (editor.keeping.is_overtaken, case.saved) == (True, theirs.assessment)
    assert editor.lost_words() is None
    assert "Home shows what differs" in editor.saved_words()
    editor.settle(theirs, "does-it")
    assert (editor.keeping.is_overtaken, editor.assessment) == (False, theirs.assessment)
    assert editor.undo() == "does-it"


def test_what_cannot_be_saved_would_be_lost(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    editor = editor_of(case)
    case.file.path.rename(tmp_path / "aside.toml")
    case.file.path.symlink_to(tmp_path / "aside.toml")  # a link is never written through
    editor.change_answer("does-it", THREE)
    assert "are not saved" in (editor.lost_words() or "")
    editor.undo()
    assert editor.lost_words() is None


def test_a_decision_made_meanwhile_is_noticed(tmp_path: Path) -> None:
    case = Case(tmp_path)
    editor = editor_of(case)
    editor.look_for_decision()
    assert editor.refusal is None
    (case.workspace.root / "decisions" / case.file.path.parent.name).mkdir(parents=True)
    (case.workspace.root / "decisions" / case.file.path.parent.name / f"{ON}.toml").write_text("damaged")
    editor.look_for_decision()
    assert editor.refusal == read_only_words(str(case.workspace.why_read_only(case.file)))
