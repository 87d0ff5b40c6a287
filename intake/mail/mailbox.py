"""The mailbox as the program uses it: look, fetch, move, remove, find, put a draft. Every change is verified.

Messages are never marked as read and never chosen by a flag: colleagues read the same mailbox. What a message means
is not known here. One `Mailbox` belongs to one thread at a time. The session and its open folder are in `session.py`,
finding is in `finding.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from intake.mail.connection import Connection
from intake.mail.errors import MailboxNotMoved, MailboxNotRemoved, MailboxWaitsToRemove, translated
from intake.mail.fetching import fetch_batch
from intake.mail.finding import Finder
from intake.mail.headers import Headers, message_id_of
from intake.mail.health import MailboxHealth, examine_health
from intake.mail.message import Incoming, Location
from intake.mail.removing import remove
from intake.mail.senders import fetch_senders
from intake.mail.session import CHUNK, Session
from intake.mail.signin import Credential, MailboxSettings, open_connection
from intake.mail.uids import in_chunks, new_locations

__all__ = ["Location", "Mailbox"]

_SEARCH_WINDOW = 50_000  # UIDs of so many messages fit in one line of an answer


class Mailbox:
    """A signed-in session, used as `with Mailbox.open(settings, credential) as mailbox`.

    Every method raises a subclass of `intake.errors.MailboxError`, such as `MailboxLost` when the connection breaks.
    Folder arguments are names as configured or as the server has them; locations hold the server's.
    """

    def __init__(self, settings: MailboxSettings, sign_in: Callable[[], Connection]) -> None:
        self.settings = settings
        self._session = Session(sign_in)
        self._finder = Finder(self._session, (settings.inbox, settings.processed, settings.quarantine))
        self._next: dict[str, tuple[int, object]] = {}

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
        self._session.close()

    def abandon(self) -> None:
        """Cut a connection that is of no more use, without the words that a stalled server would not answer."""
        self._session.abandon()

    @property
    def connection(self) -> Connection:
        """The connection in use; another one after a session that had to be begun anew."""
        return self._session.connection

    def folders(self) -> list[str]:
        """The names of all folders that can be opened, as the server has them now."""
        return self._session.listed()

    def resolve(self, folder: str) -> str:
        """The server's name of a configured folder, such as "INBOX.Verwerkt" for "Verwerkt"."""
        return self._session.folders.resolve(folder)

    def scan(self, folder: str, *, optional: bool = False) -> list[Location]:
        """Every message in a folder whatever its flags, oldest UID first; the folder is opened read-only.

        A missing folder is a `MailboxFolder` error, or empty where `optional`.
        """
        name = self._session.folders.resolve(folder)
        if optional and not self._session.is_there(name):
            return []
        count, validity = self._session.select(name, readonly=True)
        self._next[name] = self._session.opened_at
        found: set[int] = set()
        for first in range(1, count + 1, _SEARCH_WINDOW):
            last = first + _SEARCH_WINDOW - 1
            found.update(self._session.search(f"{first}:{last if last < count else '*'}"))
        return [Location(name, validity, uid) for uid in sorted(found)]

    def fetch(
        self, locations: Sequence[Location], *, batch: int = 100, first: int | None = None
    ) -> Iterator[Incoming]:
        """The messages in the order given, downloaded in batches while they are taken; nothing is marked as read.

        Where `first` is given the first batch has that many and each next one twice as many, up to `batch`.
        A message that is no longer there is left out. One that cannot be read comes with its `problem`, one over
        30 MB with `too_large`; neither stops the others. `MailboxRenumbered` where a folder was rebuilt.
        """
        start, size = 0, first or batch
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
        target = self._session.folders.make(folder)
        for (source, validity), uids in _by_folder(locations).items():
            if source == target:
                moved.update((here, here) for here in (Location(source, validity, u) for u in uids))
                continue
            present = self._session.open_to_change(source, validity, uids)
            for chunk in in_chunks(present, CHUNK):
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
            present = self._session.open_to_change(folder, validity, uids)
            absent.update(Location(folder, validity, uid) for uid in set(uids) - set(present))
            for chunk in in_chunks(present, CHUNK):
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
        return self._finder.by_ids(message_ids, folders)

    def find_marks(self, marks: Iterable[str]) -> dict[str, list[Location]]:
        """Every draft and sent message whose subject holds one of these marks, such as "K2026-0001"."""
        return self._finder.by_marks(marks)

    def senders(self, locations: Sequence[Location]) -> dict[Location, Headers]:
        """Who sent messages of one folder; of each only its From is fetched, and nothing is marked as read."""
        if not locations:
            return {}
        reopen = self._session.reopener(locations[0].folder, locations[0].uid_validity)
        return fetch_senders(locations, reopen)

    @property
    def uid_validity(self) -> int:
        """That of the folder opened last."""
        return self._session.validity

    def junk_folder(self, configured: bool | str) -> str | None:
        r"""The folder for spam: the one configured, else the one marked \Junk or with a usual name; None without one."""
        folders = self._session.folders
        return folders.resolve(configured) if isinstance(configured, str) else folders.junk()

    def drafts_folder(self) -> str | None:
        """The folder for drafts, or None where the mailbox has none yet (`append_draft` makes one)."""
        return self._session.folders.drafts()

    def append_draft(self, message: bytes) -> Location | None:
        """Put a message among the drafts; returns where it lies, None where neither server nor Message-ID tell."""
        folder = self._session.folders.make_drafts()
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
        self._session.forget()
        return examine_health(self.connection, self._session.folders, self.settings)

    @property
    def can_idle(self) -> bool:
        """Whether the server says by itself that a message came."""
        with translated():
            return bool(self.connection.has_capability("IDLE"))

    def has_new(self, folder: str) -> bool:
        """Whether messages came since `folder` was last scanned; it is then open, for `watch.await_news`."""
        name = self._session.folders.resolve(folder)
        self._session.select(name, readonly=True)
        return self._session.opened_at != self._next.get(name, self._session.opened_at)

    def noop(self) -> None:
        """Keep the session alive, or learn that it is not (`MailboxLost`)."""
        with translated():
            self.connection.noop()

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

            yield from fetch_batch(locations[start:end], self._session.reopener(folder, validity))
            start = end

    def _move_chunk(self, uids: Sequence[int], source: str, target: str) -> dict[int, Location]:
        can_move, can_expunge = (self.connection.has_capability(name) for name in ("MOVE", "UIDPLUS"))
        ids = {} if can_expunge else self._finder.ids_of(uids)
        with translated():
            after = int(self.connection.folder_status(target, ["UIDNEXT"]).get(b"UIDNEXT", 1)) if ids else 1
            self.connection.taken("COPYUID")
            step: Callable[[Sequence[int], str], Any] = (
                self.connection.move if can_move else self.connection.copy
            )
            step(uids, target)
            told = self.connection.taken("COPYUID")
        left = self._session.present(uids) if can_move else self._remove(uids)
        if left and (can_move or can_expunge):
            raise MailboxNotMoved(count=len(left), folder=target)
        if told or not ids:
            return new_locations(told, target, uids)
        new = self._finder.moved(ids, target, after)
        self._session.select(source, readonly=False)
        return new

    def _remove(self, uids: Sequence[int]) -> list[int]:
        """Expunge these from the folder opened for changes; returns those that are still there."""
        remove(self.connection, uids, self._session.search, keeps_marks=self._session.keeps_marks)
        return self._session.present(uids)


def _by_folder(locations: Iterable[Location]) -> dict[tuple[str, int], list[int]]:
    groups: dict[tuple[str, int], list[int]] = {}
    for location in dict.fromkeys(locations):
        groups.setdefault((location.folder, location.uid_validity), []).append(location.uid)
    return groups
