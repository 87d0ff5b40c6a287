"""A signed-in session and the folder that is open in it: opening one, looking which messages it has, signing in anew.

What is looked for and what is changed is decided in `mailbox.py` and `finding.py`.
"""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError

from intake.mail.connection import Connection
from intake.mail.errors import (
    MailboxFolder,
    MailboxProtocol,
    MailboxReadOnly,
    MailboxRenumbered,
    translated,
)
from intake.mail.fetching import Reopen
from intake.mail.folders import Folders
from intake.mail.uids import in_chunks

__all__ = ["CHUNK", "Session"]

CHUNK = 500
"""UIDs of so many messages fit in one line of a command."""


class Session:
    """One connection at a time. Folder arguments are names as the server has them.

    `connection` and `folders` are others after a fresh sign-in. Of the folder opened last, `validity` is its UIDVALIDITY,
    `opened_at` says which messages it had (equal as long as none came), `keeps_marks` whether it keeps keywords.
    """

    connection: Connection
    folders: Folders

    def __init__(self, sign_in: Callable[[], Connection]) -> None:
        self._sign_in = sign_in
        self.validity = 0
        self._use(sign_in())

    def _use(self, connection: Connection) -> None:
        self.connection = connection
        self.folders = Folders(connection)
        self._selected: tuple[str, bool] | None = None
        self.opened_at: tuple[int, object] = (0, None)
        self.keeps_marks = False

    def close(self) -> None:
        """Sign out. A connection that is broken already is only dropped."""
        try:
            self.connection.logout()
        except Exception:  # noqa: BLE001 - whatever is wrong with it, it ends here
            self.abandon()

    def abandon(self) -> None:
        """Cut the connection, without the words that a stalled server would not answer."""
        with contextlib.suppress(Exception):
            self.connection.shutdown()

    def _reconnect(self) -> None:
        """A fresh session in place of one that a too large answer has put out of step."""
        self.abandon()
        self._use(self._sign_in())

    def forget(self) -> None:
        """Take neither the list of folders nor the open one for what it was."""
        self.folders.forget()
        self._selected = None

    def listed(self) -> list[str]:
        """The names of all folders that can be opened, as the server has them now."""
        self.folders.forget()
        return self.folders.names()

    def is_there(self, name: str) -> bool:
        """Whether the server has such a folder now."""
        self.folders.forget()
        return self.folders.exists(name)

    def select(self, name: str, *, readonly: bool) -> tuple[int, int]:
        """Open a folder; returns the number of its messages and its UIDVALIDITY."""
        self._selected = None
        with translated():
            try:
                answer = self.connection.select_folder(name, readonly=readonly)
            except IMAPClientReadOnlyError:  # a kind of abort to the library, though the session goes on
                raise MailboxReadOnly(folder=name) from None
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                raise MailboxFolder(folder=name) from None
            count, validity = answer.get(b"EXISTS"), answer.get(b"UIDVALIDITY")
            if not isinstance(count, int) or not isinstance(validity, int):
                raise MailboxProtocol
            if not readonly and not _may_delete(answer):
                raise MailboxReadOnly(folder=name)
        self._selected, self.validity = (name, readonly), validity
        self.opened_at = (validity, answer.get(b"UIDNEXT"))
        self.keeps_marks = rb"\*" in answer.get(b"PERMANENTFLAGS", ())
        return count, validity

    def open_to_change(self, folder: str, validity: int, uids: Sequence[int]) -> list[int]:
        """Open a folder for changes; returns those of `uids` it still has, none where it was rebuilt or is gone."""
        if not self.is_there(folder):
            return []
        _count, found = self.select(folder, readonly=False)
        return self.present(uids) if found == validity else []

    def reopener(self, folder: str, validity: int) -> Reopen:
        """What opens a folder again before each step of a long look; `MailboxRenumbered` where it was rebuilt meanwhile."""

        def reopen(*, fresh: bool = False) -> Connection:
            # The caller may have moved messages between two of ours, which opened another folder.
            if fresh:
                self._reconnect()
            if self._selected != (folder, True):
                self.select(folder, readonly=True)
            if self.validity != validity:
                raise MailboxRenumbered(folder=folder)
            return self.connection

        return reopen

    def search(self, criteria: str) -> list[int]:
        """UIDs in the open folder."""
        with translated():
            return [int(uid) for uid in self.connection.search(criteria)]

    def present(self, uids: Sequence[int]) -> list[int]:
        """Those of `uids` that the open folder has."""
        found: set[int] = set()
        for chunk in in_chunks(uids, CHUNK):
            found.update(self.search(f"UID {','.join(map(str, chunk))}"))
        return [uid for uid in uids if uid in found]


def _may_delete(answer: dict[bytes, Any]) -> bool:
    r"""Whether SELECT's answer allows \Deleted: a server may say OK to a STORE that does nothing."""
    flags = answer.get(b"PERMANENTFLAGS")
    return flags is None or any(flag.lower() == b"\\deleted" for flag in flags)
