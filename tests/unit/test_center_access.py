"""Who may do what follows from the center file: from the posts that people hold, and from what it gives by name."""

import dataclasses

import click
import pytest

from schemas.center.access import departments_of, headed_by, holders_of, roles_of
from schemas.center.center import Staff, Swap
from schemas.center.findings import findings
from schemas.enums import Role
from services.access.tokens import Actor, BadToken, issue, verify
from services.commands.token import bearer_of
from tests.builders import a_center, a_roster


@pytest.mark.parametrize(
    ("staff", "roles"),
    [
        ("he-jing", {Role.CLERK}),
        ("watchman", {Role.OPS, Role.SUPERVISOR}),
        ("tax-clerk", {Role.LIAISON}),
        ("tax-head", {Role.DEPARTMENT_HEAD}),
        ("auditor", {Role.AUDITOR}),
        ("gu", {Role.DUTY_LEADER}),
        ("fang", {Role.CLERK, Role.DUTY_LEADER}),
        ("director", {Role.DIRECTOR}),
        ("hotline-feed", {Role.CHANNEL}),
        ("no-such-person", set()),
    ],
)
def test_roles_follow_from_posts_and_from_what_the_file_gives(staff: str, roles: set[Role]) -> None:
    assert roles_of(a_center(), staff) == roles


def test_who_is_swapped_in_is_a_duty_leader() -> None:
    swap = Swap(day=a_roster().starts_on, leader="tax-head")
    assert roles_of(a_center(roster=a_roster(swaps=(swap,))), "tax-head") == {Role.DUTY_LEADER, Role.DEPARTMENT_HEAD}


def test_a_role_has_its_holders_in_the_files_order() -> None:
    assert holders_of(a_center(), Role.DUTY_LEADER) == ("gu", "peng", "liang", "fang")
    assert departments_of(a_center(), "tax-clerk") == ("SWJ",)
    assert (headed_by(a_center(), "tax-head"), headed_by(a_center(), "tax-clerk")) == (("SWJ",), ())


def test_a_role_that_comes_with_a_post_is_not_given_by_name() -> None:
    center = a_center()
    staff = center.staff | {"he-jing": Staff(name="He", title="clerk", roles=(Role.CLERK, Role.DIRECTOR))}
    assert [each.path for each in findings(dataclasses.replace(center, staff=staff))] == ["staff.he-jing.roles[1]"]


def test_a_channel_is_nobodys_id() -> None:
    center = a_center(channels={"gu": a_center().channels["hotline-feed"]})
    assert [each.path for each in findings(center)] == ["channels.gu"]


@pytest.mark.parametrize(
    ("staff", "roles", "department", "named"),
    [
        ("no-such-person", (), None, "--staff"),
        ("tax-head", (), "ZJJ", "--department"),
        ("he-jing", (Role.DIRECTOR,), None, "--role"),
        ("tax-clerk", (), "ZJJ", "--department"),
    ],
)
def test_a_token_is_issued_only_for_what_the_file_gives(
    staff: str, roles: tuple[Role, ...], department: str | None, named: str
) -> None:
    with pytest.raises(click.BadParameter) as refused:
        bearer_of(a_center(), staff, roles, department)
    assert refused.value.param_hint == named


def test_a_liaisons_token_names_the_department_by_itself() -> None:
    actor = bearer_of(a_center(), "tax-clerk", (), None)
    assert (actor.roles, actor.department) == ((Role.LIAISON,), "SWJ")
    head = bearer_of(a_center(), "tax-head", (), None)
    assert (head.roles, head.department) == ((Role.DEPARTMENT_HEAD,), "SWJ")


@pytest.mark.parametrize(("role", "hours"), [(Role.DIRECTOR, 25), (Role.CHANNEL, 367 * 24)])
def test_a_token_that_is_good_for_too_long_is_good_for_nothing(role: Role, hours: int) -> None:
    token = issue("secret", Actor(staff="x", roles=(role,), center="BC"), seconds=hours * 3600)
    with pytest.raises(BadToken, match="longer than is allowed"):
        verify("secret", f"Bearer {token}")


def test_a_clerk_is_no_channel_because_he_feeds_tickets_in() -> None:
    both = Actor(staff="x", roles=(Role.CHANNEL, Role.CLERK), center="BC")
    with pytest.raises(BadToken, match="longer than is allowed"):
        verify("secret", f"Bearer {issue('secret', both, seconds=48 * 3600)}")
