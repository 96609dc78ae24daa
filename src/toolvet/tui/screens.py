"""The registry of what is imported only when it is shown: `screens.DecideScreen(…)` loads that screen's module.

Importing every screen and dialog takes as long as starting the app, and nobody answering a question should wait for
the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # for the type checker only; TARGETS says the same to the program; a test compares them
    from toolvet.tui import navigation as navigation
    from toolvet.tui.assess.evidence import EvidenceDialog as EvidenceDialog
    from toolvet.tui.assess.facts import FactsScreen as FactsScreen
    from toolvet.tui.assess.new import Instead as Instead
    from toolvet.tui.assess.new import NewScreen as NewScreen
    from toolvet.tui.assess.new import ask_about_subject as ask_about_subject
    from toolvet.tui.assess.screen import AssessScreen as AssessScreen
    from toolvet.tui.compare.screen import compare_all as compare_all
    from toolvet.tui.compare.screen import compare_subjects as compare_subjects
    from toolvet.tui.conflict import settle_conflict as settle_conflict
    from toolvet.tui.conflict import settle_corrections as settle_corrections
    from toolvet.tui.decide.screen import DecideScreen as DecideScreen
    from toolvet.tui.decision.screen import DecisionScreen as DecisionScreen
    from toolvet.tui.decision.screen import ask_to_tolerate as ask_to_tolerate
    from toolvet.tui.home.screen import HomeScreen as HomeScreen
    from toolvet.tui.home.survey_rows import survey_result_rows as survey_result_rows
    from toolvet.tui.home.survey_rows import survey_result_words as survey_result_words
    from toolvet.tui.intake import import_sheet as import_sheet
    from toolvet.tui.kit.dialogs import Choice as Choice
    from toolvet.tui.kit.dialogs import ChooseOne as ChooseOne
    from toolvet.tui.kit.dialogs import Confirm as Confirm
    from toolvet.tui.kit.dialogs import Tell as Tell
    from toolvet.tui.kit.help import FindOne as FindOne
    from toolvet.tui.kit.help import KeyList as KeyList
    from toolvet.tui.kit.help import find_command as find_command
    from toolvet.tui.kit.help import key_list as key_list
    from toolvet.tui.kit.outside import edit_outside as edit_outside
    from toolvet.tui.kit.outside import look_at_examples as look_at_examples
    from toolvet.tui.kit.outside import open_address as open_address
    from toolvet.tui.kit.outside import open_file_outside as open_file_outside
    from toolvet.tui.kit.report_screen import ComparisonReportScreen as ComparisonReportScreen
    from toolvet.tui.kit.report_screen import ReadinessReportScreen as ReadinessReportScreen
    from toolvet.tui.kit.report_screen import ReportScreen as ReportScreen
    from toolvet.tui.kit.report_screen import keep_register as keep_register
    from toolvet.tui.kit.text_dialogs import AskText as AskText
    from toolvet.tui.kit.text_dialogs import half_typed as half_typed
    from toolvet.tui.migrate import MigratingScreen as MigratingScreen
    from toolvet.tui.readiness.question import look_beside as look_beside
    from toolvet.tui.readiness.screen import ReadinessScreen as ReadinessScreen
    from toolvet.tui.readiness.screen import choose_survey as choose_survey
    from toolvet.tui.readiness.screen import report_survey as report_survey
    from toolvet.tui.readiness.screen import show_readiness as show_readiness
    from toolvet.tui.review.screen import ReviewScreen as ReviewScreen
    from toolvet.tui.rubrics.preview import PreviewScreen as PreviewScreen
    from toolvet.tui.rubrics.screen import RubricsScreen as RubricsScreen
    from toolvet.tui.settings import SettingsDialog as SettingsDialog
    from toolvet.tui.survey.respondents import NewPerson as NewPerson
    from toolvet.tui.survey.respondents import begin_survey as begin_survey
    from toolvet.tui.survey.respondents import choose_respondent as choose_respondent
    from toolvet.tui.survey.respondents import gives_number as gives_number
    from toolvet.tui.survey.screen import SurveyScreen as SurveyScreen

TARGETS = {
    "survey_result_rows": "home.survey_rows:survey_result_rows",
    "survey_result_words": "home.survey_rows:survey_result_words",
    "AskText": "kit.text_dialogs:AskText",
    "AssessScreen": "assess.screen:AssessScreen",
    "Choice": "kit.dialogs:Choice",
    "ChooseOne": "kit.dialogs:ChooseOne",
    "ComparisonReportScreen": "kit.report_screen:ComparisonReportScreen",
    "Confirm": "kit.dialogs:Confirm",
    "DecideScreen": "decide.screen:DecideScreen",
    "DecisionScreen": "decision.screen:DecisionScreen",
    "EvidenceDialog": "assess.evidence:EvidenceDialog",
    "FactsScreen": "assess.facts:FactsScreen",
    "FindOne": "kit.help:FindOne",
    "HomeScreen": "home.screen:HomeScreen",
    "Instead": "assess.new:Instead",
    "KeyList": "kit.help:KeyList",
    "MigratingScreen": "migrate:MigratingScreen",
    "NewPerson": "survey.respondents:NewPerson",
    "NewScreen": "assess.new:NewScreen",
    "PreviewScreen": "rubrics.preview:PreviewScreen",
    "ReadinessReportScreen": "kit.report_screen:ReadinessReportScreen",
    "ReadinessScreen": "readiness.screen:ReadinessScreen",
    "choose_survey": "readiness.screen:choose_survey",
    "report_survey": "readiness.screen:report_survey",
    "show_readiness": "readiness.screen:show_readiness",
    "ReportScreen": "kit.report_screen:ReportScreen",
    "ReviewScreen": "review.screen:ReviewScreen",
    "RubricsScreen": "rubrics.screen:RubricsScreen",
    "SettingsDialog": "settings:SettingsDialog",
    "SurveyScreen": "survey.screen:SurveyScreen",
    "Tell": "kit.dialogs:Tell",
    "ask_about_subject": "assess.new:ask_about_subject",
    "ask_to_tolerate": "decision.screen:ask_to_tolerate",
    "begin_survey": "survey.respondents:begin_survey",
    "choose_respondent": "survey.respondents:choose_respondent",
    "compare_all": "compare.screen:compare_all",
    "compare_subjects": "compare.screen:compare_subjects",
    "edit_outside": "kit.outside:edit_outside",
    "look_at_examples": "kit.outside:look_at_examples",
    "open_address": "kit.outside:open_address",
    "open_file_outside": "kit.outside:open_file_outside",
    "find_command": "kit.help:find_command",
    "gives_number": "survey.respondents:gives_number",
    "half_typed": "kit.text_dialogs:half_typed",
    "keep_register": "kit.report_screen:keep_register",
    "key_list": "kit.help:key_list",
    "look_beside": "readiness.question:look_beside",
    "import_sheet": "intake:import_sheet",
    "navigation": "navigation",
    "settle_conflict": "conflict:settle_conflict",
    "settle_corrections": "conflict:settle_corrections",
}
"""What each name stands for: a class or function in a module of `toolvet.tui`, or a whole module."""


if not TYPE_CHECKING:  # the type checker would take any name for known

    def __getattr__(name: str) -> Any:
        """Import what that name stands for. Python asks this for every name that the module itself does not have."""
        if name not in TARGETS:
            raise AttributeError(f"toolvet.tui.screens knows no {name}")
        module, _, attribute = TARGETS[name].partition(":")
        found = import_module(f"toolvet.tui.{module}")
        return getattr(found, attribute) if attribute else found
