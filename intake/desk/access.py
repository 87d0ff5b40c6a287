"""How the office signs in to its mailbox: with the sealed secret, and for the ways by token with tokens kept in memory.

A renewed refresh token is put back in the store by whoever polls, before the token that came with it is used.
"""

from intake.config import MailboxConfig
from intake.desk.office import MAILBOX_SECRET, OFFICE_KEY, Office
from intake.mail.signin import Credential
from intake.mail.token_errors import SecretNotThere, SignInAnew
from intake.mail.tokens import Tokens
from intake.mail.ways import MailboxSecret, Password
from intake.rows import SETTINGS
from storage.store import Snapshot, Transaction


class MailboxAccess:
    """Of one signed-in user; used from the desk's thread."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tokens: Tokens | None = None

    def credential(self) -> Credential:
        """What signs in to the mailbox that is set. Raises SecretNotThere, NotAReceiver, NotFound."""
        tokens = self._of_office()
        return tokens if isinstance(tokens, str) else _Kept(self, tokens)

    def trial(self, box: MailboxConfig | None, secret: MailboxSecret | None) -> Credential:
        """What signs in to a mailbox that is tried beside the desk: `keep` what it renewed, in the desk's thread."""
        way = self._office.settings.mailbox.sign_in if box is None else box.sign_in
        if secret is None and way == self._office.settings.mailbox.sign_in:
            return self._of_office()
        secret = secret or self.secret()
        if isinstance(way, Password):
            return _password(secret)
        return Tokens(way, secret)

    def keep(self, tokens: Tokens) -> None:
        """Put the refresh token that was renewed in the place of the one it came from, if that is the one in the store.

        What a colleague put there in the meantime stays.
        """
        changed = tokens.changed
        if changed is None:
            return
        office = self._office
        with office.store.transaction(office.session.signer) as tx:
            if self.secret(tx) != tokens.base or not _is_set(tx, tokens):
                return
            office.put_secret(tx, MAILBOX_SECRET, changed.to_row())
        tokens.kept(changed)

    def secret(self, source: Snapshot | Transaction | None = None) -> MailboxSecret:
        """The sealed one. Raises SecretNotThere."""
        try:
            return MailboxSecret.of_row(self._office.secret(MAILBOX_SECRET, source))
        except (ValueError, TypeError):
            raise SecretNotThere from None

    @property
    def seconds_left(self) -> float | None:
        """How long the present token is good for; None without one."""
        return None if self._tokens is None else self._tokens.seconds_left

    def _of_office(self) -> str | Tokens:
        way, secret = self._office.settings.mailbox.sign_in, self.secret()
        if isinstance(way, Password):
            self._tokens = None
            return _password(secret)
        known = self._tokens
        if known is not None and known.way == way:
            if known.base == secret:
                return known
            self.keep(known)
        self._tokens = Tokens(way, secret)
        return self._tokens


class _Kept:
    """Tokens whose renewed secret is kept before they are used."""

    def __init__(self, access: MailboxAccess, tokens: Tokens) -> None:
        self._access = access
        self._tokens = tokens

    def __repr__(self) -> str:
        return "Tokens(…)"

    @property
    def microsoft(self) -> bool:
        return self._tokens.microsoft

    def token(self, refused: str | None = None) -> str:
        try:
            token = self._tokens.token(refused)
        except SignInAnew:
            # Another poller may have renewed it, whereby the one used here ended.
            secret = self._access.secret()
            if secret == self._tokens.base:
                raise
            self._tokens.use(secret)
            token = self._tokens.token(refused)
        self._access.keep(self._tokens)
        return token


def _password(secret: MailboxSecret) -> str:
    if secret.kind != "password":
        raise SecretNotThere
    return secret.parts["password"]


def _is_set(tx: Transaction, tokens: Tokens) -> bool:
    """Whether the office still signs in in this way, at this place."""
    row = tx.get(SETTINGS, OFFICE_KEY)
    if row is None:
        return False
    way = MailboxConfig.model_validate(row["values"]["mailbox"]).sign_in
    return (way.kind, way.goes_to) == (tokens.way.kind, tokens.way.goes_to)
