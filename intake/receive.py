"""From a message to readings: what of it becomes a referral, and what goes to quarantine with which cause.

Pure of the store and of the network: a fetched message goes in, a verdict comes out. The order of the checks is
the order of what can be trusted: sender, then archive, then form.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from intake.archive import ArchiveError, ArchiveKind, KeyCache, Limits, Passphrase, archive_kind, open_archive
from intake.archive.volumes import is_cut, is_part_name, joined
from intake.causes import Cause
from intake.form import FormError, Reading, read_form
from intake.mail.headers import Automatic
from intake.mail.message import Attachment, Incoming
from intake.mail.reports import undelivered
from intake.mail.wrappers import is_encrypted_mail
from intake.referral import Flag
from intake.special import signs
from intake.trust import NOT_JUDGED, SenderTerms, doubt, is_trusted, sender_flags, trusts
from intake.workdays import local_date

_OF_A_FORM = (Cause.MISSING_CONTACT, Cause.MISSING_NAME, Cause.UNCLEAR_FORM, Cause.UNCLEAR_CONSENT)
"""What only a form can lack."""
TEXT_LIMIT = 20_000
SEEN_LIMIT = 1_000
GRACE_DAYS = 14
"""For so long after its last day a passphrase is still tried: a mail is written before it is sent, and sent before it comes."""


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
    """What the judgement needs to know of the office. `keys` are those derived so far, kept from message to message."""

    passphrases: tuple[Passphrase, ...] = field(repr=False)
    trusted_senders: tuple[str, ...]
    postcodes: frozenset[str]
    keys: KeyCache = field(default_factory=KeyCache, compare=False)
    senders: SenderTerms = NOT_JUDGED


def concerns(spot: str, other: str) -> bool:
    """Whether two spots of one message overlap: the same part, or one inside the other."""
    return not spot or not other or f"{spot}.".startswith(f"{other}.") or f"{other}.".startswith(f"{spot}.")


def judge(incoming: Incoming, terms: Terms) -> Judgement:
    """Judge one message. Never raises for what a message holds."""
    refused = refused_unopened(incoming, terms)
    return refused or from_sender(incoming, terms, judge_content(incoming, terms))


def refused_unopened(incoming: Incoming, terms: Terms) -> Judgement | None:
    """Why nothing of a message is opened: what it is, or who sent it; None where it may be opened."""
    automatic = incoming.source.automatic
    if automatic is Automatic.BOUNCE:
        return _refused(Cause.BOUNCE, undelivered(incoming.attachments))
    if incoming.too_large:
        return _refused(Cause.OVER_LIMIT)
    if incoming.problem:
        return _refused(Cause.UNREADABLE_MESSAGE)
    if automatic is Automatic.REPLY and not any(
        archive_kind(part.data) or is_part_name(part.name) for part in incoming.attachments
    ):
        return _refused(Cause.AUTO_REPLY)
    doubted = doubt(incoming, terms.trusted_senders, terms.senders)
    return None if doubted is None else _refused(doubted.cause, seen=doubted.seen)


def judge_content(incoming: Incoming, terms: Terms) -> Judgement:
    """Judge what a message holds that may be opened: this runs in the process that reads (`intake.isolated`)."""
    archives = list(_archives(incoming.attachments))
    if not archives:
        return _refused(_cause_without_archive(incoming), incoming.body_text)
    passphrases = passphrases_for(incoming, terms.passphrases)
    accepted: list[Accepted] = []
    rejected: list[Rejected] = []
    for number, data in archives:
        if data is None:
            rejected.append(Rejected(Cause.MULTI_VOLUME, spot=str(number)))
        else:
            _judge_archive(str(number), data, passphrases, terms, accepted, rejected)
    return Judgement(tuple(accepted), tuple(rejected))


def from_sender(incoming: Incoming, terms: Terms, judgement: Judgement) -> Judgement:
    """The judgement with what a person should know of the sender."""
    flags = sender_flags(incoming, terms.senders)
    if not flags:
        return judgement
    accepted = tuple(replace(one, flags=(*flags, *one.flags)) for one in judgement.accepted)
    return replace(judgement, accepted=accepted)


def passphrases_for(incoming: Incoming, known: Sequence[Passphrase]) -> tuple[Passphrase, ...]:
    """Those that are tried on a message: its team's own first, then those of all; none of another team's.

    One whose last day and the days of grace were over when the message came in is not tried. The moment is the
    server's: nobody who sends can choose it.
    """
    came_on = local_date(incoming.received_at)
    fitting = [
        one
        for one in known
        if (one.until is None or came_on <= one.until + timedelta(days=GRACE_DAYS))
        and (not one.team or (incoming.sender is not None and trusts(incoming.sender, (one.team,))))
    ]
    return tuple(sorted(fitting, key=lambda one: not one.team))


def _archives(parts: Sequence[Attachment]) -> Iterator[tuple[int, bytes | None]]:
    """The archives among the attachments with the number of the first part; None for one of which parts are missing."""
    found = False
    for number, part in enumerate(parts):
        kind = archive_kind(part.data)
        if kind is None:
            continue
        found = True
        if kind is ArchiveKind.SEVEN_ZIP and is_cut(part.data):
            whole = joined(parts, number, Limits().archive)
            # What is cut off and is not called a part was damaged on its way, and is judged as it is.
            yield number, whole or (None if is_part_name(part.name) else part.data)
        elif kind is ArchiveKind.ZIP and is_part_name(part.name):
            yield number, None
        else:
            yield number, part.data
    if not found:
        # A later part of an archive whose first one lies in another mail has nothing to be known by but its name.
        yield from ((number, None) for number, part in enumerate(parts) if is_part_name(part.name))


def _refused(cause: Cause, text: str = "", seen: str = "") -> Judgement:
    return Judgement(rejected=(Rejected(cause, text[:TEXT_LIMIT], seen=seen[:SEEN_LIMIT]),))


def _cause_without_archive(incoming: Incoming) -> Cause:
    """A readable form in clear, attached or in the mail itself, is an incident (P6); else it is simply no referral."""
    body = incoming.body_text.encode("utf-8", "replace")
    encrypted = is_encrypted_mail(body)
    # A mail says much that looks like part of a form: its own text is one only when it is whole.
    if not encrypted and _form_error("", body) is None:
        return Cause.NOT_ENCRYPTED
    for part in incoming.attachments:
        if is_encrypted_mail(part.data):
            encrypted = True
        elif _form_error(part.name, part.data) in (None, *_OF_A_FORM):
            return Cause.NOT_ENCRYPTED
    return Cause.SMIME_ENCRYPTED if encrypted else Cause.NO_ARCHIVE


def _form_error(name: str, data: bytes) -> Cause | None:
    """Why this is no whole form; None where it is one."""
    try:
        read_form(name, data)
    except FormError as error:
        return error.cause
    return None


def is_foreign(postcode: str | None, postcodes: frozenset[str]) -> bool:
    """Whether a postcode is none of the OCMW's own; flagged for a person, never refused (recital C)."""
    return bool(postcode and postcodes and postcode not in postcodes)


def _judge_archive(
    number: str,
    data: bytes,
    passphrases: Sequence[Passphrase],
    terms: Terms,
    accepted: list[Accepted],
    rejected: list[Rejected],
) -> None:
    try:
        opened = open_archive(data, passphrases, keys=terms.keys)
    except ArchiveError as error:
        rejected.append(Rejected(error.cause, spot=number))
        return
    from intake.form.superfluous import superfluous

    for place, member in enumerate(opened.members):
        spot = f"{number}.{place}"
        if archive_kind(member.data) is not None:
            rejected.append(Rejected(Cause.NESTED_ARCHIVE, spot=spot))
            continue
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
    "passphrases_for",
    "trusts",
]
