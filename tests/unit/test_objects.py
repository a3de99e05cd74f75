"""A store of objects over S3: signed as is published, and away where it does not answer."""

from contextlib import closing
from socket import create_server

import pytest

from services.plumbing.objects import BadAddress, ObjectStore, StoreAway, authorization
from tests.stack.objects import ObjectServer

_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_request_is_signed_as_the_published_example() -> None:
    """Amazon's "GET Object" of the documentation of Signature Version 4 for S3."""
    headers = {
        "host": "examplebucket.s3.amazonaws.com",
        "range": "bytes=0-9",
        "x-amz-content-sha256": _EMPTY,
        "x-amz-date": "20130524T000000Z",
    }
    key, secret = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    signed = authorization("GET", "/test.txt", headers, key, secret, "us-east-1")
    assert signed.endswith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")


def test_what_was_put_is_got_until_it_is_deleted() -> None:
    with ObjectServer() as server:
        store = ObjectStore(server.address)
        store.put("BC/1", b"first")
        store.put("BC/1", b"second")
        assert store.get("BC/1") == b"second"
        store.delete("BC/1")
        store.delete("BC/1")
        assert server.objects == {}
        with pytest.raises(StoreAway):
            store.get("BC/1")
        with pytest.raises(StoreAway):
            ObjectStore(server.address.replace("secret", "forged")).put("BC/1", b"x")


def test_a_store_that_is_gone_is_away() -> None:
    with closing(create_server(("127.0.0.1", 0))) as probe:
        address = f"http://k:s@127.0.0.1:{probe.getsockname()[1]}/files"
    with pytest.raises(StoreAway):
        ObjectStore(address).get("BC/1")


@pytest.mark.parametrize(
    "address",
    ["", "host/bucket", "ftp://k:s@host/bucket", "https://host/bucket", "https://k:s@host/", "https://k:s@h/a/b"],
)
def test_what_is_no_address_is_refused_without_its_secret(address: str) -> None:
    with pytest.raises(BadAddress, match="expected"):
        ObjectStore(address)
