"""From a message to readings: what of it becomes a referral, and what goes to quarantine with which cause.

Pure of the store and of the network: a fetched message goes in, a verdict comes out. The order of the checks is
the order of what can be trusted: sender, then archive, then form.
"""

from dataclasses import dataclass, replace

from intake.archive import ArchiveError, ArchiveKind, KeyCache, Passphrase, archive_kind, open_archive
from intake.causes import Cause
from intake.form import FormError, Reading, read_form
from intake.mail.headers import Automatic
from intake.mail.message import Attachment, Incoming
from intake.mail.reports import undelivered
from intake.mail.wrappers import is_encrypted_mail
from intake.referral import Flag
from intake.special import signs
from intake.trust import NOT_JUDGED, SenderTerms, doubt, is_trusted, sender_flags, trusts

TEXT_LIMIT = 20_000
SEEN_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Accepted:
    """One client read from one form of one archive; `spot` as for `Rejected`."""

    reading: Reading
    methods: tuple[str, ...]
    passphrase_label: str
    flags: tuple[Flag, ...]
    spot: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One part of a message that became no referral. `text` is for registering by hand; it is sealed at once.

    `spot` says which part, so that a message read again is told apart: "" the whole message, "1" its second attachment,
    "1.0" the first file in that one's archive. `seen` is what there was to see of the sender, sealed too.
    """

    cause: Cause
    text: str = ""
    spot: str = ""
    seen: str = ""

    def __repr__(self) -> str:
        return f"Rejected({self.cause})"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of one message."""

    accepted: tuple[Accepted, ...] = ()
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What the judgement needs to know of the office."""

    passphrases: tuple[Passphrase, ...]
    trusted_senders: tuple[str, ...]
    postcodes: frozenset[str]
    keys: KeyCache
    senders: SenderTerms = NOT_JUDGED


def concerns(spot: str, other: str) -> bool:
    """Whether two spots of one message overlap: the same part, or one inside the other."""
    return not spot or not other or f"{spot}.".startswith(f"{other}.") or f"{other}.".startswith(f"{spot}.")


def judge(incoming: Incoming, terms: Terms) -> Judgement:
    """Judge one message. Never raises for what a message holds."""
    automatic = incoming.source.automatic
    if automatic is Automatic.BOUNCE:
        return _refused(Cause.BOUNCE, undelivered(incoming.attachments))
    if incoming.too_large:
        return _refused(Cause.OVER_LIMIT)
    if incoming.problem:
        return _refused(Cause.UNREADABLE_MESSAGE)
    archives = [(n, part) for n, part in enumerate(incoming.attachments) if archive_kind(part.data)]
    if automatic is Automatic.REPLY and not archives:
        return _refused(Cause.AUTO_REPLY)
    doubted = doubt(incoming, terms.trusted_senders, terms.senders)
    if doubted is not None:
        return _refused(doubted.cause, seen=doubted.seen)
    if not archives:
        return _refused(_cause_without_archive(incoming), incoming.body_text)
    accepted: list[Accepted] = []
    rejected: list[Rejected] = []
    for number, part in archives:
        _judge_archive(str(number), part, terms, accepted, rejected)
    flags = sender_flags(incoming, terms.senders)
    if flags:
        accepted = [replace(one, flags=(*flags, *one.flags)) for one in accepted]
    return Judgement(tuple(accepted), tuple(rejected))


def _refused(cause: Cause, text: str = "", seen: str = "") -> Judgement:
    return Judgement(rejected=(Rejected(cause, text[:TEXT_LIMIT], seen=seen[:SEEN_LIMIT]),))


def _cause_without_archive(incoming: Incoming) -> Cause:
    """A readable form in clear, attached or in the mail itself, is an incident (P6); else it is simply no referral."""
    for part in incoming.attachments:
        try:
            read_form(part.name, part.data)
        except FormError as error:
            if error.cause in (
                Cause.MISSING_CONTACT,
                Cause.MISSING_NAME,
                Cause.UNCLEAR_FORM,
                Cause.UNCLEAR_CONSENT,
            ):
                return Cause.NOT_ENCRYPTED
            continue
        return Cause.NOT_ENCRYPTED
    if any(is_encrypted_mail(part.data) for part in incoming.attachments):
        return Cause.SMIME_ENCRYPTED
    try:
        read_form("", incoming.body_text.encode("utf-8", "replace"))
    except FormError:
        return Cause.NO_ARCHIVE
    return Cause.NOT_ENCRYPTED


def is_foreign(postcode: str | None, postcodes: frozenset[str]) -> bool:
    """Whether a postcode is none of the OCMW's own; flagged for a person, never refused (recital C)."""
    return bool(postcode and postcodes and postcode not in postcodes)


def _judge_archive(
    number: str, part: Attachment, terms: Terms, accepted: list[Accepted], rejected: list[Rejected]
) -> None:
    try:
        opened = open_archive(part.data, terms.passphrases, keys=terms.keys)
    except ArchiveError as error:
        rejected.append(Rejected(error.cause, spot=number))
        return
    from intake.form.superfluous import superfluous

    for place, member in enumerate(opened.members):
        spot = f"{number}.{place}"
        try:
            readings = read_form(member.name, member.data)
        except FormError as error:
            rejected.append(Rejected(error.cause, error.text[:TEXT_LIMIT], spot))
            continue
        if any(signs(reading.leftovers) for reading in readings):
            # P3, A3: such data may not be received; the team lead and the DPO decide on the whole form.
            text = "\n".join(
                line
                for reading in readings
                for line in (*filter(None, reading.client.as_dict().values()), *reading.leftovers)
            )
            rejected.append(Rejected(Cause.SPECIAL_CATEGORY, text[:TEXT_LIMIT], spot))
            continue
        for reading in readings:
            flags = []
            if is_foreign(reading.client.postcode, terms.postcodes):
                flags.append(Flag.FOREIGN_POSTCODE)
            if not opened.names_encrypted:
                flags.append(Flag.NAMES_READABLE)
            if superfluous(reading):
                flags.append(Flag.SUPERFLUOUS)
            accepted.append(Accepted(reading, opened.methods, opened.passphrase_label, tuple(flags), spot))


__all__ = [
    "Accepted",
    "ArchiveKind",
    "Judgement",
    "Rejected",
    "Terms",
    "concerns",
    "is_foreign",
    "is_trusted",
    "judge",
    "trusts",
]
