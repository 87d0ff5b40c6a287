"""The mailbox watched on a real server: mail at once, one session kept, outages told once, others looking on."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from intake.desk import Desk, mailwatch
from intake.desk.mailwatch import Elsewhere, Failed, MailWatch, Polled, Told
from intake.desk.polled import Progress
from intake.desk.turns import Turns
from intake.errors import NotAllowed
from intake.mail.errors import MailboxBusy, MailboxLost, MailboxSignIn, MailboxUnreachable
from intake.mail.mailbox import Mailbox
from intake.staff import Role
from storage.errors import StoreLocked
from tests.dovecot import Dovecot
from tests.intake.desk.conftest import DeskOffice
from tests.intake.mail.proxy import Misbehaving

T = TypeVar("T")


class Watching:
    """A watch in a thread of its own, and what it told."""

    def __init__(self, desk: Desk) -> None:
        self.told: list[Told] = []
        self.watch = MailWatch(desk.office, desk.polling, self.told.append, dice=lambda: 0.0)
        self._thread = threading.Thread(target=self.watch.run, daemon=True)

    def __enter__(self) -> "Watching":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.watch.stop()
        self._thread.join(20)
        assert not self._thread.is_alive()
        self.watch.close()

    def of(self, kind: type[T]) -> list[T]:
        return [one for one in self.told if isinstance(one, kind)]

    def until(self, true: Callable[[], object], seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.told
            time.sleep(0.005)

    def imported(self) -> int:
        return sum(polled.result.imported for polled in self.of(Polled))


@pytest.fixture
def slow(office: DeskOffice) -> DeskOffice:
    """An office that polls once an hour: what comes sooner, the server told."""
    settings = office.lead.settings.show()
    box = settings.mailbox.model_copy(update={"poll_seconds": 3600})
    office.lead.settings.change(settings.model_copy(update={"mailbox": box}))
    return office


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """One entry for each sign-in at the mailbox."""
    opened: list[int] = []
    open_one = Mailbox.open.__func__  # type: ignore[attr-defined]

    def counted(cls: type[Mailbox], *given: object, **named: object) -> Mailbox:
        opened.append(1)
        return open_one(cls, *given, **named)

    monkeypatch.setattr(Mailbox, "open", classmethod(counted))
    yield opened


def redirect(office: DeskOffice, port: int) -> None:
    settings = office.lead.settings.show()
    box = settings.mailbox.model_copy(update={"port": port})
    office.lead.settings.change(settings.model_copy(update={"mailbox": box}))


def test_mail_is_taken_in_when_it_comes_on_one_session(slow: DeskOffice, sessions: list[int]) -> None:
    with Watching(slow.lead) as watching:
        watching.until(lambda: watching.of(Polled))
        for count in (1, 2, 3):
            slow.send()
            watching.until(lambda count=count: watching.imported() == count)
    assert len(sessions) == 1
    assert all(polled.result.adds_up for polled in watching.of(Polled))
    assert not watching.of(Failed)


def test_a_poll_that_is_asked_for_begins_at_once(slow: DeskOffice) -> None:
    with Watching(slow.lead) as watching:
        watching.until(lambda: watching.of(Polled))
        watching.watch.now()
        watching.until(lambda: len(watching.of(Polled)) == 2)
    assert [polled.asked for polled in watching.of(Polled)] == [False, True]


def test_an_outage_and_its_end_are_told_once_each(
    slow: DeskOffice, mailbox_user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailwatch, "pause_after", lambda failures, dice, suggested=None: 0.01)
    with Dovecot() as server:
        settings = slow.lead.settings.show()
        box = settings.mailbox.model_copy(
            update={"port": server.port, "ca_pem": server.ca_file.read_text(encoding="ascii")}
        )
        slow.lead.settings.change(settings.model_copy(update={"mailbox": box}))
        slow.server = server
        with Watching(slow.lead) as watching:
            watching.until(lambda: watching.of(Polled))
            server.stop()
            slow.send()
            watching.until(lambda: len(watching.of(Failed)) >= 3)
            server.start()
            watching.until(lambda: watching.imported() == 1)
    failed = watching.of(Failed)
    assert [one.first for one in failed] == [True] + [False] * (len(failed) - 1)
    assert all(isinstance(one.error, MailboxUnreachable | MailboxLost) for one in failed)
    assert sum(polled.again for polled in watching.of(Polled)) == 1


def test_a_session_that_the_server_ends_is_made_anew_and_is_no_outage(
    slow: DeskOffice, sessions: list[int], dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailwatch, "pause_after", lambda failures, dice, suggested=None: 0.01)
    cut: list[int] = []

    def once(line: bytes) -> bytes | None:
        if line.startswith(b"+ idling") and not cut:
            cut.append(1)
            return None
        return line

    with Misbehaving(dovecot, once) as proxy:
        redirect(slow, proxy.port)
        with Watching(slow.lead) as watching:
            watching.until(lambda: len(watching.of(Polled)) == 2)
            slow.send()
            watching.until(lambda: watching.imported() == 1)
    assert len(sessions) == 2
    assert not watching.of(Failed)


def test_a_server_that_always_ends_the_session_is_left_in_peace_ever_longer(
    slow: DeskOffice, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stops signing in and being thrown out from going round without a pause."""
    failures: list[int] = []

    def noted(count: int, dice: object, suggested: float | None = None) -> float:
        failures.append(count)
        return 0.01

    monkeypatch.setattr(mailwatch, "pause_after", noted)
    with Misbehaving(dovecot, lambda line: None if line.startswith(b"+ idling") else line) as proxy:
        redirect(slow, proxy.port)
        with Watching(slow.lead) as watching:
            watching.until(lambda: len(failures) >= 4)
    assert failures[:4] == [1, 2, 3, 4]


def test_another_poller_looks_on_and_takes_over(
    slow: DeskOffice, sessions: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailwatch, "LOOK_SECONDS", 0.02)
    jan = slow.add("jan", Role.SOCIAL_WORKER)
    with Watching(slow.lead) as first:
        first.until(lambda: first.of(Polled))
        with Watching(jan) as second:
            second.until(lambda: second.of(Elsewhere))
            told = second.of(Elsewhere)[-1].pulse
            assert told is not None
            assert told.holder == "els"
            slow.send()
            first.until(lambda: first.imported() == 1)
            second.until(
                lambda: any(
                    e.pulse and e.pulse.proof and e.pulse.proof.imported for e in second.of(Elsewhere)
                )
            )
            assert (len(sessions), second.of(Polled)) == (1, [])
            # Whoever looks on may ask for a poll of their own.
            second.watch.now()
            second.until(lambda: second.of(Polled))
            second.until(lambda: len(first.of(Elsewhere)) + len(second.of(Elsewhere)) >= 2)
            first.watch.stop()
            slow.send()
            second.until(lambda: second.imported() == 1)
    assert first.imported() + second.imported() == 2


@pytest.mark.parametrize(
    ("error", "soonest", "latest"),
    [
        (MailboxUnreachable(host="x", port=1), 0.5, 1.0),
        (MailboxBusy(), 0.5, 1.0),
        (MailboxSignIn(), 3600.0, 3600.0),
    ],
)
def test_a_refused_password_is_not_hammered_and_a_passing_trouble_tried_soon(
    slow: DeskOffice,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    soonest: float,
    latest: float,
) -> None:
    watch = MailWatch(slow.lead.office, slow.lead.polling, lambda told: None, dice=lambda: 0.5)

    def refuse() -> None:
        raise error

    monkeypatch.setattr(watch, "_session", refuse)
    first = watch._once(False)
    assert soonest <= first <= latest
    later = [watch._once(False) for _ in range(15)][-1]
    assert later >= min(first * 100, 150.0)
    error.wait_seconds = 1800.0  # type: ignore[attr-defined]
    assert watch._once(False) >= 1800.0
    watch.close()


def test_the_turn_is_let_go_where_another_might_reach_the_server(
    slow: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    jan = Turns(slow.add("jan", Role.SOCIAL_WORKER).office)
    watch = MailWatch(slow.lead.office, slow.lead.polling, lambda told: None)
    for error, free in ((MailboxUnreachable(host="x", port=1), True), (MailboxSignIn(), False)):

        def refuse(error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(watch, "_session", refuse)
        watch._once(False)
        assert jan.may_take() is free
    watch.close()


def test_a_fault_or_a_locked_store_never_ends_the_watch(
    slow: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Told] = []
    watch = MailWatch(slow.lead.office, slow.lead.polling, told.append)
    raised: list[Exception] = [ZeroDivisionError("Zwaantje"), StoreLocked(holder="jan", since="?")]

    def fail() -> None:
        raise raised[-1]

    monkeypatch.setattr(watch, "_session", fail)
    watch._once(False)
    raised.pop()
    watch._once(False)
    locked, fault = (one for one in told if isinstance(one, Failed))
    assert isinstance(locked.error, StoreLocked)
    assert (fault.error, type(fault.fault)) == (None, ZeroDivisionError)
    assert "Zwaantje" not in str(Turns(slow.lead.office).look())
    watch.close()


def test_an_account_that_may_no_longer_poll_is_told_and_gives_the_turn_away(slow: DeskOffice) -> None:
    jan = slow.add("jan", Role.SOCIAL_WORKER)
    told: list[Told] = []
    watch = MailWatch(jan.office, jan.polling, told.append)
    watch._once(False)
    slow.lead.staff.disable("jan")
    watch._once(False)
    failed = told[-1]
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, NotAllowed)
    watch._drop()
    watch.close()


def test_what_waits_to_be_removed_is_copied_once_and_goes_when_it_can(office: DeskOffice) -> None:
    """A server with neither MOVE nor UIDPLUS, and a message that a colleague marks as deleted during the poll."""
    with Dovecot(capability="IMAP4rev1 IDLE AUTH=PLAIN") as server:
        settings = office.lead.settings.show()
        box = settings.mailbox.model_copy(
            update={"port": server.port, "ca_pem": server.ca_file.read_text(encoding="ascii")}
        )
        office.lead.settings.change(settings.model_copy(update={"mailbox": box}))
        office.server = server
        office.send()

        def colleague(progress: Progress) -> None:
            if not progress.done:
                with office.lead.polling.connect() as other:
                    office.send()
                    there = other.scan("INBOX")
                    other._session.select("INBOX", readonly=False)
                    other.connection.add_flags([there[-1].uid], [rb"\Deleted"])

        first = office.lead.polling.poll(colleague)
        assert (first.found, first.imported) == (1, 1)
        assert len(office.in_folder()) == 2, "the colleague's message would have gone too"
        second = office.lead.polling.poll()
        assert (second.found, second.imported, second.known) == (2, 1, 1)
        assert office.lead.polling.poll().found == 0
        assert len(office.in_folder("Verwerkt")) == 2, "nothing was copied twice"
