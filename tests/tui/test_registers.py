"""Notices of data quality, reminders and tasks on the screen (P7, P9)."""

from datetime import timedelta

import pytest

from intake.agreement import Contact
from intake.causes import Cause
from intake.desk.office import LEDGER_SECRET
from intake.desk.unread import Unread
from intake.errors import MailboxError
from intake.mail.ledger import LedgerKey
from intake.mail.mailbox import Location
from intake.registers import Subject, What
from tests.tui.driving import Driver, app_of, fill, flat, hears, screens, seen, shows, until
from tests.tui.office import CLIENTS, ELS, HOSTILE, LEAD, START, TestOffice
from tui.dialogs.answer import AnswerDialog
from tui.dialogs.task import TaskDialog
from tui.dialogs.why import WhyDialog
from tui.screens.breaches import BreachesScreen
from tui.screens.quality import QualityScreen
from tui.screens.quarantine import QuarantineScreen
from tui.screens.referral import ReferralScreen
from tui.widgets.field import fields_of


async def go(driver: Driver, code: str) -> None:
    await until(driver, lambda: app_of(driver).rights)
    await app_of(driver).action_go(code)
    await until(driver, lambda: getattr(driver.app.screen, "found", None) is not None)
    await driver.pause()


def noticed(office: TestOffice) -> list[str]:
    """Two referrals with a notice each, of which the mailbox took no draft."""
    references = office.receive(CLIENTS[:2])
    with office.desk(LEAD) as desk:
        settings = desk.settings.show()
        team = {"team": Contact(email="team@ander.example")}
        agreement = settings.agreement.model_copy(update=team)
        desk.settings.change(settings.model_copy(update={"agreement": agreement}))
        for reference, field in zip(references, ("phone", "street"), strict=True):
            with pytest.raises(MailboxError):
                desk.quality.open(reference, field, What.WRONG)
    return references


async def test_notices_are_answered_placed_again_and_lead_to_their_referral(office: TestOffice) -> None:
    """P7: open until answered; the note for the log names nobody."""
    first, second = noticed(office)
    async with screens(office, LEAD) as driver:
        await go(driver, "quality")
        await shows(driver, first, second, "Telephone", "wrong", "18/11/2026", "draft still to place")
        for key in ("Enter Open", "m Draft again", "b Answer"):
            assert key in seen(driver).splitlines()[-1]
        assert "Peeters" not in flat(driver), "a notice holds no value"
        await driver.press("m")
        await hears(driver, "cannot be reached")
        await driver.press("b")
        await until(driver, lambda: isinstance(driver.app.screen, AnswerDialog))
        await fill(driver, "note", "Fatima belde zelf")
        await driver.press("f2")
        await shows(driver, "✖ The log keeps no names of clients.")
        assert fields_of(driver.app.screen)["note"].text == "Fatima belde zelf"
        await fill(driver, "note", "per telefoon")
        await fill(driver, "date", "01/11/2026")
        await driver.press("f2")
        await shows(driver, "✖ The answer came between the notice and today.")
        await fill(driver, "date", "vandaag")
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, QualityScreen))
        await until(driver, lambda: first not in seen(driver))
        await driver.press("a")
        await shows(driver, first, "✔ 18/11/2026")
        await driver.press("g", "b")
        await hears(driver, "is recorded already")
        await driver.press("enter")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, QualityScreen))


async def test_an_empty_list_says_where_a_notice_is_made(office: TestOffice) -> None:
    async with screens(office, ELS) as driver:
        await go(driver, "quality")
        await shows(driver, "open the referral and press m")
        await go(driver, "tasks")
        await shows(driver, "Nothing to look at now")
        assert "Tasks" not in seen(driver).splitlines()[1], "tasks are for team leads and DPOs"
        await driver.press("n", "t")
        assert "Nothing to look at now" in flat(driver)
        await go(driver, "disclosures")
        await shows(driver, "Nothing was given to a partner.")


async def test_reminders_lead_to_what_they_are_about(office: TestOffice) -> None:
    noticed(office)
    with office.desk(LEAD) as desk:
        from intake.desk.breaches import Account

        desk.breaches.open(Account("een brief verkeerd bezorgd"), START - timedelta(hours=80))
        desk.tasks.open(Subject.LAW, HOSTILE, START.date() + timedelta(days=20))
    async with screens(office, LEAD) as driver:
        await go(driver, "tasks")
        await shows(driver, "‼ overdue", "L2026-0001", "tell the DPOs of the breach", "T2026-0001")
        await driver.press("G")
        await shows(driver, HOSTILE)
        await driver.press("enter")
        await shows(driver, "▸ Tasks 1")
        await driver.press("r")
        await shows(driver, "▸ Reminders")
        await driver.press("g", "enter")
        await until(driver, lambda: isinstance(driver.app.screen, BreachesScreen))
        await go(driver, "tasks")
        await driver.press("j", "enter")
        await until(driver, lambda: isinstance(driver.app.screen, QualityScreen))


async def test_a_message_that_waits_and_a_mail_that_was_taken_away_say_where_to_look(
    office: TestOffice,
) -> None:
    office.quarantine(Cause.SCAN, "")
    with office.desk(LEAD) as desk:
        key = LedgerKey.of(desk.office.secret(LEDGER_SECRET)["key"])
        for found in ([Location("INBOX", 1, 7)], []):
            unread = Unread(desk.office, key, "postvak")
            unread.saw("INBOX", 1, found)
            unread.settle(())
    office.clock.forward(days=2)
    async with screens(office, LEAD) as driver:
        await go(driver, "tasks")
        await shows(driver, "18/11/2026 10:00", "mail taken out of the inbox")
        await driver.press("enter")
        await hears(driver, "Put it back in the inbox")
        await driver.press("escape")
    office.clock.forward(days=55)
    async with screens(office, LEAD) as driver:
        await go(driver, "tasks")
        await shows(driver, "message in quarantine on which nobody decided")
        assert "taken out of the inbox" not in flat(driver)
        await driver.press("enter")
        await until(driver, lambda: isinstance(driver.app.screen, QuarantineScreen))


async def test_a_task_is_recorded_and_done_with_its_proof(office: TestOffice) -> None:
    """P9: a change of law or processors is told, and that is proved."""
    async with screens(office, LEAD) as driver:
        await go(driver, "tasks")
        await driver.press("n")
        await until(driver, lambda: isinstance(driver.app.screen, TaskDialog))
        await driver.press("f2")
        await shows(driver, "✖ Say why, in a few words.")
        fields_of(driver.app.screen)["why"].text = "nieuw decreet"
        await fill(driver, "due", "01/11/2026")
        await driver.press("f2")
        await shows(driver, "✖ A task is due from today on")
        assert fields_of(driver.app.screen)["why"].text == "nieuw decreet"
        await fill(driver, "due", "morgen")
        await driver.press("f2")
        await shows(driver, "▸ Tasks 1", "T2026-0001", "19/11/2026", "change of law", "○ to do")
        await driver.press("b")
        await until(driver, lambda: isinstance(driver.app.screen, WhyDialog))
        await driver.press("f2")
        await shows(driver, "✖ Say what proves it")
        fields_of(driver.app.screen)["why"].text = "brief van 18 november"
        await driver.press("f2")
        await shows(driver, "No task is to be done.")
        await driver.press("a")
        await shows(driver, "✔ done", "brief van 18 november")
        await driver.press("b")
        await hears(driver, "is done already")


async def test_keys_fit_the_bar_and_every_size_draws(office: TestOffice) -> None:
    with office.desk(LEAD) as desk:
        desk.tasks.open(Subject.LAW, HOSTILE * 40, START.date())
    async with screens(office, LEAD, language="nl") as driver:
        for code, last in (
            ("breaches", "z Afsluiten"),
            ("quality", "m"),
            ("tasks", "^P Acties"),
            ("disclosures", "^P Acties"),
            ("subjects", "^P Acties"),
        ):
            await go(driver, code)
            bar = seen(driver).splitlines()[-1]
            assert last in bar and "…" not in bar, bar
            for size in ((60, 20), (200, 60), (80, 24)):
                await driver.resize_terminal(*size)
            await driver.pause()
