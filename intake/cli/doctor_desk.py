"""What the doctor checks at the desk of whoever signs in: their keys, the settings, the accounts, the mailbox."""

from collections.abc import Iterator

from intake.agreement import Standing
from intake.cli.checks import Check, Wrong, check_of
from intake.cli.context import Context
from intake.cli.passphrases import in_order
from intake.config import Workstation
from intake.desk import Desk, open_desk
from intake.desk.standing import secrecy_due
from intake.formats import show_date
from intake.mail.ways import WAY_WORDS
from intake.memory import memory_folder
from intake.staff import Right
from intake.texts import N_, _
from intake.trust import sender_terms
from storage.errors import Refusal

__all__ = ["signed_in"]


class _BookDamaged(Refusal):
    template = N_(
        "The file %(file)s, which makes the start quicker, was changed or is from before your keys were renewed. Nothing "
        "is lost; it is written anew when you open the worklist."
    )


def signed_in(context: Context, workstation: Workstation) -> Iterator[Check]:
    """Every check in order; of the mailbox only where the user's role reaches it."""
    desks: list[Desk] = []

    def keys() -> str:
        user = context.user_name(workstation)
        passphrase = context.passphrase(user)
        memory = memory_folder(workstation)
        desk = open_desk(workstation.store, user, passphrase, trusted=workstation.fingerprint, memory=memory)
        desks.append(desk)
        return _("the passphrase opens the keys of %(user)s") % {"user": desk.user.name}

    check = check_of(_("keys"), keys)
    yield check
    if not desks:
        return
    desk = desks[0]
    try:
        yield check_of(_("kept keys"), lambda: _kept_keys(desk))
        yield check_of(_("settings"), lambda: _settings(desk))
        yield check_of(_("accounts"), lambda: _accounts(desk))
        if desk.office.may(Right.POLL):
            yield check_of(_("archive passphrases"), lambda: in_order(desk))
            yield check_of(_("senders"), lambda: _senders(desk))
        if desk.office.may(Right.MAILBOX):
            yield check_of(_("mailbox"), lambda: _mailbox(desk))
            yield check_of(_("sign-in to the mailbox"), lambda: _mailbox_sign_in(desk))
    finally:
        desk.close()


def _kept_keys(desk: Desk) -> str:
    """What this workstation keeps, so that rows need not be verified and opened twice, is as it was written."""
    if desk.office.book.damaged:
        raise _BookDamaged(file=desk.office.book.file)
    return _("what this workstation keeps of rows it verified is unchanged")


def _settings(desk: Desk) -> str:
    agreement = desk.office.settings.agreement
    if agreement.standing(desk.office.today()) is not Standing.IN_FORCE:
        raise Wrong(problem=_("The agreement is not in force; nothing is received."))
    said = _("agreement in force since %(day)s") % {"day": show_date(agreement.in_force_from)}
    if agreement.ends_on:
        said += ", " + _("ends on %(day)s") % {"day": show_date(agreement.ends_on)}
    return said


def _accounts(desk: Desk) -> str:
    """No substitute keeps a key after the last day; who must confirm professional secrecy again is told, not blamed."""
    today = desk.office.today()
    active = [user for user in desk.office.directory.users if user.status == "active"]
    over = [u.name for u in active if u.substitute and (u.absent_until or "") < today.isoformat()]
    if over:
        raise Wrong(
            problem=_(
                "The absence of %(users)s is over and the substitute still has the keys. They go when a team lead next "
                "opens the worklist."
            )
            % {"users": ", ".join(over)}
        )
    said = _("%(count)d active") % {"count": len(active)}
    if due := [user.name for user in active if secrecy_due(user, today)]:
        said += "; " + _("professional secrecy to be confirmed again by %(users)s") % {
            "users": ", ".join(due)
        }
    return said


def _senders(desk: Desk) -> str:
    """Without anyone who may send every message waits for a person; whether they are genuine is told, not blamed."""
    settings = desk.office.settings
    if not settings.trusted_senders:
        raise Wrong(
            problem=_("No sender is trusted: every message goes to quarantine. Name them in the settings.")
        )
    terms = sender_terms(settings)
    return _("%(count)d trusted; whether they are genuine: %(what)s") % {
        "count": len(settings.trusted_senders),
        "what": terms.words,
    }


def _mailbox(desk: Desk) -> str:
    with desk.polling.connect() as mailbox:
        health = mailbox.check()
    inbox = desk.polling.settings().inbox
    if inbox in health.missing:
        raise Wrong(problem=_("The mailbox has no folder %(folder)s.") % {"folder": inbox})
    if not health.can_move or not health.can_delete:
        raise Wrong(
            problem=_("Messages may not be moved or deleted; ask the mail administrator for the rights.")
        )
    return _("%(tls)s, %(count)d folders, messages can be moved and deleted") % {
        "tls": health.tls_version,
        "count": len(health.folders),
    }


def _mailbox_sign_in(desk: Desk) -> str:
    """The way of signing in; of a token for how long it is good, and nothing else of it."""
    said = _(WAY_WORDS[desk.office.settings.mailbox.sign_in.kind])
    left = desk.polling.token_seconds
    if left is not None:
        said += ", " + _("the token is good for %(minutes)d minutes yet") % {"minutes": left // 60}
    return said
