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
    LOOK_ALIKE_SENDER = "look-alike-sender"
    SEVERAL_SENDERS = "several-senders"
    NOT_AUTHENTIC = "not-authentic"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    SMIME_ENCRYPTED = "smime-encrypted"
    MULTI_VOLUME = "multi-volume"
    SELF_EXTRACTING = "self-extracting"
    NESTED_ARCHIVE = "nested-archive"
    READER_STOPPED = "reader-stopped"


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
        "None of the passphrases in force opens the archive. Ask the sender which one was used."
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
    Cause.LOOK_ALIKE_SENDER: N_(
        "The sender looks like a trusted one and is another. It is probably meant to deceive: open nothing of it."
    ),
    Cause.SEVERAL_SENDERS: N_(
        "The message names several senders, so it is not known who sent it. Check that before you open it."
    ),
    Cause.NOT_AUTHENTIC: N_(
        "The mail server does not confirm that the message comes from its sender. The sender may be forged."
    ),
    Cause.AUTO_REPLY: N_(
        "This is an automatic answer, such as of someone who is absent. It holds no referral."
    ),
    Cause.BOUNCE: N_("A mail server reports on a mail of this mailbox: most often that it did not arrive."),
    Cause.SMIME_ENCRYPTED: N_(
        "The mail itself was encrypted in a mail program (S/MIME or PGP), for which there is no key here. "
        "Ask the sender for an AES-256 7-Zip file."
    ),
    Cause.MULTI_VOLUME: N_(
        "The archive is cut in parts and not all of them are in this message. Ask the sender for one file, or for all parts in one mail."
    ),
    Cause.SELF_EXTRACTING: N_(
        "The attachment is a program that unpacks itself, and programs are not opened. Do not run it; ask the sender for a 7-Zip file."
    ),
    Cause.NESTED_ARCHIVE: N_(
        "There is another archive inside the archive, and that one is not opened. Ask the sender to pack the form once."
    ),
    Cause.READER_STOPPED: N_(
        "Reading this message took too long or broke off, and was stopped. The messages after it were read. Register it by hand, or ask the sender for the form as a new PDF or Word file."
    ),
}

CAUSE_TITLES: dict[Cause, str] = {
    Cause.NO_ARCHIVE: N_("no encrypted archive"),
    Cause.NOT_ENCRYPTED: N_("not encrypted"),
    Cause.WEAK_ENCRYPTION: N_("weakly encrypted"),
    Cause.UNSUPPORTED_METHOD: N_("packed in another way"),
    Cause.UNKNOWN_PASSPHRASE: N_("unknown passphrase"),
    Cause.DAMAGED: N_("archive damaged"),
    Cause.OVER_LIMIT: N_("too large"),
    Cause.UNREADABLE_FORM: N_("form unreadable"),
    Cause.UNSUPPORTED_FORM: N_("kind of file not read"),
    Cause.OLD_WORD_FORMAT: N_("old Word file"),
    Cause.SCAN: N_("scan or photograph"),
    Cause.EMPTY_ARCHIVE: N_("archive empty"),
    Cause.MISSING_NAME: N_("no clear name"),
    Cause.MISSING_CONTACT: N_("no way of contact"),
    Cause.UNCLEAR_FORM: N_("form unclear"),
    Cause.UNCLEAR_CONSENT: N_("consent unclear"),
    Cause.UNKNOWN_SENDER: N_("unknown sender"),
    Cause.UNREADABLE_MESSAGE: N_("message unreadable"),
    Cause.SPECIAL_CATEGORY: N_("data that may not be received"),
    Cause.LOOK_ALIKE_SENDER: N_("imitated sender"),
    Cause.SEVERAL_SENDERS: N_("several senders"),
    Cause.NOT_AUTHENTIC: N_("sender not confirmed"),
    Cause.AUTO_REPLY: N_("automatic answer"),
    Cause.BOUNCE: N_("report of non-delivery"),
    Cause.SMIME_ENCRYPTED: N_("mail encrypted as a whole"),
    Cause.MULTI_VOLUME: N_("archive in parts"),
    Cause.SELF_EXTRACTING: N_("program that unpacks itself"),
    Cause.NESTED_ARCHIVE: N_("archive in an archive"),
    Cause.READER_STOPPED: N_("reading stopped"),
}
"""The cause in a few words, for a list."""

WHAT_TO_DO: dict[Cause, str] = {
    Cause.NO_ARCHIVE: N_(
        "Reject it: as no referral, or with a draft that asks the sender for an encrypted archive."
    ),
    Cause.NOT_ENCRYPTED: N_(
        "Record it as a breach, and reject it with the draft that says how to send; or register by hand what is needed."
    ),
    Cause.WEAK_ENCRYPTION: N_(
        "Record it as a breach, and reject it with the draft that says how to send a 7-Zip file with AES-256."
    ),
    Cause.UNSUPPORTED_METHOD: N_(
        "Reject it with the draft that asks for a 7-Zip file with the standard settings."
    ),
    Cause.UNKNOWN_PASSPHRASE: N_(
        "Ask the sender by telephone which passphrase was used, and add it here: the message is then read again."
    ),
    Cause.DAMAGED: N_("Reject it with the draft that asks the sender to send it again."),
    Cause.OVER_LIMIT: N_("Reject it with the draft that asks the sender for only the form."),
    Cause.UNREADABLE_FORM: N_(
        "Read it again once; if that does not help, ask the sender and register it by hand."
    ),
    Cause.UNSUPPORTED_FORM: N_(
        "Call the sender and register it by hand, or reject it and ask for a PDF or Word file."
    ),
    Cause.OLD_WORD_FORMAT: N_(
        "Call the sender and register it by hand, or reject it and ask for .docx or PDF."
    ),
    Cause.SCAN: N_("Call the sender and register it by hand, or reject it and ask for the fillable form."),
    Cause.EMPTY_ARCHIVE: N_("Reject it with the draft that asks the sender to send the form again."),
    Cause.MISSING_NAME: N_("Ask the sender for the name, then register it by hand."),
    Cause.MISSING_CONTACT: N_("Ask the sender how the client can be reached, then register it by hand."),
    Cause.UNCLEAR_FORM: N_("Compare the text with the fields, and register it by hand."),
    Cause.UNCLEAR_CONSENT: N_(
        "Ask the sender whether the client consents, then register it by hand with that answer."
    ),
    Cause.UNKNOWN_SENDER: N_(
        "Call the sender on a number you know. Have an address you trust added to the settings and read it again; else reject it."
    ),
    Cause.UNREADABLE_MESSAGE: N_(
        "Look at it in the mail program; register it by hand, or reject it and ask the sender to send it again."
    ),
    Cause.SPECIAL_CATEGORY: N_(
        "Decide with the DPO: register by hand only name, address, telephone and e-mail, or reject it."
    ),
    Cause.LOOK_ALIKE_SENDER: N_(
        "Do not answer it. Call the local team on a number you know, warn your administrator, and reject it as no referral."
    ),
    Cause.SEVERAL_SENDERS: N_(
        "Call the local team on a number you know. If it is theirs, ask them to send it again from one address; reject this one."
    ),
    Cause.NOT_AUTHENTIC: N_(
        "Call the sender on a number you know. If it is genuine, have the administrator look at the mail servers and read it "
        "again; else reject it."
    ),
    Cause.AUTO_REPLY: N_(
        "Reject it as no referral. If someone you wrote to is absent, look in the mail program who stands in."
    ),
    Cause.BOUNCE: N_(
        "Look among the sent mails which one did not arrive, and tell it in another way. Reject this report as no referral."
    ),
    Cause.SMIME_ENCRYPTED: N_(
        "Reject it with the draft that asks the sender to send the form as a 7-Zip file with the agreed passphrase."
    ),
    Cause.MULTI_VOLUME: N_("Reject it with the draft that asks the sender to send it again, as one file."),
    Cause.SELF_EXTRACTING: N_(
        "Leave the attachment alone; reject it with the draft that asks for a 7-Zip file with the standard settings."
    ),
    Cause.NESTED_ARCHIVE: N_(
        "Reject it with the draft that asks for a 7-Zip file with the standard settings."
    ),
    Cause.READER_STOPPED: N_(
        "Read it again once; if that does not help, do not open the attachment yourself: call the sender."
    ),
}
"""What a team lead can do about it, with the keys of the quarantine."""
