"""Archive passphrases: whose they are, from when and until when, which one opened what, and what is told of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from intake.archive import Member, Passphrase, pack
from intake.causes import Cause
from intake.desk.office import PASSPHRASES_SECRET
from intake.desk.passphrases import (
    DayUnusable,
    Kept,
    LabelUnusable,
    NewPassphrase,
    NoSuchPassphrase,
    PassphraseUnusable,
    Standing,
    TeamUnusable,
    archive_passphrases,
    lapsing,
    outgoing,
    standing,
)
from intake.errors import sentence
from intake.mail.message import Incoming, Location, assemble, parse_headers
from intake.receive import GRACE_DAYS, passphrases_for
from intake.staff import Role
from tests.intake.desk.conftest import SECRET, DeskOffice
from tests.journeys.mails import form, mail
from tests.tui.office import LEAD, TestOffice, found_office

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> TestOffice:
    """An office without a mailbox, for what needs none."""
    return found_office(tmp_path_factory.mktemp("office"), senders=("opgroeien.be", "lien@elders.example"))


def new(label: str, secret: str = "", **more: object) -> NewPassphrase:
    return NewPassphrase(label, secret or f"zin van {label}!", TODAY, **more)  # type: ignore[arg-type]


def message(sender: str, on: date) -> Incoming:
    headers = parse_headers(f"From: {sender}\r\n\r\n".encode())
    return assemble(Location("INBOX", 1, 1), headers, datetime(on.year, on.month, on.day, 12, tzinfo=UTC), 1)


def labels(found: object) -> list[str]:
    return [one.label for one in found]  # type: ignore[attr-defined]


def test_a_team_s_own_is_tried_first_and_on_nobody_else_s_mails() -> None:
    known = (
        Passphrase("alle", "a"),
        Passphrase("menen", "b", "menen.example"),
        Passphrase("lien", "c", "lien@menen.example"),
        Passphrase("ieper", "d", "ieper.example"),
    )
    assert labels(passphrases_for(message("An@Menen.example", TODAY), known)) == ["menen", "alle"]
    assert labels(passphrases_for(message("lien@menen.example", TODAY), known)) == ["menen", "lien", "alle"]
    assert labels(passphrases_for(message("an@sub.menen.example", TODAY), known)) == ["alle"]
    assert labels(passphrases_for(message("an@evilmenen.example", TODAY), known)) == ["alle"]


def test_one_that_ended_opens_what_came_in_its_time_and_shortly_after() -> None:
    known = (Passphrase("oud", "a", until=TODAY),)
    for days, tried in ((-400, True), (0, True), (GRACE_DAYS, True), (GRACE_DAYS + 1, False), (400, False)):
        came_on = message("an@menen.example", TODAY + timedelta(days=days))
        assert bool(passphrases_for(came_on, known)) is tried


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ({}, Standing.IN_FORCE),
        ({"valid_from": "2026-11-20"}, Standing.IN_FORCE),
        ({"valid_from": "2026-11-21"}, Standing.COMING),
        ({"valid_until": "2026-11-20"}, Standing.IN_FORCE),
        ({"valid_until": "2026-11-19"}, Standing.LATE),
        ({"valid_until": "2026-11-06"}, Standing.LATE),
        ({"valid_until": "2026-11-05"}, Standing.ENDED),
    ],
)
def test_where_a_passphrase_is_in_its_life(row: dict[str, str], where: Standing) -> None:
    assert standing(row, TODAY) is where


def test_one_sends_with_what_is_in_force_and_to_a_team_with_its_own() -> None:
    stored = [
        {"label": "oud", "valid_until": "2026-11-19"},
        {"label": "algemeen", "valid_from": "2026-01-01"},
        {"label": "menen", "team": "menen.example", "valid_from": "2026-10-01"},
        {"label": "later", "valid_from": "2026-12-01"},
    ]

    def chosen(*to: str) -> str:
        found = outgoing(stored, TODAY, to)
        assert found is not None
        return str(found["label"])

    assert chosen() == "algemeen"
    assert chosen("an@Menen.example") == "menen"
    assert chosen("an@ieper.example") == "algemeen"
    assert chosen("an@menen.example", "an@ieper.example") == "algemeen"
    assert outgoing(stored[:1], TODAY) is None
    assert outgoing(stored[2:3], TODAY) == stored[2]


def test_one_that_ends_soon_is_told_unless_another_follows_it() -> None:
    def kept(label: str, until: date | None = None, team: str = "", start: date | None = None) -> Kept:
        row = {"valid_until": until.isoformat() if until else "", "valid_from": (start or TODAY).isoformat()}
        return Kept(label, team, start, until, None, standing(row, TODAY))

    soon, later = TODAY + timedelta(days=14), TODAY + timedelta(days=15)
    assert labels(lapsing([kept("a", soon)], TODAY)) == ["a"]
    assert labels(lapsing([kept("a", later)], TODAY)) == []
    assert labels(lapsing([kept("a", soon), kept("b")], TODAY)) == []
    assert labels(lapsing([kept("a", soon), kept("b", soon)], TODAY)) == ["a", "b"]
    assert labels(lapsing([kept("a", soon), kept("b", team="menen.example")], TODAY)) == ["a"]
    assert labels(lapsing([kept("a", soon, "menen.example"), kept("b")], TODAY)) == []
    assert labels(lapsing([kept("a", soon), kept("b", start=soon + timedelta(days=1))], TODAY)) == []
    assert labels(lapsing([kept("a", soon), kept("b", start=soon + timedelta(days=2))], TODAY)) == ["a"]


def test_adding_ending_and_what_is_told(quiet: TestOffice) -> None:
    with quiet.desk(LEAD) as desk:
        today = desk.office.today()
        desk.passphrases.add(NewPassphrase("  winter   2026 ", "sneeuw-8940", today, "@Opgroeien.BE"))
        kept = next(one for one in desk.passphrases.items() if one.label == "winter 2026")
        assert (kept.team, kept.valid_until, kept.standing) == ("opgroeien.be", None, Standing.IN_FORCE)
        desk.passphrases.end("winter 2026", today + timedelta(days=10))
        kept = next(one for one in desk.passphrases.items() if one.label == "winter 2026")
        assert kept.valid_until == today + timedelta(days=10)
        assert Passphrase(
            "winter 2026", "sneeuw-8940", "opgroeien.be", kept.valid_until
        ) in archive_passphrases(desk.office)
        told = [entry for entry in desk.log.entries() if entry.action.startswith("passphrase-")]
        added, ended = sorted(told, key=lambda entry: entry.action)
        assert (added.action, dict(added.detail)) == (
            "passphrase-added",
            {"label": "winter 2026", "team": "opgroeien.be"},
        )
        assert (ended.action, dict(ended.detail)) == (
            "passphrase-ended",
            {"label": "winter 2026", "until": (today + timedelta(days=10)).isoformat()},
        )
        assert "sneeuw" not in repr(desk.passphrases.items()) + repr(archive_passphrases(desk.office))
        with pytest.raises(NoSuchPassphrase) as caught:
            desk.passphrases.end("herfst", today)
        assert "'herfst'" in sentence(caught.value)
        desk.passphrases.end("winter 2026", today - timedelta(days=GRACE_DAYS + 1))
        kept = next(one for one in desk.passphrases.items() if one.label == "winter 2026")
        assert kept.standing is Standing.ENDED, "after a leak it ends at once, on the day it was agreed too"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (new("", "x"), LabelUnusable),
        (new("x" * 41), LabelUnusable),
        (new("zomer sneeuw", "sneeuw"), LabelUnusable),
        (new("a", " "), PassphraseUnusable),
        (new("a", "x" * 201), PassphraseUnusable),
        (new("a", "geheim"), PassphraseUnusable),
        (new("a", "geheim", team="opgroeien.be"), PassphraseUnusable),
        (new("a", team="geen domein"), TeamUnusable),
        (new("a", team="elders.be"), TeamUnusable),
        (new("a", team="x" * 300 + ".be"), TeamUnusable),
        (new("a", valid_until=TODAY - timedelta(days=1)), DayUnusable),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_changes(
    quiet: TestOffice, given: NewPassphrase, error: type[Exception]
) -> None:
    with quiet.desk(LEAD) as desk:
        before = desk.office.secret(PASSPHRASES_SECRET)
        with pytest.raises(error):
            desk.passphrases.add(given)
        assert desk.office.secret(PASSPHRASES_SECRET) == before


def test_a_team_may_be_the_domain_of_a_trusted_address_and_one_that_ended_may_come_back(
    quiet: TestOffice,
) -> None:
    with quiet.desk(LEAD) as desk:
        long_ago = date(2025, 1, 1)
        desk.passphrases.add(
            NewPassphrase("eens", "terug-8940", long_ago, "elders.example", date(2025, 2, 1))
        )
        desk.passphrases.add(NewPassphrase("opnieuw", "terug-8940", long_ago, "elders.example"))
        found = {one.label: one.standing for one in desk.passphrases.items()}
        assert (found["eens"], found["opnieuw"]) == (Standing.ENDED, Standing.IN_FORCE)


def test_the_one_that_fitted_is_told_with_the_day_and_a_late_mail_has_its_cause(office: DeskOffice) -> None:
    office.send()
    (reference,) = office.lead.polling.poll().references
    (imported,) = [e for e in office.lead.log.entries(reference=reference) if e.action == "import"]
    assert imported.detail["passphrase"] == "eerste"
    assert office.lead.work.worklist()[0].referral.opened_with == "eerste"
    (kept,) = office.lead.passphrases.items()
    assert kept.last_used == office.now().date()

    # Ended so long ago that late mails are over too: what comes in from then on is opened no more.
    office.lead.passphrases.end("eerste", office.now().date() - timedelta(days=GRACE_DAYS + 1))
    office.send()
    assert office.lead.polling.poll().quarantined == 1
    (item,) = office.lead.quarantine.items()
    assert item.cause is Cause.UNKNOWN_PASSPHRASE
    (again,) = office.lead.quarantine.retry([item.id])
    assert again.cause is Cause.UNKNOWN_PASSPHRASE
    # Given anew by the sender it opens what waits.
    given = NewPassphrase("weer de eerste", SECRET, office.now().date())
    (again,) = office.lead.quarantine.retry([item.id], given)
    assert len(again.references) == 1
    used = {one.label: one.last_used for one in office.lead.passphrases.items()}
    assert used["weer de eerste"] == office.now().date()


def test_a_service_account_notes_what_it_used_and_a_new_colleague_reads_it(office: DeskOffice) -> None:
    service = office.add("robot", Role.SERVICE)
    office.send()
    assert service.polling.poll().imported == 1
    tom = office.add("tom", Role.SOCIAL_WORKER)
    (kept,) = tom.passphrases.items()
    assert kept.last_used == office.now().date()


def test_another_team_s_mail_is_not_tried_with_it(office: DeskOffice) -> None:
    settings = office.lead.settings.show()
    senders = (*settings.trusted_senders, "elders.example")
    office.lead.settings.change(settings.model_copy(update={"trusted_senders": senders}))
    office.lead.passphrases.add(
        NewPassphrase("elders", "zin-van-elders", office.now().date(), "elders.example")
    )
    archive = pack([Member(*form())], "zin-van-elders")
    office.server.deliver(office.mailbox, mail(("a.7z", archive), sender="lien@opgroeien.be"))
    assert office.lead.polling.poll().quarantined == 1
    office.server.deliver(
        office.mailbox, mail(("b.7z", archive), ("x.txt", b"x"), sender="an@elders.example")
    )
    assert office.lead.polling.poll().imported == 1
