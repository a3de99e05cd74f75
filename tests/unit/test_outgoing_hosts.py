"""Whom a service may ask: only hosts that a setting names, and none that stands for the machine itself."""

import pytest

from services.plumbing.http.outgoing import AllowedHosts


@pytest.mark.parametrize(
    ("url", "permitted"),
    [
        ("https://hooks.example.gov.cn/x", True),
        ("https://HOOKS.example.gov.cn./x", True),
        ("http://hooks.example.gov.cn/x", False),
        ("http://10.1.2.3:8080/x", True),
        ("https://a.city.gov.cn/x", True),
        ("https://city.gov.cn/x", False),
        ("https://evilcity.gov.cn/x", False),
        ("https://hooks.example.gov.cn@evil.example/x", False),
        ("https://evil.example/?hooks.example.gov.cn", False),
        ("https://user:pass@hooks.example.gov.cn/x", False),
        ("ftp://hooks.example.gov.cn/x", False),
        ("https:///x", False),
        ("https://hooks.example.gov.cn:99999/x", False),
        ("https://[::1/x", False),
    ],
)
def test_only_hosts_that_are_named_may_be_asked(url: str, permitted: bool) -> None:
    hosts = AllowedHosts("hooks.example.gov.cn, http://10.1.2.3,*.city.gov.cn")
    assert hosts.permits(url) is permitted


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:127.0.0.1", "0.0.0.0", "224.0.0.1"]
)
def test_a_name_may_not_stand_for_the_machine_itself_or_its_link(address: str) -> None:
    assert not AllowedHosts("hooks.example.gov.cn").permits_address(address)
    assert AllowedHosts("hooks.example.gov.cn").permits_address("10.1.2.3")
    assert AllowedHosts("http://127.0.0.1").permits_address("127.0.0.1")
    assert not AllowedHosts("http://127.0.0.1").permits_address("169.254.169.254")
