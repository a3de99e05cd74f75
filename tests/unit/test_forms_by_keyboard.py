"""Whoever adds a form to the pages adds a test that sends it with the keyboard alone, and says here which."""

from pathlib import Path

from flask import Flask

from services.desk.pages import preferences, sides

BROWSER = Path(__file__).parents[1] / "browser"
SENT_IN = {
    "test_asking": (
        *("asking.find_for_staff", "asking.tell_for_staff", "questions.find", "questions.tell"),
        *("cases.consent", "cases.promote"),
    ),
    "test_keyboard": (
        *("account.try_to_log_in", "registering.register", "registering.similar", "citizen.show", "citizen.rate"),
        *("clerk.request_materials", "clerk.supply_materials", "clerk.withdraw"),
        *("liaison.accept", "liaison.answer", "liaison.extend", "liaison.give_back", "progress.report_progress"),
    ),
    "test_keyboard_account": (
        *("account.give_code", "account.log_out", "account.second_factor", "account.set_password"),
        "preferences.prefer",
    ),
    "test_keyboard_departments": (
        *("liaison.accept_one", "liaison.complete", "liaison.report", "progress.hand_over"),
        *("meetings.change", "meetings.sign_report"),
    ),
    "test_keyboard_docket": ("leader.decide_extension", "leader.reclassify"),
    "test_keyboard_documents": (
        *("documents.put", "ledger.delete", "ledger.take_out"),
        *("imports.name_columns", "imports.send", "imports.take_over", "imports.undo"),
    ),
    "test_keyboard_entries": (
        *("entries.do", "entries.rewrite", "entries.settle", "entries.write", "entry_lists.say", "entry_lists.sign"),
        *("entry_imports.go_on", "entry_imports.name_columns", "entry_imports.send", "entry_imports.undo"),
    ),
    "test_keyboard_leaders": (
        *("leader.arbitrate", "meetings.call_meeting", "overview.acknowledge", "audit.forget"),
        *("sittings.begin", "sittings.end", "sittings.write"),
    ),
    "test_notices": (
        *("notices.read", "notices.read_all"),
        *("notice_channels.add", "notice_channels.alter", "notice_channels.test", "notice_channels.wish"),
        "notice_texts.try_out",
    ),
    "test_keyboard_operator": ("center_file.go_on", "parked.discard", "parked.replay", "parked.replay_kind"),
    "test_keyboard_roster": (
        *("roster.decide", "roster.name_substitute", "roster.swap", "roster.take_leave"),
        *("calendar_feed.make", "calendar_feed.revoke"),
    ),
    "test_keyboard_window": (
        *("clerk.close", "clerk.decline", "clerk.reveal", "clerk.tolerate_materials", "files.add", "files.remove"),
        *("clerk.supply_tolerated", "helps.record", "citizen.add_file", "citizen.remove_file", "citizen.withdraw"),
    ),
}
"""The endpoints of the forms, by the file of the tests that send them."""
SPOKEN = ("asking.transcribe_for_staff", "questions.transcribe")
"""What the microphone sends: nobody needs a keyboard to speak, and whoever has only that types."""


def test_each_form_is_sent_by_keyboard_in_a_test() -> None:
    application = Flask("all")
    for pages in dict.fromkeys((*sides.PAGES["staff"], *sides.PAGES["citizen"], preferences.pages)):
        application.register_blueprint(pages)
    forms = [rule.endpoint for rule in application.url_map.iter_rules() if "POST" in (rule.methods or ())]
    said = [endpoint for endpoints in SENT_IN.values() for endpoint in endpoints] + [*SPOKEN]
    assert sorted(said) == sorted(forms)
    assert [name for name in SENT_IN if not (BROWSER / f"{name}.py").exists()] == []
