"""Notes that warn while one types, informing the client, and superfluous data shown once, on 80x24."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.widgets import Checkbox, TextArea

from intake.archive import Member, pack
from intake.client import Client, Consent
from intake.config import MailboxConfig
from intake.demo.forms import make_form
from intake.demo.server import DemoServer
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Flag, Result
from tests.journeys.mails import mail
from tests.tui.driving import Driver, flat, hears, open_line, screens, seen, shows, until
from tests.tui.office import CLIENTS, ELS, HOSTILE, LEAD, TestOffice, found_office
from tui.dialogs.attempt import AttemptDialog
from tui.dialogs.base import Dialog
from tui.dialogs.superfluous import SuperfluousDialog
from tui.screens.referral import ReferralScreen
from tui.widgets.choice import Choice
from tui.widgets.field import fields_of

HEALTH = "This looks like data on health."


def reached(office: TestOffice, consent: Consent = Consent.CONFIRMED) -> str:
    """A referral of Els in which the client was spoken to."""
    [reference] = office.receive(CLIENTS[:1], consent=consent)
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], ELS)
    office.clock.forward(hours=1)
    if consent is Consent.CONFIRMED:
        with office.desk(ELS) as desk:
            desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    return reference


async def opened(driver: Driver, reference: str) -> None:
    await open_line(driver, reference)
    await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))


async def type_note(driver: Driver, text: str) -> None:
    area = driver.app.screen.query_one(TextArea)
    area.focus()
    area.load_text(text)
    await driver.pause()


@pytest.mark.parametrize("key", ["c", "w", "s", "t"])
async def test_a_note_warns_while_it_is_typed_and_stops_nothing(office: TestOffice, key: str) -> None:
    """P3, A3: in the dialogs of attempt, wish, closing and consent."""
    reference = reached(office)
    async with screens(office, ELS) as driver:
        await opened(driver, reference)
        await driver.press(key)
        await until(driver, lambda: isinstance(driver.app.screen, Dialog))
        await type_note(driver, "Mevrouw is zwanger.")
        await until(driver, lambda: "⚠ This looks like data on health." in seen(driver))
        assert not driver.app.screen.query_one("#send").disabled
        await type_note(driver, "Belt liever na 16 uur.")
        await until(driver, lambda: "This looks like" not in flat(driver))


async def test_the_note_that_was_warned_of_is_saved(office: TestOffice) -> None:
    reference = reached(office)
    async with screens(office, ELS) as driver:
        await opened(driver, reference)
        await driver.press("c")
        await until(driver, lambda: isinstance(driver.app.screen, AttemptDialog))
        await type_note(driver, "Ligt in het ziekenhuis tot vrijdag.")
        await shows(driver, HEALTH)
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await shows(driver, "Ligt in het ziekenhuis tot vrijdag.")


async def test_reopening_warns_too(office: TestOffice) -> None:
    reference = reached(office)
    with office.desk(LEAD) as desk:
        desk.subjects.erase(reference, "gevraagd")
    async with screens(office, LEAD) as driver:
        await driver.press("l")
        await open_closed(driver, reference)
        await driver.press("h")
        await until(driver, lambda: isinstance(driver.app.screen, Dialog))
        await type_note(driver, "Vader zit in de gevangenis.")
        await shows(driver, "This looks like data on offences.")


async def open_closed(driver: Driver, reference: str) -> None:
    """Open a referral of a colleague, with the reason that is asked."""
    from textual.widgets import Input

    await open_line(driver, reference)
    await until(driver, lambda: driver.app.screen.query("#field-reason Input"))
    driver.app.screen.query_one("#field-reason Input", Input).value = "controle"
    await driver.press("f2")
    await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))


async def test_informed_can_be_ticked_only_when_the_client_was_reached_and_is_shown_then(
    office: TestOffice,
) -> None:
    """GDPR 14."""
    [reference] = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], ELS)
    office.clock.forward(hours=1)
    async with screens(office, ELS) as driver:
        await opened(driver, reference)
        await shows(driver, "not yet; at the latest 18/12/2026")
        await driver.press("c")
        await until(driver, lambda: isinstance(driver.app.screen, AttemptDialog))
        await shows(driver, "Client informed: the data come from Kind en Gezin")
        told = driver.app.screen.query_one(Checkbox)
        assert told.disabled
        await shows(driver, "☐ Client informed")
        results = fields_of(driver.app.screen)["result"].control_widget
        assert isinstance(results, Choice)
        results.value = Result.REACHED.value
        await until(driver, lambda: not told.disabled)
        told.focus()
        await driver.press("space")
        assert told.value
        await shows(driver, "☒ Client informed")
        results.value = Result.NO_ANSWER.value
        await until(driver, lambda: told.disabled and not told.value)
        results.value = Result.APPOINTMENT.value
        await until(driver, lambda: not told.disabled)
        told.focus()
        await driver.press("space", "f2")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await shows(driver, "on 18/11/2026", "Client informed: 18/11/2026")
        await driver.press("c")
        await until(driver, lambda: isinstance(driver.app.screen, AttemptDialog))
        assert "Client informed" not in flat(driver)
    with office.desk(ELS) as desk:
        assert desk.work.open(reference).referral.informed_on == office.clock().date()


async def test_superfluous_data_are_shown_once_as_plain_text(tmp_path: Path) -> None:
    """P3."""
    client = Client("An", "Janssens", "Koestraat", "12", None, "8940", "Wervik", "+32470123456", None)
    remark = f"Het gezin verhuist naar Oudenbos {HOSTILE}"
    form = make_form("docx", client, Consent.CONFIRMED, random.Random(3), remark=remark)
    with DemoServer(tmp_path, "box@ocmw.example", "paars tafelkleed") as server:
        office = found_office(
            tmp_path,
            MailboxConfig(
                host="127.0.0.1",
                port=server.port,
                user="box@ocmw.example",
                ca_pem=server.ca_file.read_text(encoding="ascii"),
                poll_seconds=3600,
            ),
            "paars tafelkleed",
            senders=("opgroeien.be",),
        )
        office.clock.now = datetime.now(UTC)
        server.deliver(mail(("fiche.7z", pack([Member(*form)], "geheim"))), office.clock.now)
        with office.desk(LEAD) as desk:
            (reference,) = desk.polling.poll().references
        async with screens(office, LEAD) as driver:
            await opened(driver, reference)
            await shows(driver, "⚑ superfluous data: to be looked at once (F7)")
            await driver.press("x", "f7")
            await hears(driver, "Names are hidden now")
            await driver.press("x", "f7")
            await shows(driver, "shown once and kept nowhere. Look at them now?", "Not now")
            await driver.press("escape")
            await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
            await driver.press("f7")
            await shows(driver, "Look at them now?")
            await driver.click("#go-on")
            await until(driver, lambda: isinstance(driver.app.screen, SuperfluousDialog), seconds=20)
            await shows(driver, f"Het gezin verhuist naar Oudenbos {HOSTILE}", "(P2)")
            await driver.press("escape")
            await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
            await shows(driver, "⚑ superfluous data: looked at")
            assert "Changed by a colleague" not in flat(driver)
            await driver.press("f7")
            await hears(driver, "were shown already")
        with office.desk(LEAD) as desk:
            assert desk.work.open(reference).referral.flags == (Flag.SUPERFLUOUS_SEEN,)


async def test_with_the_mailbox_down_superfluous_data_stay_to_be_seen(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        this = desk.office
        with this.store.transaction(this.session.signer) as tx:
            import dataclasses

            from intake.rows import Payload

            facts = this.facts(this.row_of(tx, reference), reference)
            flagged = dataclasses.replace(facts, flags=(Flag.SUPERFLUOUS.value,))
            this.put_referral(tx, flagged, this.seal_payload(Payload(CLIENTS[0]), flagged))
    async with screens(office, LEAD) as driver:
        await opened(driver, reference)
        await driver.press("f7")
        await shows(driver, "Look at them now?")
        await driver.click("#go-on")
        await shows(driver, "nothing was shown and nothing marked")
        await shows(driver, "to be looked at once (F7)")
