"""The process that reads: what it answers, what becomes of it when it breaks, and what it may not do."""

import os
import sys
from pathlib import Path

import pytest

from intake.causes import Cause
from intake.isolated import Reader, ReaderNotStarted, kept, reading
from intake.isolated import client as parent
from intake.mail.message import Incoming
from intake.receive import Judgement, Rejected, judge
from tests.intake.isolated import breaking
from tests.intake.isolated.conftest import SECRET, TERMS, asks

STOPPED = Judgement(rejected=(Rejected(Cause.READER_STOPPED),))
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has a job object in place of limits")


def test_it_judges_as_the_rules_do(referral: Incoming) -> None:
    with reading() as reader:
        found = reader.judge(referral, TERMS)
    assert found == judge(referral, TERMS)
    assert found.accepted[0].passphrase_label == "herfst"


def test_the_answers_come_in_the_order_of_the_messages_and_of_their_terms(referral: Incoming) -> None:
    others = TERMS.__class__((), TERMS.trusted_senders, TERMS.postcodes)
    with reading() as reader:
        first, second = reader.begin([referral, asks("")], TERMS), reader.begin([referral], others)
        assert [one.rejected[0].cause for one in second.wait()] == [Cause.UNKNOWN_PASSPHRASE]
        good, bad = first.wait()
    assert good.accepted and bad.rejected[0].cause is Cause.NOT_ENCRYPTED


def test_a_crash_costs_the_message_on_which_it_broke_and_no_other(reader: Reader, referral: Incoming) -> None:
    reader.judge(referral, TERMS)
    before = reader.started
    found = reader.begin([referral, asks("segfault"), referral, asks("exit"), referral], TERMS).wait()
    assert [one == STOPPED for one in found] == [False, True, False, True, False]
    assert all(one.accepted for one in found[::2])
    # Each is tried once more, and no oftener.
    assert reader.started - before == 4


def test_what_broke_once_is_tried_once_more(reader: Reader, tmp_path: Path) -> None:
    found = reader.judge(asks(f"segfault-once {tmp_path / 'broke'}"), TERMS)
    assert found.rejected[0].text == "the second time"


def test_what_takes_too_long_is_ended_and_not_tried_again(referral: Incoming) -> None:
    with Reader(breaking.command(), deadline=20) as reader:
        reader.judge(referral, TERMS)
        reader._deadline = 0.3
        pending = reader.begin([asks("sleep")], TERMS)
        assert pending.wait() == [STOPPED]
        reader._deadline = 20
        assert reader.judge(referral, TERMS).accepted
        assert reader.started == 2


@POSIX
def test_a_message_that_eats_the_processor_is_ended_and_not_tried_again(
    reader: Reader, referral: Incoming
) -> None:
    reader.judge(referral, TERMS)
    before = reader.started
    assert reader.judge(asks("spin"), TERMS) == STOPPED
    assert reader.started == before
    assert reader.judge(referral, TERMS).accepted


@POSIX
def test_a_message_that_wants_gigabytes_is_stopped_and_the_process_stays(reader: Reader) -> None:
    reader.judge(asks("pid"), TERMS)
    before = reader.started
    assert reader.judge(asks("memory"), TERMS) == STOPPED
    assert reader.started == before


def test_what_a_reader_raises_does_not_come_out(reader: Reader) -> None:
    assert reader.judge(asks("raise"), TERMS) == STOPPED


def test_what_is_printed_is_no_answer(reader: Reader) -> None:
    assert reader.judge(asks("print"), TERMS).rejected[0].text == "printed"


def test_an_answer_that_no_honest_reader_gives_is_not_taken(reader: Reader) -> None:
    assert reader.judge(asks("lie"), TERMS) == STOPPED


def test_an_answer_larger_than_any_form_is_told_as_such(reader: Reader) -> None:
    assert reader.judge(asks("flood"), TERMS).rejected == (Rejected(Cause.OVER_LIMIT),)


@POSIX
def test_it_writes_no_file_and_starts_no_program(reader: Reader, tmp_path: Path) -> None:
    file = tmp_path / "file"
    assert reader.judge(asks(f"write {file}"), TERMS).rejected[0].text == "OSError"
    assert not file.exists() or file.read_bytes() == b""
    if os.geteuid() != 0:  # the system administrator's processes are not counted
        assert reader.judge(asks("fork"), TERMS).rejected[0].text == "BlockingIOError"


@pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="only Linux shows what a process was given"
)
def test_no_secret_is_in_its_arguments_or_its_environment(
    reader: Reader, referral: Incoming, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.close()
    monkeypatch.setenv("OCMW_INTAKE_CANARY", "een-geheim-uit-de-omgeving")
    reader.judge(referral, TERMS)
    folder = Path("/proc") / reader.judge(asks("pid"), TERMS).rejected[0].text
    given = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
    assert b"breaking" in given
    assert SECRET.encode() not in given
    assert b"een-geheim-uit-de-omgeving" not in given
    limits = (folder / "limits").read_text()
    assert "Max core file size        0                    0" in limits


def test_the_keys_derived_for_one_message_serve_the_next(reader: Reader, referral: Incoming) -> None:
    reader.close()
    reader.judge(referral, TERMS)
    reader.judge(referral, TERMS)
    assert reader.judge(asks("keys"), TERMS).rejected[0].text == "1 1"


def test_one_that_does_not_start_is_told_and_nothing_is_judged(referral: Incoming) -> None:
    with Reader([sys.executable, "-c", "raise SystemExit(3)"]) as reader, pytest.raises(ReaderNotStarted):
        reader.judge(referral, TERMS)
    with Reader([str(Path(sys.executable) / "missing")]) as reader, pytest.raises(ReaderNotStarted):
        reader.judge(referral, TERMS)


def test_it_starts_without_what_the_store_the_mailbox_and_the_screens_need() -> None:
    import subprocess

    script = (
        "import sys; import intake.isolated.worker, intake.receive; "
        "sys.exit(any(name in sys.modules for name in "
        "('textual', 'imapclient', 'tinydb', 'pydantic', 'typer', 'storage.store', 'py7zr', 'pypdf', 'openpyxl')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0


def test_it_is_started_as_this_program_was_and_deaf_to_the_environment() -> None:
    argv = parent.command()
    assert argv[:4] == [sys.executable, "-I", "-S", "-c"]
    assert str(Path(parent.__file__).parents[2]) in argv[5:]
    assert all(Path(place).is_absolute() for place in argv[5:])


def test_a_reader_is_kept_only_while_someone_asks_for_that(
    referral: Incoming, monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake.isolated import pool

    monkeypatch.setattr(pool, "_idle", [])
    monkeypatch.setattr(pool, "_keepers", 0)
    with reading() as reader:
        pass
    with reading() as another:
        assert another is not reader
        with reading() as third:
            assert third is not another
    with kept():
        with reading() as reader:
            pass
        with reading() as another:
            assert another is reader
            reader.begin([referral], TERMS)  # nobody waits for it
        with reading() as third:
            assert third is not reader
    assert pool._idle == []


def test_one_that_was_started_ahead_is_the_first_that_is_lent_and_ends_with_the_block(
    referral: Incoming, monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake.isolated import pool, reading_many

    monkeypatch.setattr(pool, "_idle", [])
    monkeypatch.setattr(pool, "_keepers", 0)
    with kept(started=True):
        (ahead,) = pool._idle
        assert ahead.started == 1
        with reading_many(1_000) as readers:
            readers.start()
            assert readers._readers[0] is ahead
            assert readers.begin([referral] * 2, TERMS).wait() == [judge(referral, TERMS)] * 2
            assert [reader.started for reader in readers._readers] == [1] * len(readers._readers)
    assert pool._idle == []
    assert ahead._process is None
