"""The register of data breaches on the screen: reporting, the clock, telling the DPOs, closing (P9, GDPR 33)."""

from datetime import timedelta

import pytest

from intake.agreement import Contact
from intake.causes import Cause
from intake.desk.breaches import Account
from intake.errors import MailboxError
from intake.register_rows import DRAFTS
from intake.registers import BreachKind
from intake.rows import iso
from intake.staff import Role
from storage.sealing import sign_row
from tests.tui.driving import (
    Driver,
    app_of,
    fill,
    flat,
    hears,
    leave_unsaved,
    notices,
    screens,
    seen,
    shows,
    until,
)
from tests.tui.office import COST, ELS, HOSTILE, LEAD, PASSPHRASES, START, TestOffice
from tui.dialogs.breach import BreachDialog, BreachNoticeDialog
from tui.dialogs.shown import ShownDialog
from tui.dialogs.why import WhyDialog
from tui.screens.breaches import BreachesScreen
from tui.widgets.field import fields_of

LAPTOP = Account("een laptop is gestolen", "contactgegevens", 12, measures="op afstand gewist")


def contacts(office: TestOffice) -> None:
    with office.desk(LEAD) as desk:
        settings = desk.settings.show()
        named = {"dpo": Contact(email="dpo@ocmw.example"), "sender_dpo": Contact(email="dpo@ander.example")}
        agreement = settings.agreement.model_copy(update=named)
        desk.settings.change(settings.model_copy(update={"agreement": agreement}))


def opened(office: TestOffice, hours: int, account: Account = LAPTOP) -> str:
    with office.desk(LEAD) as desk:
        return desk.breaches.open(account, START - timedelta(hours=hours), kind=BreachKind.LOST).id


def placed(office: TestOffice, key: str) -> None:
    """Have the draft about a breach lie in the mailbox, as placing it leaves it."""
    with office.desk(LEAD) as desk:
        with pytest.raises(MailboxError):
            desk.breaches.notice(key)
        with desk.office.store.transaction(desk.office.session.signer) as tx:
            for draft, row in list(tx.rows(DRAFTS)):
                kept = {name: value for name, value in row.items() if name != "signed"}
                kept |= {"message_id": None, "placed_at": iso(START - timedelta(hours=1))}
                tx.put(DRAFTS, draft, sign_row(kept, desk.office.session.signer, DRAFTS, draft))


async def go(driver: Driver) -> None:
    await until(driver, lambda: app_of(driver).rights)
    await app_of(driver).action_go("breaches")
    await until(driver, lambda: getattr(driver.app.screen, "found", None) is not None)
    await driver.pause()


async def test_the_register_counts_down_in_words_and_hostile_text_is_plain(office: TestOffice) -> None:
    late, near = opened(office, 90), opened(office, 70, Account(HOSTILE, HOSTILE, consequences=HOSTILE))
    async with screens(office, LEAD) as driver:
        await go(driver)
        await shows(driver, "‼ 18 hours overdue", "2 hours left", "DPOs to be told", "een laptop is gestolen")
        said = seen(driver)
        assert said.index(late) < said.index(near)
        for key in ("n New", "b Update", "m Tell", "z Close"):
            assert key in said.splitlines()[-1]
        await driver.press("j", "enter")
        await until(driver, lambda: isinstance(driver.app.screen, ShownDialog))
        await shows(driver, HOSTILE, "Consequences")
        assert flat(driver).count(HOSTILE) >= 3, "what happened, which data, consequences: as they stand"
    with office.desk(LEAD) as desk:
        assert "breach-read" in [entry.action for entry in desk.log.entries()]


async def test_a_worker_reports_and_reads_nothing(office: TestOffice) -> None:
    """P9: everybody reports; the register is for team leads and DPOs."""
    opened(office, 1)
    async with screens(office, ELS) as driver:
        await go(driver)
        await shows(driver, "Only team leads and the DPO read the register.")
        assert "een laptop" not in flat(driver) and "Proposals" not in flat(driver)
        await driver.press("m", "z", "b")
        assert isinstance(driver.app.screen, BreachesScreen)
        await driver.press("n")
        await until(driver, lambda: isinstance(driver.app.screen, BreachDialog))
        fields = fields_of(driver.app.screen)
        await driver.press("f2")
        await shows(driver, "✖ Say what happened, in a few words.")
        fields["what"].text = "brief op straat"
        await fill(driver, "people", "veel")
        await driver.press("f2")
        await shows(driver, "✖ Give a number, or leave it empty.")
        await fill(driver, "people", "1")
        await fill(driver, "date", "25/12/2026")
        await driver.press("f2")
        await shows(driver, "✖ The moment lies in the future.")
        await fill(driver, "date", "vandaag")
        await fill(driver, "references", "d2026-9999")
        await driver.press("f2")
        await until(driver, lambda: fields["references"].has_class("-wrong"))
        assert fields["what"].text == "brief op straat"
        await fill(driver, "references", "")
        await driver.press("f2")
        await hears(driver, "L2026-0002 is recorded.")
    with office.desk(LEAD) as desk:
        (_old, new) = desk.breaches.items()
        assert (new.breach.opened_by, new.text and new.text.what) == (ELS, "brief op straat")


async def test_a_proposal_becomes_a_breach_with_its_facts(office: TestOffice) -> None:
    item = office.quarantine(Cause.NOT_ENCRYPTED, "tekst")
    async with screens(office, LEAD) as driver:
        await go(driver)
        await shows(driver, "No data breach is recorded.")
        await driver.press("o")
        await shows(driver, item, "Press n to record it")
        await driver.press("n")
        await until(driver, lambda: isinstance(driver.app.screen, BreachDialog))
        await driver.press("f2")
        await hears(driver, "L2026-0001 is recorded.")
        await shows(driver, "Nothing is proposed")
    with office.desk(LEAD) as desk:
        (one,) = desk.breaches.items()
        assert (one.breach.kind, one.breach.quarantine) == (BreachKind.UNENCRYPTED, (item,))


async def test_an_update_keeps_what_was_known_and_closing_waits_for_the_dpos(office: TestOffice) -> None:
    key = opened(office, 2)
    async with screens(office, LEAD) as driver:
        await go(driver)
        await driver.press("b")
        await until(driver, lambda: isinstance(driver.app.screen, BreachDialog))
        fields = fields_of(driver.app.screen)
        assert (fields["what"].text, fields["people"].text) == ("een laptop is gestolen", "12")
        with office.desk(LEAD) as desk:
            desk.breaches.update(key, Account(measures="aangifte gedaan"))
        fields["consequences"].text = "ongewenst contact"
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, BreachesScreen))
        with office.desk(LEAD) as desk:
            text = desk.breaches.items()[0].text
            assert text is not None
            assert (text.consequences, text.measures) == ("ongewenst contact", "aangifte gedaan")
        await driver.press("z")
        await until(driver, lambda: isinstance(driver.app.screen, WhyDialog))
        await driver.press("f2")
        await shows(driver, "✖ Say which measures were taken, in a few words.")
        fields_of(driver.app.screen)["why"].text = "schijven versleuteld"
        await driver.press("f2")
        await shows(driver, "✖ The DPOs have not been told of this breach yet. Go back and press m.")
        assert "breach notice" not in flat(driver)
        assert fields_of(driver.app.screen)["why"].text == "schijven versleuteld"
        await leave_unsaved(driver)
        await driver.press("m")
        await until(driver, lambda: isinstance(driver.app.screen, BreachNoticeDialog))
        driver.app.screen.query_one("#field-how OptionList").focus()
        await driver.press("down")
        await fill(driver, "time", "05:00")
        await driver.press("f2")
        await shows(driver, "✖ The DPOs were told between")
        await fill(driver, "time", "09:30")
        await driver.press("f2")
        await shows(driver, "✔ DPOs told")
        await driver.press("z")
        await until(driver, lambda: isinstance(driver.app.screen, WhyDialog))
        fields_of(driver.app.screen)["why"].text = "schijven versleuteld"
        await driver.press("f2")
        await shows(driver, "■ closed")


async def test_a_draft_leaves_the_clock_running_until_it_was_sent(office: TestOffice) -> None:
    """GDPR 33: a draft in the mailbox stopped the clock although nobody had sent it."""
    contacts(office)
    key = opened(office, 70)
    async with screens(office, LEAD) as driver:
        await go(driver)
        await driver.press("m")
        await until(driver, lambda: isinstance(driver.app.screen, BreachNoticeDialog))
        assert not fields_of(driver.app.screen)["date"].display
        await driver.press("f2")
        await shows(driver, "✖", "its draft is not in the mailbox yet")
        await driver.press("escape")
        await shows(driver, "draft still to place", "2 hours left")
        placed(office, key)
        await shows(driver, "✉ draft still to send", "2 hours left")
        await driver.press("m")
        await until(driver, lambda: isinstance(driver.app.screen, BreachNoticeDialog))
        await shows(driver, "The draft was sent", "The 72 hours run until it was sent.")
        await fill(driver, "time", "08:00")
        await driver.press("f2")
        await shows(driver, "✖ The DPOs were told between")
        await fill(driver, "time", "09:45")
        await driver.press("f2")
        await shows(driver, "✔ DPOs told")
        assert "hours left" not in seen(driver)
        await driver.press("m")
        await until(driver, lambda: any("already" in notice for notice in notices(driver)))


async def test_a_dpo_who_has_no_mailbox_records_only_that_they_were_told(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake.desk.staff import first_sign_in
    from storage.store import open_store

    opened(office, 2)
    monkeypatch.setitem(PASSPHRASES, "dirk", "een lange zin voor dirk")
    with office.desk(LEAD) as desk:
        code = desk.staff.add("dirk", [Role.DPO], cost=COST)
    store = open_store(office.location, clock=office.clock)
    first_sign_in(store, "dirk", code, PASSPHRASES["dirk"], START.date(), cost=COST)
    store.close()
    async with screens(office, "dirk") as driver:
        await go(driver)
        await driver.press("m")
        await until(driver, lambda: isinstance(driver.app.screen, BreachNoticeDialog))
        await shows(driver, "A team lead makes the draft in the shared mailbox")
        assert "Make a draft" not in flat(driver)
        await driver.press("f2")
        await shows(driver, "✔ DPOs told")


async def test_an_empty_register_tells_what_waits_in_the_quarantine(office: TestOffice) -> None:
    office.quarantine(Cause.NOT_ENCRYPTED, "tekst")
    async with screens(office, LEAD) as driver:
        await go(driver)
        await shows(driver, "1 proposal from the quarantine waits. Press o")
