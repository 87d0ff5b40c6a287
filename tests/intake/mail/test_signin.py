"""Signing in, on a real server: TLS is always verified, and each refusal has its own sentence."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from intake.errors import MailboxError, sentence
from intake.mail.errors import (
    MailboxAuthority,
    MailboxCertificate,
    MailboxInsecure,
    MailboxLost,
    MailboxSignIn,
    MailboxUnreachable,
)
from intake.mail.mailbox import Mailbox
from intake.mail.signin import MailboxSettings, Security, connect
from tests.dovecot import HOST, PASSWORD, Dovecot
from tests.intake.mail.proxy import Misbehaving


def refusal(settings: MailboxSettings, password: str = PASSWORD) -> MailboxError:
    with pytest.raises(MailboxError) as caught:
        connect(settings, password)
    error = caught.value
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert password not in sentence(error) + repr(error)
    return error


@pytest.mark.parametrize("security", list(Security))
def test_a_session_is_encrypted_whether_by_tls_or_starttls(
    dovecot: Dovecot, mailbox_user: str, security: Security
) -> None:
    with Mailbox.open(dovecot.settings(mailbox_user, security), PASSWORD) as mailbox:
        assert mailbox.check().tls_version in ("TLSv1.2", "TLSv1.3")
        assert mailbox.connection.socket().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("security", list(Security))
def test_a_certificate_of_an_unknown_authority_is_refused(
    dovecot: Dovecot, mailbox_user: str, security: Security
) -> None:
    error = refusal(replace(dovecot.settings(mailbox_user, security), ca_file=None))
    assert type(error) is MailboxCertificate
    assert error.exit_code == 5
    assert "not trusted" in MailboxCertificate.template


def test_a_certificate_of_another_server_is_refused(dovecot: Dovecot, mailbox_user: str) -> None:
    with Dovecot() as other:
        error = refusal(replace(dovecot.settings(mailbox_user), ca_file=other.ca_file))
    assert type(error) is MailboxCertificate


def test_a_certificate_for_another_name_is_refused(dovecot: Dovecot, mailbox_user: str) -> None:
    error = refusal(replace(dovecot.settings(mailbox_user), host="127.0.0.2"))
    assert type(error) in (MailboxCertificate, MailboxUnreachable)
    with Misbehaving(dovecot, lambda line: line) as server:
        assert (
            type(refusal(replace(server.settings(mailbox_user), host="ip6-localhost"))) is not MailboxSignIn
        )


def test_a_wrong_password_has_its_sentence_and_exit_code(dovecot: Dovecot, mailbox_user: str) -> None:
    error = refusal(dovecot.settings(mailbox_user), "niet-het-wachtwoord")
    assert type(error) is MailboxSignIn
    assert error.exit_code == 5


@pytest.mark.parametrize("password", ["", "a\r\nb LOGOUT", "nul\x00", "wächtwoord"])
def test_a_password_that_no_line_can_hold_is_refused_without_sending_it(
    dovecot: Dovecot, mailbox_user: str, password: str
) -> None:
    with pytest.raises(MailboxSignIn):
        connect(dovecot.settings(mailbox_user), password)


def test_a_port_where_nobody_listens_is_unreachable(dovecot: Dovecot) -> None:
    with socket.create_server((HOST, 0)) as taken:
        free = taken.getsockname()[1]
    error = refusal(replace(dovecot.settings("x"), port=free))
    assert type(error) is MailboxUnreachable
    assert str(free) in sentence(error)


def test_a_host_name_that_does_not_exist_is_unreachable(dovecot: Dovecot) -> None:
    assert type(refusal(replace(dovecot.settings("x"), host="mail.invalid"))) is MailboxUnreachable


def test_a_server_that_never_greets_is_unreachable_after_the_timeout(dovecot: Dovecot) -> None:
    with socket.create_server((HOST, 0)) as silent:
        settings = replace(dovecot.settings("x"), port=silent.getsockname()[1], timeout_seconds=0.3)
        assert type(refusal(settings)) is MailboxUnreachable


def test_a_port_without_tls_is_insecure(dovecot: Dovecot) -> None:
    settings = replace(dovecot.settings("x"), port=dovecot.starttls_port)
    assert type(refusal(settings)) is MailboxInsecure


def test_a_server_that_hides_starttls_gets_no_password(dovecot: Dovecot) -> None:
    sent: list[bytes] = []

    def strip(line: bytes) -> bytes:
        sent.append(line)
        return line.replace(b"STARTTLS ", b"")

    with Misbehaving(dovecot, strip, tls=False) as server:
        settings = replace(server.settings("x"), security=Security.STARTTLS)
        assert type(refusal(settings)) is MailboxInsecure
    assert not any(b"AUTH" in line.upper() and b"OK" in line.split()[:2] for line in sent[1:])


def test_a_server_that_hangs_up_during_sign_in_is_unreachable_and_no_wrong_password(dovecot: Dovecot) -> None:
    with Misbehaving(dovecot, lambda line: None if b"Logged in" in line else line) as server:
        assert type(refusal(server.settings("x"))) is MailboxUnreachable


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_ca_file_that_cannot_be_used_is_a_matter_of_configuration(
    dovecot: Dovecot, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    error = refusal(replace(dovecot.settings("x"), ca_file=path))
    assert type(error) is MailboxAuthority
    assert error.exit_code == 3


def test_nothing_of_the_conversation_reaches_a_log(
    dovecot: Dovecot, mailbox_user: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        mailbox.scan("INBOX")
        mailbox.find("<a@b>")
    assert not [record for record in caplog.records if record.name.startswith("imapclient")]


def test_a_lost_connection_is_said_and_does_not_hang(mailbox_user: str, dovecot: Dovecot) -> None:
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        mailbox.noop()
        mailbox.connection.socket().shutdown(socket.SHUT_RDWR)
        with pytest.raises(MailboxLost):
            mailbox.noop()
