"""What makes the day lighter: the list as one left it, what is new on it, the pane beside it, copying, and who saw it."""

from pathlib import Path

import pytest

from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result
from storage.noted import write_note
from tests.tui.driving import Driver, app_of, flat, hears, open_line, references, screens, seen, shows, until
from tests.tui.office import CLIENTS, ELS, HOSTILE, HOSTILE_CLIENT, LEAD, TOM, TestOffice
from tui import clipboard
from tui.clipboard import is_remote, over_ssh
from tui.preferences import Preferences, file_for, read, write
from tui.screens.referral import ReferralScreen
from tui.seen import Seen
from tui.themes import CONTRAST, DARK, LIGHT


def kept(office: TestOffice, account: str) -> Preferences:
    return read(file_for(office.location.parent / "state", account))


async def leave(driver: Driver) -> None:
    await driver.press("q")
    await until(driver, lambda: app_of(driver)._exit)


async def test_order_list_and_colours_are_as_the_user_left_them(office: TestOffice) -> None:
    office.receive(CLIENTS)
    async with screens(office, ELS) as driver:
        await driver.press("f9", "f9", "n", "s", "s", "S")
        assert driver.app.theme == CONTRAST
        before = references(driver)
        await leave(driver)
    assert kept(office, ELS).scope == "unassigned" and kept(office, ELS).backwards
    async with screens(office, ELS) as driver:
        assert driver.app.theme == CONTRAST
        await shows(driver, "▸ Unassigned 4")
        assert references(driver) == before
        await driver.press("f9")
        assert driver.app.theme == DARK
    async with screens(office, TOM) as driver:
        assert driver.app.theme == DARK, "it is each user's own"
        await shows(driver, "▸ Open 4")


async def test_what_is_new_or_changed_since_is_marked_until_it_is_opened(office: TestOffice) -> None:
    first, second = office.receive(CLIENTS[:2])
    with office.desk(LEAD) as desk:
        desk.work.assign([second], ELS)
    async with screens(office, LEAD) as driver:
        assert "✦" not in seen(driver), "at the first look nothing is news"
        await leave(driver)
    [third] = office.receive(CLIENTS[2:3])
    with office.desk(ELS) as desk:
        desk.work.attempt(AttemptRequest(second, Channel.PHONE, Result.NO_ANSWER))
    async with screens(office, LEAD) as driver:
        await shows(driver, f"{third}✦", f"{second}↻", "✦ new 1", "↻ changed 1")
        assert f"{first}✦" not in seen(driver) and f"{first}↻" not in seen(driver)
        await driver.press(*["f"] * 3)
        await until(driver, lambda: references(driver) == [third])
        await shows(driver, "· ✦ new ·")
        await driver.press("escape")
        await open_line(driver, third)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("o")
        await until(driver, lambda: driver.app.screen._opened.view.referral.assigned_to == LEAD)  # type: ignore[attr-defined]
        await driver.press("escape")
        await shows(driver, "↻ changed 1")
        await until(driver, lambda: "✦" not in seen(driver))
        assert f"{third}↻" not in seen(driver), "one's own steps are no news"
        [fourth] = office.receive(CLIENTS[3:4])
        await shows(driver, f"{fourth}✦")
        await leave(driver)
    async with screens(office, LEAD) as driver:
        assert "✦" not in seen(driver) and "↻" not in seen(driver)


async def test_beside_a_wide_list_stands_what_is_known_of_the_line(office: TestOffice) -> None:
    reference, other = office.receive(CLIENTS[:2])
    with office.desk(LEAD) as desk:
        desk.work.attempt(AttemptRequest(other, Channel.PHONE, Result.NO_ANSWER))
    [hostile] = office.receive([HOSTILE_CLIENT])
    async with screens(office, LEAD, size=(150, 40)) as driver:
        await open_line(driver, other)
        await driver.press("escape")
        await shows(driver, "Jan Peeters · " + other, "Municipality Wervik", "phone, no answer", "Attempts")
        await driver.press("x")
        await until(driver, lambda: "Municipality •••" in flat(driver))
        assert "Peeters" not in flat(driver)
        await driver.press("x", "k")
        await shows(driver, HOSTILE[:30])
        await driver.resize_terminal(100, 30)
        await until(driver, lambda: not driver.app.screen.query_one("#pane").display)
        assert reference in references(driver) and hostile in references(driver)


@pytest.mark.parametrize("here", [True, False])
async def test_a_key_copies_telephone_address_or_e_mail_and_says_so(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch, here: bool
) -> None:
    [reference] = office.receive(CLIENTS[:1])
    copied: list[str] = []
    monkeypatch.setattr("tui.clipboard.copy_here", lambda text: copied.append(text) or here)
    monkeypatch.setattr("tui.clipboard.over_ssh", lambda *_environment: False)
    said = "copied." if here else "copied, if your terminal passes it on."
    async with screens(office, LEAD) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("T")
        await hears(driver, f"✔ Telephone {said}")
        await driver.press("A")
        await hears(driver, f"✔ Address {said}")
        await driver.press("E")
        await hears(driver, f"✔ E-mail {said}")
        assert copied == ["+32 470 12 34 56", "Koestraat 12 box 3, 8940 Wervik", "fatima@example.be"]
        assert driver.app.clipboard == "fatima@example.be"
        await driver.press("x", "T")
        await hears(driver, "Names are hidden now")
        assert len(copied) == 3
        assert not any("470" in notice.message for notice in driver.app._notifications)


async def test_what_is_not_known_is_not_copied_and_over_ssh_only_the_terminal_gets_it(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    [reference] = office.receive(CLIENTS[1:2])
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    monkeypatch.setattr(
        "tui.clipboard.copy_here", lambda text: pytest.fail("this is another machine's clipboard")
    )
    async with screens(office, LEAD) as driver:
        assert driver.app.animation_level == "none"
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("E")
        await hears(driver, "E-mail is not known.")
        await driver.press("T")
        await hears(driver, "if your terminal passes it on")
        await driver.press("W")
        await shows(driver, "Referral read", "not yet as…")
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))


@pytest.mark.parametrize(
    ("environment", "ssh", "remote"),
    [
        ({}, False, False),
        ({"SSH_TTY": "/dev/pts/1"}, True, True),
        ({"SESSIONNAME": "RDP-Tcp#3"}, False, True),
        ({"SESSIONNAME": "Console"}, False, False),
    ],
)
def test_where_the_screen_is_shown(environment: dict[str, str], ssh: bool, remote: bool) -> None:
    assert (over_ssh(environment), is_remote(environment)) == (ssh, remote)


def test_a_machine_without_a_clipboard_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyperclip

    def none(_text: str) -> None:
        raise pyperclip.PyperclipException

    monkeypatch.setattr(pyperclip, "copy", none)
    assert not clipboard.copy_here("x")


@pytest.mark.parametrize(
    "text", ["", "{", '{"theme": 3}', '{"theme": "../../x"}', '{"seen": {"x": 1}}', "\xff"]
)
def test_preferences_that_cannot_be_used_are_forgotten(tmp_path: Path, text: str) -> None:
    file = file_for(tmp_path, "els")
    assert "els" not in file.name
    write_note(file, text.encode("latin-1"))
    assert read(file) == Preferences()
    write(file, Preferences(theme=LIGHT, seen={"D2026-0001": 3}))
    assert read(file).seen == {"D2026-0001": 3}
    write(tmp_path / "no" / "file" / "x.json", Preferences())
    (tmp_path / "a").write_text("")
    write(tmp_path / "a" / "x.json", Preferences())


def test_what_was_seen_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.seen.MOST_SEEN", 2)
    all_seen = Seen("els", {f"D2026-000{n}": 1 for n in range(5)})
    assert list(all_seen.at_leaving()) == ["D2026-0004", "D2026-0003"]
