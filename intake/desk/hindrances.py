"""What can keep a discard, or the removal of a rejected message, from ending: the code of each cause, and its words."""

from intake.texts import N_

__all__ = [
    "BACKUP_UNREACHABLE",
    "LEDGER_MISSING",
    "MAILBOX_DOWN",
    "MAIL_STILL_THERE",
    "OTHER_MAILBOX",
    "REJECTED_WORDS",
    "WAITING_FOR_QUARANTINE",
    "WAITING_WORDS",
]

WAITING_FOR_QUARANTINE = "quarantine-open"
MAILBOX_DOWN = "mailbox-down"
MAIL_STILL_THERE = "mail-still-there"
OTHER_MAILBOX = "other-mailbox"
LEDGER_MISSING = "ledger-missing"
BACKUP_UNREACHABLE = "backup-unreachable"

WAITING_WORDS = {
    WAITING_FOR_QUARANTINE: N_("the same message also holds a quarantined form; decide on that first"),
    MAILBOX_DOWN: N_("the mailbox cannot be reached; the next run goes on"),
    MAIL_STILL_THERE: N_(
        "the message is still in the mailbox; look at the folder's rights, the next run tries again"
    ),
    OTHER_MAILBOX: N_(
        "the message came from another mailbox than the one in the settings; delete it there by hand"
    ),
    LEDGER_MISSING: N_("it is not known where the message lies; look for it in the mailbox and tell the DPO"),
    BACKUP_UNREACHABLE: N_(
        "a backup cannot be read or rewritten; look with 'ocmw-intake backup list', the next run tries again"
    ),
    "": N_("started, not yet finished"),
}

REJECTED_WORDS = N_("rejected, goes at the next retention run")
"""Of a message in quarantine that no run tried to remove yet: nothing keeps it."""
