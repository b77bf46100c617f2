from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from matwise.web.sound_file import sound_file, understood

from .somebody import SESSION, somebody

HELD = bytes(range(256)) * 4
SIZE = len(HELD)


def a_server(path: Path) -> TestClient:
    def answer(request: Request) -> Response:
        return sound_file(request, path, "audio/mpeg")

    return TestClient(Starlette(routes=[Route("/", answer)]), raise_server_exceptions=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TestClient]:
    path = tmp_path / "c0ffee.mp3"
    path.write_bytes(HELD)
    with a_server(path) as client:
        yield client


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    path = tmp_path / "none.mp3"
    path.write_bytes(b"")
    with a_server(path) as client:
        yield client


def asks(client: TestClient, wanted: str, **headers: str) -> tuple[int, str | None, bytes]:
    """Status, what part it is, and the bytes."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.get("/", headers={"range": wanted, **told})
    return answer.status_code, answer.headers.get("content-range"), answer.content


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-1", 0, 1),  # what Safari asks first
        ("bytes=0-0", 0, 0),
        ("bytes=100-199", 100, 199),
        ("bytes=1000-", 1000, SIZE - 1),  # an open end
        ("bytes=0-", 0, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        ("bytes=-10", SIZE - 10, SIZE - 1),  # a suffix
        (f"bytes=-{SIZE * 2}", 0, SIZE - 1),  # one longer than the file
        (f"bytes=1000-{SIZE * 9}", 1000, SIZE - 1),  # an end beyond the end
        ("BYTES = 5-9 ", 5, 9),
        (f"bytes=5-9, {SIZE}-", 5, 9),  # of two, the one that is there
        ("bytes=5-9,8-20", 5, 20),  # two that overlap
        ("bytes=5-9,10-20", 5, 20),
    ],
)
def test_a_part_is_sent_as_it_was_asked_for(server: TestClient, wanted: str, first: int, last: int) -> None:
    assert asks(server, wanted) == (206, f"bytes {first}-{last}/{SIZE}", HELD[first : last + 1])


@pytest.mark.parametrize("wanted", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0", f"bytes={SIZE}-,-0"])
def test_a_part_that_is_not_there_is_answered_with_the_size(server: TestClient, wanted: str) -> None:
    status, part, _ = asks(server, wanted)

    assert (status, part) == (416, f"bytes */{SIZE}")


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=9-5",
        "bytes=a-b",
        "bytes=0x1-2",
        "bytes=--5",
        "bytes=1-2-3",
        "bytes=0-1,x",
        "bytes=0-1;2-3",
        "bytes=+1-5",
        "bytes=1.5-2",
        f"bytes={'9' * 5000}-",
        "seconds=0-5",
    ],
)
def test_what_is_no_part_of_bytes_is_ignored_and_the_whole_file_sent(server: TestClient, wanted: str) -> None:
    assert asks(server, wanted) == (200, None, HELD)


def test_several_parts_come_in_one_answer_that_says_where_each_belongs(server: TestClient) -> None:
    answer = server.get("/", headers={"range": "bytes=0-3,100-103,-2"})
    boundary = re.fullmatch(r"multipart/byteranges; boundary=(\w+)", answer.headers["content-type"])
    assert boundary is not None
    pieces = answer.content.split(b"--" + boundary[1].encode())[1:-1]
    found = []
    for piece in pieces:
        head, _, body = piece.strip(b"\n").removeprefix(b"\r\n").partition(b"\r\n\r\n")
        told = re.search(rb"Content-Range: bytes (\d+)-(\d+)/(\d+)", head)
        assert told is not None
        found.append((int(told[1]), int(told[2]), int(told[3]), body[: int(told[2]) - int(told[1]) + 1]))

    assert answer.status_code == 206
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert found == [
        (first, last, SIZE, HELD[first : last + 1]) for first, last in ((0, 3), (100, 103), (SIZE - 2, SIZE - 1))
    ]


def test_a_part_of_the_same_file_is_sent_and_of_another_the_whole(server: TestClient) -> None:
    tag = server.get("/").headers["etag"]

    assert asks(server, "bytes=5-9", if_range=tag)[0] == 206
    for other in ('"another"', f"W/{tag}", "Mon, 23 Nov 2020 12:00:00 GMT"):
        assert asks(server, "bytes=5-9", if_range=other) == (200, None, HELD)


def test_only_get_has_parts(server: TestClient) -> None:
    answer = server.head("/", headers={"range": "bytes=5-9"})

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["accept-ranges"] == "bytes"
    assert "content-range" not in answer.headers


@pytest.mark.parametrize("told", ['"c0ffee"', 'W/"c0ffee"', '"x", "c0ffee"', "*"])
def test_a_copy_that_is_still_the_same_is_not_sent_again(server: TestClient, told: str) -> None:
    answer = server.get("/", headers={"if-none-match": told, "range": "bytes=0-1"})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == '"c0ffee"'


@pytest.mark.parametrize("wanted", ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-0"])
def test_an_empty_file_has_no_part(empty: TestClient, wanted: str) -> None:
    status, part, _ = asks(empty, wanted)

    assert (status, part) == (416, "bytes */0")
    assert empty.get("/").content == b""


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40), st.integers(0, 5000))
def test_whatever_is_asked_what_is_passed_on_is_bytes_or_nothing(told: str, size: int) -> None:
    for wanted in (told, f"bytes={told}"):
        passed = understood(wanted, size)
        assert passed is None or re.fullmatch(r"bytes=(\d*-\d*)(,\s*\d*-\d*)*", passed)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=6), st.integers(1, 50))
def test_a_part_stays_if_and_only_if_a_byte_of_it_is_there(pairs: list[tuple[int, int]], size: int) -> None:
    ordered = [(min(pair), max(pair)) for pair in pairs]
    there = [f"{first}-{last}" for first, last in ordered if first < size]
    every = [f"{first}-{last}" for first, last in ordered]

    assert understood(f"bytes={','.join(every)}", size) == f"bytes={','.join(there or every)}"


def test_a_session_is_served_in_parts_with_a_tag_that_is_its_content(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        address = f"/guide/{SESSION}/audio.mp3"
        whole = ana.browser.get(address)
        part = ana.browser.get(address, headers={"range": "bytes=-100", "if-range": whole.headers["etag"]})

        assert (part.status_code, part.content) == (206, whole.content[-100:])
        assert part.headers["cache-control"] == "private, no-cache"
        assert ana.browser.get(address, headers={"range": f"bytes={len(whole.content)}-"}).status_code == 416
