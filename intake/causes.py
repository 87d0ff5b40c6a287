"""Why a message became no referral: the coded causes of the quarantine, with their words.

The code is part of the contract of `cli.md`; the words say what is wrong and what to do next.
"""

from enum import StrEnum

from storage.errors import N_


class Cause(StrEnum):
    """One coded cause for one meaning."""

    NO_ARCHIVE = "no-archive"
    NOT_ENCRYPTED = "not-encrypted"
    WEAK_ENCRYPTION = "weak-encryption"
    UNSUPPORTED_METHOD = "unsupported-method"
    UNKNOWN_PASSPHRASE = "unknown-passphrase"  # noqa: S105 - a code, not a secret
    DAMAGED = "damaged"
    OVER_LIMIT = "over-limit"
    UNREADABLE_FORM = "unreadable-form"
    UNSUPPORTED_FORM = "unsupported-form"
    OLD_WORD_FORMAT = "old-word-format"
    SCAN = "scan"
    EMPTY_ARCHIVE = "empty-archive"
    MISSING_NAME = "missing-name"
    MISSING_CONTACT = "missing-contact"
    UNCLEAR_FORM = "unclear-form"
    UNCLEAR_CONSENT = "unclear-consent"
    UNKNOWN_SENDER = "unknown-sender"
    UNREADABLE_MESSAGE = "unreadable-message"
    SPECIAL_CATEGORY = "special-category"


CAUSE_WORDS: dict[Cause, str] = {
    Cause.NO_ARCHIVE: N_(
        "No encrypted archive in the message. Ask the sender to send the form as an AES-256 7-Zip file."
    ),
    Cause.NOT_ENCRYPTED: N_(
        "The attachment is not encrypted. Treat it as an incident and tell the sender and the DPO."
    ),
    Cause.WEAK_ENCRYPTION: N_(
        "The archive is not encrypted with AES-256. Treat it as an incident and tell the sender."
    ),
    Cause.UNSUPPORTED_METHOD: N_(
        "The archive is packed in a way that is not opened here. Ask the sender for a 7-Zip file with the standard settings."
    ),
    Cause.UNKNOWN_PASSPHRASE: N_(
        "None of the known passphrases opens the archive. Ask the sender which one was used."
    ),
    Cause.DAMAGED: N_("The archive is damaged. Ask the sender to send it again."),
    Cause.OVER_LIMIT: N_(
        "The archive is larger or has more files than a referral needs. Ask the sender for only the form."
    ),
    Cause.UNREADABLE_FORM: N_(
        "The form cannot be read. Ask the sender to send it again, or register it by hand."
    ),
    Cause.UNSUPPORTED_FORM: N_(
        "This kind of file is not read here. Ask for the form as PDF or Word, or register it by hand."
    ),
    Cause.OLD_WORD_FORMAT: N_(
        "The form is an old Word file (.doc). Ask for .docx or PDF, or register it by hand."
    ),
    Cause.SCAN: N_("The form is a scan or photograph. Register it by hand, or ask for the fillable form."),
    Cause.EMPTY_ARCHIVE: N_("The archive holds no file. Ask the sender to send the form again."),
    Cause.MISSING_NAME: N_(
        "The form has no clear name of the client. Ask the sender, or register it by hand."
    ),
    Cause.MISSING_CONTACT: N_(
        "The form has no address, telephone or e-mail of the client. Ask the sender, or register it by hand."
    ),
    Cause.UNCLEAR_FORM: N_("The form can be read in more than one way. Register it by hand."),
    Cause.UNCLEAR_CONSENT: N_(
        "The form is not clear on the client's consent. Ask the sender before any contact."
    ),
    Cause.UNKNOWN_SENDER: N_(
        "The sender is not one of the trusted senders. Check who sent it before you open it."
    ),
    Cause.UNREADABLE_MESSAGE: N_(
        "The message cannot be read. Open it in the mail program and ask the sender to send it again."
    ),
    Cause.SPECIAL_CATEGORY: N_(
        "The form holds health, origin, belief or criminal data that may not be received. The team lead and the DPO decide."
    ),
}
