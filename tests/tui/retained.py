"""Referrals at every place in the retention plan, for the tests of its screen."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from intake.desk import Desk
from intake.desk.office import LEDGER_SECRET
from intake.desk.staff import first_sign_in
from intake.mail.ledger import LedgerKey, place
from intake.mail.mailbox import Location
from intake.referral import Closure, State
from intake.rows import LEDGER, Payload
from intake.staff import Role
from storage.sealing import sign_row
from storage.store import open_store
from tests.tui.office import CLIENTS, COST, LEAD, PASSPHRASES, TestOffice

MIA, DPO = "mia", "dirk"
PASSPHRASES |= {MIA: "een lange zin voor mia", DPO: "een lange zin voor dirk"}


def add(office: TestOffice, name: str, *roles: Role) -> None:
    """One more account, activated."""
    with office.desk(LEAD) as lead:
        code = lead.staff.add(name, roles, cost=COST)
    store = open_store(office.location, clock=office.clock)
    first_sign_in(store, name, code, PASSPHRASES[name], office.clock().date(), cost=COST)
    store.close()


def put(office: TestOffice, desk: Desk, **changes: Any) -> str:
    """A referral as it is after it ended so."""
    (reference,) = office.receive_at(desk, CLIENTS[:1])
    of = desk.office
    with of.store.transaction(of.session.signer) as tx:
        facts = replace(of.facts(of.row_of(tx, reference), reference), **changes)
        of.put_referral(tx, facts, of.seal_payload(Payload(CLIENTS[0]), facts))
    return reference


def closed(office: TestOffice, desk: Desk, days_ago: int = 0, **changes: Any) -> str:
    """Sent to the wrong OCMW: goes on the day on which it was closed. No message of it lies in the mailbox."""
    today = office.clock().date()
    ended: dict[str, Any] = {
        "mail": None,
        "state": State.CLOSED,
        "closed_because": Closure.WRONG_OCMW,
        "closed_on": today - timedelta(days=days_ago),
        "received_at": office.clock() - timedelta(days=days_ago + 1),
    }
    return put(office, desk, **ended | changes)


def with_message(office: TestOffice, desk: Desk, days_ago: int = 0, number: int = 7) -> str:
    """As `closed`, and its message lies in the mailbox, which nobody answers for."""
    key = LedgerKey.of(desk.office.secret(LEDGER_SECRET)["key"])
    box = desk.polling.settings()
    account, where = key.account(box.host, box.user), Location("INBOX", 1, number)
    mail = key.location(account, where)
    reference = closed(office, desk, days_ago, mail=mail)
    row = {
        "at": place(where),
        "moved": None,
        "message": None,
        "message_id": None,
        "attachments": None,
        "outcome": "imported",
        "account": account,
        "references": [reference],
        "quarantine": [],
        "deleted": False,
        "discarded": False,
    }
    signer = desk.office.session.signer
    with desk.office.store.transaction(signer) as tx:
        tx.put(LEDGER, mail, sign_row(row, signer, LEDGER, mail))
    return reference


def case_file(office: TestOffice, desk: Desk, number: str = "2014/17") -> str:
    """A case file that was kept here for ten years and more."""
    then = datetime(2014, 1, 10, 9, tzinfo=UTC)
    return put(
        office,
        desk,
        state=State.CASE_CLOSED,
        received_at=then,
        imported_at=then,
        case_number=number,
        case_closed_on=date(2015, 6, 1),
    )


def local(office: TestOffice) -> None:
    """Case files are kept here, and the rule under which they go is known."""
    with office.desk(LEAD) as desk:
        settings = desk.settings.show()
        changed = {"case_files": "local", "selection_rule": "B 12.3"}
        desk.settings.change(settings.model_copy(update=changed))


def at_every_place(office: TestOffice) -> dict[str, str]:
    """One referral for each place in the plan; their references by the place."""
    today = office.clock().date()
    local(office)
    with office.desk(LEAD) as desk:
        return {
            "overdue": closed(office, desk, 3),
            "today": closed(office, desk),
            "later": closed(office, desk, 2, closed_because=Closure.UNREACHABLE),
            "soon": closed(office, desk, 26, closed_because=Closure.UNREACHABLE),
            "blocked": closed(office, desk, closed_on=None),
            "unconfirmed": put(office, desk, state=State.HANDED_OVER, handed_over_on=today),
            "held": closed(office, desk, 1, hold_until=today + timedelta(days=12)),
            "second": case_file(office, desk),
        }
