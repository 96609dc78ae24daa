"""Results of CISA's ScubaGear, which tests a Microsoft 365 tenant, as tested evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from toolvet.domain.assessment import Grade
from toolvet.domain.bearing import SentAnswer, SentAnswers, SentStanding
from toolvet.storage.questionnaire_kinds import QuestionnaireKind, SentFile, plain_words

_STANDINGS = {"pass": SentStanding.FULL, "warning": SentStanding.PART, "fail": SentStanding.NONE}
_NO_RESULT = ("n/a", "error", "omitted")


def scubagear_answers(file: SentFile) -> SentAnswers | None:
    """Each policy with a result; those that were not tested are listed. None if the file is something else."""
    document = file.mapping
    about, results = document.get("MetaData"), document.get("Results")
    if not isinstance(about, dict) or not isinstance(results, dict) or about.get("Tool") != "ScubaGear":
        return None
    items: list[SentAnswer] = []
    empty: list[tuple[str, str, str]] = []
    for product, control in _controls(results):
        ref, result = str(control.get("Control ID", "")), str(control.get("Result", ""))
        place = f"{product}, {ref}"
        # the buttons behind the text are part of its HTML
        text = plain_words(str(control.get("Requirement", "")).partition("<div")[0])
        details = plain_words(str(control.get("Details", "")))
        if result.casefold() in _NO_RESULT or not ref:
            empty.append((place, text, f"was not tested: {details or result}"))
        else:
            items.append(SentAnswer(ref, place, result, text, details, _STANDINGS.get(result.casefold())))
    stamp = str(about.get("TimestampZulu", ""))[:10]
    return SentAnswers(
        kind="ScubaGear",
        names=("SCuBA", "ScubaGear"),
        items=tuple(items),
        left_out=tuple(empty),
        grade=Grade.TESTED,
        by=f"ScubaGear {about.get('ToolVersion', '')}".strip(),
        about=str(about.get("ProductSuite") or "") or None,
        on=date.fromisoformat(stamp) if _is_day(stamp) else None,
    )


def _is_day(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True


def _controls(results: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for product, groups in results.items():
        for group in groups if isinstance(groups, list) else ():
            controls = group.get("Controls") if isinstance(group, dict) else None
            for control in controls if isinstance(controls, list) else ():
                if isinstance(control, dict):
                    yield product, control


KIND = QuestionnaireKind("ScubaGear", (".json",), answers=scubagear_answers)
