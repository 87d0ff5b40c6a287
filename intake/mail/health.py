"""What `doctor` wants to know of the mailbox. Opens folders; changes no message and makes no folder."""

from dataclasses import dataclass
from typing import Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError

from intake.mail.connection import Connection
from intake.mail.errors import translated
from intake.mail.folders import Folders
from intake.mail.signin import MailboxSettings

__all__ = ["MailboxHealth", "examine_health"]


@dataclass(frozen=True, slots=True)
class MailboxHealth:
    """The facts of one look. `missing` are configured folders that are made at need, except the inbox.

    `can_move` and `can_delete`: whether server and rights allow it in each configured folder that exists.
    `removes_alone`: whether single messages can be removed (UIDPLUS), or only when nobody else marked any.
    `unreadable`: folders that are listed but do not open, where a message could not be found again.
    """

    tls_version: str
    capabilities: tuple[str, ...]
    folders: tuple[str, ...]
    missing: tuple[str, ...]
    unreadable: tuple[str, ...]
    drafts: str | None
    can_move: bool
    can_delete: bool
    removes_alone: bool


def examine_health(connection: Connection, folders: Folders, settings: MailboxSettings) -> MailboxHealth:
    """Look at everything once."""
    names = folders.names()
    configured = [folders.resolve(n) for n in (settings.inbox, settings.processed, settings.quarantine)]
    present = [name for name in configured if folders.exists(name)]
    with translated():
        unreadable = [name for name in names if _opened(connection, name, readonly=True) is None]
        changeable = configured[0] in present and all(_changeable(connection, name) for name in present)
        return MailboxHealth(
            tls_version=connection.tls_version,
            capabilities=tuple(sorted(c.decode("ascii", "replace") for c in connection.capabilities())),
            folders=tuple(names),
            missing=tuple(name for name in configured if name not in present),
            unreadable=tuple(unreadable),
            drafts=folders.drafts(),
            can_move=changeable,
            can_delete=changeable,
            removes_alone=connection.has_capability("UIDPLUS"),
        )


def _opened(connection: Connection, name: str, *, readonly: bool) -> dict[bytes, Any] | None:
    try:
        answer: dict[bytes, Any] = connection.select_folder(name, readonly=readonly)
    except IMAPClientReadOnlyError:  # a kind of abort to the library, though the session goes on
        return None
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        return None
    return answer


def _changeable(connection: Connection, name: str) -> bool:
    r"""Opens read-write, keeps \Deleted, and (with ACL) gives the rights to mark, expunge and put messages."""
    answer = _opened(connection, name, readonly=False)
    if answer is None or not any(flag.lower() == b"\\deleted" for flag in answer.get(b"PERMANENTFLAGS", ())):
        return False
    if not connection.has_capability("ACL"):
        return True
    rights = connection.my_rights(name)
    # RFC 2086 had one right, d, for what RFC 4314 splits into t and e; a server of today gives d for either.
    splits = any(c.startswith(b"RIGHTS=") and b"E" in c[7:] for c in connection.capabilities())
    needed = "ite" if splits else "id"
    return all(letter in rights for letter in needed)
