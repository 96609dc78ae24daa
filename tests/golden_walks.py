"""The ways through the app on which the golden pictures are taken. What a step means says `golden_app.Walk.go`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"
SMALL = Path(__file__).parent / "data" / "small-workspace"
"""Two tools with every kind of answer, a survey of two rounds, a conflict copy, and a newer version of the rubric."""


def as_it_is(root: Path) -> None:
    """Nothing to prepare."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The workspace whose copy is opened, None for an empty one, what is done to it before, and the way from Home."""

    workspace: Path | None
    steps: str
    prepare: Callable[[Path], None] = as_it_is
    with_toasts: bool = False


def _break_files(root: Path) -> None:
    """Files that cannot be used, and one that was changed by hand."""
    (root / "rubrics" / "mine.toml").write_text('format = 1\nid = "mine"\n', encoding="utf-8")
    folder = root / "assessments" / "m-broken"
    folder.mkdir()
    (folder / "2026-11-20-me.toml").write_text("format = 1\nthis is no TOML\n", encoding="utf-8")
    (folder / "2026-11-21-me.toml").write_text('format = 7\nsubject.name = "Later"\n', encoding="utf-8")
    path = root / "assessments" / "tool-business" / "2026-11-21-a-reviewer.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("level = 2", "level = 3"), encoding="utf-8")


def _write_by_hand(root: Path) -> None:
    """An assessment without a seal."""
    path = root / "assessments" / "tool-business" / "2026-11-21-a-reviewer.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("seal =")), encoding="utf-8")


def _without_conflict(root: Path) -> None:
    """The small workspace with one version of each rubric and no copy beside a file."""
    (root / "rubrics" / "small-1.1.0.toml").unlink()
    for copy in root.rglob("*.conflict"):
        copy.unlink()


_SENT_BACK = """\
question,answer,reason,note,source,grade,seen on,our ticket
about.for,vendor
about.answered-by,"Sales, Jitsi"
about.subject,Jitsi as a service
scope.data,confidential
does-the-job,3,,"People finished it, see the case study.",https://jitsi.example/case,tested,2026-10-01,T-1
strong-sign-in,2,,Second factors through the account that people bring.
quiet-hours,not applicable,No notifications.
accessibility-report,unknown,"Being written, for spring."
recording-consent,9
,2
browser-no-install,=1+1
"""


def _send_back(root: Path) -> None:
    """A vendor's sheet, a corrected one, and one that says nothing of who filled it in."""
    (root / "jitsi.csv").write_text(_SENT_BACK, encoding="utf-8")
    (root / "later.csv").write_text(_SENT_BACK.replace("strong-sign-in,2", "strong-sign-in,4"), encoding="utf-8")
    unsigned = "".join(line for line in _SENT_BACK.splitlines(keepends=True) if "about." not in line)
    (root / "unsigned.csv").write_text(unsigned, encoding="utf-8")


TOOL = "assessments/tool-business/2026-11-21-a-reviewer.toml"

WALKS: dict[str, Walk] = {
    "home": Walk(
        EXAMPLES,
        "=examples question_mark =keys escape down space =marked c =one-alone end =survey d =survey-not-decided "
        "f9 =other-theme enter =survey-opened escape home t =sorted slash =find 'jit =found escape",
    ),
    "home-empty": Walk(None, "=empty v =no-survey question_mark =keys escape b =rubrics"),
    "home-trouble": Walk(SMALL, "=small end =unread enter =unread-told escape up up up =copy", _break_files),
    "home-toasts": Walk(EXAMPLES, "down space c =error v escape a f2 escape", with_toasts=True),
    "palette": Walk(
        EXAMPLES,
        "colon =home 'rev =found escape d colon =decide escape escape v colon =readiness escape escape comma =settings",
    ),
    "dialogs": Walk(
        EXAMPLES,
        "down E =edit escape L =register escape comma enter =theme escape down enter =reviewer escape down down "
        "enter =language escape down down enter =keys escape escape a tab tab tab 'Other f4 =tolerate",
    ),
    "new": Walk(
        EXAMPLES,
        "a =empty f1 =keys escape f2 =name-missing 'Team_tool tab 'Pro =typed escape =leaving 1 =kept a =taken-up "
        "tab tab tab tab tab =lower f2 =facts escape escape 2 =thrown-away",
    ),
    "new-small": Walk(SMALL, "a f2 'Other f2 =which-rubric 1 =begun escape escape =home"),
    "facts": Walk(
        EXAMPLES,
        "a f2 'Other f2 =first 1 =second down =cursor n =skipped p =back question_mark =keys escape 2 3 1 1 1 1 1 1 1 "
        "1 =far f =questions f =from-assess backspace =taken-back escape =after",
    ),
    "assess": Walk(
        EXAMPLES,
        "end up enter =first question_mark =keys escape n =next j =next-open i =check-and-why pagedown =scrolled i "
        "g =outline down down =outline-moved pagedown enter =outline-picked slash =find escape l =passes "
        "2 =pass n =in-pass colon 'note =palette escape",
    ),
    "assess-answering": Walk(
        EXAMPLES,
        "end up enter n 0 =answered 9 =no-such-rung delete =cleared z =undone Z =redone z z z =nothing-to-undo m "
        "=note 'A_note. =note-typed enter =note-kept s =setting 'As_delivered. enter =setting-kept u =unknown "
        "'Asked_the_vendor. enter =unknown-kept x =not-applicable enter =reason-missing 'No_phones. enter "
        "=not-applicable-kept f =facts escape r =review escape escape =home",
    ),
    "assess-evidence": Walk(
        SMALL,
        "down enter e =evidence a =source enter =source-missing 'Trial_of_today enter =grade 2 =date enter =added "
        "e =two G =change-grade escape Y =change-date 'x enter =date-wrong escape 2 T =dated-today down delete "
        "=removed question_mark =keys escape escape =kept n e =used-before 1 =taken",
    ),
    "assess-decided": Walk(EXAMPLES, "enter =which 1 =how 2 =read-only 3 =no-change escape enter 1 1 =continued"),
    "assess-by-hand": Walk(SMALL, "down enter =unsealed 3 =saved", _write_by_hand),
    "assess-seal": Walk(SMALL, "down =home enter =broken 2 =read-through n =only-read 3 =no-change", _break_files),
    "assess-overtaken": Walk(
        SMALL,
        f"down enter 3 !{TOOL}:changed 1 =overtaken n =kept-beside n =the-next equals_sign =what-differs 1 S =settled "
        "escape =home",
        _without_conflict,
    ),
    "assess-trouble": Walk(
        SMALL,
        "down enter 3 !assessments/tool-business 1 =not-saved q =quitting n escape =leaving n =stayed",
        _without_conflict,
    ),
    "review": Walk(
        EXAMPLES,
        "end up r =page-1 question_mark =keys escape 2 =page-2 3 =page-3 4 =page-4 5 =page-5 6 =page-6 7 =page-7 8 "
        "=page-8 1 down down =cursor w =report escape d =decide escape 4 down enter =question",
    ),
    "decision": Walk(
        EXAMPLES,
        "D =stands question_mark =keys escape enter =condition escape W =withdraw escape P ctrl+u 'my-key =sign escape "
        "2 h =history escape escape =home",
    ),
    "review-decided": Walk(
        EXAMPLES, "r =page-1 2 =page-2 3 =page-3 4 =page-4 5 =page-5 6 =page-6 7 =page-7 8 =page-8 9 =page-9"
    ),
    "panel": Walk(
        EXAMPLES,
        "r 8 down enter =in-full escape B =confirm enter =settle 3 m =note 'Tried_together. enter escape =settling",
    ),
    "decide": Walk(
        EXAMPLES,
        "end up d =hold question_mark =keys escape i =reasons escape down down enter =offered up enter up up enter "
        "=what-is-decided 2 =approve down enter "
        "=rationale 'For_now. escape =keep-typed 1 =rationale-given a =condition enter enter enter =text-missing "
        "'Sign enter 'Ada enter '2027-x enter =day-wrong backspace '03-31 enter =condition-given d =not-yet escape end "
        "=last up enter =decided-by escape escape =leaving 1 =kept d =taken-up N =afresh-asked y =afresh",
    ),
    "decide-parts": Walk(
        EXAMPLES,
        "d enter 2 =approved end up up enter =valid-until '5 enter =day-wrong escape 2 up enter =links escape up enter "
        "=considered escape up enter =consulted ';_Legal enter =consulted-given up enter =limits escape up enter "
        "=scope escape home down enter 'Needed_now. enter down enter =condition escape space =left-out d =look-over "
        "y =recorded",
    ),
    "decide-waiver": Walk(
        EXAMPLES,
        "down d =reject enter 2 end =approve up up up up up up up up enter =unfolded enter =waiver enter enter "
        "enter enter =why-missing",
    ),
    "decide-many": Walk(EXAMPLES, "down down d enter 2 end up up up up up up up up enter =unfolded"),
    "decide-seal": Walk(SMALL, "down down d =opened d =seal n =home", _break_files),
    "report": Walk(
        EXAMPLES,
        "w =board question_mark =keys escape space =further end =end 2 =half-page w =forms 5 ~Open =pdf w 2 "
        "=markdown w 1 =html w 3 =json w 4 =half-page-written",
    ),
    "report-undecided": Walk(EXAMPLES, "end up w =board space =further 2 =half-page"),
    "compare": Walk(
        EXAMPLES,
        "end up c =criteria question_mark =keys escape down =second-tool space =marked 2 =questions right right "
        "=columns-right down down equals_sign =differences enter =both-answers question_mark =both-keys escape n "
        "=both-next escape 3 =map down =map-next 4 =weights question_mark =weights-keys escape right right "
        "greater_than_sign =weights-moved down left =weights-other pagedown 0 =weights-back 5 =why n =why-next "
        "down down enter =why-question",
    ),
    "compare-small": Walk(SMALL, "c =criteria 2 =questions 3 =map 4 =weights 5 =why w =report w =forms"),
    "readiness": Walk(
        EXAMPLES,
        "v =overview question_mark =keys escape 2 =page-2 down down enter =question question_mark =question-keys "
        "escape n =question-next escape 3 =page-3 4 =page-4 5 =page-5 1 l =groups 2 =of-group 3 l =which-two "
        "escape C =close-round escape a =whose-answers",
    ),
    "readiness-small": Walk(SMALL, "v =overview 2 =page-2 3 =page-3 4 =page-4 5 =page-5"),
    "readiness-report": Walk(EXAMPLES, "v w =report end =end w 2 =written escape"),
    "survey": Walk(
        EXAMPLES,
        "a f3 =organisation end enter =other-organisation 'Boat enter =group 1 enter =first question_mark =keys "
        "escape 2 =expected 1 =answered m =note 'Well. enter =note-kept n =next r =review question_mark =review-keys "
        "escape down enter =gone-to f =other-group 2 =group-changed g =outline escape i =how-to-answer escape "
        "tab =turned delete =cleared z =undone j =next-open M =no-newer escape =home",
    ),
    "rubrics": Walk(EXAMPLES, "b =shipped question_mark =keys escape down =survey enter =survey-preview"),
    "rubrics-trouble": Walk(SMALL, "b =all down =kept end =broken enter =broken-told", _break_files),
    "preview": Walk(
        EXAMPLES,
        "b home enter =survey escape end enter =tool question_mark =keys escape n =next f =facts right =fact-given "
        "down right right =fact-two escape k =check escape i =details g =outline down enter =picked "
        "f5 =read-again p p =before-first",
    ),
    "preview-small": Walk(
        SMALL,
        "b down down enter =newer k =check escape !rubrics/small-1.1.0.toml:more f5 =no-change "
        "!rubrics/small-1.1.0.toml f5 =gone",
    ),
    "migrating": Walk(
        SMALL,
        "down enter =newer-version M =plan question_mark =keys escape down =second pagedown =words end enter =sure "
        "escape enter y =taken-over",
    ),
    "migrating-none": Walk(EXAMPLES, "end up M =none end M =survey"),
    "importing": Walk(
        EXAMPLES,
        "down I =file 'gone.csv enter =gone escape 'jitsi.csv enter =rows question_mark =keys escape down 2 =taken "
        "pagedown =scrolled end =last A =all 1 =chosen F =from 2 'Pat_Doe enter =of-a-colleague F 1 home down down "
        "2 q =quitting n S =about-another y =written I 'jitsi.csv enter =twice escape I 'later.csv enter "
        "=corrected escape I 'unsigned.csv enter =who 2 =whose escape escape =again",
        _send_back,
    ),
    "importing-none": Walk(EXAMPLES, "end I =survey"),
    "conflict": Walk(
        SMALL,
        "end enter =opened question_mark =keys escape down 1 =left 2 =right 3 =both down enter =changed A =all-of-them "
        "2 =all-right S =settled",
    ),
    "choosing": Walk(EXAMPLES, "enter =which-assessment escape down enter =assess q"),
}
