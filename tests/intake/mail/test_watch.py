"""Waiting for mail on a real server: news at once, stopped at once, a dead connection noticed, nothing spinning."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from intake.mail import watch
from intake.mail.errors import MailboxLost
from intake.mail.mailbox import Mailbox
from intake.mail.pauses import LONGEST_SECONDS, LONGEST_SUGGESTED, pause_after
from intake.mail.wake import Wake
from intake.mail.watch import Stirred, await_news
from tests.dovecot import PASSWORD, Dovecot
from tests.intake.mail.proxy import Misbehaving
from tests.intake.mail.shapes import ordinary

LONG = 60.0
"""Longer than any of these waits takes: what ends before was ended by what the test did."""


@pytest.fixture
def wake() -> Iterator[Wake]:
    wake = Wake()
    yield wake
    wake.close()


@pytest.fixture
def mailbox(dovecot: Dovecot, mailbox_user: str) -> Iterator[Mailbox]:
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        mailbox.scan("INBOX")
        yield mailbox


class Waiting:
    """`await_news` in a thread; `after_idle` runs what it is given once the server idles."""

    def __init__(self, mailbox: Mailbox, wake: Wake, seconds: float = LONG) -> None:
        self.outcome: Stirred | Exception | None = None
        self._idling = threading.Event()
        begin = mailbox.connection.begin_idle

        def begun() -> bool:
            answer = begin()
            self._idling.set()
            return answer

        mailbox.connection.begin_idle = begun

        def work() -> None:
            try:
                self.outcome = await_news(mailbox, "INBOX", wake, seconds)
            except Exception as error:  # noqa: BLE001 - what it raised is what is looked at
                self.outcome = error

        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def ends_with(self, act: Callable[[], object]) -> "Stirred | Exception | None":
        assert self._idling.wait(10)
        act()
        self._thread.join(10)
        assert not self._thread.is_alive()
        return self.outcome


def test_a_message_that_comes_is_told_at_once(
    dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox, wake: Wake
) -> None:
    waiting = Waiting(mailbox, wake)
    assert waiting.ends_with(lambda: dovecot.deliver(mailbox_user, ordinary(1))) is Stirred.NEWS
    assert len(mailbox.scan("INBOX")) == 1, "the session goes on"


def test_what_came_between_the_scan_and_the_waiting_is_news(
    dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox, wake: Wake
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1))
    assert await_news(mailbox, "INBOX", wake, LONG) is Stirred.NEWS
    mailbox.scan("INBOX")
    assert await_news(mailbox, "INBOX", wake, 0.01) is Stirred.TIME, "what was scanned is news no more"


def test_a_bell_ends_the_waiting_and_the_session_goes_on(mailbox: Mailbox, wake: Wake) -> None:
    assert Waiting(mailbox, wake).ends_with(wake.ring) is Stirred.WOKEN
    assert wake.clear()
    assert not wake.clear()
    assert mailbox.scan("INBOX") == []


def test_a_message_that_a_colleague_reads_or_moves_is_no_news(
    dovecot: Dovecot, mailbox_user: str, wake: Wake
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1), ordinary(2))
    with (
        Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox,
        Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as other,
    ):
        there = mailbox.scan("INBOX")
        heard: list[bool] = []
        tells = mailbox.connection.tells_of_new

        def tell() -> bool:
            heard.append(tells())
            if len(heard) == 2:
                wake.ring()
            return heard[-1]

        mailbox.connection.tells_of_new = tell

        def act() -> None:
            other._session.select("INBOX", readonly=False)
            other.connection.add_flags([there[0].uid], [rb"\Seen"])
            other.move(there[1:], "Verwerkt")

        assert Waiting(mailbox, wake).ends_with(act) is Stirred.WOKEN
        assert len(heard) >= 2
        assert not any(heard)


def test_idle_is_renewed_before_routers_forget_it(
    dovecot: Dovecot,
    mailbox_user: str,
    mailbox: Mailbox,
    wake: Wake,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "IDLE_SECONDS", 0.02)
    begun = mailbox.connection.begin_idle
    times: list[int] = []

    def count() -> bool:
        times.append(1)
        if len(times) == 3:
            dovecot.deliver(mailbox_user, ordinary(1))
        return begun()

    mailbox.connection.begin_idle = count
    assert await_news(mailbox, "INBOX", wake, LONG) is Stirred.NEWS
    assert len(times) >= 3
    assert watch.IDLE_SECONDS < 600


def test_a_connection_that_ends_while_idle_is_noticed_at_once(mailbox_user: str, wake: Wake) -> None:
    with Dovecot() as server, Mailbox.open(server.settings(mailbox_user), PASSWORD) as mailbox:
        mailbox.scan("INBOX")
        assert isinstance(Waiting(mailbox, wake).ends_with(server.stop), MailboxLost)


def test_a_server_without_idle_is_waited_for_by_time(dovecot: Dovecot, mailbox_user: str, wake: Wake) -> None:
    def hide(line: bytes) -> bytes:
        return line.replace(b" IDLE", b"") if b"CAPABILITY" in line else line

    with (
        Misbehaving(dovecot, hide) as server,
        Mailbox.open(server.settings(mailbox_user), PASSWORD) as mailbox,
    ):
        assert not mailbox.can_idle
        assert await_news(mailbox, "INBOX", wake, 0.01) is Stirred.TIME
        wake.ring()
        assert await_news(mailbox, "INBOX", wake, LONG) is Stirred.WOKEN


def test_a_server_that_refuses_to_idle_is_waited_for_by_time(
    mailbox: Mailbox, wake: Wake, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = mailbox.connection._imap.send
    monkeypatch.setattr(
        mailbox.connection._imap, "send", lambda data: send(data.replace(b" IDLE", b" XIDLE"))
    )
    assert await_news(mailbox, "INBOX", wake, 0.01) is Stirred.TIME
    wake.ring()
    assert await_news(mailbox, "INBOX", wake, LONG) is Stirred.WOKEN
    assert mailbox.scan("INBOX") == [], "the session goes on"


def test_a_server_that_talks_without_end_is_listened_to_no_more(
    dovecot: Dovecot, mailbox_user: str, wake: Wake
) -> None:
    """Stops a hostile or broken server from keeping the program busy."""
    chatter = b"* OK still here\r\n" * (2 * watch._MOST_LINES)

    def talk(line: bytes) -> bytes:
        return line + chatter if line.startswith(b"+ idling") else line

    with (
        Misbehaving(dovecot, talk) as server,
        Mailbox.open(server.settings(mailbox_user), PASSWORD) as mailbox,
    ):
        mailbox.scan("INBOX")
        heard: list[int] = []
        tells = mailbox.connection.tells_of_new
        mailbox.connection.tells_of_new = lambda: [heard.append(1), tells()][1]
        threading.Timer(0.0, lambda: _ring_after(wake, heard)).start()
        assert await_news(mailbox, "INBOX", wake, LONG) is Stirred.WOKEN
        assert len(heard) == watch._MOST_LINES


def _ring_after(wake: Wake, heard: list[int]) -> None:
    end = time.monotonic() + 10
    while len(heard) < watch._MOST_LINES and time.monotonic() < end:
        time.sleep(0.005)
    wake.ring()


def test_half_a_line_and_a_silence_end_in_a_lost_connection(
    dovecot: Dovecot, mailbox_user: str, wake: Wake
) -> None:
    def half(line: bytes) -> bytes | None:
        return line + b"* 1 EXI" if line.startswith(b"+ idling") else line

    from dataclasses import replace

    with Misbehaving(dovecot, half) as server:
        settings = replace(server.settings(mailbox_user), timeout_seconds=0.5)
        with Mailbox.open(settings, PASSWORD) as mailbox:
            mailbox.scan("INBOX")
            with pytest.raises(MailboxLost):
                await_news(mailbox, "INBOX", wake, LONG)


def test_pauses_grow_to_a_bound_and_differ_between_workstations() -> None:
    shortest = [pause_after(n, lambda: 0.0) for n in range(1, 2000)]
    longest = [pause_after(n, lambda: 1.0) for n in range(1, 2000)]
    assert shortest[:4] == [0.5, 1.0, 2.0, 4.0]
    assert longest[:4] == [1.0, 2.0, 4.0, 8.0]
    assert max(longest) == LONGEST_SECONDS == longest[-1]
    assert shortest[-1] == LONGEST_SECONDS / 2
    assert sorted(longest) == longest
    assert pause_after(1, lambda: 0.5, suggested=42.0) == 42.0
    assert pause_after(20, lambda: 1.0, suggested=2.0) == LONGEST_SECONDS
    assert pause_after(1, lambda: 0.0, suggested=1e9) == LONGEST_SUGGESTED
    assert pause_after(1, lambda: 0.0, suggested=-5.0) == 0.5


def test_a_bell_may_be_rung_from_anywhere_any_number_of_times(wake: Wake) -> None:
    for _ in range(100_000):
        wake.ring()
    assert wake.wait(0)
    assert wake.clear()
    assert not wake.wait(0)
    wake.close()
    wake.ring()
