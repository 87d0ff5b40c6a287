"""First run: an office is recognised before anyone signs in, and a new one is made whole or not at all."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from intake.agreement import Agreement
from intake.config import (
    ConfigurationUnusable,
    MailboxConfig,
    OfficeSettings,
    load_workstation,
)
from intake.desk import open_desk, starting
from intake.desk.settings import Founding
from intake.desk.staff import recover
from intake.desk.starting import check_new_folder, full_path, look_at, read_authority, set_up
from intake.errors import WrongUse, sentence
from intake.texts import language, set_language
from storage.errors import RowNotGenuine, StoreExists, StoreNotWritable
from storage.keys import new_recovery_key
from tests.tui.office import COST, LEAD, TestOffice, found_office

PASSPHRASE = "vier blauwe stoelen dansen"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = language()
    set_language("en")
    yield
    set_language(before)


def founding(folder: Path, key: str | None = None) -> Founding:
    settings = OfficeSettings(
        mailbox=MailboxConfig(host="mail.example", port=993, user="box@ocmw.example"),
        agreement=Agreement(ocmw="OCMW Wervik", in_force_from=date(2026, 1, 1)),
    )
    return Founding(folder, "An De Lead", PASSPHRASE, settings, "x", [("1", "geheim")], recovery_key=key)


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_new_office_and_its_configuration_are_made_together_with_the_key_that_was_printed(
    tmp_path: Path,
) -> None:
    key, _public = new_recovery_key()
    store, config = tmp_path / "net" / "store", tmp_path / "own" / "config.toml"
    made = set_up(founding(store, key), config, "nl", cost=COST)
    known = load_workstation(config)
    assert (known.store, known.user, known.fingerprint) == (store, "an.de.lead", made.fingerprint)
    open_desk(store, "an.de.lead", PASSPHRASE, trusted=known.fingerprint).close()
    from storage.store import open_store

    opened = open_store(store)
    assert recover(opened, "an.de.lead", key, cost=COST), "the key on paper is the office's"
    opened.close()
    with pytest.raises(WrongUse):
        set_up(founding(tmp_path / "other"), config, "nl", cost=COST)
    assert not (tmp_path / "other").exists()


def test_what_goes_wrong_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A half-made office would stand in the way of the next attempt, with secrets in it."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    before = everything(tmp_path)
    with pytest.raises(ConfigurationUnusable):  # no folder can be made under a file
        set_up(founding(tmp_path / "a" / "store"), tmp_path / "file" / "config.toml", "nl", cost=COST)
    assert everything(tmp_path) == before

    def broken(*_args: object) -> None:
        raise ConfigurationUnusable(path="x", where="y")

    monkeypatch.setattr(starting, "save_workstation", broken)
    with pytest.raises(ConfigurationUnusable):
        set_up(founding(tmp_path / "empty"), tmp_path / "own" / "config.toml", "nl", cost=COST)
    assert everything(tmp_path) == before


def test_a_folder_for_a_new_office_is_absent_or_empty_and_can_be_written(
    tmp_path: Path, office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_new_folder(tmp_path / "new" / "deeper")
    with pytest.raises(StoreExists):
        check_new_folder(office.location)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "brief.docx").write_text("x")
    for folder, words in (
        (tmp_path / "full", "other files"),
        (tmp_path / "full" / "brief.docx", "no folder"),
    ):
        with pytest.raises(WrongUse) as caught:
            check_new_folder(folder)
        assert words in sentence(caught.value)
    monkeypatch.setattr(starting.os, "access", lambda *_args: False)
    with pytest.raises(StoreNotWritable):
        check_new_folder(tmp_path / "new")
    with pytest.raises(StoreNotWritable):
        look_at(office.location)


def test_an_office_is_recognised_before_the_sign_in_and_a_false_one_is_not(
    tmp_path: Path, office: TestOffice
) -> None:
    there = look_at(office.location)
    assert (there.name, there.leads, there.users, there.outdated) == ("OCMW Wervik", (LEAD,), 3, False)
    assert len(there.fingerprint) == 40
    (tmp_path / "empty").mkdir()
    for name, words in (("empty", "no store of this program"), ("nowhere", "is not there")):
        with pytest.raises(WrongUse) as caught:
            look_at(tmp_path / name)
        assert words in sentence(caught.value)
    with office.desk(LEAD) as desk, desk.office.store.transaction(desk.office.session.signer) as tx:
        row = dict(tx.get("settings", "office") or {})
        tx.put("settings", "office", row | {"values": {**row["values"], "postcodes": ["1000"]}})
    with pytest.raises(RowNotGenuine):
        look_at(office.location)


@pytest.mark.parametrize("text", ["", "  ", "map/opslag", "a\x00b"])
def test_only_a_full_path_is_a_folder(text: str) -> None:
    with pytest.raises(WrongUse):
        full_path(text)


def test_an_authority_is_a_file_with_certificates(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("-----BEGIN CERTIFICATE-----\n")
    assert read_authority(" ") is None
    assert read_authority(str(file)) == "-----BEGIN CERTIFICATE-----\n"
    file.write_text("geen certificaat")
    for name in (file, tmp_path / "weg.pem"):
        with pytest.raises(WrongUse):
            read_authority(str(name))


@pytest.fixture
def office(tmp_path: Path) -> TestOffice:
    return found_office(tmp_path / "here")
