"""Which tests show what the house does with bad input, row by row of the second table of faults."""

_HTTP, _WIRE, _RULES = "test_http_bodies", "test_http_wire", "test_http_rules"
_WAITING = "test_no_request_holds_up_others"

BAD_INPUT: dict[str, tuple[tuple[str, str], ...]] = {
    "bad JSON, bad UTF-8, NaN, duplicate keys, huge integer, deep nesting; `\\u0000`, lone surrogate": (
        (f"integration.{_HTTP}", "test_what_is_not_strict_json_is_a_bad_request_and_not_repeated"),
        (f"integration.{_HTTP}", "test_no_depth_of_nesting_is_an_accident"),
        (f"integration.{_HTTP}", "test_a_nul_or_bad_utf8_in_the_address_is_harmless"),
    ),
    "wrong or missing content type": ((f"integration.{_HTTP}", "test_another_content_type_or_none_is_unsupported"),),
    "body over 1 MiB, compressed bomb": (
        (f"integration.{_HTTP}", "test_a_body_over_one_mebibyte_is_too_large"),
        (f"integration.{_HTTP}", "test_a_body_in_chunks_is_for_the_front_server_to_collect"),
        (f"integration.{_HTTP}", "test_a_compressed_body_is_unsupported_however_small_it_is"),
    ),
    "slow header or body, idle socket": (
        (f"integration.{_WIRE}", "test_a_slow_client_is_cut_off_within_ten_seconds_others_are_served"),
        ("integration.test_http_hostile", "test_five_hundred_slow_clients_do_not_keep_others_from_being_served"),
    ),
    "a request that would keep everybody else waiting: deep, wide, expanding, in pieces, thousands at once": (
        (f"integration.{_WAITING}", "test_a_body_of_any_kind_holds_up_nobody"),
        (f"integration.{_WAITING}", "test_a_header_of_any_kind_holds_up_nobody"),
        (f"integration.{_WAITING}", "test_a_body_in_many_pieces_holds_up_nobody"),
        (f"integration.{_WAITING}", "test_a_thousand_requests_sent_at_once_hold_up_nobody"),
        (f"integration.{_WAITING}", "test_forty_full_feeds_at_once_are_taken_and_leave_room_for_a_window"),
        ("integration.test_desk_gives_way", "test_a_form_that_anybody_can_send_holds_up_nobody"),
        ("integration.test_desk_gives_way", "test_a_center_file_of_any_kind_holds_up_nobody"),
    ),
    "bad or missing Host, bad chunk, Content-Length with Transfer-Encoding": (
        (f"integration.{_WIRE}", "test_a_request_that_two_readers_could_take_differently_is_refused"),
        ("integration.test_http_hostile", "test_what_can_be_read_in_two_ways_is_refused"),
    ),
    "same idempotency key: same body / other body": (
        (f"integration.{_RULES}", "test_the_same_request_with_the_same_key_takes_effect_once"),
        (f"integration.{_RULES}", "test_the_same_key_twenty_times_at_once_takes_effect_once"),
        (f"integration.{_RULES}", "test_another_request_with_the_same_key_is_a_conflict"),
    ),
    "unknown department or enum, past or far date, naive time": (
        ("integration.test_intake", "test_a_bad_registration_is_refused_by_the_name_of_its_field"),
        (f"integration.{_HTTP}", "test_json_of_another_shape_is_refused_naming_the_field"),
        (f"integration.{_HTTP}", "test_a_naive_or_far_time_is_refused_naming_the_field"),
    ),
    "emoji, right-to-left, zero-width, rare Han, 100k characters; SQL, HTML, formula, path strings": (
        (f"integration.{_HTTP}", "test_strange_text_is_kept_exactly_and_does_nothing"),
        ("integration.routing.test_routing", "test_texts_are_stored_exactly_and_do_nothing"),
    ),
    "an AMQP event without id, of an unknown version, with bad headers": (
        ("integration.test_inbox_poison", "test_what_is_no_event_is_parked_and_counted_once"),
        ("integration.test_inbox_poison", "test_bad_headers_lose_nothing_and_kill_nobody"),
        ("faults.rows.poison", "poison_is_sent"),
    ),
    "a duplicate, out-of-order or stale-revision event": (
        ("integration.test_inbox", "test_an_event_that_is_delivered_twice_takes_effect_once"),
        ("integration.test_deadline_watch", "test_twice_and_in_any_order_comes_to_the_same"),
        ("integration.routing.test_ladder", "test_a_mark_takes_effect_once_and_a_stale_one_not_at_all"),
        ("faults.rows.poison", "every_event_comes_twice_and_in_any_order"),
    ),
    "a center file with a missing department, overlapping roster, unknown year, cyclic ladder": (
        ("integration.routing.test_routing", "test_a_broken_center_file_is_refused_whole_and_the_old_one_stays"),
        ("unit.test_center_findings", "test_rules_must_lead_somewhere_and_each_must_have_its_chance"),
        ("unit.test_center_findings", "test_a_roster_must_name_one_leader_for_every_sitting"),
        ("unit.test_center_findings", "test_a_calendar_must_be_one_to_count_by"),
        ("unit.test_center_findings", "test_the_ladder_leads_upward_and_its_lights_never_go_back"),
    ),
    "an attachment that is not what it says, that grows when it is opened, that is too large": (
        ("integration.test_intake_files", "test_what_is_no_paper_is_refused_with_a_sentence"),
        ("integration.test_intake_files", "test_a_file_that_is_too_large_is_not_even_read"),
        ("integration.test_intake_files", "test_nobody_waits_for_those_who_send_large_files"),
    ),
}
"""Module below `tests` and function."""


def as_table() -> str:
    """The rows in Markdown, tests by file and name."""
    lines = ["| bad input | shown by |", "|---|---|"]
    for what, tests in BAD_INPUT.items():
        names = [f"`{module.rpartition('.')[2]}`: {test.replace('_', ' ')}" for module, test in tests]
        lines.append(f"| {what} | {'; '.join(names)} |")
    return "\n".join(lines)
