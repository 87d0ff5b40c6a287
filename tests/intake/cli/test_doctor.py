"""The doctor on the demo's folder: a line each when all is in order, and by name what is not after one byte changed."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.cli.main import run
from intake.demo.office import DemoOffice
from intake.desk import open_desk
from intake.desk.desk import SIGN_INS_FILE
from intake.workdays import local_date
from storage.backup_file import read_files
from storage.errors import StorageError, WrongPassphrase
from storage.noted import write_note
from storage.patience import Patience
from storage.store import open_store

HARMLESS = {"lock", "lock.holder"}
"""Empty: only locked, or with a word in it while it is; nothing is read from them at rest."""


@dataclass(frozen=True)
class Said:
    """What the doctor said."""

    status: int
    ok: bool
    lines: dict[str, tuple[bool, str]]

    @property
    def wrong(self) -> dict[str, str]:
        return {name: said for name, (ok, said) in self.lines.items() if not ok}


class Folder:
    """The demo's folder, and the doctor asked about it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def put_back(self, kept: Path) -> None:
        """Everything as it was, but for the mail server that runs."""
        for path in self.folder.iterdir():
            if path.is_dir() and path.name != "mail":
                shutil.rmtree(path)
            elif path.is_file():
                path.unlink()
        shutil.copytree(kept, self.folder, dirs_exist_ok=True)

    def run(self, *arguments: str, user: str = "els") -> tuple[int, str, str]:
        self.capsys.readouterr()
        given = ["--config", str(self.folder / "config.toml"), "--as", user]
        status = run(
            [*given, "--passphrase-file", str(self.folder / f"{user}.passphrase"), *arguments],
            open_screen=lambda *_a, **_k: 0,
        )
        out, err = self.capsys.readouterr()
        return status, out, err

    def doctor(self) -> Said:
        status, out, err = self.run("doctor", "--json")
        assert "Traceback" not in out + err
        if not out:  # the configuration is not even found or understood: one sentence instead
            return Said(status, False, {"": (False, err)})
        said = json.loads(out)
        return Said(status, said["ok"], {c["name"]: (c["ok"], c["said"]) for c in said["checks"]})


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A demo in which there are an active and a closed file, log entries and a remembered workstation."""
    folder = tmp_path_factory.mktemp("demo") / "office"
    with DemoOffice(folder, count=12, seed=3, language="en") as office:
        desk = open_desk(office.workstation().store, "els", "vier groene fietsen")
        desk.polling.poll()
        with desk.office.store.transaction(desk.office.session.signer) as tx:
            tx.put_closed("counters", "D2026", {"last": 1})
        desk.close()
        yield folder


@pytest.fixture
def folder(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Folder]:
    """The demo's folder, and put back as it was afterwards: the mail server goes on."""
    keep = tmp_path / "kept"
    shutil.copytree(demo, keep, ignore=shutil.ignore_patterns("mail"))
    folder = Folder(demo, capsys)
    yield folder
    folder.put_back(keep)


def test_all_is_in_order_and_said_in_a_line_each(folder: Folder) -> None:
    status, out, err = folder.run("doctor")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert all(line.startswith("✓ ") and ": " in line for line in lines)
    said = folder.doctor()
    assert (said.status, said.ok, said.wrong) == (0, True, {})
    assert set(said.lines) >= {
        *(
            "configuration",
            "free space",
            "active file",
            "file of closed matters",
            "list of users",
            "rows",
            "log",
        ),
        *(
            "clock",
            "backups",
            "user of the configuration",
            "memory of this workstation",
            "keys",
            "settings",
            "senders",
            "mailbox",
        ),
    }
    assert len(lines) == len(said.lines)
    assert said.lines["senders"] == (
        True,
        "1 trusted; whether they are genuine: not looked at: the mail server is not named",
    )


def test_archive_passphrases_are_listed_added_and_ended_and_that_none_follows_is_wrong(
    folder: Folder,
) -> None:
    def listed() -> dict[str, dict[str, object]]:
        status, out, _err = folder.run("passphrases", "list", "--json")
        assert status == 0
        return {str(one["label"]): one for one in json.loads(out)}

    ((label, first),) = listed().items()
    assert (first["standing"], first["team"], first["valid_until"]) == ("in-force", None, None)
    assert first["last_used"] is not None
    today = local_date(datetime.now(UTC))
    soon = (today + timedelta(days=3)).isoformat()
    assert folder.run("passphrases", "end", label, "--on", soon)[0] == 0
    assert set(folder.doctor().wrong) == {"archive passphrases"}
    secret = folder.folder / "new.secret"
    secret.write_text("sneeuw-op-de-toren-8940\n", encoding="utf-8")
    secret.chmod(0o600)
    add = ("passphrases", "add", "winter", "--archive-passphrase-file", str(secret))
    status, out, err = folder.run(*add, "--team", "nergens.example")
    assert status == 2
    assert "nergens.example" in err
    status, out, err = folder.run(*add)
    assert (status, err) == (0, "")
    assert "sneeuw" not in out
    assert folder.doctor().ok
    assert listed()["winter"]["standing"] == "in-force"
    status, out, _err = folder.run("passphrases", "list")
    assert "winter" in out
    assert "sneeuw" not in out
    status, _out, err = folder.run("passphrases", "end", "zomer")
    assert status == 1
    assert "passphrases list" in err
    for one in (label, "winter"):
        assert folder.run("passphrases", "end", one, "--on", (today - timedelta(days=1)).isoformat())[0] == 0
    assert "No archive passphrase is in force" in folder.doctor().wrong["archive passphrases"]


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def places(data: bytes) -> list[int]:
    """The first byte, the last, and some between; the beginning is looked at more closely, headers stand there."""
    count = len(data)
    return sorted({p for p in (0, 9, count // 3, count // 2, count - 1) if 0 <= p < count})


def _opens_as(path: Path, whole: bytes) -> bool:
    """Whether a backup with a changed byte still opens, with the same files in it as the whole one."""
    other = path.with_suffix(".whole")
    other.write_bytes(whole)
    try:
        return read_files(path)[1] == read_files(other)[1]
    except StorageError:
        return False
    finally:
        other.unlink()


def test_one_changed_byte_of_any_file_is_told_by_name(folder: Folder, tmp_path: Path) -> None:
    assert folder.doctor().ok
    assert folder.run("log", "verify")[0] == 0
    assert folder.run("list")[0] == 0, "this workstation keeps what it verified"
    with pytest.raises(WrongPassphrase), Patience(folder.folder / "state" / SIGN_INS_FILE).attempt("jan"):
        raise WrongPassphrase
    write_note(folder.folder / "state" / "screen.note", b"{}")
    kept = tmp_path / "before"
    shutil.copytree(folder.folder, kept, ignore=shutil.ignore_patterns("mail"))
    files = [
        p
        for p in folder.folder.rglob("*")
        if p.is_file() and "mail" not in p.parts[len(folder.folder.parts) :]
    ]
    told: dict[str, set[str]] = {}
    for path in files:
        name = str(path.relative_to(folder.folder))
        if path.suffix == ".passphrase" and path.stem != "els":
            continue  # secrets of other people, who are not signing in here
        data = path.read_bytes()
        if path.name in HARMLESS:
            assert not data
            continue
        # Few wrong passphrases: after some in a row the sign-in slows down.
        for place in places(data)[:2] if path.suffix == ".passphrase" else places(data):
            path.write_bytes(flipped(data, place))
            # A zip file repeats some of its bookkeeping, which nobody reads: then the backup is as good as before.
            as_good = path.suffix == ".zip" and _opens_as(path, data)
            try:
                said = folder.doctor()
            finally:
                folder.put_back(kept)
            if as_good:
                assert said.ok, (name, place, said)
                continue
            assert (said.status, said.ok) in ((1, False), (2, False), (3, False)), (name, place, said)
            assert said.wrong, (name, place)
            told.setdefault(name, set()).update(said.wrong)
            expected = {
                "active.json": "active.json",
                "head.json": "head.json",
                "els.passphrase": "passphrase",
                "config.toml": "",
            }.get(path.name, path.name)
            assert expected in " ".join(said.wrong.values()), (name, place, said.wrong)
    assert folder.doctor().ok
    assert {Path(name).name.split("-")[0] for name in told} >= {
        *("config.toml", "active.json", "closed", "head.json", "els.passphrase", "store"),
        *("keys", "sign", "screen.note"),
    }
    assert any(name.endswith(".jsonl") for name in told)


def test_a_broken_active_file_is_offered_the_last_good_backup(folder: Folder) -> None:
    path = folder.folder / "store" / "active.json"
    path.write_bytes(flipped(path.read_bytes(), 5_000))
    said = folder.doctor()
    assert set(said.wrong) == {"active file"}
    (good,) = (folder.folder / "store" / "backups").iterdir()
    assert good.name in said.lines["backups"][1]
    assert path.read_bytes(), "nothing is put back by itself"


def test_a_broken_file_of_closed_matters_does_not_hide_what_else_is_well(folder: Folder) -> None:
    (path,) = (folder.folder / "store").glob("closed-*.json")
    path.write_bytes(flipped(path.read_bytes(), 300))
    said = folder.doctor()
    assert said.wrong.keys() >= {"file of closed matters", "rows"}
    assert said.lines["log"][0]
    assert said.lines["active file"][0]
    assert "backup" in said.wrong["file of closed matters"]


def test_a_row_changed_by_a_key_holder_is_named(folder: Folder) -> None:
    desk = open_desk(folder.folder / "store", "els", "vier groene fietsen")
    with desk.office.store.transaction(desk.office.session.signer) as tx:
        key, row = tx.rows("referrals")[0]
        tx.put("referrals", key, {**row, "received_at": "2016-01-01T00:00:00Z"})
    desk.close()
    said = folder.doctor()
    assert set(said.wrong) == {"rows"}
    assert key in said.wrong["rows"]


def test_an_older_copy_of_the_folder_is_told_at_every_sign_in_until_accepted(
    folder: Folder, tmp_path: Path
) -> None:
    store = folder.folder / "store"
    shutil.copytree(store, tmp_path / "older")
    assert folder.run("poll")[0] == 0
    desk = open_desk(store, "els", "vier groene fietsen", memory=folder.folder / "state")
    reference = desk.work.worklist()[0].referral.reference
    desk.work.take(reference)
    desk.close()
    shutil.rmtree(store)
    shutil.copytree(tmp_path / "older", store)

    for _ in range(2):
        status, _out, err = folder.run("list")
        assert status == 0
        assert err.count("\n") == 1
        assert "older" in err
    assert folder.run("log", "verify")[0] == 6
    said = folder.doctor()
    assert set(said.wrong) == {"memory of this workstation"}

    assert folder.run("log", "accept")[0] == 2
    assert folder.run("log", "accept", "--why", "backup of Monday")[0] == 0
    assert folder.run("list")[2] == ""
    assert folder.run("log", "verify")[0] == 0
    assert folder.doctor().ok
    logged = json.loads(folder.run("log", "show", "--json")[1])
    (accepted,) = [e for e in logged if e["action"] == "store-accepted"]
    assert accepted["reason"] == "backup of Monday"
    assert {e["detail"].get("warning") for e in logged if e["action"] == "sign-in"} >= {"StoreRolledBack"}


def test_a_cut_log_is_named_by_verify_and_by_the_doctor(folder: Folder) -> None:
    assert folder.run("log", "verify")[0] == 0
    (log,) = (folder.folder / "store" / "log").glob("*.jsonl")
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))
    status, out, err = folder.run("log", "verify")
    assert (status, out) == (6, "")
    assert "log" in err
    said = folder.doctor()
    assert said.status == 1
    assert "log" in said.wrong
    assert "memory of this workstation" in said.wrong


def test_an_exported_log_is_verified_without_store_or_account(folder: Folder, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    status, out, _err = folder.run("log", "export", "--out", str(file), "--json")
    assert status == 0
    entries = json.loads(out)["entries"]
    assert folder.run("log", "export", "--out", str(file))[0] == 2, "it is not written over"
    folder.capsys.readouterr()
    assert run(["log", "verify", "--json", "--file", str(file)], open_screen=lambda *_a, **_k: 0) == 0
    assert json.loads(folder.capsys.readouterr().out)["entries"] == entries
    file.write_bytes(flipped(file.read_bytes(), 4000))
    assert run(["log", "verify", "--file", str(file)], open_screen=lambda *_a, **_k: 0) == 6
    store = open_store(folder.folder / "store")
    assert next(e.detail for e in store.journal.entries() if e.action == "export") == {"what": "log"}
