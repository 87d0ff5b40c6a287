"""Administration from the screen: accounts, mailbox, agreement, backups and evidence, each for who may."""

import socket
from functools import partialmethod
from pathlib import Path

import pytest
from textual.widgets import Button, Checkbox

from intake.config import MailboxConfig
from intake.desk.office import MAILBOX_SECRET
from intake.desk.staff import Staff, first_sign_in
from intake.staff import Role
from storage.store import open_store
from tests.tui.driving import Driver, app_of, fill, flat, hears, notices, screens, seen, shows, until
from tests.tui.office import (
    CLIENTS,
    COST,
    ELS,
    HOSTILE,
    LEAD,
    PASSPHRASES,
    START,
    TOM,
    TestOffice,
    found_office,
)
from tui.commands import in_key_bar, key_word
from tui.dialogs.base import Mistake
from tui.dialogs.code import CodeDialog
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.mailbox_check import MailboxCheckDialog
from tui.dialogs.mailbox_settings import MailboxSettingsDialog
from tui.dialogs.tell import TellDialog
from tui.dialogs.terms import TermsDialog
from tui.screens.office import OfficeScreen
from tui.screens.worklist import WorklistScreen
from tui.widgets.choice import Choice
from tui.widgets.field import fields_of
from tui.widgets.grid import Grid

DPO = "dirk"


@pytest.fixture(autouse=True)
def _keys_are_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("add", "reset"):
        monkeypatch.setattr(Staff, name, partialmethod(getattr(Staff, name), cost=COST))


def screen(driver: Driver) -> OfficeScreen:
    front = driver.app.screen
    assert isinstance(front, OfficeScreen)
    return front


async def administration(driver: Driver, tab: str | None = None) -> None:
    await until(driver, lambda: app_of(driver).rights)
    await driver.press("f10")
    await until(driver, lambda: isinstance(driver.app.screen, OfficeScreen))
    await until(driver, lambda: screen(driver).found is not None)
    if tab is not None:
        await driver.press(tab)
        await until(driver, lambda: screen(driver).tab.key == tab and screen(driver).found is not None)
    await driver.pause()


async def on_row(driver: Driver, key: str) -> None:
    grid = screen(driver).query_one(Grid)
    await until(driver, lambda: key in grid.keys)
    grid.focus()
    grid.move_cursor(row=grid.get_row_index(key))
    await driver.pause()


async def front(driver: Driver, kind: type) -> None:
    await until(driver, lambda: isinstance(driver.app.screen, kind))


def bar(driver: Driver) -> list[str]:
    return [key_word(driver.app, binding) for binding in in_key_bar(driver.app.screen)]


def logged(office: TestOffice, user: str = LEAD) -> list[tuple[str, str]]:
    store = open_store(office.location)
    entries = [(entry.action, str(entry)) for entry in store.journal.entries()]
    store.close()
    return entries


async def test_a_colleague_is_invited_and_the_code_is_shown_once(
    office: TestOffice, copied: list[str]
) -> None:
    async with screens(office, LEAD) as driver:
        await administration(driver)
        await shows(driver, "an.lead", "team lead", "● active", "Secrecy confirmed: 18/11/2026")
        assert bar(driver)[2:6] == ["n", "R", "d", "e"]
        await driver.press("n", "f2")
        await shows(driver, "✖ Give the name.")
        await fill(driver, "name", HOSTILE)
        await fill(driver, "account", "els")
        await driver.press("f2")
        await shows(driver, "✖ Give at least one role.")
        fields_of(driver.app.screen)["role-dpo"].query_one(Checkbox).value = True
        await driver.press("f2")
        await shows(driver, "✖ There is, or was, a user els. Choose another name.")
        assert fields_of(driver.app.screen)["name"].text == HOSTILE, "what was typed stays"
        await fill(driver, "account", "nieuw")
        await driver.press("f2")
        await front(driver, CodeDialog)
        code = str(driver.app.screen.query_one("#code").content)  # type: ignore[attr-defined]
        assert len(code.split("-")) == 6
        await driver.press("enter")
        assert isinstance(driver.app.screen, CodeDialog), "Enter must not close what is shown once"
        await shows(driver, "✔ Copied.", "Give it personally")
        assert [driver.app.clipboard, *copied] == [code] * 2
        await driver.press("escape")
        await front(driver, OfficeScreen)
        await shows(driver, "○ waits for first sign-in")
        assert HOSTILE.split()[0] in seen(driver)
        assert code not in flat(driver) and not any(code in text for _action, text in logged(office))


async def test_a_forgotten_passphrase_gets_a_new_code_after_a_question(
    office: TestOffice, copied: list[str]
) -> None:
    async with screens(office, LEAD) as driver:
        await administration(driver)
        await on_row(driver, LEAD)
        await driver.press("R", "right", "enter")
        await hears(driver, "change your own passphrase")
        await on_row(driver, ELS)
        await driver.press("R")
        await front(driver, ConfirmDialog)
        assert driver.app.screen.query_one("#keep", Button).has_focus
        await driver.press("escape", "R", "right", "enter")
        await front(driver, CodeDialog)
        await driver.press("c", "escape")
        await shows(driver, "○ waits for first sign-in")
        await until(driver, lambda: len(copied) == 1)
        assert copied == [driver.app.clipboard], "although it was left at once"
        assert [action for action, _text in logged(office)].count("user-reset") == 1


async def test_an_account_ends_and_its_referrals_go_to_a_colleague(office: TestOffice) -> None:
    references = office.receive(CLIENTS[:2])
    with office.desk(LEAD) as desk:
        desk.work.assign(references, TOM)
    async with screens(office, LEAD) as driver:
        await administration(driver)
        await on_row(driver, LEAD)
        await driver.press("d", "f2")
        await shows(driver, "✖ This would leave no team lead. Make someone else team lead first.")
        await driver.press("escape")
        await on_row(driver, TOM)
        await shows(driver, "Open referrals: 2")
        await driver.press("d")
        await shows(driver, "Disable tom", "Open referrals: 2")
        choice = driver.app.screen.query_one(Choice)
        assert [code for code, _words in choice._choices] == ["", LEAD, ELS]
        choice.highlighted = 2
        await driver.press("f2")
        await front(driver, TellDialog)
        await shows(driver, "tom is disabled; 2 open referrals went to els.", "have its password changed")
        await driver.press("enter")
        await front(driver, OfficeScreen)
        await shows(driver, "× disabled")
        await on_row(driver, TOM)
        await driver.press("d")
        await hears(driver, "This account is disabled already.")
    with office.desk(LEAD) as desk:
        assert desk.staff.open_referrals() == {ELS: 2}


async def test_an_absence_with_a_substitute_and_its_end(office: TestOffice) -> None:
    async with screens(office, LEAD, size=(120, 36)) as driver:
        await administration(driver)
        await on_row(driver, TOM)
        await driver.press("e")
        await shows(driver, "Absence of tom")
        await fill(driver, "until", "31/02/2026")
        await driver.press("f2")
        await shows(driver, "✖ Give a date as dd/mm/yyyy")
        await fill(driver, "until", "17/11/2026")
        await driver.press("f2")
        await shows(driver, "✖ Give a last day of absence that is today or later.")
        await fill(driver, "until", "30/11/2026")
        driver.app.screen.query_one(Choice).highlighted = 1
        await driver.press("f2")
        await shows(driver, "◐ absent until 30/11/2026", "Substitute: els")
        await driver.press("e", "right", "enter")
        await hears(driver, "tom is back.")
        await until(driver, lambda: "◐" not in seen(driver))


async def test_each_role_sees_its_own_lists_and_keys(
    office: TestOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PASSPHRASES, DPO, "een lange zin voor dirk")
    with office.desk(LEAD) as desk:
        code = desk.staff.add(DPO, [Role.DPO])
    store = open_store(office.location)
    first_sign_in(store, DPO, code, PASSPHRASES[DPO], START.date(), cost=COST)
    store.close()
    async with screens(office, ELS) as driver:
        await until(driver, lambda: app_of(driver).rights)
        await driver.press("f10")
        await hears(driver, "Your role has nothing on that screen; ask a team lead.")
        assert isinstance(driver.app.screen, WorklistScreen)
    async with screens(office, DPO) as driver:
        await administration(driver)
        assert list(screen(driver).tabs_by_code) == ["users", "mailbox", "agreement", "evidence"]
        assert not {"n", "R", "d", "e"} & set(bar(driver))
        await driver.press("n", "R", "b", "o")
        await until(driver, lambda: screen(driver).tab.code == "mailbox")
        assert not {"t", "w"} & set(bar(driver))
        await driver.press("i")
        await shows(driver, "Evidence of the measures taken")
        assert bar(driver)[0] == "Enter"
        await driver.press("enter")
        await fill(driver, "file", "bewijs.pdf")
        await driver.press("f2")
        await shows(driver, "✖ Give the full path of the file.")
        await fill(driver, "file", str(tmp_path / "bewijs.doc"))
        await driver.press("f2")
        await shows(driver, "✖ The name of the file must end in .pdf, .json.")
        await fill(driver, "file", str(tmp_path / "bewijs.pdf"))
        await driver.press("f2")
        await front(driver, TellDialog)
        assert (tmp_path / "bewijs.pdf").stat().st_size > 1000 and (tmp_path / "bewijs.json").exists()
        assert any(action == "export" and "evidence" in text for action, text in logged(office))
        await driver.press("escape", "down", "enter")
        await fill(driver, "file", str(tmp_path / "register.json"))
        await driver.press("f2")
        await front(driver, TellDialog)
        assert (tmp_path / "register.json").exists()


async def test_the_mailbox_is_tested_and_changed_without_showing_its_password(office: TestOffice) -> None:
    async with screens(office, LEAD) as driver:
        await administration(driver, "o")
        await shows(driver, "127.0.0.1, 1, TLS from the first byte", "kindengezin.example", "Last poll")
        assert {"t", "w"} <= set(bar(driver))
        await driver.press("t")
        await front(driver, MailboxCheckDialog)
        await shows(driver, "✖ connection: Nothing listens on port 1", "cannot work with this mailbox yet")
        await driver.press("f2", "j", "k")
        assert isinstance(driver.app.screen, MailboxCheckDialog), "there is nothing to go on to"
        await driver.press("escape", "w")
        await front(driver, MailboxSettingsDialog)
        for name, wrong, said in (
            ("port", "70000", "Give a number from 1 to 65535."),
            ("authority", "/bestaat/niet.pem", "That file cannot be read as certificates (PEM)."),
            ("senders", "geen domein", "trusted_senders"),
            ("junk", "Spam*", "mailbox.junk"),
            ("server", "geen server", "authentication_server"),
        ):
            before = fields_of(driver.app.screen)[name].text
            await fill(driver, name, wrong)
            await driver.press("f2")
            await until(driver, lambda n=name, s=said: s in flat(driver))
            assert fields_of(driver.app.screen)[name].text == wrong
            await fill(driver, name, before)
        await fill(driver, "host", "mail.elders.example")
        await driver.press("f2")
        await shows(driver, "type the password, so that the old one is not sent there")
        await fill(driver, "host", "127.0.0.1")
        await fill(driver, "poll", "1200")
        await fill(driver, "junk", "-")
        await fill(driver, "server", "mx.ocmw.example")
        fields_of(driver.app.screen)["authenticity"].text = "require"
        driver.app.screen.query_one("#test", Button).press()  # where a notice may hide it from the mouse
        await shows(driver, "✖ connection: Nothing listens on port 1")
        await driver.press("escape")
        await until(driver, lambda: driver.app.screen.query("#test"))
        await driver.press("f2")
        await hears(driver, "The settings are in force.")
        await shows(driver, "1200 seconds", "left alone", "required (mx.ocmw.example)")
        with office.desk(LEAD) as desk:
            assert desk.office.secret(MAILBOX_SECRET) == {"password": "x"}, "empty is unchanged"
        await driver.press("w")
        await fill(driver, "password", "nieuw-en-geheim")
        with office.desk(LEAD) as desk:
            settings = desk.settings.show()
            desk.settings.change(settings.model_copy(update={"lock_minutes": 20}))
        await driver.press("f2")
        await hears(driver, "was changed by a colleague just now")
        await until(driver, lambda: fields_of(driver.app.screen).get("password") is not None)
        assert fields_of(driver.app.screen)["password"].text == "nieuw-en-geheim", (
            "what was typed is put back"
        )
        await driver.press("f2")
        await front(driver, OfficeScreen)
        with office.desk(LEAD) as desk:
            assert desk.office.secret(MAILBOX_SECRET) == {"password": "nieuw-en-geheim"}
            assert desk.settings.show().lock_minutes == 20, "the colleague's change stays"
        assert not any("geheim" in text for text in (flat(driver), *notices(driver)))
    assert not any("geheim" in text for _action, text in logged(office))


async def test_a_test_of_a_silent_server_is_stopped_with_a_key(tmp_path: Path) -> None:
    """A server that takes the connection and says nothing must not hold up whoever wants to go on."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        box = MailboxConfig(host="127.0.0.1", port=silent.getsockname()[1], user="box", poll_seconds=3600)
        async with screens(found_office(tmp_path, box), LEAD) as driver:
            await administration(driver, "o")
            await driver.press("t")
            await shows(driver, "✔ connection", "◌ certificate…", "Testing… Esc stops it.")
            await driver.press("escape")
            await front(driver, OfficeScreen)
            await driver.press("u")
            await shows(driver, "● active")


async def test_every_list_is_drawn_in_the_smallest_and_the_largest_terminal(office: TestOffice) -> None:
    async with screens(office, LEAD, size=(60, 20)) as driver:
        await administration(driver)
        for tab in ("o", "r", "b", "i", "u"):
            await driver.press(tab)
            await until(
                driver, lambda t=tab: screen(driver).tab.key == t and screen(driver).found is not None
            )
            assert screen(driver).query_one(Grid).size.height >= 3, tab
        await driver.resize_terminal(200, 60)
        await shows(driver, "Account", "Secrecy", "18/11/2026")


async def test_the_agreement_says_what_is_missing_and_takes_dates_and_contacts(office: TestOffice) -> None:
    async with screens(office, LEAD) as driver:
        await administration(driver, "r")
        await shows(driver, "✔ in order", "Receiving referrals", "✖ missing", "Reporting wrong data")
        await driver.press("w")
        await fill(driver, "team-email", "geen adres")
        await driver.press("f2")
        await shows(driver, "✖ This is no e-mail address.")
        await fill(driver, "team-email", "menen@opgroeien.example")
        await fill(driver, "dpo-name", HOSTILE)
        await fill(driver, "ended_on", "gisteren misschien")
        with pytest.raises(Mistake, match="ended_on"):
            driver.app.screen.read()  # type: ignore[attr-defined]
        await fill(driver, "ended_on", "")
        await fill(driver, "notice_given_on", "01/01/2020")
        await driver.press("f2")
        await shows(driver, "✖ This day lies before the day from which the agreement runs.")
        await fill(driver, "notice_given_on", "")
        await fill(driver, "ended_on", "18/11/2026")
        await driver.press("f2")
        await front(driver, ConfirmDialog)
        await shows(driver, "From now on nothing is received")
        await driver.press("escape")
        await front(driver, TermsDialog)
        assert fields_of(driver.app.screen)["ended_on"].text == "18/11/2026", "what was typed stays"
        with office.desk(LEAD) as desk:
            assert desk.settings.show().agreement.ended_on is None
        await driver.press("f2")
        await front(driver, ConfirmDialog)
        await driver.press("right", "enter")
        await hears(driver, "The settings are in force.")
        await shows(driver, "17/11/2026", "■ ended")
        grid = screen(driver).query_one(Grid)
        assert grid.row_texts("team")[2] == "menen@opgroeien.example"
        assert grid.row_texts("dpo")[2] == HOSTILE
        await shows(driver, "Nothing is taken in: messages stay untouched")


async def test_backups_are_made_and_verified_and_a_broken_one_is_told(office: TestOffice) -> None:
    async with screens(office, LEAD) as driver:
        await administration(driver, "b")
        before = screen(driver).query_one(Grid).row_count
        await shows(driver, "ocmw-intake backup restore FILE")
        await driver.press("m")
        await hears(driver, "The backup is made.")
        await until(driver, lambda: screen(driver).query_one(Grid).row_count == before + 1)
        newest = screen(driver).found.items[0].listed.path
        await on_row(driver, newest.name)
        await driver.press("v")
        await hears(driver, "The backup is whole.")
        await shows(driver, "✔ found whole on 18/11/2026 10:00")
        newest.write_bytes(newest.read_bytes()[:-40])
        await driver.press("v")
        await until(driver, lambda: len(notices(driver)) >= 3)
        await until(driver, lambda: "✔ found whole" not in seen(driver))
        await driver.press("escape")
        await front(driver, WorklistScreen)


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_key_bar_of_every_list_fits_in_eighty_columns(office: TestOffice, language: str) -> None:
    async with screens(office, LEAD, language=language) as driver:
        await administration(driver)
        for tab in ("u", "o", "r", "b", "i"):
            await driver.press(tab)
            await until(
                driver, lambda t=tab: screen(driver).tab.key == t and screen(driver).found is not None
            )
            await driver.pause()
            assert not seen(driver).splitlines()[-1].rstrip().endswith("…"), tab
