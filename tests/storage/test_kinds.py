"""Files of other tools: small ones of each kind, laid out as the real ones, and every item of them accounted for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.chart import BarChart

from build import make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Grade
from toolvet.domain.bearing import THREE_STEPS, SentAnswer, SentAnswers, SentStanding, bearing_on
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.storage import questionnaire_kinds
from toolvet.storage.questionnaire_kinds import (
    QuestionnaireKind,
    SentFile,
    answers_in,
    keep_columns,
    kept_columns,
    read_rubric_draft,
)
from toolvet.storage.rubric_draft import DraftQuestion, RubricDraft

Rows = Sequence[Sequence[str]]


def workbook(path: Path, sheets: Mapping[str, Rows]) -> Path:
    made = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    made.close()
    return path


def written(path: Path, document: object) -> Path:
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def sent(path: Path) -> SentAnswers:
    found = answers_in(path)
    assert found is not None
    return found


def questions(draft: RubricDraft) -> list[tuple[str | None, str, tuple[str, ...]]]:
    return [(each.ref, each.text, each.levels) for _, found in draft.criteria for each in found]


HECVAT: Mapping[str, Rows] = {
    "START HERE": [
        ["HECVAT"],
        ["Date Completed", "", "2026-10-30"],
        ["GNRL-01", "=VLOOKUP(1)", "Acme Corp"],
        ["GNRL-02", "=VLOOKUP(1)", "Acme Meet"],
    ],
    "Product": [
        ["GNRL-01", "=VLOOKUP(1)", "=VLOOKUP(2)"],
        ["AAAI-01", "=VLOOKUP(1)", "Yes", "SAML and OIDC."],
        ["AAAI-02", "=VLOOKUP(1)", "No"],
        ["CONS-01", "=VLOOKUP(1)", ""],
    ],
    "Institution Evaluation": [["AAAI-01", "", "No"]],
    "Questions": [
        ["New ID", "Question", "Standard Guidance", "Reason for Question", "Compliant Response"],
        ["GNRL-01", "Solution Provider Name", "", "", "Not scored"],
        ["AAAI-01", "Is single sign-on supported?*", "Name it.", "One door.", "Yes"],
        ["AAAI-02", "Are passwords stored in clear text?", "", "", "No"],
        ["CONS-01", "", "", "", "Yes"],
    ],
    "Auto Responses": [["", "Code", "Full Name"], ["", "AAAI", " Authentication"], ["", "CONS", " Consulting"]],
}


def test_hecvat_makes_a_rubric_with_its_own_numbers(tmp_path: Path) -> None:
    draft = read_rubric_draft(workbook(tmp_path / "h.xlsx", HECVAT), {})
    assert questions(draft)[-2:] == [
        ("AAAI-01", "Is single sign-on supported?", ("No.", "Yes.")),
        ("AAAI-02", "Are passwords stored in clear text?", ("Yes.", "No.")),
    ]
    assert draft.carried + len(draft.left_out) == 4


def test_hecvat_answers_are_those_of_the_provider_alone(tmp_path: Path) -> None:
    found = sent(workbook(tmp_path / "h.xlsx", HECVAT))
    assert (found.by, found.about, found.on) == ("Acme Corp", "Acme Meet", date(2026, 10, 30))
    assert found.items[2:] == (
        SentAnswer(
            "AAAI-01",
            'sheet "Product", row 2',
            "Yes",
            "Is single sign-on supported?",
            "SAML and OIDC.",
            SentStanding.FULL,
        ),
        SentAnswer(
            "AAAI-02", 'sheet "Product", row 3', "No", "Are passwords stored in clear text?", standing=SentStanding.NONE
        ),
    )
    assert [place for place, _, _ in found.left_out] == ['sheet "Product", row 4']


CAIQ: Rows = [
    ["CAIQ v4.0.3"],
    [
        *("Question ID", "Question", "CSP CAIQ Answer", "SSRM Control Ownership"),
        *("CSP Implementation Description", "CCM Domain Title"),
    ],
    ["LOG-01.1", "Is logging policy established?", "Yes", "CSP-owned", "See our policy.", "Logging"],
    ["LOG-02.1", "Are logs protected?", "NA"],
    ["LOG-03.1", "Are events monitored?", ""],
]


@pytest.mark.parametrize("name", ["caiq.xlsx", "caiq.csv"])
def test_caiq_is_a_rubric_and_answers_alike(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if path.suffix == ".xlsx":
        workbook(path, {"Introduction": [["Read me"]], "CAIQv4.0.3": CAIQ})
    else:
        written(path, "\n".join(",".join(row) for row in CAIQ))
    draft = read_rubric_draft(path, {})
    assert [title for title, _ in draft.criteria] == ["Logging"]
    assert (draft.carried, draft.left_out) == (3, ())
    found = sent(path)
    assert [(item.ref, item.standing, item.note) for item in found.items] == [
        ("LOG-01.1", SentStanding.FULL, "CSP-owned See our policy."),
        ("LOG-02.1", SentStanding.NOT_APPLICABLE, ""),
    ]
    assert [text for _, text, _ in found.left_out] == ["Are events monitored?"]


REPORT = """\
title: Report
product: {name: Acme Meet, version: "2"}
author: {company_name: Acme Corp}
report_date: 3/14/2026
chapters:
  level_a:
    criteria:
      - num: 1.1.1
        components:
          - {name: web, adherence: {level: supports, notes: All images.}}
          - {name: software, adherence: {level: partially-supports}}
      - num: 2.1.1
        components: [{name: web, adherence: {level: does-not-support, notes: No.}}]
      - num: 1.2.1
        components: [{name: web, adherence: {level: not-applicable}}]
      - num: 1.2.2
        components: [{name: web, adherence: {level: not-evaluated}}]
"""


def test_an_accessibility_report_gives_the_worst_term_and_its_date(tmp_path: Path) -> None:
    found = sent(written(tmp_path / "acr.yaml", REPORT))
    assert (found.by, found.about, found.on, found.grade) == (
        "Acme Corp",
        "Acme Meet 2",
        date(2026, 3, 14),
        Grade.DOCUMENT,
    )
    assert [(item.ref, item.given) for item in found.items] == [
        ("1.1.1", "Partially supports"),
        ("2.1.1", "Does not support"),
        ("1.2.1", "Not applicable"),
    ]
    assert [text for _, text, _ in found.left_out] == ["1.2.2"]
    assert found.summary == (
        "Report: 1 partially supports, 1 does not support, 1 not applicable, 1 not evaluated. Does not support 2.1.1."
    )


def test_a_catalog_of_openacr_has_the_terms_as_ladder(tmp_path: Path) -> None:
    catalog = {
        "title": "VPAT",
        "terms": [{"id": "supports"}],
        "chapters": [
            {"id": "a", "label": "Level A", "criteria": [{"id": "1.1.1", "handle": "Text", "components": ["web"]}]},
            {"id": "b", "label": "Hardware", "criteria": []},
        ],
    }
    draft = read_rubric_draft(written(tmp_path / "c.json", catalog), {})
    ladder = ("Does not support.", "Partially supports.", "Supports.")
    assert questions(draft) == [("1.1.1", "Text", ladder)]
    assert [each.why for each in draft.left_out] == ["has no criteria"]


CONTROL = {
    "id": "ac-2",
    "title": "Accounts",
    "params": [{"id": "p", "label": "days"}],
    "props": [{"name": "label", "value": "AC-2"}],
    "parts": [
        {
            "name": "statement",
            "prose": "Review within {{ insert: param, p }}:",
            "parts": [{"name": "item", "prose": "all."}],
        },
        {"name": "guidance", "prose": "Because."},
    ],
    "controls": [{"id": "ac-2.1", "title": "Automated", "props": [{"name": "status", "value": "withdrawn"}]}],
}


def test_a_control_of_oscal_is_a_question_with_its_parameters_named(tmp_path: Path) -> None:
    groups = [{"id": "ac", "title": "Access", "controls": [CONTROL]}]
    draft = read_rubric_draft(
        written(tmp_path / "c.json", {"catalog": {"metadata": {"title": "C"}, "groups": groups}}), {}
    )
    question = DraftQuestion("Review within [days]:\nall.", ref="AC-2", title="Accounts", why="Because.")
    assert draft.criteria == (("Access", (question,)),)
    assert [each.place for each in draft.left_out] == ["control ac-2.1"]


def test_a_profile_of_oscal_names_controls_and_lists_what_it_changes(tmp_path: Path) -> None:
    profile = {
        "imports": [{"href": "#x", "include-controls": [{"with-ids": ["ac-1", "ac-2"]}]}],
        "modify": {"set-parameters": [{"param-id": "p"}]},
    }
    draft = read_rubric_draft(written(tmp_path / "p.json", {"profile": profile}), {})
    assert [ref for ref, _, _ in questions(draft)] == ["AC-1", "AC-2"]
    assert [each.place for each in draft.left_out] == ["modify set-parameters p"]


def test_results_of_scubagear_are_tested_evidence(tmp_path: Path) -> None:
    controls = [
        {"Control ID": "MS.TEAMS.1.2v2", "Requirement": "No anonymous starts.<div>x</div>", "Result": "Pass"},
        {"Control ID": "MS.TEAMS.1.9v1", "Requirement": "By hand.", "Result": "N/A", "Details": "Manual."},
    ]
    document = {
        "MetaData": {"Tool": "ScubaGear", "ToolVersion": "1.8.0", "TimestampZulu": "2026-05-04T17:15:48Z"},
        "Results": {"Teams": [{"Controls": controls}]},
    }
    found = sent(written(tmp_path / "s.json", document))
    assert (found.grade, found.on) == (Grade.TESTED, date(2026, 5, 4))
    assert [(item.ref, item.text) for item in found.items] == [("MS.TEAMS.1.2v2", "No anonymous starts.")]
    assert found.left_out == (("Teams, MS.TEAMS.1.9v1", "By hand.", "was not tested: Manual."),)


def test_a_choice_of_vsaq_comes_back_as_its_rung(tmp_path: Path) -> None:
    item = {"type": "radiogroup", "text": "Encrypted?", "choices": [{"a_yes": "Yes, all"}, {"a_no": "No"}]}
    block = {"type": "block", "text": "Web", "items": [item, {"type": "yesno", "id": "b_id", "text": "Logged?"}]}
    draft = read_rubric_draft(written(tmp_path / "v.json", {"questionnaire": [block]}), {})
    ((_, found),) = draft.criteria
    assert [each.references for each in found] == [("VSAQ a_no a_yes",), ("VSAQ b_id",)]
    rubric = make_rubric(
        make_criterion(
            "web",
            *(
                replace(make_question(f"q{at}"), levels=each.levels or THREE_STEPS, references=each.references)
                for at, each in enumerate(found)
            ),
        )
    )
    answers = bearing_on(rubric, sent(written(tmp_path / "a.json", {"a_yes": "checked", "b_id": "no", "c_id": "text"})))
    assert [answer.level for answer in answers.answers.values()] == [1, 0]
    assert [item.ref for item in answers.unused] == ["c_id"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [x]\nb: [*a, *a]\n", "2: repeats a part by an alias"),
        ("[" * 100, "1: is nested too deeply"),
        ("a: [\n", "2: is not valid YAML"),
        ("a: " + "x" * 1_100_000, " is larger than 1 MiB, the most that is read of YAML"),
    ],
)
def test_yaml_that_could_explode_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match=f"bomb.yaml:{said}"):
        answers_in(written(tmp_path / "bomb.yaml", text))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", '{"sso": "yes", "mfa": "no", "sso": "no"}', 'a.json: has "sso" twice in one table'),
        ("a.json", '// by hand\n{"sso": "yes", "sso": "no"}', 'a.json: has "sso" twice in one table'),
        ("a.yaml", "a: 1\nproduct:\n  name: x\n  name: y\n", 'a.yaml:3: has "name" twice in one table'),
        ("a.yaml", "? [a, b]\n: c\n", "a.yaml:1: has a list or table as a name"),
    ],
)
def test_a_key_that_stands_twice_is_refused(name: str, text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match=said):
        answers_in(written(tmp_path / name, text))


def test_a_term_that_nobody_knows_may_be_the_worst_and_gives_no_level(tmp_path: Path) -> None:
    found = sent(written(tmp_path / "acr.yaml", REPORT.replace("level: partially-supports", "level: supports not")))
    assert (found.items[0].given, found.items[0].standing) == ("supports-not", None)
    typed = sent(written(tmp_path / "typed.yaml", REPORT.replace("does-not-support", "Does not support")))
    assert typed.items[1].standing is SentStanding.NONE


def test_a_hecvat_whose_sheets_are_charts_holds_no_answer(tmp_path: Path) -> None:
    made = Workbook()
    made.worksheets[0].title = "START HERE"
    for name in ("Questions", "Auto Responses"):
        made.create_chartsheet(name).add_chart(BarChart())
    made.save(tmp_path / "h.xlsx")
    assert sent(tmp_path / "h.xlsx").items == ()
    with pytest.raises(UnusableFile, match="holds no question"):
        read_rubric_draft(tmp_path / "h.xlsx", {})


def test_two_answers_to_one_number_of_hecvat_are_both_named(tmp_path: Path) -> None:
    again: Rows = [["AAAI-01", "", "No"], ["AAAI-02", "", "no"]]
    found = sent(workbook(tmp_path / "h.xlsx", {**HECVAT, "Other": again}))
    assert [(item.given, item.place) for item in found.items if item.ref.startswith("AAAI")] == [
        ("Yes", 'sheet "Product", row 2'),
        ("No", 'sheet "Product", row 3'),
        ("No", 'sheet "Other", row 1'),
    ]


def test_two_columns_of_answers_in_a_caiq_give_no_level(tmp_path: Path) -> None:
    header, row = CAIQ[1], CAIQ[2]
    found = sent(workbook(tmp_path / "c.xlsx", {"CAIQv4": [[*header, "CAIQ Answer 2025"], [*row, "No"]]}))
    assert [(item.given, item.standing) for item in found.items] == [("Yes / No", None)]


def test_columns_named_once_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "Nr,Was\n1,Is sign-in strong?\n")
    (tmp_path / ".toolvet").mkdir()
    keep_columns(tmp_path, {"text": "Was", "ref": "Nr"})
    draft = read_rubric_draft(path, {}, kept_columns(tmp_path))
    assert questions(draft) == [("1", "Is sign-in strong?", ())]


class Point:
    """An entry point of an installed package."""

    name, value = "house", "house:KIND"

    def __init__(self, kind: object) -> None:
        self.kind = kind

    def load(self) -> object:
        return self.kind


def answers_of_the_house(file: SentFile) -> SentAnswers | None:
    return SentAnswers("House", (), ()) if file.content.startswith(b"house") else None


def test_a_package_adds_a_kind_by_an_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = QuestionnaireKind("House", (".house",), answers=answers_of_the_house)
    monkeypatch.setattr(questionnaire_kinds, "entry_points", lambda **_: [Point(kind)])
    assert sent(written(tmp_path / "a.house", "house")).kind == "House"
    monkeypatch.setattr(questionnaire_kinds, "entry_points", lambda **_: [Point("nothing")])
    with pytest.raises(ToolvetError, match=r"toolvet\.questionnaires house \(house:KIND\) is no QuestionnaireKind"):
        answers_in(tmp_path / "a.house")


@pytest.mark.parametrize("text", ['{"a": "' + '\\"' * 500_000, '{"a": 1' + "/* " * 500_000])
def test_json_with_a_text_or_comment_without_an_end_is_refused(tmp_path: Path, text: str) -> None:
    """Looked for from each quote and slash anew, its end took for ever."""
    with pytest.raises(UnusableFile, match="is not valid JSON"):
        _ = SentFile(written(tmp_path / "x.json", text)).document


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": ' + "9" * 5_000 + "}", "holds a number with too many digits"),
        ('// ours\n{"a": ' + "9" * 5_000 + "}", "holds a number with too many digits"),
        ("[" + '{"a":{}},' * 200_001 + "1]", "has more than 400,000 lists and tables"),
        ('{"a": "' + '"' * 2_000_000, "is not valid JSON"),
        ("[" * 100_000, "is nested too deeply"),
    ],
    ids=["digits", "digits behind a comment", "parts", "quotes", "depth"],
)
def test_json_that_would_take_too_much_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """Too many digits ended the program; lists, tables and quotes without number took more memory than 300 MB."""
    with pytest.raises(UnusableFile, match=said):
        _ = SentFile(written(tmp_path / "x.json", text)).document


def test_comments_are_looked_for_in_small_files_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questionnaire_kinds, "_BETWEEN", None)
    with pytest.raises(UnusableFile, match="is not valid JSON"):
        _ = SentFile(written(tmp_path / "x.json", "{" + '"" ' * 400_000)).document


def test_yaml_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="has too many parts"):
        _ = SentFile(written(tmp_path / "x.yaml", "[" + "{a: b}," * 100_000 + "]")).document


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"type": "info", "text": "Read this."}, "only informs"),
        ({"type": "yesno"}, "has no text"),
        ({"type": "radiogroup", "text": "Which?", "choices": [{"a": "One"}]}, "has no choices, or more than 7"),
        (
            {"type": "radiogroup", "text": "Which?", "choices": [{"a": "One"}, {"b": ""}]},
            "has no choices, or more than 7",
        ),
        ({"type": "slider", "text": "How much?"}, "is of the kind slider, which toolvet does not know"),
    ],
)
def test_an_item_of_vsaq_that_is_no_question_is_left_out_and_says_why(
    item: dict[str, object], why: str, tmp_path: Path
) -> None:
    asked = {"type": "yesno", "text": "Logged?", "id": "b", "cond": "a == 'checked'"}
    document = {"questionnaire": [{"type": "block", "text": "Web", "items": [item, 3, asked]}]}
    draft = read_rubric_draft(written(tmp_path / "v.json", document), {})
    assert [(each.place, each.why) for each in draft.left_out] == [("item 1.1", why)]
    question = DraftQuestion(
        "Logged?", check="In the source it is asked only if a == 'checked'.", levels=(), references=("VSAQ b",)
    )
    assert draft.criteria == (("Web", (question,)),)


def test_a_text_that_vsaq_asks_for_is_a_question_in_words(tmp_path: Path) -> None:
    items = [{"type": "line", "text": "Your name?", "id": "n"}, {"type": "box", "text": "What does it do?"}]
    asked = {"type": "yesno", "text": "Logged?"}
    document = {"questionnaire": [{"type": "block", "text": "About", "items": [*items, asked]}]}
    draft = read_rubric_draft(written(tmp_path / "v.json", document), {})
    texts = (
        DraftQuestion("Your name?", references=("VSAQ n",), is_text=True),
        DraftQuestion("What does it do?", is_text=True),
    )
    assert draft.criteria == (("About", (*texts, DraftQuestion("Logged?"))),)


def test_parameters_of_oscal_stand_in_the_words_also_within_each_other(tmp_path: Path) -> None:
    control = {
        "id": "ac-7",
        "params": [
            {"id": "p1", "select": {"choice": ["lock for {{ insert: param, p2 }}", "notify"]}},
            {"id": "p2"},
        ],
        "parts": [{"name": "statement", "prose": "Then {{ insert: param, p1 }} or {{ insert: param, p9 }}."}],
    }
    groups = [{"title": "Access", "controls": [control, {"id": "ac-8"}]}]
    draft = read_rubric_draft(
        written(tmp_path / "c.json", {"catalog": {"metadata": {"title": "C"}, "groups": groups}}), {}
    )
    assert questions(draft) == [("AC-7", "Then [one of: lock for [to be chosen]; notify] or [to be chosen].", ())]
    assert [(each.place, each.why) for each in draft.left_out] == [("control ac-8", "has no text")]
