"""Finding messages again: by exactly their Message-ID, or by a mark in the subject. Folders are opened read-only."""

from collections.abc import Callable, Iterable, Sequence

from intake.mail.errors import MailboxFolder, translated
from intake.mail.headers import message_id_of
from intake.mail.message import Location
from intake.mail.session import CHUNK, Session
from intake.mail.uids import in_chunks

__all__ = ["Finder"]

_ID_FIELD = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"


class Finder:
    """Looks through folders of a session. `own` are the configured ones: a search that cannot open them fails.

    An identifier or mark that no server could search for is found nowhere.
    """

    def __init__(self, session: Session, own: Sequence[str]) -> None:
        self._session = session
        self._own = own

    def by_ids(
        self, message_ids: Iterable[str], folders: Iterable[str] | None = None
    ) -> dict[str, list[Location]]:
        """Where each Message-ID lies, in all folders or in those given; each is opened once."""
        return self._find_each(message_ids, self._with_id, folders)

    def by_marks(self, marks: Iterable[str]) -> dict[str, list[Location]]:
        """Which drafts and sent messages have each mark in their subject.

        Only where such mails lie: a server that is asked for subjects may copy all it looks at into an index of its own, where
        those of deleted messages stay, and subjects of referrals name clients.
        """
        session = self._session
        plain = [mark for mark in marks if mark.replace("-", "").isalnum()]
        drafts = session.folders.drafts()
        folders = [*([drafts] if drafts else []), *session.folders.sent()]
        return self._find_each(plain, lambda mark: session.search(f'SUBJECT "{mark}"'), folders)

    def moved(self, ids: dict[int, str | None], target: str, after: int) -> dict[int, Location]:
        """Where moved messages lie, by their Message-IDs among what came into the target since; it is then open."""
        _count, validity = self._session.select(target, readonly=True)
        new: dict[int, Location] = {}
        taken: set[int] = set()
        for uid, message_id in ids.items():
            hits = self._with_id(message_id) if message_id else []
            free = sorted(hit for hit in hits if hit >= after and hit not in taken)
            if free:
                taken.add(free[0])
                new[uid] = Location(target, validity, free[0])
        return new

    def ids_of(self, uids: Sequence[int]) -> dict[int, str | None]:
        """The Message-IDs of messages in the open folder, None for one without or that is gone."""
        ids: dict[int, str | None] = {}
        for chunk in in_chunks(uids, CHUNK):
            with translated():
                answer = self._session.connection.fetch(chunk, [_ID_FIELD])
            for uid in chunk:
                raw = next((v for k, v in answer.get(uid, {}).items() if k.startswith(b"BODY[HEADER")), None)
                ids[uid] = message_id_of(raw) if isinstance(raw, bytes) else None
        return ids

    def _find_each(
        self,
        texts: Iterable[str],
        search: Callable[[str], list[int]],
        folders: Iterable[str] | None = None,
    ) -> dict[str, list[Location]]:
        session = self._session
        found: dict[str, list[Location]] = {text: [] for text in texts}
        wanted = [i for i in found if 0 < len(i) <= 900 and all("!" <= c <= "~" for c in i)]
        if not wanted:
            return found
        needed = {session.folders.resolve(name) for name in self._own}
        names = session.listed() if folders is None else [session.folders.resolve(name) for name in folders]
        for name in names:
            try:
                count, validity = session.select(name, readonly=True)
            except MailboxFolder:
                if name in needed and session.is_there(name):
                    raise
                continue
            for text in wanted if count else ():
                found[text] += [Location(name, validity, uid) for uid in search(text)]
        return found

    def _with_id(self, message_id: str) -> list[int]:
        """UIDs in the open folder; the server matches a part of the field, so each hit is compared in full."""
        quoted = message_id.replace("\\", "\\\\").replace('"', '\\"')
        hits = self._session.search(f'HEADER Message-ID "{quoted}"')
        return [uid for uid, found in self.ids_of(hits).items() if found == message_id]
