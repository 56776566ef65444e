"""The relay, in front of a small HTTP server that stands for the function."""

import json
from typing import Any

from cloudevents.http import from_http

from core.gcp.clients import storage_client
from core.settings import Cloud
from local_cloud.gateway import Gateway
from local_cloud.relay import EVENT_TYPE, Relay, Retries
from tests.support.small_server import Function, served

AT_ONCE = Retries(first_s=0, longest_s=0, attempts=4)
OBJECT = {
    "bucket": "b", "name": "raw/é x;1.csv", "generation": "17", "metageneration": "1",
    "updated": "2026-02-01T15:00:00.5Z", "timeCreated": "2026-02-01T15:00:00.5Z", "size": "3",
    "metadata": {"mrhealth-load": "batch"}, "acl": ["somebody"],
}  # fmt: skip


def events(function: Function) -> list[Any]:
    return [from_http(*posted) for posted in function.posted]


def test_an_event_is_told_as_eventarc_does() -> None:
    function = Function()
    with served(function) as url, Relay(url, "b", AT_ONCE) as relay:
        relay.offer(OBJECT)
        assert relay.wait_until_idle(30)
    event = events(function)[0]
    assert event["type"] == EVENT_TYPE
    assert event["source"] == "//storage.googleapis.com/projects/_/buckets/b"
    assert event["subject"].startswith("objects/raw/")
    assert event["time"] == OBJECT["updated"]
    data = event.data if isinstance(event.data, dict) else json.loads(event.data)
    assert (data["name"], data["generation"]) == (OBJECT["name"], "17")
    assert data["metadata"] == {"mrhealth-load": "batch"}
    assert "acl" not in data


def test_what_is_not_acknowledged_comes_again_under_the_same_id() -> None:
    function = Function(500, 503)
    with served(function) as url, Relay(url, "b", AT_ONCE) as relay:
        relay.offer(OBJECT)
        assert relay.wait_until_idle(30)
    assert len(events(function)) == 3
    assert len({event["id"] for event in events(function)}) == 1
    assert (relay.letters.acknowledged, relay.letters.dead) == (1, [])


def test_an_event_is_given_up_after_its_attempts_and_kept() -> None:
    function = Function(*[500] * 4)
    with served(function) as url, Relay(url, "b", AT_ONCE) as relay:
        relay.offer(OBJECT)
        assert relay.wait_until_idle(30)
    assert len(events(function)) == 4
    assert [event.data["name"] for event in relay.letters.dead] == [OBJECT["name"]]


def test_a_function_that_is_not_there_is_tried_again() -> None:
    with Relay("http://127.0.0.1:1", "b", AT_ONCE) as relay:
        relay.offer(OBJECT)
        assert relay.wait_until_idle(30)
    assert (relay.letters.told, len(relay.letters.dead)) == (4, 1)


def test_only_so_many_are_told_at_once_and_none_of_another_bucket() -> None:
    function = Function()
    with served(function) as url, Relay(url, "b", AT_ONCE, at_once=3) as relay:
        for number in range(20):
            relay.offer({**OBJECT, "bucket": "other" if number % 2 else "b"})
        assert relay.wait_until_idle(30)
    assert len(events(function)) == 10
    assert 1 < function.most <= 3


def test_the_gateways_new_objects_reach_the_function(gateway: Gateway, cloud: Cloud) -> None:
    function, client = Function(), storage_client(cloud)
    with served(function) as url, Relay(url, cloud.bucket, AT_ONCE) as relay:
        gateway.storage.listeners.append(relay.offer)
        client.bucket(cloud.bucket).blob("raw/a.csv").upload_from_string("1")
        assert relay.wait_until_idle(30)
    client.close()
    assert [event["subject"] for event in events(function)] == ["objects/raw/a.csv"]
