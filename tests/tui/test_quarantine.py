"""The quarantine on the screen: what is wrong and what to do, trying again, registering by hand, rejecting."""

from datetime import UTC, datetime
from pathlib import Path

from textual.widgets import Checkbox, Input, TextArea

from intake.archive import Member, pack
from intake.causes import CAUSE_TITLES, CAUSE_WORDS, WHAT_TO_DO, Cause
from intake.config import MailboxConfig
from intake.demo.server import DemoServer
from intake.referral import Flag
from intake.rejecting import TOLD, UNANSWERED, usual
from tests.journeys.mails import form, mail
from tests.tui.driving import Driver, fill, flat, hears, leave_unsaved, notices, screens, seen, shows, until
from tests.tui.office import ELS, HOSTILE, LEAD, TestOffice, found_office
from tui.commands import in_key_bar
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.passphrase import PassphraseDialog
from tui.dialogs.register import RegisterDialog
from tui.dialogs.reject import RejectDialog
from tui.screens.quarantine import QuarantineScreen
from tui.screens.worklist import WorklistScreen
from tui.widgets.choice import Choice

TEXT = "Naam | Vandamme\nVoornaam: ???\nAdres | Koestraat 12 bus 3, 8940 Wervik\nTelefoon | 0470 12 34 56\nToestemming: ja"
SENDER = "menen@kindengezin.example"
PASSWORD = "paars tafelkleed"


async def opened(driver: Driver) -> QuarantineScreen:
    await driver.press("f6")
    screen = driver.app.screen
    await until(driver, lambda: isinstance(driver.app.screen, QuarantineScreen) and driver.app.screen.found)
    screen = driver.app.screen
    assert isinstance(screen, QuarantineScreen)
    return screen


async def dialog(driver: Driver, key: str, kind: type) -> None:
    await driver.press(key)
    await until(driver, lambda: isinstance(driver.app.screen, kind))


def actions(office: TestOffice, item: str) -> list[str]:
    with office.desk(LEAD) as desk:
        return [entry.action for entry in desk.log.entries(reference=item)]


def test_every_cause_says_what_is_wrong_and_what_to_do() -> None:
    for cause in Cause:
        assert CAUSE_WORDS[cause].endswith(".")
        assert WHAT_TO_DO[cause].endswith(".")
        assert 3 < len(CAUSE_TITLES[cause]) <= 30
        assert usual(cause) in TOLD or cause in (Cause.NO_ARCHIVE, Cause.UNKNOWN_SENDER, *UNANSWERED)


async def test_cause_what_to_do_and_the_text_after_it_was_logged(office: TestOffice) -> None:
    item = office.quarantine(Cause.MISSING_NAME, f"Naam: ???\n{HOSTILE}", f"[/]{SENDER}")
    office.clock.forward(days=3)
    async with screens(office, LEAD) as driver:
        screen = await opened(driver)
        await shows(driver, item, "3 days", "no clear name", WHAT_TO_DO[Cause.MISSING_NAME], "[/]menen@")
        bar = {binding.key for binding in in_key_bar(screen)}
        assert {"r", "h", "w", "enter", "escape"} <= bar and len(bar) <= 7
        assert HOSTILE not in flat(driver)
        assert actions(office, item)[-1] == "quarantine-list"
        await driver.press("enter")
        await shows(driver, HOSTILE)
        assert actions(office, item)[-1] == "quarantine-read"
        await driver.press("x")
        await until(driver, lambda: HOSTILE not in flat(driver))
        await dialog_refused_while_masked(driver)
        await driver.press("escape")
        await shows(driver, WHAT_TO_DO[Cause.MISSING_NAME])
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))


async def dialog_refused_while_masked(driver: Driver) -> None:
    """Names that are hidden do not come out in a form."""
    await driver.press("h")
    await hears(driver, "Names are hidden.")
    assert isinstance(driver.app.screen, QuarantineScreen)


async def test_who_does_not_decide_sees_causes_and_has_no_keys_for_more(office: TestOffice) -> None:
    item = office.quarantine(Cause.SCAN, "tekst", "geheim@example.be")
    async with screens(office, ELS) as driver:
        screen = await opened(driver)
        await shows(driver, "scan or photograph", "—")
        assert not {"r", "h", "w"} & {binding.key for binding in in_key_bar(screen)}
        await driver.press("h", "w", "r", "n", "a")
        assert driver.app.screen is screen
        assert "geheim@" not in flat(driver)
        await driver.press("enter")
        await hears(driver, "Your account may not do this.")
    assert "quarantine-read" not in actions(office, item)


async def test_registering_by_hand_keeps_what_was_typed_until_it_is_right(office: TestOffice) -> None:
    item = office.quarantine(Cause.MISSING_NAME, TEXT, SENDER)
    async with screens(office, LEAD) as driver:
        await opened(driver)
        await dialog(driver, "h", RegisterDialog)
        assert actions(office, item)[-1] == "quarantine-read"
        await shows(driver, "Naam | Vandamme")
        form_now = driver.app.screen
        assert isinstance(form_now, RegisterDialog)
        found = form_now.values()
        # What the reader found is there, and never a consent.
        assert (found["last_name"], found["street"], found["box"], found["phone"]) == (
            "Vandamme", "Koestraat", "3", "+32 470 12 34 56",
        )  # fmt: skip
        assert found["consent"] == ""
        await fill(driver, "first_name", "Zoë")
        await fill(driver, "phone", "12")
        await fill(driver, "postcode", "894")
        await driver.press("f2")
        await shows(driver, "This is no valid telephone number.")
        wrong = [f.id for f in form_now.query(".field") if f.has_class("-wrong")]
        assert wrong == ["field-postcode", "field-phone", "field-consent"]
        assert form_now.values()["phone"] == "12"
        await fill(driver, "phone", "0470 12 34 56")
        await fill(driver, "postcode", "8940")
        form_now.query_one(Choice).value = "confirmed"
        form_now.query_one(Checkbox).value = True
        await driver.press("f2")
        await hears(driver, f"{item} is registered as D2026-0001.")
        await shows(driver, item)
        await dialog(driver, "h", RegisterDialog)
        await fill(driver, "first_name", "Bo")
        driver.app.screen.query_one(Choice).value = "not-stated"
        await driver.press("f2")
        await shows(driver, "The quarantine is empty")
    with office.desk(LEAD) as desk:
        one, two = desk.work.worklist()
        assert [line.client.first_name for line in (one, two)] == ["Zoë", "Bo"]
        assert all(Flag.BY_HAND.value in line.referral.flags for line in (one, two))
        assert "Vandamme" not in str(list(desk.log.entries()))


async def test_a_mailbox_that_does_not_answer_loses_nothing(office: TestOffice) -> None:
    item = office.quarantine(Cause.UNKNOWN_PASSPHRASE, "", SENDER)
    other = office.quarantine(Cause.SCAN, "", SENDER)
    async with screens(office, LEAD) as driver:
        await opened(driver)
        await driver.press("r")
        await hears(driver, "The mail server 127.0.0.1 (port 1) cannot be reached.")
        await dialog(driver, "n", PassphraseDialog)
        await driver.press("f2")
        await shows(driver, "✖ Give the passphrase.")
        await fill(driver, "secret", "heel andere zin")
        await fill(driver, "label", "winter")
        await fill(driver, "valid_from", "32/13")
        await driver.press("f2")
        await until(driver, lambda: driver.app.screen.query("#field-valid_from.-wrong"))
        await fill(driver, "valid_from", "18/11/2026")
        await driver.press("f2")
        await until(driver, lambda: seen(driver).count("cannot be reached") >= 1)
        assert driver.app.screen.query_one("#field-secret Input", Input).value == "heel andere zin"
        assert "heel andere zin" not in flat(driver) and "heel andere" not in " ".join(notices(driver))
        await leave_unsaved(driver)
        await driver.press("down", "n")
        await hears(driver, "A new passphrase is for messages whose passphrase is unknown.")
    with office.desk(LEAD) as desk:
        assert [(i.id, i.attempts) for i in desk.quarantine.items()] == [(item, 1), (other, 1)]
        assert len(desk.office.secret("passphrases")) == 1


async def test_rejecting_asks_why_and_offers_to_record_the_breach(office: TestOffice) -> None:
    item = office.quarantine(Cause.NOT_ENCRYPTED, TEXT, SENDER)
    async with screens(office, LEAD) as driver:
        await opened(driver)
        await shows(driver, "▲ not encrypted", "b: record as a breach")
        await dialog(driver, "w", RejectDialog)
        assert driver.app.screen.query_one(Choice).value == "not-encrypted"
        await shows(driver, "☒ Prepare a mail to the sender")
        driver.app.screen.query_one(Choice).value = "no-referral"
        await shows(driver, "☐ Prepare a mail to the sender")
        driver.app.screen.query_one(Choice).value = "not-encrypted"
        await driver.press("f2")
        await shows(driver, "✖ Say why, in a few words.")
        why = driver.app.screen.query_one(TextArea)
        why.load_text("Vandamme belde al")
        await driver.press("f2")
        await shows(driver, "✖ The log keeps no names of clients.")
        assert why.text == "Vandamme belde al"
        why.load_text("niet versleuteld")
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ConfirmDialog))
        await hears(driver, "its draft is not in the mailbox yet")
        await shows(driver, f"Record {item} as a data breach?")
        await driver.press("right", "enter")
        await hears(driver, "Recorded as breach L2026-0001.")
        await shows(driver, "The quarantine is empty")
    with office.desk(LEAD) as desk:
        assert [one.breach.quarantine for one in desk.breaches.items()] == [(item,)]
        assert [w.reference for w in desk.retention.waiting()] == [item]


async def test_a_new_passphrase_opens_one_and_then_the_others(tmp_path: Path) -> None:
    with DemoServer(tmp_path, "box@ocmw.example", PASSWORD) as server:
        box = MailboxConfig(
            host="127.0.0.1",
            port=server.port,
            user="box@ocmw.example",
            ca_pem=server.ca_file.read_text(encoding="ascii"),
            poll_seconds=3600,
        )
        office = found_office(tmp_path, box, PASSWORD, senders=("opgroeien.be",))
        office.clock.now = datetime.now(UTC)
        for _ in range(2):
            raw = mail(("fiche.7z", pack([Member(*form())], "heel andere zin")))
            server.deliver(raw, office.clock.now)
        with office.desk(LEAD) as desk:
            assert desk.polling.poll().quarantined == 2
        async with screens(office, LEAD) as driver:
            await opened(driver)
            await driver.press("r")
            await hears(driver, "Became a referral: 0. Still in quarantine: 1.")
            await dialog(driver, "n", PassphraseDialog)
            await fill(driver, "secret", "fout geraden")
            await fill(driver, "label", "winter")
            await driver.press("f2")
            await shows(driver, "✖ This passphrase opens none of these archives")
            await fill(driver, "secret", "heel andere zin")
            await driver.press("f2")
            await until(driver, lambda: isinstance(driver.app.screen, ConfirmDialog))
            await shows(driver, "Other messages with an unknown passphrase: 1.")
            await driver.press("right", "enter")
            await hears(driver, "Became a referral: 1. Still in quarantine: 0.")
            await shows(driver, "The quarantine is empty")
        with office.desk(LEAD) as desk:
            assert len(desk.work.worklist()) == 2
            assert "heel andere zin" not in str(list(desk.log.entries()))
