"""Backups by command: made, looked at, and put back when the store is broken, by who may."""

import json
from pathlib import Path

from intake.archive import Member, pack
from tests.dovecot import Dovecot
from tests.journeys.mails import form, mail
from tests.journeys.office import ARCHIVE_PASSPHRASE, WORKER, JourneyOffice

KEYS = ["file", "folder", "made_at", "generation", "damaged", "size"]


def test_a_broken_store_is_put_back_by_commands_alone(office: JourneyOffice, dovecot: Dovecot) -> None:
    office.add(WORKER, "social-worker")
    raw = mail(("fiche.7z", pack([Member(*form())], ARCHIVE_PASSPHRASE)))
    dovecot.deliver(office.mailbox, raw)
    (reference,) = office.run("poll", "--json").json["references"]

    made = office.run("backup", "create", "--json").json
    assert office.run("backup", "create", user=WORKER, status=4).out == ""
    listed = office.run("backup", "list", "--json", user=None).json
    assert [list(row) for row in listed] == [KEYS, KEYS]
    assert listed[0]["file"] == made["file"]
    checked = office.run("backup", "verify", made["file"], "--json", user=None).json
    assert checked["ok"] and checked["referrals"] == 1
    assert office.run("backup", "verify", "nothing.zip", user=None, status=6).err.count("\n") == 1

    active = office.store / "active.json"
    active.write_bytes(active.read_bytes()[:-50])
    assert "backup restore" in office.run("list", status=6).err
    assert office.run("backup", "list", "--json", user=None).json == listed
    assert office.run("backup", "verify", made["file"], "--json", user=None).json == checked
    office.run("backup", "restore", made["file"], user=WORKER, status=4)
    assert json.loads(office.run("backup", "verify", made["file"], "--json", user=None).out) == checked
    done = office.run("backup", "restore", made["file"], "--json").json
    assert (done["was_damaged"], done["log_mended"], done["discards"]) == (True, False, [])
    assert Path(done["aside"]).is_file()

    (row,) = office.run("list", "--json").json
    assert row["reference"] == reference
    assert office.run("log", "verify", "--json").json["ok"]
    said = office.run("backup", "list").out
    assert said.count(".zip") == 3


def test_one_changed_byte_of_a_backup_is_named_by_the_doctor(office: JourneyOffice) -> None:
    made = office.run("backup", "create", "--json").json
    path = Path(made["folder"]) / made["file"]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    health = office.run("doctor", "--json", status=1).json
    failed = [check["said"] for check in health["checks"] if not check["ok"]]
    assert len(failed) == 1
    assert made["file"] in failed[0]
