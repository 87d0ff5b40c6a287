"""Tokens from a real token endpoint over TLS: msal and any OpenID provider, each refusal with its own meaning."""

import contextlib
import logging
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from intake.errors import MailboxError, sentence
from intake.mail import microsoft, token_errors
from intake.mail.certificates import check_certificate
from intake.mail.code import Code, CodeSignIn, Waiting
from intake.mail.errors import MailboxAuthority
from intake.mail.microsoft import DeviceSignIn
from intake.mail.tokens import Tokens
from intake.mail.ways import MailboxSecret, MicrosoftApp, MicrosoftDevice, OAuth, TokenWay
from intake.mail.web import ANSWER_LIMIT, Web
from storage.errors import Refusal as Refused
from tests.tokens import CLIENT, CLIENT_SECRET, TENANT, Refusal, TokenServer, key_and_certificate

APP_SECRET = MailboxSecret("microsoft-app", {"client_secret": CLIENT_SECRET})


def as_app(at: TokenServer, **more: Any) -> MicrosoftApp:
    given = {"tenant": TENANT, "client_id": CLIENT, "authority": at.url, "ca_pem": at.ca_pem}
    return MicrosoftApp(**{**given, **more})


def as_device(at: TokenServer) -> MicrosoftDevice:
    return MicrosoftDevice(tenant=TENANT, client_id=CLIENT, authority=at.url, ca_pem=at.ca_pem)


def as_oauth(at: TokenServer, **more: Any) -> OAuth:
    given = {"token_url": at.token_url, "client_id": CLIENT, "ca_pem": at.ca_pem, "scope": "imap"}
    return OAuth(**{**given, **more})


def refused(ask: Callable[[], object], *secrets: str) -> MailboxError:
    with pytest.raises(Refused) as caught:
        ask()
    error = caught.value
    assert error.__context__ is None or (error.__cause__ is None and error.__suppress_context__)
    for word in ("AADSTS", "woorden", CLIENT_SECRET, *secrets):
        assert word not in sentence(error) + repr(error) + str(error.values)
    return error  # type: ignore[return-value]


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


# -- Microsoft --------------------------------------------------------------------------------------------------------


def test_an_application_gets_a_token_with_its_secret(endpoint: TokenServer) -> None:
    tokens = Tokens(as_app(endpoint), APP_SECRET)
    token = tokens.token()
    assert token in endpoint.good
    (form,) = endpoint.asked
    assert form["grant_type"] == "client_credentials"
    assert form["scope"] == "https://outlook.office365.com/.default"
    assert tokens.microsoft and tokens.changed is None
    assert 3500 < (tokens.seconds_left or 0) <= 3600
    assert token not in repr(tokens) + repr(vars(tokens))
    assert CLIENT_SECRET not in repr(tokens) + repr(vars(tokens))


def test_an_application_gets_a_token_with_its_certificate_whose_signature_is_verified(
    endpoint: TokenServer,
) -> None:
    pem, endpoint.certificate = key_and_certificate()
    assert Tokens(as_app(endpoint), MailboxSecret("microsoft-app", {"certificate": pem})).token()
    assert "client_secret" not in endpoint.asked[0] and "PRIVATE" not in str(endpoint.asked)
    other, _certificate = key_and_certificate()
    error = refused(Tokens(as_app(endpoint), MailboxSecret("microsoft-app", {"certificate": other})).token)
    assert type(error) is token_errors.ClientSecretWrong


def test_a_certificate_is_looked_at_before_it_is_used() -> None:
    pem, _certificate = key_and_certificate()
    check_certificate(pem)
    other, _certificate = key_and_certificate()
    key, _begin, own = pem.partition("-----BEGIN CERTIFICATE")
    for wrong in (
        "",
        "geen pem",
        key,
        "-----BEGIN CERTIFICATE" + own,
        key + other[other.index(_begin) :],
        "é",
    ):
        assert type(refused(lambda w=wrong: check_certificate(w))) is token_errors.CertificateUnusable
    old, _certificate = key_and_certificate(days=-1)
    assert type(refused(lambda: check_certificate(old))) is token_errors.ClientSecretExpired


def test_a_token_is_kept_until_five_minutes_before_its_end(endpoint: TokenServer) -> None:
    clock = Clock()
    tokens = Tokens(as_app(endpoint), APP_SECRET, clock=clock)
    first = tokens.token()
    clock.now += 3299
    assert tokens.token() == first and len(endpoint.asked) == 1
    clock.now += 2
    assert tokens.token() != first and len(endpoint.asked) == 2


def test_a_token_that_was_refused_is_never_given_again(endpoint: TokenServer) -> None:
    tokens = Tokens(as_app(endpoint), APP_SECRET)
    first = tokens.token()
    second = tokens.token(first)
    assert second != first
    assert tokens.token(first) == second, "somebody else has renewed it already"


def test_a_short_life_and_a_clock_set_back_do_not_ask_at_each_use_nor_never(endpoint: TokenServer) -> None:
    clock, endpoint.seconds = Clock(), 120
    tokens = Tokens(as_oauth(endpoint), MailboxSecret("oauth", {"client_secret": CLIENT_SECRET}), clock=clock)
    first = tokens.token()
    clock.now += 59
    assert tokens.token() == first
    clock.now -= 3600
    assert tokens.token() != first


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Refusal("invalid_client", 7000222, 401), token_errors.ClientSecretExpired),
        (Refusal("invalid_client", 7000215, 401), token_errors.ClientSecretWrong),
        (Refusal("unauthorized_client", 700016), token_errors.ClientUnknown),
        (Refusal("invalid_client", 7000218, 401), token_errors.ClientUnknown),
        (Refusal("invalid_grant", 65001), token_errors.ConsentMissing),
        (Refusal("invalid_resource", 500011), token_errors.ConsentMissing),
        (Refusal("invalid_scope"), token_errors.ConsentMissing),
        (Refusal("invalid_grant", 53003), token_errors.SignInBarred),
        (Refusal("invalid_request", 90002), token_errors.TenantUnknown),
        (Refusal("server_error", 0, 503), token_errors.TokenServerBusy),
        (Refusal("temporarily_unavailable", 0, 429), token_errors.TokenServerBusy),
        (Refusal("iets_anders"), token_errors.TokenServerOdd),
    ],
)
def test_each_refusal_of_an_application_has_its_meaning(
    endpoint: TokenServer, said: Refusal, kind: type[MailboxError]
) -> None:
    endpoint.refuses = said
    assert type(refused(Tokens(as_app(endpoint), APP_SECRET).token)) is kind
    plain = MailboxSecret("oauth", {"client_secret": CLIENT_SECRET})
    assert type(refused(Tokens(as_oauth(endpoint), plain).token)) is kind


def test_a_directory_that_microsoft_does_not_know_is_named(endpoint: TokenServer) -> None:
    error = refused(Tokens(as_app(endpoint, tenant="bestaat-niet.example"), APP_SECRET).token)
    assert type(error) is token_errors.TenantUnknown
    assert "bestaat-niet.example" in sentence(error)


def test_a_code_is_confirmed_by_a_person_and_gives_the_refresh_token(endpoint: TokenServer) -> None:
    code = DeviceSignIn(as_device(endpoint))
    assert (code.code, code.address, code.seconds) == ("BLAUW-42", "https://login.example/toestel", 900)
    assert "offline_access" in endpoint.asked[0]["scope"].split()
    assert type(refused(code.ask)) is token_errors.CodePending
    told: list[object] = []
    for one in CodeSignIn(as_device(endpoint)).run():
        told.append(one)
        endpoint.confirmed = isinstance(one, Waiting)
    assert told[:2] == [Code("BLAUW-42", "https://login.example/toestel", 900), Waiting(899)]
    (secret,) = told[2:]
    assert isinstance(secret, MailboxSecret)
    assert secret.parts["refresh_token"] == endpoint.refresh_token
    assert secret.parts["refresh_token"] not in repr(secret) + repr(code)
    assert Tokens(as_device(endpoint), secret).token() in endpoint.good


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Refusal("authorization_pending", 70016), token_errors.CodePending),
        (Refusal("expired_token", 70020), token_errors.CodeExpired),
        (Refusal("authorization_declined"), token_errors.CodeDeclined),
        (Refusal("invalid_grant", 50076), token_errors.SignInBarred),
    ],
)
def test_each_end_of_a_code_has_its_meaning(
    endpoint: TokenServer, said: Refusal, kind: type[MailboxError]
) -> None:
    code = DeviceSignIn(as_device(endpoint))
    endpoint.refuses = said
    assert type(refused(code.ask)) is kind


def test_waiting_for_a_code_ends_with_its_time_or_when_it_is_cancelled(
    endpoint: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled = CodeSignIn(as_device(endpoint))
    told = cancelled.run()
    assert isinstance(next(told), Code)
    cancelled.cancel()
    assert list(told) == []
    monkeypatch.setattr(microsoft, "MOST_CODE_SECONDS", 1)
    assert type(refused(lambda: list(CodeSignIn(as_device(endpoint)).run()))) is token_errors.CodeExpired
    endpoint.refuses = Refusal("unauthorized_client", 7000218)
    assert type(refused(lambda: DeviceSignIn(as_device(endpoint)))) is token_errors.ClientUnknown


def test_a_refresh_token_of_microsoft_is_changed_once_a_day(
    endpoint: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.keeps_old = True
    kept = MailboxSecret("microsoft-device", {"refresh_token": "van-gisteren", "kept": "2026-01-01"})
    tokens = Tokens(as_device(endpoint), kept)
    first = tokens.token()
    changed = tokens.changed
    assert changed is not None and tokens.base is kept
    tokens.kept(changed)
    assert tokens.changed is None and tokens.base is changed
    assert changed.parts == {"refresh_token": endpoint.refresh_token, "kept": microsoft.today()}
    tokens.token(first)
    assert tokens.changed is None, "the one of this morning is still good"
    assert endpoint.asked[-1]["refresh_token"] == changed.parts["refresh_token"]


# -- any OpenID provider ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["basic", "post"])
def test_a_token_endpoint_gets_the_client_secret_in_the_way_it_wants(endpoint: TokenServer, way: str) -> None:
    secret = MailboxSecret("oauth", {"client_secret": CLIENT_SECRET})
    assert Tokens(as_oauth(endpoint, client_auth=way), secret).token() in endpoint.good
    assert ("client_secret" in endpoint.asked[0]) == (way == "post")
    assert endpoint.asked[0]["scope"] == "imap"


def test_a_refresh_token_that_rotates_is_handed_on_at_once(endpoint: TokenServer) -> None:
    way = as_oauth(endpoint, grant="refresh-token")
    tokens = Tokens(way, MailboxSecret("oauth", {"refresh_token": "vernieuw-0"}))
    first = tokens.token()
    changed = tokens.changed
    assert changed is not None and changed.parts == {"refresh_token": endpoint.refresh_token}
    assert tokens.token(first) != first, "the new one serves, the old one is of no more use"
    old = Tokens(way, MailboxSecret("oauth", {"refresh_token": "vernieuw-0"}))
    assert type(refused(old.token)) is token_errors.SignInAnew


# -- what the other side may do ---------------------------------------------------------------------------------------


def test_an_endpoint_that_is_not_there_or_not_trusted_gets_nothing(endpoint: TokenServer) -> None:
    untrusted = as_app(endpoint, ca_pem=None)
    assert type(refused(Tokens(untrusted, APP_SECRET).token)) is token_errors.TokenServerUntrusted
    assert not endpoint.asked
    away = as_app(endpoint, authority="https://127.0.0.1:1")
    assert type(refused(Tokens(away, APP_SECRET).token)) is token_errors.TokenServerUnreachable
    assert type(refused(Tokens(as_app(endpoint, ca_pem="x"), APP_SECRET).token)) is MailboxAuthority


def test_only_the_authority_that_is_set_is_trusted(
    endpoint: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what the HTTP library brings along nor what the environment names."""
    loaded: list[object] = []
    real = ssl.SSLContext.load_verify_locations

    def load(self: ssl.SSLContext, *arguments: Any, **more: Any) -> None:
        loaded.append((arguments, more))
        real(self, *arguments, **more)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", load)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/bestaat/niet")
    Web(endpoint.url, endpoint.ca_pem).get(f"{endpoint.url}/{TENANT}/.well-known/openid-configuration")
    assert loaded == [((None, None, endpoint.ca_pem), {})]


def test_a_proxy_of_the_environment_is_used(endpoint: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert Tokens(as_app(endpoint), APP_SECRET).token(), "not for this machine itself"
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    assert type(refused(Tokens(as_app(endpoint), APP_SECRET).token)) is token_errors.TokenServerUnreachable


def test_no_password_of_a_netrc_file_goes_along(
    endpoint: TokenServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login iemand password anders\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    secret = MailboxSecret("oauth", {"client_secret": CLIENT_SECRET})
    assert Tokens(as_oauth(endpoint, client_auth="post"), secret).token() in endpoint.good


def redirect(request: BaseHTTPRequestHandler) -> bool:
    request.send_response(307)
    request.send_header("Location", request.path)
    request.end_headers()
    return True


def endless(request: BaseHTTPRequestHandler) -> bool:
    request.send_response(200)
    request.end_headers()
    for _ in range(ANSWER_LIMIT // 1000 + 100):
        request.wfile.write(b" " * 1000)
    return True


def no_json(request: BaseHTTPRequestHandler) -> bool:
    request.send_response(200)
    request.end_headers()
    request.wfile.write(b"<html>meld u aan op het gastennetwerk</html>")
    return True


def in_bytes(request: BaseHTTPRequestHandler) -> bool:
    request.send_response(200)
    request.end_headers()
    request.wfile.write(b"\xff\xfe\x00" + b"[" * 5000)
    return True


def hangs_up(request: BaseHTTPRequestHandler) -> bool:
    request.send_response(200)
    request.send_header("Content-Length", "5000")
    request.end_headers()
    return True


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        (redirect, token_errors.TokenServerOdd),
        (endless, token_errors.TokenServerOdd),
        (no_json, token_errors.TokenServerOdd),
        (in_bytes, token_errors.TokenServerOdd),
        (hangs_up, token_errors.TokenServerUnreachable),
    ],
)
def test_an_answer_that_is_none_is_bounded_and_said(
    endpoint: TokenServer, answers: Callable[[BaseHTTPRequestHandler], bool], kind: type[MailboxError]
) -> None:
    endpoint.answers = answers
    secret = MailboxSecret("oauth", {"client_secret": CLIENT_SECRET})
    assert type(refused(Tokens(as_oauth(endpoint), secret).token)) is kind
    assert type(refused(Tokens(as_app(endpoint), APP_SECRET).token)) is kind
    assert type(refused(lambda: DeviceSignIn(as_device(endpoint)))) is kind


def test_an_answer_that_dribbles_ends_with_its_time(endpoint: TokenServer) -> None:
    """A byte now and then: no silence is ever long enough to be noticed."""
    sent: list[int] = []

    def dribble(request: BaseHTTPRequestHandler) -> bool:
        request.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
        pause = threading.Event()
        with contextlib.suppress(OSError):
            for number in range(200):
                request.wfile.write(b"a")
                sent.append(number)
                pause.wait(0.02)
        return True

    endpoint.answers = dribble
    error = refused(lambda: Web(endpoint.url, endpoint.ca_pem, seconds=0.2).get(endpoint.url))
    assert type(error) is token_errors.TokenServerUnreachable
    assert len(sent) < 150


def test_nobody_else_is_asked(endpoint: TokenServer) -> None:
    for elsewhere in (endpoint.url.replace("https", "http"), "https://127.0.0.1:1/x", "https://u@127.0.0.1/"):
        assert type(refused(lambda u=elsewhere: Web(endpoint.url, endpoint.ca_pem).get(u))) is (
            token_errors.TokenServerOdd
        )
    plain = endpoint.introspection_url
    assert type(refused(lambda: Web(plain).get(plain))) is token_errors.TokenServerOdd


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"access_token": ""},
        {"access_token": "a\r\nb LOGOUT"},
        {"access_token": "a\x01b"},
        {"access_token": "x" * 20_000},
        {"access_token": 7},
        {"access_token": "goed", "expires_in": "morgen"},
        {"access_token": "goed", "expires_in": -1},
        {"access_token": "goed", "token_type": "mac"},
    ],
)
def test_a_token_that_no_line_can_hold_is_none(
    endpoint: TokenServer, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    monkeypatch.setattr(endpoint, "_token", lambda _form, _basic: answer)
    secret = MailboxSecret("oauth", {"client_secret": CLIENT_SECRET})
    assert type(refused(Tokens(as_oauth(endpoint), secret).token)) is token_errors.TokenServerOdd


def test_a_secret_serves_its_own_way_alone(endpoint: TokenServer) -> None:
    ways: list[TokenWay] = [as_app(endpoint), as_device(endpoint), as_oauth(endpoint, grant="refresh-token")]
    for way in ways:
        with pytest.raises(token_errors.SecretNotThere):
            Tokens(way, MailboxSecret.password("geheim"))
        with pytest.raises(token_errors.SecretNotThere):
            Tokens(way, MailboxSecret("oauth", {"client_secret": CLIENT_SECRET}))
    assert MailboxSecret.of_row({"password": "x"}).to_row() == {"password": "x"}
    assert MailboxSecret.of_row(APP_SECRET.to_row()) == APP_SECRET
    for row in (
        {},
        {"kind": "oauth"},
        {"kind": "microsoft-app", "password": "x"},
        {"kind": "x", "password": "x"},
    ):
        with pytest.raises(ValueError, match="secret"):
            MailboxSecret.of_row(row)


def test_nothing_secret_reaches_a_log_however_loud(
    endpoint: TokenServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = Tokens(as_app(endpoint), APP_SECRET).token()
    # msal writes an answer that is no JSON into its log.
    endpoint.answers = lambda request: request.command == "POST" and no_json(request)
    refused(Tokens(as_app(endpoint), APP_SECRET).token)
    for word in (token, CLIENT_SECRET, "gastennetwerk"):
        assert word not in caplog.text
    assert not [r for r in caplog.records if r.name.split(".")[0] in ("msal", "requests", "urllib3")]
