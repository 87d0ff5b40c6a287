"""Signing in, and the desk that is open then."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from intake.desk.office import Office, utc_now
from storage.directory import Session, User, sign_in
from storage.journal import Event
from storage.store import Store, open_store

if TYPE_CHECKING:
    from intake.desk.cases import Cases
    from intake.desk.discarding import Retention
    from intake.desk.polling import Polling
    from intake.desk.records import Log, Quarantine
    from intake.desk.settings import OfficeDesk
    from intake.desk.staff import Staff
    from intake.desk.work import Work


class Desk:
    """Every use case, grouped. One desk serves one signed-in user, from one thread at a time.

    The groups are made when first asked for, so that a command that lists referrals loads neither the mail
    library nor a document reader.
    """

    def __init__(self, office: Office) -> None:
        self.office = office

    @property
    def user(self) -> User:
        """The signed-in user as the directory knows them now."""
        return self.office.user

    @cached_property
    def work(self) -> "Work":
        """Referrals: the worklist and every step."""
        from intake.desk.work import Work

        return Work(self.office)

    @cached_property
    def cases(self) -> "Cases":
        """Case files."""
        from intake.desk.cases import Cases

        return Cases(self.office, self.work)

    @cached_property
    def polling(self) -> "Polling":
        """The mailbox."""
        from intake.desk.polling import Polling

        return Polling(self.office)

    @cached_property
    def quarantine(self) -> "Quarantine":
        """Messages that became no referral."""
        from intake.desk.records import Quarantine

        return Quarantine(self.office)

    @cached_property
    def retention(self) -> "Retention":
        """What is due, and discarding it."""
        from intake.desk.discarding import Retention

        return Retention(self.office, lambda: self.polling)

    @cached_property
    def staff(self) -> "Staff":
        """Accounts."""
        from intake.desk.staff import Staff

        return Staff(self.office)

    @cached_property
    def log(self) -> "Log":
        """The access log."""
        from intake.desk.records import Log

        return Log(self.office)

    @cached_property
    def settings(self) -> "OfficeDesk":
        """The office's settings."""
        from intake.desk.settings import OfficeDesk

        return OfficeDesk(self.office)

    def close(self) -> None:
        """Let go of the store and of the keys in memory."""
        self.office.store.close()


def desk_for(
    store: Store, session: Session, clock: Callable[[], datetime] = utc_now, *, trusted: str | None = None
) -> Desk:
    """The desk of someone already signed in; `trusted` as for `open_desk`."""
    return Desk(Office(store, session, clock, trusted))


def open_desk(
    location: Path,
    user: str,
    passphrase: str,
    *,
    clock: Callable[[], datetime] = utc_now,
    trusted: str | None = None,
) -> Desk:
    """Sign in at the store in `location`; the sign-in is logged.

    `trusted` is the fingerprint of the list of users that this workstation remembers (`Workstation.fingerprint`):
    a list that begins with another founder is refused.

    Raises the errors of `storage.directory.sign_in` and `storage.store.open_store`.
    """
    from intake.desk.staff import account_name

    store = open_store(location, clock=clock)
    try:
        session = sign_in(store, account_name(user), passphrase, trusted=trusted)
        store.journal.append(session.signer, [Event("sign-in")])
    except BaseException:
        store.close()
        raise
    return desk_for(store, session, clock, trusted=trusted)
