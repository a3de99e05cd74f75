"""By which address a citizen's calls are counted, as different proxies write it."""

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from services.plumbing.http.clients import BadNetworks, client_of, networks

OURS = networks("10.0.0.0/8, fd00::/8, 192.0.2.7")


def _client(forwarded: str | None, peer: str = "10.0.0.1", trusted: str | None = None) -> str:
    headers = [] if forwarded is None else [("X-Forwarded-For", forwarded)]
    request = Request(EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": peer}).get_environ())
    return client_of(request, OURS if trusted is None else networks(trusted))


@pytest.mark.parametrize(
    "written", ["203.0.113.5", "203.0.113.5:40112", "::ffff:203.0.113.5", "[::ffff:203.0.113.5]:80"]
)
def test_one_citizen_is_one_however_the_proxy_writes_the_address(written: str) -> None:
    assert _client(written) == "203.0.113.5"


@pytest.mark.parametrize("form", ["::ffff:203.0.113.{}", "203.0.113.{}:40112", "[::ffff:203.0.113.{}]:40112"])
def test_two_citizens_are_two_however_the_proxy_writes_their_addresses(form: str) -> None:
    assert _client(form.format(5)) != _client(form.format(6))


@pytest.mark.parametrize("written", ["2001:db8::1", "2001:db8::2:3", "[2001:db8::4]:80", "2001:db8::5%eth0"])
def test_a_network_of_ipv6_is_one_client(written: str) -> None:
    assert _client(written) == "2001:db8::/64"


def test_what_a_client_wrote_itself_is_not_believed() -> None:
    assert _client("198.51.100.1, 203.0.113.5") == "203.0.113.5"


def test_behind_several_proxies_the_first_that_is_not_ours_is_the_client() -> None:
    assert _client("198.51.100.1, 203.0.113.5, 10.9.9.9, ::ffff:10.8.8.8", peer="192.0.2.7") == "203.0.113.5"
    assert _client("203.0.113.5, 10.9.9.9", peer="::ffff:10.0.0.1") == "203.0.113.5"


def test_who_comes_past_the_proxies_cannot_claim_an_address() -> None:
    assert _client("203.0.113.5", peer="198.51.100.9") == "198.51.100.9"
    assert _client("203.0.113.5", peer="10.0.0.1", trusted="") == "10.0.0.1"


@pytest.mark.parametrize("written", [None, "", "unknown", "nobody-1", "203.0.113.5, _hidden", "999.1.1.1", "1:2:3"])
def test_without_an_address_it_is_the_proxys_own(written: str | None) -> None:
    assert _client(written) == "10.0.0.1"


def test_a_call_from_our_networks_is_counted_by_its_outermost_address() -> None:
    assert _client("10.1.1.1, 10.2.2.2") == "10.1.1.1"


@pytest.mark.parametrize("written", ["1", "10.0.0.0/33", "proxy", "10.0.0.1/8"])
def test_what_is_no_network_is_refused(written: str) -> None:
    with pytest.raises(BadNetworks):
        networks(written)
