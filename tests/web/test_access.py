from __future__ import annotations

from pathlib import Path

import pytest
from starlette.routing import Mount, Route

from .served import BASE, PORT, a_person, a_stranger, an_app


def test_a_link_opens_the_app_once(tmp_path: Path) -> None:
    with an_app(tmp_path) as (app, launch, _):
        token = launch.token()
        first, second = a_stranger(app), a_stranger(app)

        assert first.post("/open", json={"token": token}).status_code == 200
        assert first.get("/").status_code == 200
        assert second.post("/open", json={"token": token}).status_code == 401
        assert second.get("/").status_code == 401


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(tmp_path: Path) -> None:
    with an_app(tmp_path) as (app, launch, _):
        cookie = a_stranger(app).post("/open", json={"token": launch.token()}).headers["set-cookie"]

        assert cookie.startswith(f"matwise-{PORT}=")
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie


def test_every_route_is_closed_to_a_stranger(tmp_path: Path) -> None:
    with an_app(tmp_path) as (app, _, _):
        stranger = a_stranger(app)
        routes = [route for route in app.routes if isinstance(route, Route) and route.path != "/open"]
        # What a secret of one's own opens: tests/web/test_feed.py
        closed = [route for route in routes if "{secret}" not in route.path]
        assert len(closed) > 25

        for route in closed:
            address = route.path.replace("{session}", "abc").replace("{claim}", "back_pain")
            for method in (route.methods or set()) - {"HEAD"}:
                answer = stranger.request(method, address)
                assert answer.status_code == 401, (method, route.path)
                assert "Safety check" not in answer.text


def test_only_static_files_are_mounted(tmp_path: Path) -> None:
    with an_app(tmp_path) as (app, _, _):
        assert [route.path for route in app.routes if isinstance(route, Mount)] == ["/static"]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        f"127.0.0.1.evil.example:{PORT}",
        "127.0.0.1",
        f"127.0.0.1:{PORT + 1}",
        "",
    ],
)
def test_another_name_for_this_machine_is_refused(tmp_path: Path, host: str) -> None:
    with a_person(tmp_path) as person:
        answer = person.get("/", headers={"host": host})

        assert answer.status_code == 421
        assert "Matwise" in answer.text
        assert "Today" not in answer.text


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"])
def test_this_machine_by_its_own_names_is_let_in(tmp_path: Path, host: str) -> None:
    with a_person(tmp_path) as person:
        assert person.get("/", headers={"host": host}).status_code == 200


def test_two_hosts_in_one_request_are_refused(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        answer = person.get("/", headers=[("host", f"127.0.0.1:{PORT}"), ("host", "evil.example")])

        assert answer.status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"x-csrf-token": "guessed"},
        {"x-csrf-token": ""},
    ],
)
def test_a_form_of_another_site_changes_nothing(tmp_path: Path, headers: dict[str, str]) -> None:
    with a_person(tmp_path) as person:
        answer = person.post("/connect/erase", data={"confirm": "ERASE"}, headers=headers)

        assert answer.status_code == 403


def test_a_form_may_carry_its_token_as_a_field(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        token = person.headers.pop("x-csrf-token")
        answer = person.post("/connect/backup", data={"csrf": token}, headers={"origin": BASE})

        assert answer.status_code == 303


def test_other_kinds_of_body_are_refused(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        answer = person.post("/connect/erase", content="confirm=ERASE", headers={"content-type": "text/plain"})

        assert answer.status_code == 415


def test_a_body_beyond_all_forms_is_refused(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        assert person.post("/measure", data={"note": "x" * 70_000}).status_code == 413
        chunks = (b"x" * 10_000 for _ in range(10))
        unannounced = person.post("/measure", content=chunks, headers={"content-type": "application/json"})
        assert unannounced.status_code == 413


def test_every_answer_carries_a_policy_without_unsafe_parts(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        for address in ("/", "/screen", "/nothing-here", "/static/css/app.css"):
            policy = person.get(address).headers["content-security-policy"]
            assert policy.startswith("default-src 'none'")
            assert "unsafe" not in policy
        assert person.get("/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"client_id": "c", "scale": "pain", "moment": "evening", "value": NaN}',
        b'{"client_id": "c", "scale": "pain", "moment": "evening", "value": 1e999}',
        b'{"client_id": "c", "scale": "pain", "moment": "evening", "value": "6"}',
        b'{"client_id": "c", "scale": "pain", "moment": "evening", "value": true}',
        b'{"client_id": "c", "scale": "pain", "moment": "evening", "value": 11}',
        b'{"client_id": "c", "scale": "pain", "moment": "evening", "value": 6.5}',
        b'{"client_id": "c", "scale": "pain\\u0000", "moment": "evening", "value": 6}',
        b'{"client_id": "c", "scale": "\\ud800", "moment": "evening", "value": 6}',
        b'{"client_id": "c", "scale": "pain", "moment": "evening", "value": 6, "more": 1}',
        b"[" * 50_000,
    ],
)
def test_a_hostile_body_is_refused_with_what_would_be_right(tmp_path: Path, body: bytes) -> None:
    with a_person(tmp_path) as person:
        answer = person.post("/api/measure", content=body, headers={"content-type": "application/json"})

        assert answer.status_code in {400, 422}
        assert answer.json()["error"]
