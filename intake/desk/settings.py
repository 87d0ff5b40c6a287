"""The office's settings and secrets: setting a new office up, and changing its terms later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.agreement import revised
from intake.config import OfficeSettings
from intake.desk.office import LEDGER_SECRET, MAILBOX_SECRET, OFFICE_KEY, PASSPHRASES_SECRET, Office, utc_now
from intake.desk.resealing import seal_again
from intake.desk.staff import account_name
from intake.desk.tasks import processors_changed
from intake.errors import Stale, WrongUse
from intake.mail.token_errors import SecretNotThere
from intake.mail.ways import MailboxSecret, Password, TokenWay
from intake.plaintext import clean_line
from intake.rows import SETTINGS
from intake.staff import Right
from intake.texts import _
from intake.workdays import local_date
from storage.directory import Directory, Session, check_names, check_passphrase, found_office
from storage.journal import Event
from storage.keys import STANDARD_COST, Argon2Cost
from storage.sealing import sign_row
from storage.store import Store, Transaction, create_store


@dataclass(frozen=True)
class Founding:
    """What a new office needs. `lead` is an account name or a person's name; the passphrases are (label, secret).

    `recovery_key` is one that was printed before anything is made (`storage.keys.new_recovery_key`); None for a new one.
    `mailbox_secret` stands in the place of the password where the way of signing in is another.
    """

    location: Path
    lead: str
    passphrase: str
    settings: OfficeSettings
    mailbox_password: str
    archive_passphrases: Sequence[tuple[str, str]]
    display_name: str = ""
    recovery_key: str | None = None
    mailbox_secret: MailboxSecret | None = None

    def __repr__(self) -> str:
        return "Founding(…)"


@dataclass(frozen=True)
class Founded:
    """A new office: its open store, the signed-in first team lead, and the recovery key to print, kept nowhere."""

    store: Store
    session: Session
    recovery_key: str

    def __repr__(self) -> str:
        return "Founded(…)"


def _put_settings(office_signer: Session, tx: Transaction, settings: OfficeSettings) -> None:
    row = {"values": settings.model_dump(mode="json")}
    tx.put(SETTINGS, OFFICE_KEY, sign_row(row, office_signer.signer, SETTINGS, OFFICE_KEY))


def found(
    founding: Founding, *, clock: Callable[[], datetime] = utc_now, cost: Argon2Cost = STANDARD_COST
) -> Founded:
    """Make the store, the first team lead, the recovery key, the settings and the sealed secrets.

    By founding it the first team lead confirms to be bound by professional secrecy (A2).
    Raises StoreExists when the folder holds a store already, WrongUserName, WeakPassphrase; then nothing is made.
    """
    from intake.mail.ledger import LedgerKey

    account = account_name(founding.lead)
    shown = clean_line(founding.display_name or founding.lead)
    check_names(account, shown)
    check_passphrase(founding.passphrase, account, shown)
    secret = founding.mailbox_secret or MailboxSecret.password(founding.mailbox_password)
    if not secret.fits(founding.settings.mailbox.sign_in):
        raise SecretNotThere
    store = create_store(founding.location, clock=clock)
    today = local_date(clock())
    session, recovery_key = found_office(
        store, account, shown, founding.passphrase, on=today, cost=cost, recovery=founding.recovery_key
    )
    office = Office(store, session, clock)
    with store.transaction(session.signer) as tx:
        directory = Directory.load(tx)
        _put_settings(session, tx, founding.settings)
        office.put_secret(tx, MAILBOX_SECRET, secret.to_row(), directory)
        passphrases = [{"label": label, "secret": secret} for label, secret in founding.archive_passphrases]
        office.put_secret(tx, PASSPHRASES_SECRET, passphrases, directory)
        office.put_secret(tx, LEDGER_SECRET, {"key": LedgerKey.new()}, directory)
        tx.record(Event("settings", detail={"part": "all"}))
    return Founded(store, session, recovery_key)


class OfficeDesk:
    """Use cases on the office's settings."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def show(self) -> OfficeSettings:
        """The settings in force. They hold no secrets and no client data."""
        return self._office.settings

    def change(
        self,
        settings: OfficeSettings,
        *,
        mailbox_password: str | None = None,
        mailbox_secret: MailboxSecret | None = None,
    ) -> None:
        """Put other settings in force, signed by who sets them; what others may read is sealed anew at once.

        With `mailbox_password`, or `mailbox_secret` for other ways of signing in, the mailbox has that one from now on,
        in the same transaction. Another way, or another place to ask tokens of, needs its own: WrongUse without it.

        An administrator sets the mailbox; all else is decided by a team lead. Raises `Stale` when the settings were
        changed since these were read (`version`), NotAllowed, and WrongUse for terms of a worker whom nobody knows.
        """
        office = self._office
        office.require(Right.SETTINGS)
        changed = [
            name for name, value in settings if name != "version" and value != getattr(office.settings, name)
        ]
        if set(changed) - {"mailbox", "backup_folder", "backup_days"}:
            office.require(Right.TERMS)
        known = {user.name for user in office.directory.users}
        for name in sorted(set(settings.workers) - known - set(office.settings.workers)):
            raise WrongUse(
                problem=_(
                    "There is no account %(user)s, so 'workers' can hold nothing for it. 'ocmw-intake user list' tells them."
                )
                % {"user": name}
            )
        if mailbox_password is not None:
            mailbox_secret = MailboxSecret.password(mailbox_password)
        _check_secret(office.settings.mailbox.sign_in, settings.mailbox.sign_in, mailbox_secret)
        with office.store.transaction(office.session.signer) as tx:
            row = tx.get(SETTINGS, OFFICE_KEY)
            if row is None or row["values"].get("version", 1) != settings.version:
                raise Stale(reference=_("settings"))
            update: dict[str, object] = {"version": settings.version + 1}
            if "backup_folder" in changed:
                # What is discarded must be taken out of the backups there too, until a team lead says they are gone.
                folders = (*settings.former_backup_folders, office.settings.backup_folder)
                update["former_backup_folders"] = tuple(
                    dict.fromkeys(name for name in folders if name != settings.backup_folder)
                )
            agreement = revised(office.settings.agreement, settings.agreement)
            update["agreement"] = agreement
            processors_changed(office, tx, office.settings.agreement, agreement)
            settings = settings.model_copy(update=update)
            _put_settings(office.session, tx, settings)
            if mailbox_secret is not None:
                office.put_secret(tx, MAILBOX_SECRET, mailbox_secret.to_row())
                changed.append("mailbox-password" if mailbox_secret.kind == "password" else "mailbox-secret")
            if "visibility" in changed:
                seal_again(office, tx, office.directory, settings)
            tx.record(Event("settings", detail={"changed": "+".join(changed)}))


def _check_secret(
    before: Password | TokenWay, after: Password | TokenWay, secret: MailboxSecret | None
) -> None:
    """Whether the secret, or the one that is kept, is meant for where it will be sent. Raises WrongUse."""
    if secret is None:
        fits = (before.kind, before.goes_to) == (after.kind, after.goes_to)
    else:
        fits = secret.fits(after)
    if not fits:
        raise WrongUse(
            problem=_(
                "The mailbox gets another way of signing in, and the secret for it was not given. Give it with "
                "'ocmw-intake settings mailbox', or in Administration, so that the old one is not sent there."
            )
        )
