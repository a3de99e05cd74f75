"""No form that somebody sends to the desk, whatever it holds, keeps others waiting for more than a quarter of a second.

A real desk before a real intake and routing is sent the worst that its limits let in, by somebody who has logged in or
by anybody, while a second client asks it for something cheap.
"""

from collections.abc import Iterator

import pytest
import requests

from services.desk import store
from services.desk.actions.passwords import hash_password
from services.plumbing.database.database import Database
from services.plumbing.runtime.resources import BrokerAccess
from tests.stack.desk_house import csrf_in
from tests.stack.eventually import eventually
from tests.stack.house import House, service_process
from tests.stack.others import Others
from tests.stack.services import ServiceProcess, login_url

pytestmark = [pytest.mark.alone, pytest.mark.usefixtures("nothing_to_collect")]

LONGEST_SECONDS = 0.25
LIMIT = (1 << 20) - 2000
"""How much of a form is the sender's own: the rest is left to the hidden fields."""
CHEAP = "/static/desk.css"
PASSWORD = "a long password of the tests"
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
IN_PARTS = {"Content-Type": "multipart/form-data; boundary=b"}
_PART = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'

OPEN_FORMS = {
    "many fields": b"a=1&" * (LIMIT // 4),
    "many names": b"&".join(b"%x=" % number for number in range(140_000)),
    "percent signs": b"staff=" + b"%41" * (LIMIT // 3),
    "a long password": b"center=BC&staff=gu-yan&password=" + b"x" * LIMIT,
    "many parts": _PART * (LIMIT // len(_PART)) + b"--b--\r\n",
    "a part of many lines": _PART + b"\r\n" * (LIMIT // 2 - 100) + b"--b--\r\n",
    "a part without an end": b"--b\r\nX: " + b"x" * LIMIT,
    "characters that expand": b"center=BC&staff=" + b"%EF%B7%BA" * (LIMIT // 9) + b"&password=x",
}
YAML = {
    "deep lists": "[" * (LIMIT // 2),
    "deep mappings": "{a: " * (LIMIT // 4),
    "many short lines": "a: 1\n" * (LIMIT // 5),
    "many keys": "".join(f"k{number}: 1\n" for number in range(LIMIT // 10)),
    "many items": "- 1\n" * (LIMIT // 4),
    "aliases": "a: &a [1]\n" + "b: [" + "*a," * (LIMIT // 4) + "]",
    "one long text": "a: " + "x" * (LIMIT - 10),
    "one long quoted text": 'a: "' + "\\u0041" * (LIMIT // 6) + '"',
    "comments": "#\n" * (LIMIT // 2),
    "numbers": "[" + "1," * (LIMIT // 2) + "]",
}
"""Center files as an operator may type them; letters, so that they stay as long in the form."""


class DeskHouse(House):
    """The desk, and the services that its forms are sent on to, as processes."""

    def __init__(self, amqp_uri: str, database_url: str) -> None:
        super().__init__(also=("desk",))
        self.amqp_uri, self.database_url = amqp_uri, database_url

    def _set_up(self) -> None:
        self.migrate(BrokerAccess(self.amqp_uri))
        self.publish_centers()
        self.environment |= {"BANCHENG_DESK_SECOND_FACTOR": "optional", "BANCHENG_TRUSTED_PROXIES": "127.0.0.1/32"}
        for service in ("intake", "routing"):
            self.environment[f"BANCHENG_{service.upper()}_URL"] = self._start(service).url
        self.desk = self._start("desk")
        self.url = self.desk.url

    def _start(self, service: str) -> ServiceProcess:
        return self.cleanup.enter_context(service_process(service, self.environment))

    def log_in(self, staff: str) -> requests.Session:
        """A browser in which somebody of the center is logged in."""
        database = Database(login_url(self.database_url, "desk"), "desk", size=1)
        with database.transaction() as tx:
            store.accounts.save_password(tx, "BC", staff, hash_password(PASSWORD), must_set_password=False)
        database.close()
        browser = requests.Session()
        form = {"center": "BC", "staff": staff, "password": PASSWORD}
        reply = browser.post(f"{self.url}/login", data=form, allow_redirects=False, timeout=30)
        assert reply.status_code == 303, reply.text
        return browser


@pytest.fixture(scope="module")
def house(amqp_uri: str, database_url: str) -> Iterator[DeskHouse]:
    with DeskHouse(amqp_uri, database_url) as standing:
        yield standing


@pytest.fixture(scope="module")
def operator(house: DeskHouse) -> requests.Session:
    return house.log_in("wei-tao")


@pytest.fixture(scope="module")
def clerk(house: DeskHouse) -> requests.Session:
    return house.log_in("liu-yang")


def test_an_idle_desk_is_within_the_bar(house: DeskHouse) -> None:
    with Others(house.desk, CHEAP) as others:
        assert eventually(lambda: others.calls > 20)
    assert others.longest < LONGEST_SECONDS / 5


@pytest.mark.parametrize("what", OPEN_FORMS)
@pytest.mark.parametrize("path", ["/login", "/status"])
def test_a_form_that_anybody_can_send_holds_up_nobody(house: DeskHouse, path: str, what: str) -> None:
    headers = IN_PARTS if "part" in what else URLENCODED
    with Others(house.desk, CHEAP) as others:
        reply = requests.post(house.url + path, OPEN_FORMS[what], headers=headers, allow_redirects=False, timeout=60)
    assert reply.status_code < 500, reply.text[:500]
    _is_harmless(house, others)


@pytest.mark.parametrize("what", YAML)
@pytest.mark.parametrize("part", ["yaml", "staff"])
def test_a_center_file_of_any_kind_holds_up_nobody(
    house: DeskHouse, operator: requests.Session, part: str, what: str
) -> None:
    page = operator.get(f"{house.url}/center-file/edit", timeout=30).text
    form = {"csrf_token": csrf_in(page), "based_on": "1", "yaml": YAML[what], "part": part, "go": "review"}
    with Others(house.desk, CHEAP) as others:
        reply = operator.post(f"{house.url}/center-file/edit", form, allow_redirects=False, timeout=60)
    assert reply.status_code not in (302, 403), "not what the form says was judged"
    assert reply.status_code < 500, reply.text[:500]
    _is_harmless(house, others)


@pytest.mark.parametrize("path", ["/desk/new", "/desk/similar"])
def test_a_registration_of_any_kind_holds_up_nobody(house: DeskHouse, clerk: requests.Session, path: str) -> None:
    page = clerk.get(f"{house.url}/desk/new", timeout=30).text
    letter = {"title": "长" * 20_000, "text": "\ufdfa办不成" * 7_000, "name": "长" * 5_000, "phone": "1 " * 5_000}
    with Others(house.desk, CHEAP) as others:
        reply = clerk.post(house.url + path, letter | {"csrf_token": csrf_in(page)}, allow_redirects=False, timeout=60)
    assert reply.status_code not in (302, 403), "not what the form says was judged"
    assert reply.status_code < 500, reply.text[:500]
    _is_harmless(house, others)


@pytest.mark.parametrize(
    "query", ["words=" + "%E5%8A%9E" * 700, "words=" + "a+" * 3_000, "a=1&" * 1_700, "after=" + "%41" * 2_000]
)
def test_an_address_of_any_kind_holds_up_nobody(house: DeskHouse, clerk: requests.Session, query: str) -> None:
    with Others(house.desk, CHEAP) as others:
        reply = clerk.get(f"{house.url}/search?{query}", allow_redirects=False, timeout=60)
    assert reply.status_code < 500, reply.text[:500]
    _is_harmless(house, others)


def _is_harmless(house: DeskHouse, others: Others) -> None:
    assert others.failure is None
    assert others.calls > 0
    assert others.longest < LONGEST_SECONDS, f"others waited for {others.longest * 1000:.0f} ms"
    assert house.desk.runs
