"""On a line that breaks at any moment nothing is lost, nothing comes in twice, and the memory does not grow.

200 messages here; 2,000 with OCMW_INTAKE_ROUNDS=all.
"""

import gc
import os
import random
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import psutil
import pytest

import intake.desk.polling
from intake.archive import Member, pack
from intake.desk import mailwatch
from intake.desk.mailwatch import Failed, MailWatch, Polled, Told
from tests.dovecot import Dovecot
from tests.journeys.chaos import Chaos
from tests.journeys.mails import CANARY, form, mail
from tests.journeys.office import ARCHIVE_PASSPHRASE, JourneyOffice

ALL = os.environ.get("OCMW_INTAKE_ROUNDS") == "all"
MESSAGES = 2000 if ALL else 200
SEED = 2026
SPARE = 25_000_000
"""Bytes that a process takes for reasons of its own."""
A_REFERRAL = 60_000
"""Bytes that a referral and its ledger row may take in memory, with what is written of them at each commit."""
AFTER = 300 if ALL else 25
"""Polls that find nothing, on the same bad line: nothing at all may be kept of them."""


def mails(count: int) -> list[bytes]:
    """Each of a client of its own; every tenth is no referral, every twentieth comes a second time."""
    made: list[bytes] = []
    for number in range(count):
        if number % 20 == 19:
            made.append(made[-3])
        elif number % 10 == 9:
            made.append(mail(("fiche.7z", b"geen archief"), subject="Vraagje"))
        else:
            name = "Z" + "".join("aeioubdfgl"[int(digit)] for digit in f"{number:04d}")
            client = replace(CANARY, first_name=name, house_number=str(number + 1))
            name, data = form(client, "txt")
            made.append(mail(("fiche.7z", pack([Member(name, data)], ARCHIVE_PASSPHRASE))))
    return made


@pytest.mark.timeout(1800 if ALL else 120)
def test_nothing_is_lost_and_nothing_comes_twice_on_a_line_that_breaks(
    tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = JourneyOffice(tmp_path_factory.mktemp("chaos"), dovecot, f"chaos-{os.getpid()}")
    office.found()
    reach = intake.desk.polling.reached_by
    monkeypatch.setattr(
        intake.desk.polling, "reached_by", lambda box: replace(reach(box), timeout_seconds=1.0)
    )
    monkeypatch.setattr(mailwatch, "GAP_SECONDS", 0.02)
    monkeypatch.setattr(
        mailwatch, "pause_after", lambda failures, dice, suggested=None: min(0.02 * 2**failures, 0.3)
    )
    told: list[Told] = []
    raw = mails(MESSAGES)
    dice = random.Random(SEED)
    memory: list[int] = []
    with Chaos(dovecot.port, SEED) as line, office.desk() as desk:
        settings = desk.settings.show()
        box = settings.mailbox.model_copy(update={"port": line.port, "poll_seconds": 5})
        desk.settings.change(settings.model_copy(update={"mailbox": box}))
        watch = MailWatch(desk.office, desk.polling, told.append, dice.random)
        thread = threading.Thread(target=watch.run, daemon=True)
        thread.start()

        def waiting() -> int:
            root = dovecot.maildir(office.mailbox)
            return sum(1 for part in ("cur", "new") for _ in (root / part).iterdir())

        def until_at_most(left: int) -> None:
            end = time.monotonic() + (1500 if ALL else 100)
            while waiting() > left:
                assert thread.is_alive()
                assert time.monotonic() < end, (waiting(), line.met, told[-5:])
                time.sleep(0.01)

        sent = 0
        while sent < len(raw):
            burst = dice.randint(1, 25)
            dovecot.deliver(office.mailbox, *raw[sent : sent + burst], received_at=datetime.now(UTC))
            sent = min(sent + burst, len(raw))
            until_at_most(dice.randint(0, 10))
            gc.collect()
            memory.append(psutil.Process().memory_info().rss)
        until_at_most(0)
        begun, before = len(told), psutil.Process().memory_info().rss
        end = time.monotonic() + (1500 if ALL else 100)
        while sum(isinstance(one, Polled) for one in told[begun:]) < AFTER:
            assert time.monotonic() < end
            watch.now()
            time.sleep(0.02)
        gc.collect()
        kept = psutil.Process().memory_info().rss - before
        line.calm = True
        watch.stop()
        thread.join(30)
        watch.close()
        assert not thread.is_alive()
        assert set(line.met) == set(Chaos.KINDS), "every kind of trouble was met"

        polls = [one.result for one in told if isinstance(one, Polled)]
        imported, quarantined, known = (
            sum(getattr(poll, name) for poll in polls) for name in ("imported", "quarantined", "known")
        )
        good = sum(1 for number in range(MESSAGES) if number % 10 != 9)
        bad = sum(1 for number in range(MESSAGES) if number % 20 == 9)
        assert all(poll.adds_up for poll in polls)
        assert (imported, quarantined) == (good, bad)
        assert known >= MESSAGES - good - bad
        rows = desk.work.worklist()
        names = [line.client.first_name for line in rows if line.client]
        assert len(names) == len(set(names)) == good
        assert len(desk.quarantine.items()) == bad
        assert any(isinstance(one, Failed) or getattr(one, "broken", False) for one in told)
        assert desk.polling.poll().found == 0
        assert desk.office.store.journal.verify(desk.office.directory.signing_key).entries > good
    third = len(memory) // 3
    grown = max(memory[-third:]) - max(memory[: 2 * third])
    assert grown < SPARE + A_REFERRAL * MESSAGES // 3, [size // 1_000_000 for size in memory]
    assert kept < SPARE // 3, kept
    print(
        f"\n{MESSAGES} messages, {len(polls)} polls, {dict(line.met)}, {len(told)} told, grown by {grown} bytes, by {kept} in {AFTER} polls that found nothing"
    )
