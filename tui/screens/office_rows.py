"""How the lists of the administration screen are drawn: columns, cells, and what is told of a row. Asks nothing."""

from collections.abc import Mapping, Sequence
from datetime import date

from rich.text import Text
from textual.content import Content

from intake.agreed import AgreedLine, Mark, agreed_lines
from intake.config import OfficeSettings
from intake.desk.standing import secrecy_due
from intake.formats import show_date, show_moment
from intake.mail.ways import WAY_WORDS
from intake.plaintext import clean_line
from intake.staff import ROLE_WORDS, Role
from intake.texts import N_, _
from intake.trust import Policy, sender_terms
from storage.directory import ACTIVE, DISABLED, INVITED, User
from tui.asks_office import Accounts, KeptBackups, Terms
from tui.messages import MailboxStatus
from tui.widgets.grid import Cells, Heading
from tui.widgets.mailline import describe

STATUS = {
    ACTIVE: ("●", N_("active")),
    INVITED: ("○", N_("waits for first sign-in")),
    DISABLED: ("×", N_("disabled")),
}
MARKS = {Mark.HERE: "✔", Mark.MISSING: "✖", Mark.OPEN: "○", Mark.ENDED: "■"}
_MARK_WORDS = {
    Mark.HERE: N_("in order"),
    Mark.MISSING: N_("missing"),
    Mark.OPEN: N_("open"),
    Mark.ENDED: N_("ended"),
}
WIDE = 112

EVIDENCE, REGISTER = "evidence", "register"


# -- accounts -----------------------------------------------------------------------------------------------------------


def role_words(roles: frozenset[str]) -> str:
    """Roles in words, in the order of the list of roles; one of a newer version as it stands."""
    known = [_(ROLE_WORDS[role]) for role in Role if role.value in roles]
    return ", ".join(known + sorted(clean_line(role) for role in roles - {role.value for role in Role}))


def absent(user: User, today: date) -> bool:
    """Whether someone else stands in today."""
    return bool(user.status == ACTIVE and user.absent_until and user.absent_until >= today.isoformat())


def status_text(user: User, today: date) -> str:
    """A glyph and words: active, waiting, disabled, or absent until when."""
    glyph, words = STATUS[user.status]
    if absent(user, today) and user.absent_until:
        glyph, until = "◐", show_date(date.fromisoformat(user.absent_until))
        return f"{glyph} " + _("absent until %(day)s") % {"day": until}
    return f"{glyph} {_(words)}"


def account_headings(width: int) -> Sequence[Heading]:
    """Name, roles and state; on wide screens the account and secrecy as well."""
    wide = width >= WIDE
    return (
        Heading("name", _("Name"), 20, 2),
        *((Heading("account", _("Account"), 18, 1),) if wide else ()),
        Heading("roles", _("Roles"), 23, 3),
        Heading("status", _("State"), 33),
        *((Heading("secrecy", _("Secrecy"), 15),) if wide else ()),
    )


def account_rows(found: Accounts, width: int) -> Mapping[str, Cells]:
    """Those who work here first."""
    rows: dict[str, Cells] = {}
    for user in sorted(found.users, key=lambda u: (u.status == DISABLED, u.display_name.casefold())):
        name, status = clean_line(user.display_name), status_text(user, found.today)
        style = "dim" if user.status == DISABLED else ""
        cells = [name, clean_line(user.name), role_words(user.roles), status, _secrecy(user, found.today)]
        kept = cells if width >= WIDE else [cells[0], *cells[2:4]]
        rows[user.name] = [Text(cell, style) for cell in kept]
    return rows


def _secrecy(user: User, today: date) -> str:
    if user.status == DISABLED or user.roles <= {Role.SERVICE.value}:
        return ""
    day = user.secrecy_confirmed_on
    said = show_date(date.fromisoformat(day)) if day else _("not yet")
    return f"‼ {said}" if secrecy_due(user, today) else said


def account_detail(found: Accounts, key: str | None) -> Content:
    """Everything known of one account."""
    user = found.user(key)
    if user is None:
        return Content("")
    today = found.today
    parts = [
        _fact(_("Account"), clean_line(user.name)),
        _fact(_("Roles"), role_words(user.roles)),
        _fact(_("State"), status_text(user, today)),
    ]
    if user.substitute and absent(user, today):
        other = found.user(user.substitute)
        parts.append(_fact(_("Substitute"), clean_line(other.display_name if other else user.substitute)))
    if user.name in found.open:
        parts.append(_fact(_("Open referrals"), str(found.open[user.name])))
    if said := _secrecy(user, today):
        due = " · " + _("due again (A2)") if secrecy_due(user, today) else ""
        parts.append(_fact(_("Secrecy confirmed"), said + due))
    if user.status == INVITED:
        parts.append(Content(_("Signs in once with F3 and the one-time code. Lost it? R gives a new one.")))
    return Content("\n").join(parts)


# -- mailbox -----------------------------------------------------------------------------------------------------------


def setting_headings(width: int) -> Sequence[Heading]:
    """What, and its value."""
    del width
    return Heading("what", _("Setting"), 26), Heading("value", _("Value"), 48, 1)


def mailbox_rows(found: Terms, status: MailboxStatus) -> Mapping[str, Cells]:
    """How the mailbox is reached, and how it goes."""
    box, settings = found.settings.mailbox, found.settings
    kind = _("TLS from the first byte") if box.security == "tls" else "STARTTLS"
    return {
        "server": (_("Server"), f"{clean_line(box.host)}, {box.port}, {kind}"),
        "account": (_("Account of the mailbox"), clean_line(box.user)),
        "way": (_("Signs in by"), _(WAY_WORDS[box.sign_in.kind])),
        "authority": (
            _("TLS certificate"),
            _("of the office's own authority")
            if box.ca_pem
            else _("of an authority that this machine trusts"),
        ),
        "folders": (
            _("Folders"),
            " · ".join(clean_line(name) for name in (box.inbox, box.processed, box.quarantine)),
        ),
        "junk": (_("Spam folder"), _junk(box.junk)),
        "senders": (_("Trusted senders"), _senders(settings)),
        "authenticity": (_("Genuine senders"), _authenticity(settings)),
        "poll": (_("Polled every"), _("%(count)d seconds") % {"count": box.poll_seconds}),
        "last": (_("Last poll"), describe(status).plain),
    }


def _senders(settings: OfficeSettings) -> str:
    return ", ".join(map(clean_line, settings.trusted_senders)) or "‼ " + _("none: everything is quarantined")


def _junk(choice: bool | str) -> str:
    if isinstance(choice, str):
        return clean_line(choice)
    return _("looked at for mails of trusted senders") if choice else _("left alone")


def _authenticity(settings: OfficeSettings) -> str:
    terms = sender_terms(settings)
    return terms.words if terms.judges or terms.policy is Policy.OFF else "‼ " + terms.words


_MAILBOX_TOLD = {
    "server": N_("TLS is always on and the certificate always verified. (P6)"),
    "account": N_("The mailbox that is polled, also where another account signs in to it."),
    "way": N_("Its secret is sealed in the store for those who may poll; it is never shown."),
    "authority": N_("With an authority of its own, no other is trusted."),
    "folders": N_("Polled; for what was taken in; for what became no referral. Missing ones are made."),
    "senders": N_("Domains or addresses from which referrals are accepted; of others a person decides. (P6)"),
    "junk": N_(
        "What trusted senders sent and a filter took for spam is taken in; other spam is left as it lies."
    ),
    "authenticity": N_(
        "Whether your own mail server confirms that a mail comes from the domain of its sender (Authentication-Results)."
    ),
    "poll": N_("While the worklist is open somewhere, or by the service account."),
    "last": N_("Found = imported + quarantined + already known: nothing is lost."),
}


def mailbox_detail(_found: Terms, key: str | None) -> Content:
    """What the setting is for."""
    return Content(_(_MAILBOX_TOLD[key])) if key in _MAILBOX_TOLD else Content("")


# -- agreement ---------------------------------------------------------------------------------------------------------


def agreement_headings(width: int) -> Sequence[Heading]:
    """State, what, value."""
    del width
    return (
        Heading("mark", _("State"), 13),
        Heading("what", _("Term"), 28),
        Heading("value", _("Value"), 34, 1),
    )


def _lines(found: Terms) -> tuple[AgreedLine, ...]:
    settings = found.settings
    rule = settings.selection_rule if settings.case_files == "local" else None
    return agreed_lines(settings.agreement, rule, found.today)


def agreement_rows(found: Terms) -> Mapping[str, Cells]:
    """What may be done first, then the terms."""
    rows: dict[str, Cells] = {}
    for line in _lines(found):
        mark = f"{MARKS[line.mark]} {_(_MARK_WORDS[line.mark])}"
        style = "bold" if line.mark in (Mark.MISSING, Mark.ENDED) else ""
        rows[line.key] = (Text(mark, style), clean_line(line.about), clean_line(line.value))
    return rows


def agreement_detail(found: Terms, key: str | None) -> Content:
    """The term in full, and what it is needed for."""
    line = next((line for line in _lines(found) if line.key == key), None)
    if line is None:
        return Content("")
    head = _fact(clean_line(line.about), clean_line(line.value))
    return Content("\n").join([head, Content(line.told)]) if line.told else head


# -- backups -----------------------------------------------------------------------------------------------------------


def backup_headings(width: int) -> Sequence[Heading]:
    """When, how big, and whether it was verified."""
    del width
    return (
        Heading("when", _("Made on"), 18),
        Heading("size", _("Size"), 10),
        Heading("state", _("Verified"), 46, 1),
    )


def backup_rows(found: KeptBackups, busy: str | None) -> Mapping[str, Cells]:
    """The newest first; `busy` is the one that is being verified."""
    rows: dict[str, Cells] = {}
    for kept in found.items:
        one = kept.listed
        name = one.path.name
        if name == busy:
            state = "◌ " + _("verifying…")
        elif one.damaged:
            state = "✖ " + _("damaged files, set aside")
        elif kept.verified_at is not None:
            state = "✔ " + _("found whole on %(when)s") % {"when": show_moment(kept.verified_at)}
        else:
            state = "○ " + _("not verified on this workstation")
        rows[name] = (show_moment(one.made_at), size_text(one.size), state)
    return rows


def size_text(size: int) -> str:
    """Megabytes with a comma, or kilobytes of a small one."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


def backup_detail(found: KeptBackups, key: str | None) -> Content:
    """Where it is, and how it is put back."""
    item = next((kept for kept in found.items if kept.listed.path.name == key), None)
    if item is None:
        return Content("")
    path = item.listed.path
    return Content("\n").join(
        [
            _fact(_("File"), str(path)),
            _fact(_("Kept for"), _("%(count)d days") % {"count": found.days}),
            Content(
                _(
                    "Putting one back is done on the command line, with everybody out of the program: ocmw-intake backup "
                    "restore FILE. What was discarded does not come back."
                )
            ),
        ]
    )


# -- evidence ---------------------------------------------------------------------------------------------------------


def paper_headings(width: int) -> Sequence[Heading]:
    """The paper and its form."""
    del width
    return Heading("paper", _("Paper"), 42), Heading("form", _("Written as"), 33, 1)


def paper_rows() -> Mapping[str, Cells]:
    """Two papers."""
    return {
        EVIDENCE: (_("Evidence of the measures taken"), _("PDF, and signed JSON beside it")),
        REGISTER: (_("Entry for the processing register"), _("PDF or JSON, as you name it")),
    }


_PAPERS_TOLD = {
    EVIDENCE: N_(
        "What the protocol asks you to prove at once (P6): parties, agreement, numbers, encryption, the verified log, "
        "retention, backups, accounts, notices and breaches. No client is in it. Enter writes it."
    ),
    REGISTER: N_(
        "The entry of the OCMW's register of processing (GDPR 30), from the agreement and the settings. No client is in "
        "it. Enter writes it."
    ),
}


def paper_detail(key: str | None) -> Content:
    """What it holds."""
    return Content(_(_PAPERS_TOLD[key])) if key in _PAPERS_TOLD else Content("")


def _fact(label: str, value: str) -> Content:
    return Content.styled(f"{label}: ", "$text-muted") + Content(value)
