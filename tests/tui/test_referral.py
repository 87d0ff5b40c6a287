"""One referral: steps with their dialogs, reasons, refusals, and what a colleague changed meanwhile."""

from pathlib import Path

from textual.widgets import Button, Input, TextArea

from intake.agreement import Contact
from intake.client import Consent
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Closure, Result, State, Wish
from tests.tui.driving import Driver, fill, flat, hears, open_line, screens, seen, shows, until
from tests.tui.office import CLIENTS, ELS, LEAD, TOM, TestOffice
from tui.commands import in_key_bar
from tui.dialogs.attempt import AttemptDialog
from tui.dialogs.base import Dialog
from tui.dialogs.reason import ReasonDialog
from tui.screens.referral import ReferralScreen
from tui.screens.worklist import WorklistScreen
from tui.widgets.choice import Choice
from tui.widgets.field import fields_of


def mine(office: TestOffice, *, consent: Consent = Consent.CONFIRMED) -> str:
    """A referral that is assigned to Els."""
    [reference] = office.receive(CLIENTS[:1], consent=consent)
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], ELS)
    office.clock.forward(hours=1)
    return reference


def reached(office: TestOffice) -> str:
    """One in which the client was spoken to."""
    reference = mine(office)
    with office.desk(ELS) as desk:
        desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    return reference


async def test_an_opened_referral_shows_client_purpose_readers_and_what_may_be_done(
    office: TestOffice,
) -> None:
    reference = mine(office)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await shows(
            driver,
            "Fatima El Idrissi",
            "Koestraat 12 box 3, 8940 Wervik",
            "+32 470 12 34 56",
            "(P2)",
            "recovery key",
            "c Contact attempt",
            "– Wish of the client",
        )
        await driver.press("w")
        await hears(driver, "There has been no contact with the client yet.")
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))
    with office.desk(LEAD) as desk:
        reads = [e for e in desk.log.entries(reference=reference) if e.action == "read"]
        assert [(e.user, e.reason) for e in reads] == [(ELS, "=assigned")]


async def test_an_attempt_in_the_future_is_refused_beside_the_date_and_a_right_one_is_saved(
    office: TestOffice,
) -> None:
    reference = mine(office)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("c")
        await shows(driver, f"Contact attempt for {reference}", "18/11/2026", "11:00", "morning")
        driver.app.screen.query_one(TextArea).load_text("Gsm stond uit.")
        await fill(driver, "date", "20/11/2026")
        await driver.press("f2")
        await shows(driver, "✖ The attempt lies in the future.")
        assert isinstance(driver.app.screen, AttemptDialog)
        assert driver.app.screen.query_one(TextArea).text == "Gsm stond uit."
        await fill(driver, "date", "32/11")
        await driver.press("f2")
        await shows(driver, "✖ Give a date as dd/mm/yyyy")
        await fill(driver, "date", "18/11")
        await fill(driver, "time", "10u30")
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await shows(driver, "phone, no answer (18/11/2026 10:30, morning)", "Gsm stond uit.")
    with office.desk(ELS) as desk:
        view = desk.work.open(reference)
        [made] = view.referral.attempts
        assert (made.channel, made.result, made.by) == (Channel.PHONE, Result.NO_ANSWER, ELS)
        assert made.at.isoformat() == "2026-11-18T09:30:00+00:00"


async def test_a_channel_offers_only_the_results_it_can_have_and_is_remembered(office: TestOffice) -> None:
    reference = mine(office)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("c")
        await until(driver, lambda: isinstance(driver.app.screen, AttemptDialog))
        await shows(driver, "voicemail left")
        await driver.press("down", "down")
        await shows(driver, "● home visit", "card left")
        assert "voicemail" not in flat(driver)
        await driver.press("enter")
        results = fields_of(driver.app.screen)["result"].control_widget
        assert isinstance(results, Choice)
        assert driver.app.screen.focused is results
        results.value = Result.CARD_LEFT.value
        await driver.press("ctrl+s")
        await shows(driver, "home visit, card left (morning)")
        await driver.press("c")
        await shows(driver, "● home visit")
        channels = fields_of(driver.app.screen)["channel"].control_widget
        assert isinstance(channels, Choice)
        channels.value = "letter"
        await shows(driver, "● sent, no answer yet")
        assert "● no answer" not in flat(driver)
        await driver.press("ctrl+s")
        await shows(driver, "letter, sent, no answer yet (morning)")


async def test_the_wish_the_case_file_and_the_hand_over_end_the_intake(
    office: TestOffice, tmp_path: Path
) -> None:
    reference = reached(office)
    folder = tmp_path / "dossiers"
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("w")
        await shows(driver, "● undecided")
        await driver.press("down")
        await shows(driver, "● wants help", "Next: open a case file.")
        await driver.press("f2")
        await shows(driver, "◕ wants help")
        await driver.press("d", "f2")
        await shows(driver, "✖ Give the case file's number.")
        await fill(driver, "number", "2026/0117")
        await driver.press("enter")
        await shows(driver, "● case file", "2026/0117, opened on 18/11/2026")
        await driver.press("v")
        await shows(driver, "with the client's data in clear")
        driver.app.screen.query_one("#field-folder Input", Input).value = str(folder)
        await driver.press("f2")
        await shows(driver, "→ handed over", "Discard on")
        await hears(driver, f"The hand-over sheet of {reference} is in {folder}.")
    assert sorted(p.name for p in folder.iterdir()) == [f"{reference}.{e}" for e in ("csv", "json", "pdf")]


async def test_a_team_lead_assigns_and_the_list_shows_to_whom(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    async with screens(office, LEAD) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("a")
        await shows(driver, f"Assign {reference}", "● els", "○ tom", "Proposed: els (least work).")
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))
        await hears(driver, f"{reference} is now assigned to els.")
        await shows(driver, "◔ assigned")


async def test_opening_a_colleagues_referral_asks_a_reason_without_names(office: TestOffice) -> None:
    reference = mine(office)
    async with screens(office, LEAD) as driver:
        await open_line(driver, reference)
        await shows(driver, f"Why do you read {reference}?", "assigned to els")
        await driver.press("f2")
        await shows(driver, "✖ Say why, in a few words.")
        await fill(driver, "reason", "vraag van Fatima")
        await driver.press("f2")
        await shows(driver, "✖ The log keeps no names of clients.")
        assert isinstance(driver.app.screen, ReasonDialog)
        assert "Idrissi" not in flat(driver)
        await fill(driver, "reason", "vervanging bij ziekte")
        await driver.press("enter")
        await shows(driver, "Fatima El Idrissi")
    with office.desk(LEAD) as desk:
        reasons = [e.reason for e in desk.log.entries(reference=reference) if e.action == "read"]
        assert reasons == ["vervanging bij ziekte"]


async def test_a_step_on_what_a_colleague_changed_is_not_saved_and_what_was_typed_is_kept(
    office: TestOffice,
) -> None:
    reference = reached(office)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("w")
        await shows(driver, "● undecided")
        driver.app.screen.query_one(TextArea).load_text("Belt zelf terug.")
        with office.desk(LEAD) as desk:
            desk.work.wish(reference, Wish.YES)
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await shows(driver, "was changed by a colleague just now", "What you typed is kept.", "◕ wants help")
        await driver.press("w")
        await shows(driver, "Belt zelf terug.")
        await driver.press("escape")
    with office.desk(ELS) as desk:
        view = desk.work.open(reference)
        assert view.referral.wish is Wish.YES
        assert view.payload.notes == ()


async def test_a_colleagues_change_is_shown_on_the_open_referral(office: TestOffice) -> None:
    reference = reached(office)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        with office.desk(LEAD) as desk:
            desk.work.wish(reference, Wish.UNDECIDED)
        await shows(driver, "Changed by a colleague just now", "◒ undecided")


async def test_a_referral_that_a_colleague_took_away_closes(office: TestOffice) -> None:
    reference = mine(office)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        with office.desk(LEAD) as desk:
            desk.work.assign([reference], TOM)
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))
        await hears(driver, f"{reference} is not assigned to you.")


async def test_consent_that_is_not_stated_holds_contact_until_it_is_recorded(office: TestOffice) -> None:
    reference = mine(office, consent=Consent.NOT_STATED)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await shows(driver, "? not stated", "– Contact attempt", "Ask the sender before any")
        await driver.press("t")
        await shows(driver, "● not stated", "No contact until the sender has answered.")
        await driver.press("up")
        await shows(driver, "● confirmed", "Contact with the client may begin.")
        await driver.press("f2")
        await shows(driver, "✖ Say why, in a few words.")
        driver.app.screen.query_one(TextArea).load_text("Afzender belde op 18/11.")
        await driver.press("f2")
        await shows(driver, "✔ confirmed", "c Contact attempt")


async def test_closing_asks_the_reason_and_the_team_lead_can_reopen(office: TestOffice) -> None:
    [reference, other] = office.receive(CLIENTS[:2])
    async with screens(office, LEAD) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("s")
        await until(driver, lambda: isinstance(driver.app.screen, Dialog))
        fields = fields_of(driver.app.screen)
        driver.app.screen.query_one(TextArea).load_text("zelfde persoon")
        assert "●" not in flat(driver).split("Reason")[1]
        await driver.press("f2")
        await shows(driver, "✖ Choose the reason first.")
        await driver.press("down")
        await shows(driver, "● unreachable", "It is discarded from 18/12/2026 on.")
        await driver.press("down")
        await shows(driver, "● consent withdrawn", "It is discarded from 18/11/2026 on.")
        await driver.press("up", "f2")
        await shows(driver, "✖ Still missing: 3 attempts, on two parts of the day and by two channels.")
        assert not fields["of"].display
        fields["because"].text = Closure.DUPLICATE.value
        await until(driver, lambda: fields["of"].display)
        await fill(driver, "of", "d2026-0009")
        await driver.press("f2")
        await until(driver, lambda: fields["of"].has_class("-wrong"))
        await fill(driver, "of", other)
        await driver.press("f2")
        await shows(driver, "× closed", f"duplicate, 18/11/2026 → {other}", "h Reopen")
        await driver.press("h")
        await until(driver, lambda: isinstance(driver.app.screen, Dialog))
        driver.app.screen.query_one(TextArea).load_text("toch een ander")
        await driver.press("f2")
        await shows(driver, "○ received")
    with office.desk(LEAD) as desk:
        assert desk.work.open(reference).referral.state is State.RECEIVED


async def test_leaving_asks_only_when_something_typed_would_be_lost(office: TestOffice) -> None:
    reference = mine(office)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("c")
        await until(driver, lambda: isinstance(driver.app.screen, AttemptDialog))
        driver.app.screen.query_one(TextArea).load_text("halve notitie")
        await driver.press("ctrl+q")
        await shows(driver, "Quit without saving?")
        assert driver.app.screen.focused is driver.app.screen.query_one("#keep", Button)
        await driver.press("enter")
        await shows(driver, "halve notitie")
        driver.app.screen.query_one(TextArea).load_text("")
        await driver.press("ctrl+q")
        await until(driver, lambda: driver.app.return_code == 0)


def tried_in_vain(office: TestOffice) -> str:
    """One for which a neutral letter is proposed: three attempts, on two parts of the day."""
    reference = mine(office)
    for hours in (0, 4, 20):
        office.clock.forward(hours=hours)
        with office.desk(ELS) as desk:
            desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER))
    return reference


async def test_the_proposed_letter_is_written_from_the_screen(office: TestOffice, tmp_path: Path) -> None:
    reference = tried_in_vain(office)
    file = tmp_path / "brief.pdf"
    with office.desk(LEAD) as desk:
        settings = desk.settings.show()
        contact = settings.agreement.model_copy(update={"contact": Contact(phone="056 00 00 00")})
        desk.settings.change(settings.model_copy(update={"agreement": contact}))
    async with screens(office, ELS, size=(120, 36)) as driver:
        await open_line(driver, reference)
        await shows(driver, "a neutral letter (r)", "r Neutral letter")
        await driver.press("r")
        await shows(driver, f"Neutral letter for {reference}", f"letter-{reference}.pdf")
        await fill(driver, "file", str(tmp_path / "brief.txt"))
        await driver.press("f2")
        await shows(driver, "✖")
        await fill(driver, "file", str(file))
        await driver.press("f2")
        await shows(driver, f"The letter for {reference} is written", "record the attempt (c)")
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
    assert file.read_bytes().startswith(b"%PDF")
    with office.desk(LEAD) as desk:
        [entry] = [e for e in desk.log.entries(reference=reference) if e.action == "export"]
        assert (entry.user, entry.reason) == (ELS, "=letter")


async def test_what_was_recorded_is_said(office: TestOffice) -> None:
    reference = mine(office)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("c")
        await until(driver, lambda: isinstance(driver.app.screen, AttemptDialog))
        await driver.press("f2")
        await hears(driver, "Contact attempt recorded: phone, no answer.")
        with office.desk(ELS) as desk:
            desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
        await shows(driver, "Changed by a colleague")
        await driver.press("i")
        await until(driver, lambda: isinstance(driver.app.screen, Dialog))
        await driver.press("f2")
        await hears(driver, "Recorded: the client was informed on 18/11/2026.")
        await driver.press("w")
        await until(driver, lambda: isinstance(driver.app.screen, Dialog))
        await driver.press("f2")
        await hears(driver, "Wish recorded: undecided.")


async def test_the_timeline_is_reached_by_page_keys_from_the_steps(office: TestOffice) -> None:
    reference = tried_in_vain(office)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        left = driver.app.screen.query_one("#left")
        await until(driver, lambda: left.max_scroll_y > 0)
        await driver.press("pagedown")
        await until(driver, lambda: left.scroll_y > 0)
        await driver.press("pageup")
        await until(driver, lambda: left.scroll_y == 0)
        await driver.press("f1")
        await shows(driver, "PgUp PgDn")


async def test_a_wrong_number_proposes_to_report_it(office: TestOffice) -> None:
    reference = mine(office)
    with office.desk(ELS) as desk:
        desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.WRONG_NUMBER))
    async with screens(office, ELS, language="nl") as driver:
        await open_line(driver, reference)
        await shows(driver, "verkeerd nummer: Melding gegevenskwaliteit aan de afzender (m)")


async def test_the_wish_can_be_recorded_with_the_informing_that_it_would_close_off(
    office: TestOffice,
) -> None:
    """GDPR 14: a client who wants no help is informed as well."""
    reference = reached(office)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("w")
        await shows(driver, "The client has not been informed yet; tick this if you did so now.")
        fields = fields_of(driver.app.screen)
        fields["wish"].text = Wish.NO.value
        fields["informed"].text = "yes"
        await driver.press("f2")
        await hears(driver, "Wish recorded: declines help. The client was informed.")
        await shows(driver, "× declines help", "on 18/11/2026")
    with office.desk(ELS) as desk:
        referral = desk.work.open(reference).referral
        assert (referral.state, referral.informed_on) == (State.DECLINED, office.clock().date())
    with office.desk(LEAD) as desk:
        told = [e.action for e in desk.log.entries(reference=reference)]
        assert {"inform", "wish"} <= set(told)


async def test_a_client_who_was_informed_is_not_asked_about_at_the_wish(office: TestOffice) -> None:
    reference = reached(office)
    with office.desk(ELS) as desk:
        desk.work.inform(reference)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("w")
        await shows(driver, "● undecided")
        assert "informed" not in fields_of(driver.app.screen)
        await driver.press("escape")


async def test_the_bar_shows_the_steps_that_can_be_taken_now(office: TestOffice, tmp_path: Path) -> None:
    reference = reached(office)

    def bar(driver: Driver) -> list[str]:
        return [binding.key for binding in in_key_bar(driver.app.screen)]

    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await until(driver, lambda: bar(driver)[1:3] == ["c", "w"])
        with office.desk(ELS) as desk:
            desk.work.wish(reference, Wish.YES)
            desk.cases.open(reference, "2026/0117")
        await until(driver, lambda: bar(driver)[1] == "v")
        with office.desk(ELS) as desk:
            desk.cases.hand_over(reference, tmp_path / "uit")
        await until(driver, lambda: bar(driver)[1] == "b")
        assert "c" not in bar(driver)
        assert "Confirm hand-over" in seen(driver).split("\n")[-1]


async def test_what_is_held_offers_to_ask_the_sender_and_no_contact(office: TestOffice) -> None:
    reference = mine(office, consent=Consent.NOT_STATED)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        last = seen(driver).split("\n")[-1]
        assert "z Ask the sender" in last
        assert "c Contact attempt" not in last
        await driver.press("c")
        await hears(driver, "Ask the sender before any contact.")
