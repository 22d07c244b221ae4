"""One delivery: to what was judged, to nobody else, and never for long."""

import ssl
from dataclasses import replace

import pytest

from service.webhooks.address import target
from service.webhooks.connecting import Connecting, Outcome
from service.webhooks.sending import post
from tests.webhooks.receiving import HOST, receiving

TO = target(f"https://{HOST}/hook?a=b")


async def test_a_message_arrives_whole_and_under_the_name_of_the_subscriber() -> None:
    async with receiving() as receiver:
        outcome = await post(TO, b"{}", {"webhook-id": "msg_1"}, receiver.connecting)
    assert outcome == Outcome(204)
    ((fields, body),) = receiver.received
    assert (fields["host"], fields["webhook-id"], body) == (HOST, "msg_1", b"{}")
    assert receiver.names == [HOST]


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], []])
async def test_a_name_that_leads_inside_is_not_connected_to(addresses: list[str]) -> None:
    async def inside(name: str) -> list[str]:
        return addresses

    async with receiving() as receiver:
        outcome = await post(TO, b"{}", {}, replace(Connecting(inside), port=receiver.port))
    assert outcome == Outcome(None, "the name does not lead to public addresses only")
    assert receiver.received == []


async def test_a_redirect_is_a_failure_and_not_followed() -> None:
    async with receiving() as receiver:
        receiver.answers = [b"HTTP/1.1 302 Found\r\nlocation: https://example.nl/\r\n\r\n"]
        outcome = await post(TO, b"{}", {}, receiver.connecting)
    assert (outcome.status, outcome.is_delivered) == (302, False)
    assert receiver.names == [HOST]


async def test_a_subscriber_that_takes_too_long_is_left() -> None:
    async with receiving() as receiver:
        receiver.delay = 5.0
        outcome = await post(TO, b"{}", {}, receiver.connecting, seconds=0.3)
    assert outcome == Outcome(None, "no answer within 0.3 s")


async def test_an_answer_without_end_is_not_read() -> None:
    async with receiving() as receiver:
        receiver.answers = [b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5_000_000]
        assert (await post(TO, b"{}", {}, receiver.connecting)).status == 200
        receiver.answers = [b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 100_000]
        endless = await post(TO, b"{}", {}, receiver.connecting)
    assert (endless.status, endless.problem) == (None, "RemoteProtocolError")


async def test_a_certificate_of_another_name_or_of_nobody_is_refused() -> None:
    other = target("https://other.example.nl/")
    async with receiving() as receiver:
        named = await post(other, b"{}", {}, receiver.connecting)
        unknown = replace(receiver.connecting, trust=ssl.create_default_context())
        untrusted = await post(TO, b"{}", {}, unknown)
    assert [named.problem, untrusted.problem] == ["SSLCertVerificationError"] * 2
    assert receiver.received == []


async def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with receiving() as receiver:
        assert (await post(TO, b"{}", {}, receiver.connecting)).is_delivered


async def test_a_name_that_does_not_exist_is_an_outcome() -> None:
    async def nothing(name: str) -> list[str]:
        raise OSError("no such name")

    assert (await post(TO, b"{}", {}, Connecting(nothing))).problem == "OSError"
