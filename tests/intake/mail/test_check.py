"""The live test of a mailbox, on a real server: each step tells what it found, and what to do where it failed."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from intake.mail.check import CheckStep, Finding, MailboxCheck, Verdict
from intake.mail.check import _abilities as abilities
from intake.mail.check import _why_untrusted as why_untrusted
from intake.mail.health import MailboxHealth
from intake.mail.signin import MailboxSettings, Security
from intake.texts import language, set_language
from tests.dovecot import HOST, PASSWORD, Dovecot

S = CheckStep


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = language()
    set_language("en")
    yield
    set_language(before)


def found(
    settings: MailboxSettings, password: str = PASSWORD, seconds: float = 10
) -> dict[CheckStep, Finding]:
    findings = list(MailboxCheck(settings, password, seconds=seconds).run())
    assert [finding.step for finding in findings] == list(CheckStep)
    assert all(finding.said and password not in finding.said for finding in findings)
    return {finding.step: finding for finding in findings}


def stops_at(findings: dict[CheckStep, Finding], step: CheckStep, said: str) -> None:
    """All well before it, it is bad with these words, nothing is tried after it."""
    at = list(CheckStep).index(step)
    assert [findings[s].verdict for s in list(CheckStep)[:at]] == [Verdict.GOOD] * at
    assert findings[step].verdict is Verdict.BAD
    assert said in findings[step].said
    assert {findings[s].verdict for s in list(CheckStep)[at + 1 :]} <= {Verdict.SKIPPED}


@contextmanager
def _elsewhere(server: Dovecot) -> Iterator[tuple[str, int]]:
    """Something with the server's certificate at an address that is not in it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.base / "server.pem", server.base / "server-key.pem")

    def serve() -> None:
        for _connection in range(2):  # the step that connects, and the one that looks at the certificate
            one, _address = listening.accept()
            with suppress(OSError), context.wrap_socket(one, server_side=True):
                pass

    with socket.create_server(("127.0.0.2", 0)) as listening:
        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield "127.0.0.2", listening.getsockname()[1]
        serving.join(5)


def test_a_mailbox_that_works_is_good_in_every_step_and_nothing_is_made(
    dovecot: Dovecot, mailbox_user: str
) -> None:
    for security in Security:
        findings = found(dovecot.settings(mailbox_user, security))
        assert {f.verdict for f in findings.values()} == {Verdict.GOOD}
    assert "Verwerkt, Quarantaine will be made" in findings[S.FOLDERS].said
    assert findings[S.CERTIFICATE].said.startswith("trusted, of 127.0.0.1, TLSv1.")


def test_a_closed_port_a_wrong_password_and_a_wrong_certificate_are_each_explained(
    dovecot: Dovecot, mailbox_user: str
) -> None:
    good = dovecot.settings(mailbox_user)
    with socket.create_server((HOST, 0)) as closed:
        port = closed.getsockname()[1]
    stops_at(found(replace(good, port=port)), S.CONNECT, f"Nothing listens on port {port}")
    stops_at(found(good, "niet juist"), S.SIGN_IN, "does not accept this account and password")
    stops_at(found(replace(good, ca_file=None)), S.CERTIFICATE, "not of a trusted authority")
    with _elsewhere(dovecot) as (host, port):
        moved = found(replace(good, host=host, port=port))
    stops_at(moved, S.CERTIFICATE, "not of 127.0.0.2 but of another name")
    assert "No password was sent." in found(replace(good, ca_file=None))[S.CERTIFICATE].said
    other = replace(good, port=dovecot.starttls_port)
    stops_at(found(other), S.CERTIFICATE, "Choose the other kind of security (starttls)")


def test_a_name_that_nobody_knows_and_a_missing_folder_are_explained(
    dovecot: Dovecot, mailbox_user: str
) -> None:
    good = dovecot.settings(mailbox_user)
    stops_at(found(replace(good, host="bestaat-niet.invalid")), S.NAME, "is not known")
    folders = found(replace(good, inbox="Doorverwijzingen"))[S.FOLDERS]
    assert (folders.verdict, "no folder Doorverwijzingen" in folders.said) == (Verdict.BAD, True)


def test_a_mailbox_that_may_only_be_read_says_so(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.restrict(mailbox_user, "lr")
    rights = found(dovecot.settings(mailbox_user))[S.RIGHTS]
    assert (rights.verdict, "may not move or remove" in rights.said) == (Verdict.BAD, True)


def test_what_a_server_lacks_is_told_with_its_drawback() -> None:
    def health(*capabilities: str, drafts: str | None = None) -> dict[CheckStep, Finding]:
        made = MailboxHealth("TLSv1.3", capabilities, ("INBOX",), (), (), drafts, True, True, True)
        return {f.step: f for f in abilities(made)}

    bare = health()
    assert bare[S.MOVE].verdict is bare[S.UIDPLUS].verdict is Verdict.LESS
    assert bare[S.IDLE].verdict is bare[S.SPECIAL_USE].verdict is Verdict.LESS
    assert "folder Drafts" in bare[S.SPECIAL_USE].said
    some = health("UIDPLUS", "IDLE", drafts="Con\u202ecepten")
    assert (some[S.MOVE].verdict, some[S.UIDPLUS].verdict) == (Verdict.LESS, Verdict.GOOD)
    assert "\u202e" not in some[S.SPECIAL_USE].said


def test_each_fault_of_a_certificate_has_its_own_sentence() -> None:
    said = set()
    for code in (9, 10, 18, 62, 1):
        error = ssl.SSLCertVerificationError()
        error.verify_code = code
        said.add(why_untrusted(error, "mail.ocmw.example"))
    assert len(said) == 4, "out of date is one fault, whether too early or too late"


def test_a_server_that_says_nothing_fails_in_time_and_a_stopped_test_tells_no_more() -> None:
    """A test that hangs on a silent server would hold up whoever sets up the mailbox."""
    with socket.create_server((HOST, 0)) as silent:
        settings = MailboxSettings(HOST, silent.getsockname()[1], Security.TLS, "iemand")
        stops_at(found(settings, seconds=0.3), S.CERTIFICATE, "does not begin with a secure connection")
        check = MailboxCheck(settings, PASSWORD, seconds=0.3)
        told: list[Finding] = []
        for finding in check.run():
            told.append(finding)
            check.cancel()
        assert [f.step for f in told] == [S.NAME]
    assert not any(thread.name == "look-up" for thread in threading.enumerate())


def test_a_test_never_shows_its_password(dovecot: Dovecot, mailbox_user: str) -> None:
    assert PASSWORD not in repr(MailboxCheck(dovecot.settings(mailbox_user), PASSWORD))
