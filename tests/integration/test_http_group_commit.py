"""Requests that wait at the same moment share a transaction: each is told its own, none spoils it for the others."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import requests

from tests.stack.sample import ACCIDENT, ELSEWHERE
from tests.stack.sample_house import SampleHouse, token, write
from tests.stack.services import ServiceProcess


def _all_at_once(service: ServiceProcess, texts: list[str], keys: list[str]) -> list[requests.Response]:
    with ThreadPoolExecutor(len(texts)) as crowd:
        return list(crowd.map(lambda text, key: write(service, text, key=key), texts, keys))


def _commits(house: SampleHouse) -> int:
    (row,) = house.rows("SELECT count(DISTINCT xmin::text) AS commits FROM notes WHERE starts_with(text, 'of many')")
    return int(row.commits)


def test_each_of_many_at_once_is_told_its_own(house: SampleHouse, service: ServiceProcess) -> None:
    texts = [f"of many {nth}" for nth in range(40)]
    texts[3::10], texts[7::10] = [ELSEWHERE] * 4, [ACCIDENT] * 4
    keys = [str(uuid4()) for _ in texts]
    answers = _all_at_once(service, texts, keys)
    expected = [409 if text == ELSEWHERE else 500 if text == ACCIDENT else 201 for text in texts]
    assert [each.status_code for each in answers] == expected
    for text, told in zip(texts, answers, strict=True):
        if told.status_code == 201:
            note = told.json()
            assert note["text"] == text
            assert service.ask("GET", f"/notes/{note['id']}", headers=token()).json() == note
            assert house.hears(note["id"])
    assert house.count("notes", "starts_with(text, 'of many')") == 32
    assert house.count("notes", f"text IN ('{ELSEWHERE}', '{ACCIDENT}')") == 0
    assert [each.json() for each in _all_at_once(service, texts, keys) if each.status_code == 201] == [
        each.json() for each in answers if each.status_code == 201
    ]
    assert house.count("notes", "starts_with(text, 'of many')") == 32


def test_many_at_once_take_fewer_transactions_than_they_are(house: SampleHouse, service: ServiceProcess) -> None:
    before = _commits(house)
    texts = [f"of many {uuid4()}" for _ in range(60)]
    assert {each.status_code for each in _all_at_once(service, texts, [str(uuid4()) for _ in texts])} == {201}
    assert _commits(house) - before < 60


def test_what_was_refused_in_company_leaves_its_key_free(house: SampleHouse, service: ServiceProcess) -> None:
    keys = [str(uuid4()) for _ in range(12)]
    refused = _all_at_once(service, [ELSEWHERE] * 12, keys)
    assert {each.status_code for each in refused} == {409}
    texts = [f"then here {key}" for key in keys]
    assert {each.status_code for each in _all_at_once(service, texts, keys)} == {201}
