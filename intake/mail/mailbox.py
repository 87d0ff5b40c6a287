"""The mailbox as the program uses it: look, fetch, move, remove, find, put a draft. Every change is verified.

Messages are never marked as read and never chosen by a flag: colleagues read the same mailbox. What a message means
is not known here. One `Mailbox` belongs to one thread at a time.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError

from intake.mail.connection import Connection
from intake.mail.errors import (
    MailboxFolder,
    MailboxNotMoved,
    MailboxNotRemoved,
    MailboxProtocol,
    MailboxReadOnly,
    MailboxRenumbered,
    MailboxWaitsToRemove,
    translated,
)
from intake.mail.fetching import Reopen, fetch_batch
from intake.mail.folders import Folders
from intake.mail.headers import Headers, message_id_of
from intake.mail.health import MailboxHealth, examine_health
from intake.mail.message import Incoming, Location
from intake.mail.removing import remove
from intake.mail.senders import fetch_senders
from intake.mail.signin import Credential, MailboxSettings, open_connection
from intake.mail.uids import in_chunks, new_locations

__all__ = ["Location", "Mailbox"]

_SEARCH_WINDOW = 50_000  # UIDs of so many messages fit in one line of an answer
_CHUNK = 500  # UIDs of so many messages fit in one line of a command
_ID_FIELD = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"


class Mailbox:
    """A signed-in session, used as `with Mailbox.open(settings, credential) as mailbox`.

    Every method raises a subclass of `intake.errors.MailboxError`, such as `MailboxLost` when the connection breaks.
    Folder arguments are names as configured or as the server has them; locations hold the server's.
    """

    def __init__(self, settings: MailboxSettings, sign_in: Callable[[], Connection]) -> None:
        self.settings = settings
        self._sign_in = sign_in
        self._selected: tuple[str, bool] | None = None
        self._validity = 0
        self._next: dict[str, tuple[int, object]] = {}
        self._use(sign_in())

    @classmethod
    def open(cls, settings: MailboxSettings, credential: Credential) -> Self:
        """Connect and sign in; errors as for `intake.mail.signin.connect`."""
        return cls(settings, lambda: open_connection(settings, credential))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Sign out. A connection that is broken already is only dropped."""
        try:
            self.connection.logout()
        except Exception:  # noqa: BLE001 - whatever is wrong with it, it ends here
            with contextlib.suppress(Exception):
                self.connection.shutdown()

    def abandon(self) -> None:
        """Cut a connection that is of no more use, without the words that a stalled server would not answer."""
        with contextlib.suppress(Exception):
            self.connection.shutdown()

    def folders(self) -> list[str]:
        """The names of all folders that can be opened, as the server has them now."""
        self._folders.forget()
        return self._folders.names()

    def resolve(self, folder: str) -> str:
        """The server's name of a configured folder, such as "INBOX.Verwerkt" for "Verwerkt"."""
        return self._folders.resolve(folder)

    def scan(self, folder: str, *, optional: bool = False) -> list[Location]:
        """Every message in a folder whatever its flags, oldest UID first; the folder is opened read-only.

        A missing folder is a `MailboxFolder` error, or empty where `optional`.
        """
        name = self._folders.resolve(folder)
        if optional and not self._is_there(name):
            return []
        count, validity = self._select(name, readonly=True)
        self._next[name] = self._opened_at
        found: set[int] = set()
        for first in range(1, count + 1, _SEARCH_WINDOW):
            last = first + _SEARCH_WINDOW - 1
            found.update(self._search(f"{first}:{last if last < count else '*'}"))
        return [Location(name, validity, uid) for uid in sorted(found)]

    def fetch(
        self, locations: Sequence[Location], *, first: int = 25, batch: int = 100
    ) -> Iterator[Incoming]:
        """The messages in the order given, downloaded in batches while they are taken; nothing is marked as read.

        Of `first` messages at first, so that they are soon there, and of twice as many each time, up to `batch`.
        A message that is no longer there is left out. One that cannot be read comes with its `problem`, one over
        30 MB with `too_large`; neither stops the others. `MailboxRenumbered` where a folder was rebuilt.
        """
        start, size = 0, first
        while start < len(locations):
            size = min(size, batch)
            yield from self._fetch_across_folders(locations[start : start + size])
            start, size = start + size, 2 * size

    def move(self, locations: Sequence[Location], folder: str) -> dict[Location, Location | None]:
        """Move messages into a folder, which is made if missing; returns where each one lies now.

        None where the server does not say and the message has no Message-ID to find it by. Messages that were no
        longer at their location are left out of the answer. `MailboxNotMoved` where some stayed behind. Where the server
        has neither MOVE nor UIDPLUS the copy is made, and the original may lie there marked until it can be removed.
        """
        moved: dict[Location, Location | None] = {}
        if not locations:
            return moved
        target = self._folders.make(folder)
        for (source, validity), uids in _by_folder(locations).items():
            if source == target:
                moved.update((here, here) for here in (Location(source, validity, u) for u in uids))
                continue
            present = self._open_to_change(source, validity, uids)
            for chunk in in_chunks(present, _CHUNK):
                new = self._move_chunk(chunk, source, target)
                moved.update((Location(source, validity, uid), new.get(uid)) for uid in chunk)
        return moved

    def delete(self, locations: Sequence[Location]) -> set[Location]:
        r"""Remove messages for good: \Deleted and UID EXPUNGE of exactly these, then a look that they are gone.

        Returns those that were not there any more (absent, or their folder gone or rebuilt): look for them with
        `find`. `MailboxNotRemoved` where some stayed, `MailboxWaitsToRemove` where they are marked and the server
        cannot remove them alone. Other messages marked \Deleted by colleagues are left alone.
        """
        absent: set[Location] = set()
        for (folder, validity), uids in _by_folder(locations).items():
            present = self._open_to_change(folder, validity, uids)
            absent.update(Location(folder, validity, uid) for uid in set(uids) - set(present))
            for chunk in in_chunks(present, _CHUNK):
                left = self._remove(chunk)
                if left:
                    alone = self.connection.has_capability("UIDPLUS")
                    raise (MailboxNotRemoved if alone else MailboxWaitsToRemove)(count=len(left))
        return absent

    def find(self, message_id: str, folders: Iterable[str] | None = None) -> list[Location]:
        """As `find_all`, for one Message-ID."""
        return self.find_all([message_id], folders)[message_id]

    def find_all(
        self, message_ids: Iterable[str], folders: Iterable[str] | None = None
    ) -> dict[str, list[Location]]:
        """Every message with exactly one of these Message-IDs, in all folders or in those given; each opened once.

        Folders that the account may see but not open are left out; `check` names them. The configured ones must open.
        An identifier that no server could search for is found nowhere.
        """
        return self._find_each(message_ids, self._search_id, folders)

    def find_marks(self, marks: Iterable[str]) -> dict[str, list[Location]]:
        """Every draft and sent message whose subject holds one of these marks, such as "K2026-0001".

        Only where such mails lie: a server that is asked for subjects may copy all it looks at into an index of its own, where
        those of deleted messages stay, and subjects of referrals name clients.
        """
        plain = [mark for mark in marks if mark.replace("-", "").isalnum()]
        drafts = self._folders.drafts()
        folders = [*([drafts] if drafts else []), *self._folders.sent()]
        return self._find_each(plain, lambda mark: self._search(f'SUBJECT "{mark}"'), folders)

    def _find_each(
        self,
        texts: Iterable[str],
        search: Callable[[str], list[int]],
        folders: Iterable[str] | None = None,
    ) -> dict[str, list[Location]]:
        found: dict[str, list[Location]] = {text: [] for text in texts}
        wanted = [i for i in found if 0 < len(i) <= 900 and all("!" <= c <= "~" for c in i)]
        if not wanted:
            return found
        own = (self.settings.inbox, self.settings.processed, self.settings.quarantine)
        needed = {self._folders.resolve(name) for name in own}
        names = self.folders() if folders is None else [self._folders.resolve(name) for name in folders]
        for name in names:
            try:
                count, validity = self._select(name, readonly=True)
            except MailboxFolder:
                if name in needed and self._is_there(name):
                    raise
                continue
            for text in wanted if count else ():
                found[text] += [Location(name, validity, uid) for uid in search(text)]
        return found

    def senders(self, locations: Sequence[Location]) -> dict[Location, Headers]:
        """Who sent messages of one folder; of each only its From is fetched, and nothing is marked as read."""
        if not locations:
            return {}
        reopen = self._reopener(locations[0].folder, locations[0].uid_validity)
        return fetch_senders(locations, reopen)

    @property
    def uid_validity(self) -> int:
        """That of the folder opened last."""
        return self._validity

    def junk_folder(self, configured: bool | str) -> str | None:
        r"""The folder for spam: the one configured, else the one marked \Junk or with a usual name; None without one."""
        return self._folders.resolve(configured) if isinstance(configured, str) else self._folders.junk()

    def drafts_folder(self) -> str | None:
        """The folder for drafts, or None where the mailbox has none yet (`append_draft` makes one)."""
        return self._folders.drafts()

    def append_draft(self, message: bytes) -> Location | None:
        """Put a message among the drafts; returns where it lies, None where neither server nor Message-ID tell."""
        folder = self._folders.make_drafts()
        with translated():
            self.connection.taken("APPENDUID")
            self.connection.append(folder, message, flags=(rb"\Draft", rb"\Seen"))
            told = self.connection.taken("APPENDUID")
        for value in told:
            numbers = value.split()
            if len(numbers) == 2 and all(number.isdigit() for number in numbers):
                return Location(folder, int(numbers[0]), int(numbers[1]))
        message_id = message_id_of(message.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0])
        found = self.find(message_id, [folder]) if message_id else []
        return found[-1] if found else None

    def check(self) -> MailboxHealth:
        """What `doctor` shows of the mailbox; opens folders, changes no message."""
        self._folders.forget()
        self._selected = None
        return examine_health(self.connection, self._folders, self.settings)

    @property
    def can_idle(self) -> bool:
        """Whether the server says by itself that a message came."""
        with translated():
            return bool(self.connection.has_capability("IDLE"))

    def has_new(self, folder: str) -> bool:
        """Whether messages came since `folder` was last scanned; it is then open, for `watch.await_news`."""
        name = self._folders.resolve(folder)
        self._select(name, readonly=True)
        return self._opened_at != self._next.get(name, self._opened_at)

    def noop(self) -> None:
        """Keep the session alive, or learn that it is not (`MailboxLost`)."""
        with translated():
            self.connection.noop()

    def _use(self, connection: Connection) -> None:
        self.connection = connection
        self._folders = Folders(connection)
        self._selected = None
        self._opened_at: tuple[int, object] = (0, None)
        self._keeps_marks = False

    def _reconnect(self) -> None:
        """A fresh session in place of one that a too large answer has put out of step."""
        with contextlib.suppress(Exception):
            self.connection.shutdown()
        self._use(self._sign_in())

    def _is_there(self, name: str) -> bool:
        self._folders.forget()
        return self._folders.exists(name)

    def _select(self, name: str, *, readonly: bool) -> tuple[int, int]:
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
        self._selected, self._validity = (name, readonly), validity
        self._opened_at = (validity, answer.get(b"UIDNEXT"))
        self._keeps_marks = rb"\*" in answer.get(b"PERMANENTFLAGS", ())
        return count, validity

    def _search(self, criteria: str) -> list[int]:
        with translated():
            return [int(uid) for uid in self.connection.search(criteria)]

    def _present(self, uids: Sequence[int]) -> list[int]:
        """Those of `uids` that the open folder has."""
        found: set[int] = set()
        for chunk in in_chunks(uids, _CHUNK):
            found.update(self._search(f"UID {','.join(map(str, chunk))}"))
        return [uid for uid in uids if uid in found]

    def _search_id(self, message_id: str) -> list[int]:
        """UIDs in the open folder; the server matches a part of the field, so each hit is compared in full."""
        quoted = message_id.replace("\\", "\\\\").replace('"', '\\"')
        hits = self._search(f'HEADER Message-ID "{quoted}"')
        return [uid for uid, found in self._ids_of(hits).items() if found == message_id]

    def _ids_of(self, uids: Sequence[int]) -> dict[int, str | None]:
        ids: dict[int, str | None] = {}
        for chunk in in_chunks(uids, _CHUNK):
            with translated():
                answer = self.connection.fetch(chunk, [_ID_FIELD])
            for uid in chunk:
                raw = next((v for k, v in answer.get(uid, {}).items() if k.startswith(b"BODY[HEADER")), None)
                ids[uid] = message_id_of(raw) if isinstance(raw, bytes) else None
        return ids

    def _fetch_across_folders(self, locations: Sequence[Location]) -> Iterator[Incoming]:
        start = 0
        while start < len(locations):
            folder, validity = locations[start].folder, locations[start].uid_validity
            end = start
            while end < len(locations) and (locations[end].folder, locations[end].uid_validity) == (
                folder,
                validity,
            ):
                end += 1

            yield from fetch_batch(locations[start:end], self._reopener(folder, validity))
            start = end

    def _reopener(self, folder: str, validity: int) -> Reopen:
        def reopen(*, fresh: bool = False) -> Connection:
            # The caller may have moved messages between two of ours, which opened another folder.
            if fresh:
                self._reconnect()
            if self._selected != (folder, True):
                self._select(folder, readonly=True)
            if self._validity != validity:
                raise MailboxRenumbered(folder=folder)
            return self.connection

        return reopen

    def _open_to_change(self, folder: str, validity: int, uids: Sequence[int]) -> list[int]:
        """Open a folder for changes; returns those of `uids` it still has, none where it was rebuilt or is gone."""
        if not self._is_there(folder):
            return []
        _count, found = self._select(folder, readonly=False)
        return self._present(uids) if found == validity else []

    def _move_chunk(self, uids: Sequence[int], source: str, target: str) -> dict[int, Location]:
        can_move, can_expunge = (self.connection.has_capability(name) for name in ("MOVE", "UIDPLUS"))
        ids = {} if can_expunge else self._ids_of(uids)
        with translated():
            after = int(self.connection.folder_status(target, ["UIDNEXT"]).get(b"UIDNEXT", 1)) if ids else 1
            self.connection.taken("COPYUID")
            step: Callable[[Sequence[int], str], Any] = (
                self.connection.move if can_move else self.connection.copy
            )
            step(uids, target)
            told = self.connection.taken("COPYUID")
        left = self._present(uids) if can_move else self._remove(uids)
        if left and (can_move or can_expunge):
            raise MailboxNotMoved(count=len(left), folder=target)
        if told or not ids:
            return new_locations(told, target, uids)
        new = self._look_up(ids, target, after)
        self._select(source, readonly=False)
        return new

    def _look_up(self, ids: dict[int, str | None], target: str, after: int) -> dict[int, Location]:
        """Where moved messages lie, by their Message-IDs among what came into the target since."""
        _count, validity = self._select(target, readonly=True)
        new: dict[int, Location] = {}
        taken: set[int] = set()
        for uid, message_id in ids.items():
            hits = self._search_id(message_id) if message_id else []
            free = sorted(hit for hit in hits if hit >= after and hit not in taken)
            if free:
                taken.add(free[0])
                new[uid] = Location(target, validity, free[0])
        return new

    def _remove(self, uids: Sequence[int]) -> list[int]:
        """Expunge these from the folder opened for changes; returns those that are still there."""
        remove(self.connection, uids, self._search, keeps_marks=self._keeps_marks)
        return self._present(uids)


def _by_folder(locations: Iterable[Location]) -> dict[tuple[str, int], list[int]]:
    groups: dict[tuple[str, int], list[int]] = {}
    for location in dict.fromkeys(locations):
        groups.setdefault((location.folder, location.uid_validity), []).append(location.uid)
    return groups


def _may_delete(answer: dict[bytes, Any]) -> bool:
    r"""Whether SELECT's answer allows \Deleted: a server may say OK to a STORE that does nothing."""
    flags = answer.get(b"PERMANENTFLAGS")
    return flags is None or any(flag.lower() == b"\\deleted" for flag in flags)
