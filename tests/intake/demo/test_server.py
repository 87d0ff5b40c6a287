"""The embedded mail server, spoken to as any client would: TLS that is verified, IDLE, MOVE, and an end."""

import contextlib
import imaplib
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from intake.demo.certificate import VALID_FOR, make_certificate
from intake.demo.server import DemoServer, DemoServerFailed
from intake.errors import NotFound

USER, PASSWORD = "doorverwijzingen@ocmw.example.be", "paars tafelkleed é"
MAIL = b"From: a@opgroeien.be\r\nSubject: Doorverwijzing\r\nMessage-ID: <%d@example.be>\r\n\r\nBeste,\r\n"
RECEIVED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DemoServer]:
    with DemoServer(tmp_path, USER, PASSWORD) as running:
        yield running


def trusting(server: DemoServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(server.ca_file))


@contextlib.contextmanager
def client_of(server: DemoServer, host: str = "127.0.0.1") -> Iterator[IMAPClient]:
    client = IMAPClient(host, port=server.port, ssl_context=trusting(server), timeout=10)
    try:
        client.plain_login(USER, PASSWORD)
        client.normalise_times = False
        yield client
    finally:
        client.shutdown()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_client_that_trusts_the_authority_signs_in_and_reads_what_was_delivered(
    server: DemoServer, host: str
) -> None:
    server.deliver(MAIL % 1, RECEIVED)
    with client_of(server, host) as client:
        client.select_folder("INBOX", readonly=True)
        [found] = client.fetch(client.search(), ["BODY.PEEK[]", "INTERNALDATE"]).values()
    assert found[b"BODY[]"] == MAIL % 1
    assert found[b"INTERNALDATE"] == RECEIVED


def test_a_client_that_does_not_trust_the_authority_is_not_connected(server: DemoServer) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        IMAPClient("127.0.0.1", port=server.port, ssl_context=ssl.create_default_context(), timeout=10)


def test_without_tls_nothing_is_said(server: DemoServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
        plain.sendall(b"a1 CAPABILITY\r\n")
        assert b"CAPABILITY" not in plain.recv(1000)


def test_a_wrong_password_is_refused(server: DemoServer) -> None:
    client = IMAPClient("127.0.0.1", port=server.port, ssl_context=trusting(server), timeout=10)
    try:
        with pytest.raises(LoginError):
            client.login(USER, "een andere")
    finally:
        client.shutdown()


def test_only_the_loopback_address_is_bound(server: DemoServer) -> None:
    # Another address of the loopback network reaches a server that binds every address, and only such a one.
    with contextlib.closing(socket.socket()) as other:
        other.settimeout(2)
        assert other.connect_ex(("127.0.0.2", server.port)) != 0


def test_the_server_offers_what_the_poller_needs(server: DemoServer) -> None:
    with client_of(server) as client:
        assert {b"IDLE", b"UIDPLUS", b"MOVE"} <= set(client.capabilities())


def test_an_idling_client_is_told_of_every_message_of_a_burst(server: DemoServer) -> None:
    with client_of(server) as client:
        client.select_folder("INBOX")
        for round_ in range(5):
            client.idle()
            for number in range(20):
                server.deliver(MAIL % (round_ * 20 + number), RECEIVED)
            # Whole lines, read as they come: idle_check reads without blocking and loses a line that comes in halves.
            client.socket().settimeout(10)
            exists = 0
            while exists < (round_ + 1) * 20:
                told = re.match(rb"\* (\d+) EXISTS", client._imap.readline())
                exists = max(exists, int(told[1])) if told else exists
            client.idle_done()
            assert exists == (round_ + 1) * 20


def test_messages_are_moved_to_a_new_folder_and_out_of_the_old(server: DemoServer) -> None:
    for number in range(3):
        server.deliver(MAIL % number, RECEIVED + timedelta(hours=number))
    with client_of(server) as client:
        client.create_folder("Verwerkt")
        client.select_folder("INBOX")
        uids = client.search()
        client.move(uids[:2], "Verwerkt")
        assert client.search() == uids[2:]
        client.select_folder("Verwerkt", readonly=True)
        moved = client.fetch(client.search(), ["INTERNALDATE"])
    assert sorted(data[b"INTERNALDATE"] for data in moved.values()) == [
        RECEIVED,
        RECEIVED + timedelta(hours=1),
    ]


def test_uid_expunge_removes_only_the_named_message(server: DemoServer) -> None:
    for number in range(2):
        server.deliver(MAIL % number, RECEIVED)
    with client_of(server) as client:
        client.select_folder("INBOX")
        first, second = client.search()
        client.delete_messages([first, second])
        client.uid_expunge([first])
        assert client.search() == [second]


def test_an_appended_draft_keeps_its_date(server: DemoServer) -> None:
    with client_of(server) as client:
        client.create_folder("Drafts")
        client.append("Drafts", MAIL % 7, msg_time=RECEIVED)
        client.select_folder("Drafts", readonly=True)
        [found] = client.fetch(client.search(), ["INTERNALDATE"]).values()
    assert found[b"INTERNALDATE"] == RECEIVED


def test_messages_are_delivered_from_several_threads_to_a_folder_by_name(server: DemoServer) -> None:
    with client_of(server) as client:
        client.create_folder("Archief")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda number: server.deliver(MAIL % number, RECEIVED, "Archief"), range(40)))
        assert client.folder_status("Archief", ["MESSAGES"])[b"MESSAGES"] == 40


def test_delivering_to_a_folder_that_does_not_exist_says_so(server: DemoServer) -> None:
    with pytest.raises(NotFound):
        server.deliver(MAIL % 1, RECEIVED, "Nergens")


def test_stop_ends_the_thread_frees_the_port_and_hangs_up_on_clients(tmp_path: Path) -> None:
    before = threading.active_count()
    server = DemoServer(tmp_path, USER, PASSWORD)
    server.start()
    port = server.port
    with client_of(server) as idling, client_of(server):
        idling.select_folder("INBOX")
        idling.idle()
        server.stop()
        assert threading.active_count() == before
        with pytest.raises((imaplib.IMAP4.abort, OSError)):
            idling.idle_check(timeout=5)
            idling.idle_done()
    assert not server.running
    with socket.create_server(("127.0.0.1", port)):
        pass
    with pytest.raises(DemoServerFailed):
        server.deliver(MAIL % 1, RECEIVED)
    server.stop()


def test_a_stopped_server_starts_again_on_a_fresh_mailbox(tmp_path: Path) -> None:
    server = DemoServer(tmp_path, USER, PASSWORD)
    for _ in range(2):
        server.start()
        try:
            server.deliver(MAIL % 1, RECEIVED)
            with client_of(server) as client:
                assert client.folder_status("INBOX", ["MESSAGES"])[b"MESSAGES"] == 1
        finally:
            server.stop()


def test_a_server_that_cannot_run_says_so(tmp_path: Path) -> None:
    server = DemoServer(tmp_path, USER, PASSWORD)
    with pytest.raises(DemoServerFailed):
        _ = server.ca_file
    with server, pytest.raises(DemoServerFailed):
        server.start()


def test_nothing_secret_is_left_in_the_folder(server: DemoServer, tmp_path: Path) -> None:
    assert [path.name for path in tmp_path.iterdir()] == ["demo-ca.pem"]
    assert b"PRIVATE KEY" not in server.ca_file.read_bytes()


def test_a_program_that_forgets_to_stop_ends_all_the_same_and_writes_nothing(tmp_path: Path) -> None:
    program = (
        "import sys, ssl; from pathlib import Path; from datetime import datetime, UTC\n"
        "from imapclient import IMAPClient; from intake.demo.server import DemoServer\n"
        "server = DemoServer(Path(sys.argv[1]), 'a@example.be', 'b c d'); server.start()\n"
        "context = ssl.create_default_context(cafile=str(server.ca_file))\n"
        "client = IMAPClient('127.0.0.1', port=server.port, ssl_context=context, timeout=10)\n"
        "client.login('a@example.be', 'b c d'); client.select_folder('INBOX'); client.idle()\n"
        "client.socket().close(); server.deliver(b'Subject: x\\r\\n\\r\\n', datetime.now(UTC))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_certificate_is_valid_for_thirty_days_and_its_key_for_the_owner_only(tmp_path: Path) -> None:
    from cryptography import x509

    files = make_certificate(tmp_path / "new", RECEIVED)
    again = make_certificate(tmp_path / "new", RECEIVED)
    assert files == again
    ca, served = (x509.load_pem_x509_certificate(f.read_bytes()) for f in (files.ca_file, files.server_file))
    served.verify_directly_issued_by(ca)
    assert served.not_valid_after_utc == RECEIVED + VALID_FOR
    assert served.not_valid_before_utc <= RECEIVED
    if sys.platform != "win32":
        assert files.server_file.stat().st_mode & 0o077 == 0
