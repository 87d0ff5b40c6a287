"""Wrong passphrases make the next ones wait: over processes, bounded, and never for ever."""

import multiprocessing
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from storage.directory import sign_in
from storage.errors import GuessablePassphrase, SignInSlowed, UnknownUser, WeakPassphrase, WrongPassphrase
from storage.passphrases import check_passphrase
from storage.patience import FREE, LONGEST_WAIT, FailuresDamaged, Patience
from tests.storage.support import Clock, Office

RIGHT, WRONG = "wachtwoordzin van bob", "een andere lange zin"


def fail(patience: Patience, name: str = "bob") -> None:
    with pytest.raises(WrongPassphrase), patience.attempt(name):
        raise WrongPassphrase


def waits(patience: Patience, name: str = "bob") -> int:
    """The seconds that an attempt would have to wait; 0 when it may be made."""
    try:
        with patience.attempt(name):
            raise KeyboardInterrupt  # neither right nor wrong: nothing is counted
    except SignInSlowed as slowed:
        return int(str(slowed.values["seconds"]))
    except KeyboardInterrupt:
        return 0


@pytest.fixture
def patience(tmp_path: Path, clock: Clock) -> Patience:
    return Patience(tmp_path / "state" / "sign-in.json", clock)


def test_mistyping_costs_nothing_and_going_on_costs_ever_more_up_to_a_bound(
    patience: Patience, clock: Clock
) -> None:
    told = []
    for _ in range(FREE + 9):
        told.append(waits(patience))
        clock.forward(timedelta(seconds=told[-1]))
        assert waits(patience) == 0
        fail(patience)
    assert told == [0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert LONGEST_WAIT.total_seconds() == 300


def test_the_right_passphrase_clears_the_count(patience: Patience, clock: Clock) -> None:
    for _ in range(FREE):
        fail(patience)
    clock.forward(timedelta(seconds=5))
    assert patience.failures("bob") == FREE
    with patience.attempt("bob"):
        pass
    assert (patience.failures("bob"), waits(patience)) == (0, 0)


def test_one_account_does_not_slow_another(patience: Patience) -> None:
    for _ in range(FREE + 1 - 1):
        fail(patience)
    assert (waits(patience, "bob"), waits(patience, "eva")) == (5, 0)


def test_it_is_forgotten_after_a_day(patience: Patience, clock: Clock) -> None:
    for _ in range(FREE):
        fail(patience)
    clock.forward(timedelta(hours=24))
    assert (patience.failures("bob"), waits(patience)) == (0, 0)


def test_a_clock_that_is_set_back_lengthens_no_wait(patience: Patience, clock: Clock) -> None:
    for _ in range(FREE):
        fail(patience)
    clock.forward(timedelta(days=-400))
    assert waits(patience) == 5
    clock.forward(timedelta(seconds=5))
    assert waits(patience) == 0


def test_another_process_waits_too(patience: Patience, tmp_path: Path, clock: Clock) -> None:
    script = (
        "import sys; from pathlib import Path; from datetime import datetime;"
        "from storage.patience import Patience; from storage.errors import WrongPassphrase\n"
        "patience = Patience(Path(sys.argv[1]), lambda: datetime.fromisoformat(sys.argv[2]))\n"
        "try:\n"
        "    with patience.attempt('bob'): raise WrongPassphrase\n"
        "except WrongPassphrase: pass\n"
    )
    for _ in range(FREE):
        arguments = [
            sys.executable,
            "-c",
            script,
            str(tmp_path / "state" / "sign-in.json"),
            clock().isoformat(),
        ]
        subprocess.run(arguments, check=True, timeout=30)
    assert (patience.failures("bob"), waits(patience)) == (FREE, 5)


def _guess(file: Path, moment: str, tried: "multiprocessing.queues.Queue[bool]") -> None:
    from datetime import datetime

    patience = Patience(file, lambda: datetime.fromisoformat(moment))
    try:
        with patience.attempt("bob"):
            tried.put(True)
            raise WrongPassphrase
    except WrongPassphrase:
        pass
    except SignInSlowed:
        tried.put(False)


def test_many_processes_at_once_are_no_way_round(patience: Patience, tmp_path: Path, clock: Clock) -> None:
    for _ in range(FREE):
        fail(patience)
    clock.forward(timedelta(seconds=5))
    context = multiprocessing.get_context("spawn")
    tried: multiprocessing.queues.Queue[bool] = context.Queue()
    arguments = (tmp_path / "state" / "sign-in.json", clock().isoformat(), tried)
    workers = [context.Process(target=_guess, args=arguments) for _ in range(4)]
    for worker in workers:
        worker.start()
    outcomes = [tried.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(30)
    assert sorted(outcomes) == [False, False, False, True]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"bob": 7}', b'{"bob": [-1, "x"]}', b'{"bob": [true, "2026-11-02"]}', b"x" * 70_000],
)
def test_a_file_that_is_none_of_ours_keeps_nobody_out(
    patience: Patience, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "sign-in.json").write_bytes(content)
    assert (patience.failures("bob"), waits(patience)) == (0, 0)
    for _ in range(FREE):
        fail(patience)
    assert waits(patience) == 5


def test_failures_that_were_changed_by_hand_count_and_are_told(patience: Patience, tmp_path: Path) -> None:
    file = tmp_path / "state" / "sign-in.json"
    for _ in range(FREE):
        fail(patience)
    patience.check()
    file.write_bytes(file.read_bytes().replace(b'"bob":[3', b'"bob":[2'))
    assert patience.failures("bob") == 2
    with pytest.raises(FailuresDamaged):
        patience.check()


def test_where_the_file_cannot_be_kept_this_process_counts(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    patience = Patience(tmp_path / "state" / "sign-in.json", clock)
    for _ in range(FREE):
        fail(patience)
    assert waits(patience) == 5


def test_signing_in_waits_without_looking_at_the_passphrase(
    office: Office, patience: Patience, clock: Clock
) -> None:
    for _ in range(FREE):
        with pytest.raises(WrongPassphrase):
            sign_in(office.store, "bob", WRONG, patience=patience)
    with pytest.raises(SignInSlowed):
        sign_in(office.store, "bob", RIGHT, patience=patience)
    clock.forward(timedelta(seconds=5))
    assert sign_in(office.store, "bob", RIGHT, patience=patience).user.name == "bob"
    assert patience.failures("bob") == 0


def test_a_name_that_is_nobodys_is_not_written_down(
    office: Office, patience: Patience, tmp_path: Path
) -> None:
    with pytest.raises(UnknownUser):
        sign_in(office.store, RIGHT, RIGHT, patience=patience)
    assert not (tmp_path / "state" / "sign-in.json").exists()


@pytest.mark.parametrize(
    "guessable",
    [
        "wachtwoordwachtwoord",
        "welkomwelkom01",
        "azertyuiop1234",
        "aaaaaaaaaaaaaaaaaaaa",
        "passwordpassword",
        "Els Maertens",
        "ocmw-ocmw-ocmw",
        "maandagdinsdag",
    ],
)
def test_what_is_tried_first_is_no_passphrase(guessable: str) -> None:
    with pytest.raises(GuessablePassphrase):
        check_passphrase(guessable, "els.maertens", "Els Maertens")


@pytest.mark.parametrize(
    "good",
    [
        "vier groene fietsen",
        "drie warme wafels",
        "zeven stille kaden",
        "twee oude molens",
        "x7!" * 3 + "qRz" * 300,
    ],
)
def test_some_words_that_have_nothing_to_do_with_each_other_will_do(good: str) -> None:
    check_passphrase(good, "els.maertens", "Els Maertens")


@pytest.mark.parametrize("length", [0, 11, 1025])
def test_length_is_bounded(length: int) -> None:
    with pytest.raises(WeakPassphrase):
        check_passphrase("z" * length)
