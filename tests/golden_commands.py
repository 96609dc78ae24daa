"""The commands whose output is kept in golden files, each by the name of its file and as it would be typed.

Each runs in a copy of its own of the examples. A line that begins with "+" is a file that was written, to be shown.
"""

from __future__ import annotations

ON = "--on 2026-11-28"
ROOMS = "assessments/harbour-rooms-team/2026-11-09-ada-marsh.toml"
ZOOM = "assessments/zoom-workplace-business/2026-11-21-worked-example.toml"
BY = '--by "The board"'

COMMANDS: dict[str, str] = {
    "version": "--version",
    "no-terminal": "",
    "list": f"list {ON}",
    "list-json": f"list --json {ON}",
    "list-due-400": f"list --due 400 {ON}",
    "list-due-7-json": f"list --due 7 --json {ON}",
    "list-due-wrong": "list --due soon",
    "score": f"score harbour-rooms zoom {ON}",
    "score-json": f"score harbour-rooms zoom {ON} --json",
    "score-explain": f"score harbour-rooms {ON} --explain",
    "score-gate": f"score zoom {ON} --gate approve",
    "score-unknown": f"score nothing {ON}",
    "score-several": f"score {ROOMS} missing.toml {ON}",
    "score-survey": f"score harbour-coop {ON}",
    "compare": f"compare {ON}",
    "compare-json": f"compare --json {ON}",
    "compare-by-question": f"compare --by question {ON}",
    "compare-differences": f"compare zoom teams --by question --differences {ON}",
    "compare-microsoft": f"compare zoom microsoft --by question --differences {ON}",
    "compare-robustness": f"compare --robustness {ON}",
    "compare-why": f"compare harbour-rooms zoom --why {ON}",
    "compare-why-three": f"compare harbour-rooms zoom signal --why {ON}",
    "compare-one": f"compare zoom {ON}",
    **{
        f"compare-{form}": f"compare --format {form} {ON}"
        for form in ("simple", "grid", "github", "html", "latex", "tsv", "csv")
    },
    "compare-format-json": f"compare --format json {ON}",
    "compare-report-md": f"compare -o comparison.md {ON} + comparison.md",
    "compare-report-json": f"compare -o comparison.json {ON} + comparison.json",
    "compare-report-html": f"compare -o comparison.html {ON} + comparison.html",
    "report-decided": f"report harbour-rooms {ON}",
    "report-decided-html": f"report harbour-rooms {ON} -o out.html + out.html",
    "report-decided-json": f"report harbour-rooms {ON} -o out.json + out.json",
    "report-undecided": f"report zoom {ON}",
    "report-undecided-html": f"report zoom {ON} -o out.html + out.html",
    "report-undecided-json": f"report zoom {ON} -o out.json + out.json",
    "report-requester": f"report harbour-rooms --for requester {ON}",
    "report-requester-undecided": f"report zoom --for requester {ON}",
    "report-requester-html": f"report harbour-rooms --for requester {ON} -o out.html + out.html",
    "report-ending": f"report zoom -o out.docx {ON}",
    "report-survey": f"report harbour-coop {ON}",
    "readiness": f"readiness {ON}",
    "readiness-json": f"readiness --json {ON}",
    "readiness-by-group": f"readiness --by group {ON}",
    "readiness-groups": f"readiness --groups managers employees {ON}",
    "readiness-group-unknown": f"readiness --groups managers nobody {ON}",
    "readiness-csv": f"readiness --format csv {ON}",
    "readiness-github": f"readiness --format github {ON}",
    "readiness-round": f"readiness assessments/harbour-cooperative/rounds/2025-11-10.toml {ON}",
    "readiness-close": f"readiness --close {ON}",
    "readiness-answer-file": f"readiness assessments/harbour-cooperative/2025-11-03-122720483346.toml {ON}",
    "readiness-report-md": f"readiness -o out.md {ON} + out.md",
    "readiness-report-html": f"readiness -o out.html {ON} + out.html",
    "readiness-report-json": f"readiness -o out.json {ON} + out.json",
    "readiness-form": 'readiness --form "Harbour Cooperative"',
    "readiness-form-group": 'readiness --form "Harbour Cooperative" --group managers -o out.html + out.html',
    "readiness-form-csv": "readiness --form -o out.csv + out.csv",
    "readiness-import-none": "readiness --import",
    "readiness-import-missing": f"readiness --import missing.csv {ON}",
    "readiness-unknown": f"readiness nothing {ON}",
    "questions": "questions",
    "questions-contract": "questions --where contract",
    "questions-csv": "questions --format csv",
    "questions-survey": "questions collaboration-readiness",
    "questions-unknown": "questions collaboration-tols",
    "rubrics": "rubrics",
    "rubrics-json": "rubrics --json",
    "rubrics-show": "rubrics --show collaboration-tool",
    "rubrics-show-html": "rubrics --show collaboration-readiness -o out.html + out.html",
    "rubrics-version": "rubrics --show collaboration-tool --version 9.9.9",
    **{
        f"schema-{kind}": f"schema {kind}"
        for kind in ("rubric", "rubric-gap", "assessment", "assessment-gap", "decision")
    },
    "schema-unknown": "schema rubrik",
    "check": "check .",
    "check-json": "check . --json",
    "check-github": "check . --format github",
    "check-missing": "check missing.toml",
    "check-bad": f"check {ROOMS} bad-files",
    "check-bad-json": "check bad-files --json",
    "decide-unfinished": "decide zoom",
    "decide-hold": f"decide zoom --decision hold {BY} {ON} --link https://a.example/1 + decisions/zoom*/*.toml",
    "decide-departing": f"decide zoom --decision approve {BY} {ON}",
    "decide-conditions": f"decide harbour-rooms --decision approve-with-conditions {BY} {ON} --users 40 --valid-until "
    "2027-06-30 --condition Training --owner Ada --due 2027-03-31 --left-off recording --consulted IT "
    '--rationale "As before." + decisions/harbour-rooms-team/2026-11-28.toml',
    "decide-waiver-short": f"decide jitsi --decision approve {BY} {ON} --waive strong-sign-in --owner Ada",
    "decide-reject": f"decide jitsi --decision reject {BY} {ON} --offered-conditions",
    "decide-nobody": f"decide zoom --decision hold {ON}",
    "decide-order": "decide zoom --owner Ada",
    "decide-unknown": f"decide nothing --decision hold {BY} {ON}",
    "migrate-none": f"migrate {ZOOM}",
    "migrate-json-none": f"migrate {ZOOM} --json",
    "migrate-missing": "migrate missing.toml",
    "new-rubric": "new-rubric house + rubrics/house.toml",
    "new-rubric-id": "new-rubric House",
    "assess-no-terminal": "assess zoom",
    "assess-plain-ended": "assess zoom --plain",
    "demo": "demo",
    "workspace-missing": "--workspace missing list",
    "command-unknown": "scoore zoom",
    "option-unknown": "list --jason",
    "day-wrong": "list --on tomorrow",
}

SMALL_COMMANDS: dict[str, str] = {
    "small-list": f"list {ON}",
    "small-score": f"score tool {ON}",
    "small-check": "check .",
    "small-rubrics": "rubrics",
    "small-compare": f"compare {ON}",
    "small-readiness": f"readiness --by group {ON}",
    "small-migrate": "migrate assessments/tool-business/2026-11-21-a-reviewer.toml",
    "small-migrate-json": "migrate assessments/tool-business/2026-11-21-a-reviewer.toml --json",
    "small-decide": f"decide tool --decision hold {BY} {ON} + decisions/tool-business/2026-11-28.toml",
}
"""Those in the small workspace, which has a newer version of its rubric and a conflict copy."""
