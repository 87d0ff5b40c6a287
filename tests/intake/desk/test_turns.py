"""One poller at a time: whose turn it is, when another may take it, and what a killed one leaves behind."""

import json
import os
import platform
import subprocess
import sys
from datetime import timedelta

import pytest

from intake.desk import turns as turns_module
from intake.desk.turns import PollerBusy, Turns
from intake.errors import sentence
from intake.pulse import LEASE, TOLERANCE, Doing, Proof, Pulse
from intake.staff import Role
from intake.texts import set_language
from storage.bulletin import BulletinDamaged
from tests.intake.desk.conftest import DeskOffice

PROOF = Proof(3, 1, 1, 1)


@pytest.fixture
def two(office: DeskOffice) -> tuple[Turns, Turns]:
    """The turns of two workstations."""
    other = office.add("jan", Role.SOCIAL_WORKER)
    return Turns(office.lead.office), Turns(other.office)


def pulse(one: Turns) -> Pulse:
    found = one.look()
    assert found is not None
    return found


def test_before_the_first_poll_nothing_is_told(office: DeskOffice) -> None:
    turns = Turns(office.lead.office)
    assert turns.look() is None
    assert turns.may_take()


def test_one_polls_and_the_other_is_told_who(two: tuple[Turns, Turns]) -> None:
    els, jan = two
    els.take(60)
    assert els.may_take()
    assert not jan.may_take()
    with pytest.raises(PollerBusy) as refused:
        jan.take(60)
    set_language("en")
    assert f"polled by els ({platform.node()}) since " in sentence(refused.value)
    assert refused.value.exit_code == 6
    els.went_well(PROOF, watching=False)
    jan.take(60)
    told = pulse(els)
    assert (told.holder, told.polled_by, told.proof) == ("jan", "els", PROOF)


def test_who_watches_keeps_the_turn_and_lets_one_go_between(two: tuple[Turns, Turns]) -> None:
    els, jan = two
    els.take(60)
    els.went_well(PROOF, watching=True)
    assert not jan.may_take(), "another watch does not push in"
    jan.take(60, between=True)
    with pytest.raises(PollerBusy):
        els.take(60)
    jan.went_well(Proof(0, 0, 0, 0), watching=False)
    els.take(60)
    assert pulse(jan).holder == "els"


def test_a_turn_that_was_taken_meanwhile_is_not_renewed(
    office: DeskOffice, two: tuple[Turns, Turns], monkeypatch: pytest.MonkeyPatch
) -> None:
    els, jan = two
    monkeypatch.setattr(turns_module, "RENEW_SECONDS", 0.0)
    els.take(60)
    before = pulse(els)
    office.ahead = timedelta(minutes=1)
    assert els.renew()
    assert pulse(els).until >= before.until + timedelta(minutes=1)
    office.ahead += LEASE + TOLERANCE
    jan.take(60)
    assert not els.renew()
    els.went_well(PROOF, watching=True)
    assert pulse(els).holder == "jan"
    assert pulse(els).proof is None, "who lost the turn tells nothing in the other's name"
    els.leave()
    assert pulse(els).doing is Doing.POLLING


def test_a_long_poll_writes_now_and_then_only(two: tuple[Turns, Turns]) -> None:
    els, _jan = two
    els.take(60)
    written = els._bulletin.path.stat().st_mtime_ns
    assert all(els.renew() for _ in range(100))
    assert els._bulletin.path.stat().st_mtime_ns == written


def test_the_turn_of_a_killed_process_is_free_at_once_on_its_own_machine(
    office: DeskOffice, two: tuple[Turns, Turns], monkeypatch: pytest.MonkeyPatch
) -> None:
    els, jan = two
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert child.stdin is not None
    monkeypatch.setattr(os, "getpid", lambda: child.pid)
    els.take(60)
    monkeypatch.undo()
    assert not jan.may_take()
    child.kill()
    child.wait()
    child.stdin.close()
    assert jan.may_take()
    jan.take(60)


def test_the_turn_of_a_killed_process_on_another_machine_lapses(
    office: DeskOffice, two: tuple[Turns, Turns], monkeypatch: pytest.MonkeyPatch
) -> None:
    els, jan = two
    monkeypatch.setattr(platform, "node", lambda: "pc-12")
    monkeypatch.setattr(os, "getpid", lambda: 2**30)
    els.take(60)
    monkeypatch.undo()
    office.ahead = LEASE + TOLERANCE - timedelta(seconds=5)
    assert not jan.may_take()
    office.ahead = LEASE + TOLERANCE + timedelta(seconds=5)
    assert jan.may_take()


def test_a_turn_that_stands_still_is_taken_over_whatever_the_clocks_say(
    office: DeskOffice, two: tuple[Turns, Turns], monkeypatch: pytest.MonkeyPatch
) -> None:
    els, jan = two
    els.take(60)
    now = [1000.0]
    monkeypatch.setattr(turns_module.time, "monotonic", lambda: now[0])
    assert not jan.may_take()
    now[0] += LEASE.total_seconds() - 1
    assert not jan.may_take()
    els._written = 0.0
    assert els.renew()
    office.ahead = timedelta(seconds=1)
    els._written = 0.0
    assert els.renew()
    now[0] += 2
    assert not jan.may_take(), "it was renewed meanwhile"
    now[0] += LEASE.total_seconds() + 1
    assert jan.may_take()


def test_an_outage_is_kept_with_its_beginning_until_a_poll_ends_well(
    office: DeskOffice, two: tuple[Turns, Turns]
) -> None:
    els, jan = two
    els.take(60)
    els.went_well(PROOF, watching=False)
    since = []
    for one in (els, jan, els):
        office.ahead += timedelta(minutes=1)
        one.take(60)
        one.went_wrong(None, watching=False)
        since.append(pulse(one).down_since)
    assert since[0] is not None
    assert len(set(since)) == 1
    assert pulse(els).proof == PROOF
    jan.take(60)
    jan.went_well(PROOF, watching=False)
    assert (pulse(els).down_since, pulse(els).trouble) == (None, None)


def test_a_changed_record_is_told_and_written_anew(office: DeskOffice, two: tuple[Turns, Turns]) -> None:
    els, jan = two
    els.take(60)
    path = els._bulletin.path
    row = json.loads(path.read_text(encoding="utf-8"))
    for forged in (json.dumps(row | {"holder": "jan"}), "[]", "\n", "x" * 100_000):
        path.write_text(forged, encoding="utf-8")
        with pytest.raises(BulletinDamaged):
            jan._bulletin.read(office.lead.office.directory)
        assert jan.look() is None
    path.write_bytes(b"")
    assert jan._bulletin.read(office.lead.office.directory) is None, "the power was cut"
    jan.take(60)
    assert pulse(els).holder == "jan"


def test_polls_of_two_who_ask_at_once_come_one_after_the_other(office: DeskOffice) -> None:
    worker = office.add("jan", Role.SOCIAL_WORKER)
    office.send()
    busy = Turns(office.lead.office)
    busy.take(60)
    looks: list[int] = []

    def stop() -> bool:
        looks.append(1)
        if len(looks) == 3:
            busy.leave()
        return False

    assert worker.polling.poll(stop=stop).imported == 1


def test_who_waits_in_vain_says_who_polls(office: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = office.add("jan", Role.SOCIAL_WORKER)
    office.send()
    monkeypatch.setattr(turns_module, "WAIT_SECONDS", 0.05)
    Turns(office.lead.office).take(60)
    with pytest.raises(PollerBusy):
        worker.polling.poll()
    assert len(office.in_folder()) == 1


def test_a_poll_that_failed_leaves_the_turn_and_tells_why(office: DeskOffice) -> None:
    office.lead.polling.poll()
    settings = office.lead.settings.show()
    away = settings.mailbox.model_copy(update={"port": 1})
    office.lead.settings.change(settings.model_copy(update={"mailbox": away}))
    with pytest.raises(Exception, match="MailboxUnreachable"):
        office.lead.polling.poll()
    told = pulse(Turns(office.lead.office))
    assert (told.doing, told.trouble) == (Doing.ENDED, "MailboxUnreachable")
    assert told.proof == Proof(0, 0, 0, 0)
