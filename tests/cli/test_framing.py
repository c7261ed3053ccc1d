"""How much of a request must be there before a thread gets it."""

from __future__ import annotations

import pytest

from survey.cli.serving.framing import LARGEST, LARGEST_HEAD, Arrival, State

GET = b"GET /s/7XK3QM2PWD HTTP/1.1\r\nHost: ks\r\n\r\n"
POST = b"POST /s/7XK3QM2PWD HTTP/1.1\r\nHost: ks\r\ncontent-LENGTH:  4 \r\n\r\nB1=5"
HEAD = b"POST / HTTP/1.1\r\n"


@pytest.mark.parametrize("request_", [GET, POST])
def test_a_request_is_whole_with_its_last_byte_and_not_before(request_: bytes) -> None:
    arrival = Arrival(bytearray())
    for number, byte in enumerate(request_, 1):
        arrival.arrived.append(byte)
        assert arrival.state() is (State.WHOLE if number == len(request_) else State.PART)
    assert arrival.take() == request_
    assert arrival.state() is State.PART


def test_what_follows_a_request_stays_for_the_next() -> None:
    arrival = Arrival(bytearray(POST + GET + POST[:-1]))
    for request in (POST, GET):
        assert arrival.state() is State.WHOLE
        assert arrival.take() == request
    assert arrival.state() is State.PART
    arrival.arrived += POST[-1:]
    assert arrival.state() is State.WHOLE
    assert arrival.take() == POST


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        (b"Content-Length: 5", State.PART),
        (b"Content-Length: 5\r\nContent-Length: 5", State.PART),
        # gunicorn refuses these, which takes no waiting.
        (b"Content-Length: 5\r\nContent-Length: 6", State.WHOLE),
        (b"Content-Length: -5", State.WHOLE),
        (b"Content-Length: \xb2", State.WHOLE),
        (b"Content-Length:", State.WHOLE),
        # Nobody can say how long these are, or they are longer than what is kept.
        (b"Transfer-Encoding: chunked", State.LARGE),
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked", State.LARGE),
        (b"Content-Length: 5\r\nExpect: 100-continue", State.LARGE),
        (b"Content-Length: %d" % LARGEST, State.LARGE),
        (b"Content-Length: " + b"9" * 5000, State.LARGE),
        (b"X-Content-Length: 900", State.WHOLE),
    ],
)
def test_the_head_says_what_is_to_be_done(fields: bytes, state: State) -> None:
    assert Arrival(bytearray(HEAD + fields + b"\r\n\r\n")).state() is state


def test_a_head_without_end_is_not_kept() -> None:
    begun = HEAD + b"X: " + b"a" * LARGEST_HEAD
    assert Arrival(bytearray(begun)).state() is State.ENDLESS
    assert Arrival(bytearray(begun + b"\r\n\r\n")).state() is State.ENDLESS
