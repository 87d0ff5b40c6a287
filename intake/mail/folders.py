"""The folders of a mailbox: which there are, what a configured name means on this server, which one holds drafts.

Knows the server's separator and its prefix for personal folders ("INBOX." on some); opens and changes no folder
except to make one that is missing.
"""

from dataclasses import dataclass
from typing import Any

from imapclient.exceptions import IMAPClientError

from intake.mail.connection import Connection
from intake.mail.errors import MailboxFolder, MailboxProtocol, translated

__all__ = ["Folders"]

_COUNT_LIMIT = 5_000
_UNSELECTABLE = {b"\\NOSELECT", b"\\NONEXISTENT"}
_DRAFTS = ("drafts", "concepten", "ontwerpen", "brouillons", "entwürfe")
_SENT = (
    *("sent", "sent items", "sent mail", "sent messages"),
    *("verzonden", "verzonden items", "verzonden berichten"),
    *(
        "envoyés",
        "éléments envoyés",
        "messages envoyés",
        "gesendet",
        "gesendete elemente",
        "gesendete objekte",
    ),
)
_JUNK = (
    *("junk", "junk e-mail", "junk email", "junk mail", "spam", "bulk mail"),
    *("ongewenste e-mail", "ongewenste mail", "ongewenst", "ongewenste reclame", "reclame"),
    *("courrier indésirable", "indésirables", "pourriel", "junk-e-mail", "unerwünschte werbung", "werbung"),
)
_NEW_DRAFTS = "Drafts"


@dataclass(frozen=True, slots=True)
class _Folder:
    name: str
    flags: frozenset[bytes]

    @property
    def selectable(self) -> bool:
        return not self.flags & _UNSELECTABLE


class Folders:
    """The list of folders, asked for once and again after `forget`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._listed: dict[str, _Folder] | None = None
        self._place: tuple[str, str] | None = None

    def forget(self) -> None:
        """Ask the server anew at the next use."""
        self._listed = None

    def names(self) -> list[str]:
        """Every folder that can be opened, in the server's order, by the server's names."""
        return [folder.name for folder in self._all().values() if folder.selectable]

    def resolve(self, configured: str) -> str:
        """The server's name of a configured folder, whether or not it exists.

        A name that exists is meant as it is; any other lies under the personal prefix, with "/" for the separator.
        """
        if not configured or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in configured):
            raise MailboxFolder(folder="?")
        if configured.upper() == "INBOX":
            return "INBOX"
        if configured in self._all():
            return configured
        prefix, separator = self._personal()
        name = configured.replace("/", separator) if separator else configured
        return name if prefix and name.startswith(prefix) else prefix + name

    def exists(self, name: str) -> bool:
        """Whether a folder of the server's name `name` can be opened."""
        return name == "INBOX" or (name in self._all() and self._all()[name].selectable)

    def make(self, configured: str) -> str:
        """The server's name of a folder, which is made (and subscribed to, so that mail programs show it) if missing."""
        name = self.resolve(configured)
        if self.exists(name):
            return name
        self.forget()
        if not self.exists(name):
            with translated():
                try:
                    self._connection.create_folder(name)
                    self._connection.subscribe_folder(name)
                except IMAPClientError:
                    pass  # perhaps another workstation made it just now: what counts is whether it is there
            self.forget()
            if not self.exists(name):
                raise MailboxFolder(folder=name)
        return name

    def drafts(self) -> str | None:
        r"""The folder marked \Drafts, else one with a usual name for it, else None."""
        return next(iter(self._of_use(b"\\DRAFTS", _DRAFTS)), None)

    def sent(self) -> list[str]:
        r"""The folders for mails that were sent: marked \Sent, and those with a usual name for it."""
        return self._of_use(b"\\SENT", _SENT)

    def junk(self) -> str | None:
        r"""The folder marked \Junk, else one with a usual name for it, else None."""
        return next(iter(self._of_use(b"\\JUNK", _JUNK)), None)

    def _of_use(self, mark: bytes, usual: tuple[str, ...]) -> list[str]:
        folders = [folder for folder in self._all().values() if folder.selectable]
        marked = [folder.name for folder in folders if mark in folder.flags]
        prefix, _separator = self._personal()
        named = [folder.name for folder in folders if folder.name.removeprefix(prefix).lower() in usual]
        return list(dict.fromkeys([*marked, *named]))

    def make_drafts(self) -> str:
        """The folder for drafts, made if there is none."""
        return self.drafts() or self.make(_NEW_DRAFTS)

    def _all(self) -> dict[str, _Folder]:
        if self._listed is None:
            with translated():
                rows: list[Any] = self._connection.list_folders()
                if len(rows) > _COUNT_LIMIT:
                    raise MailboxProtocol
                found = [
                    _Folder(
                        "INBOX" if name.upper() == "INBOX" else name,
                        frozenset(flag.upper() for flag in flags),
                    )
                    for flags, _separator, name in rows
                    if name and not any(ord(c) < 32 or ord(c) == 127 for c in name)
                ]
            self._listed = {folder.name: folder for folder in found}
        return self._listed

    def _personal(self) -> tuple[str, str]:
        """Prefix and separator for this user's own folders."""
        if self._place is None:
            with translated():
                spaces = (
                    self._connection.namespace().personal
                    if self._connection.has_capability("NAMESPACE")
                    else ()
                )
                if spaces:
                    prefix, separator = spaces[0]
                    self._place = (str(prefix), str(separator or ""))
                else:
                    rows = self._connection.list_folders("", "")
                    separator = rows[0][1] if rows and rows[0][1] else b""
                    self._place = ("", separator.decode("ascii"))
        return self._place
