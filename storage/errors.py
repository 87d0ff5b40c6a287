"""Why something was refused: the root of the program's error tree, and the causes that lie in storage.

A refusal carries a sentence (`template`, an English message id) and the values for it. `str()` of one is only
its class name, so that neither a log line nor a traceback can hold what a person typed. The floor above turns
template and values into the sentence in the user's language.
"""

from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802 - the gettext convention for "translate later"
    """Mark a message id for the catalogue without translating it here."""
    return message


class Refusal(Exception):
    """Base of every error a user may meet. Subclasses set `template` and `exit_code` (see `cli.md`)."""

    template: ClassVar[str] = N_("Something went wrong. Try again, or run 'ocmw-intake doctor'.")
    exit_code: ClassVar[int] = 1

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(type(self).__name__)


class StorageError(Refusal):
    """The store cannot be used."""

    template = N_("The store cannot be used. Run 'ocmw-intake doctor' to see why.")
    exit_code = 6


class StoreMissing(StorageError):
    """There is no store in that folder. Values: location."""

    template = N_(
        "There is no store in %(location)s. Check the folder in the configuration, or run 'ocmw-intake init'."
    )


class StoreExists(StorageError):
    """A store would be made where one stands. Values: location."""

    template = N_(
        "%(location)s already holds a store, or the remains of one. It was left untouched; choose another folder."
    )


class StoreBroken(StorageError):
    """A file of the store is damaged; nothing was overwritten. Values: file."""

    template = N_(
        "The file %(file)s of the store is damaged. Nothing was overwritten. Restore the last good backup with "
        "'ocmw-intake backup restore'."
    )


class StoreNewer(StorageError):
    """A newer version of the program wrote the store. Values: found, known (format numbers)."""

    template = N_(
        "The store was written by a newer version of this program (format %(found)s, this version knows %(known)s). "
        "Install the newer version on this workstation."
    )


class StoreOutdated(StorageError):
    """An older version of the program wrote the store. Values: found, known (format numbers)."""

    template = N_(
        "The store still has format %(found)s; this version works with format %(known)s. Sign in with this version: it "
        "backs the store up first and then brings it up to date. Nothing was changed yet."
    )


class StoreOnNfs(StorageError):
    """The folder is on NFS. Values: location."""

    template = N_(
        "The folder %(location)s is on NFS, where locks are not kept when the server restarts, so that two workstations "
        "could write at once. Put the store on a local disk or a Windows share (SMB)."
    )


class StoreRolledBack(StorageError):
    """The store is older than what this workstation saw. Values: location, when, found, seen (generations)."""

    template = N_(
        "The store in %(location)s is older than what this workstation saw on %(when)s (state %(found)s instead of "
        "%(seen)s). Someone put an older copy in its place. Ask who restored a backup; if nobody did, tell the data "
        "protection officer."
    )


class StoreReplaced(StorageError):
    """There is another store, or another history, than this workstation saw. Values: location, when."""

    template = N_(
        "The store in %(location)s is another than the one this workstation saw on %(when)s. Ask who replaced it; if "
        "nobody did, tell the data protection officer."
    )


class WitnessUnreadable(StorageError):
    """What this workstation remembers of the store is damaged. Values: file."""

    template = N_(
        "The file %(file)s, in which this workstation remembers the store, is damaged. Look at the log on another "
        "workstation with 'ocmw-intake log verify', then let this one begin anew with 'ocmw-intake log accept'."
    )


class ExtractBroken(StorageError):
    """An exported log is not as it was written. Values: where, what."""

    template = N_(
        "The exported log does not hold together at %(where)s (%(what)s). Ask for a new export, and compare the two."
    )


class StoreLocked(StorageError):
    """Another holds the store's lock longer than we may wait. Values: holder, since (ISO 8601, UTC)."""

    template = N_(
        "The store is being written by %(holder)s since %(since)s. Wait a moment and try again; nothing was changed."
    )


class StoreNotWritable(StorageError):
    """The folder or a file in it cannot be written. Values: location."""

    template = N_(
        "The store in %(location)s cannot be written. Check the rights on the folder and the network drive; "
        "nothing was changed."
    )


class StoreNotReadable(StorageError):
    """A file of the store is there but cannot be read. Values: location."""

    template = N_(
        "The store in %(location)s cannot be read. Check the rights on the folder and the network drive."
    )


class DiskFull(StorageError):
    """No room is left for the store. Values: location."""

    template = N_(
        "There is no room left on the disk of %(location)s. Make room and repeat the step; nothing was changed."
    )


class LogBroken(StorageError):
    """The access log is not what was written. Values: where (file and line), what (`LogFault` value)."""

    template = N_(
        "The access log does not hold together at %(where)s. Keep its files as they are and tell the data protection "
        "officer."
    )


class LogEdited(LogBroken):
    """An entry differs from what was written."""

    template = N_(
        "The access log was edited: the entry at %(where)s is not what was written. Keep its files as they are and "
        "tell the data protection officer."
    )


class LogGap(LogBroken):
    """An entry is missing, or stands in another place."""

    template = N_(
        "The access log is not complete: an entry is missing or moved before %(where)s. Keep its files as they are and "
        "tell the data protection officer."
    )


class LogSignatureBad(LogBroken):
    """An entry was not signed by the user it names."""

    template = N_(
        "The entry at %(where)s of the access log was not signed by the user it names. Keep the log's files as they are "
        "and tell the data protection officer."
    )


class LogCut(LogBroken):
    """Entries that were there are missing at the end."""

    template = N_(
        "The end of the access log is missing after %(where)s. Keep its files as they are, tell the data protection "
        "officer, and restore the last good backup."
    )


class LogReplaced(LogBroken):
    """The entries are those of another log."""

    template = N_(
        "The access log at %(where)s is another than the one that was written here. Keep its files as they are and "
        "tell the data protection officer."
    )


class RowNotGenuine(StorageError):
    """A row was altered, moved, or written by someone who may not. Values: table, key."""

    template = N_(
        "The row %(key)s of %(table)s was changed outside this program, so it is not used. Tell a team lead; restore "
        "it from a backup."
    )


class DirectoryNotGenuine(StorageError):
    """The list of users does not follow from what its team leads signed. Values: where."""

    template = N_(
        "The list of users was changed outside this program (%(where)s), so nobody can be signed in. Tell a team lead; "
        "restore the last good backup."
    )


class DirectoryForeign(DirectoryNotGenuine):
    """The directory begins with another founder than the workstation remembers: it is another office's store."""

    template = N_(
        "The store is not the one this workstation knows: its list of users begins with another founder, so nobody can be "
        "signed in. Check the folder in the configuration; if it is right, tell a team lead."
    )


class WrongPassphrase(StorageError):
    """The passphrase opens no keys."""

    template = N_("That passphrase is not right. Type it again, or ask a team lead to reset your account.")
    exit_code = 4


class WrongActivationCode(WrongPassphrase):
    """The one-time code opens no keys."""

    template = N_("That one-time code is not right or no longer valid. Ask a team lead for a new one.")


class WeakPassphrase(StorageError):
    """The passphrase is too short or too long. Values: least, most (characters)."""

    template = N_("Choose a passphrase of %(least)s to %(most)s characters, for example four words.")
    exit_code = 2


class GuessablePassphrase(WeakPassphrase):
    """The passphrase is long enough, and still among the first that would be tried."""

    template = N_(
        "That passphrase is easily guessed. Choose four words or more that have nothing to do with each other or with "
        "you; no name, no date, no row of keys."
    )


class SignInSlowed(StorageError):
    """After wrong passphrases the next one has to wait. Values: seconds."""

    template = N_(
        "Too many wrong passphrases in a row. Wait %(seconds)s seconds and try again; the account is not blocked."
    )
    exit_code = 4


class RecoveryKeyUnreadable(StorageError):
    """The typed recovery key has a mistake in it."""

    template = N_("That recovery key has a typing mistake. Compare it with the printed one, group by group.")
    exit_code = 2


class WrongRecoveryKey(StorageError):
    """The recovery key is well typed, and another office's."""

    template = N_("That is not the recovery key of this office. Look at the name of the office on the paper.")
    exit_code = 4


class NotRecoverable(StorageError):
    """The recovery key gives keys to team leads only. Values: name."""

    template = N_(
        "The recovery key helps only a team lead whose account is not disabled. For %(name)s, a team lead uses "
        "'ocmw-intake user reset'."
    )
    exit_code = 4


class UnknownUser(StorageError):
    """No user has that name. Values: name."""

    template = N_("There is no user %(name)s. See 'ocmw-intake user list'.")
    exit_code = 4


class UserExists(StorageError):
    """The name was given out before. Values: name."""

    template = N_("There is, or was, a user %(name)s. Choose another name.")
    exit_code = 2


class WrongUserName(StorageError):
    """The name cannot be a user name."""

    template = N_(
        "A user name has at most 32 characters: small letters, digits, points and dashes, with a letter first."
    )
    exit_code = 2


class WrongDisplayName(StorageError):
    """The name cannot be shown beside what its bearer did."""

    template = N_("A name has 1 to 200 characters and no line breaks.")
    exit_code = 2


class AccountNotActive(StorageError):
    """The account is invited or disabled. Values: name."""

    template = N_(
        "The account %(name)s is not active. A new user first signs in with the one-time code; otherwise ask a team "
        "lead."
    )
    exit_code = 4


class AccountDisabled(AccountNotActive):
    """The account was disabled, for good. Values: name."""

    template = N_("The account %(name)s is disabled. Whoever comes back is invited under another name.")


class AlreadyActive(StorageError):
    """A one-time code is offered for an account that does not wait for one. Values: name."""

    template = N_("The account %(name)s was activated before. Sign in with your passphrase.")
    exit_code = 4


class NotAuthorised(StorageError):
    """The list of users would be changed by someone who may not."""

    template = N_("Only a team lead may change the list of users. Ask a team lead.")
    exit_code = 4


class LastTeamLead(StorageError):
    """No active team lead would be left."""

    template = N_("This would leave no team lead. Make someone else team lead first.")
    exit_code = 4


class NotAReceiver(StorageError):
    """It is not sealed for this user. Values: purpose, subject."""

    template = N_("%(subject)s is not sealed for you. Ask a team lead to assign it to you.")
    exit_code = 4
