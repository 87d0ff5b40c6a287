"""The words of the access log: what each action was, for which reason, on which fields and with which details. Pure.

Codes are what stands in the log; a code of a newer version is shown as it stands. Which entries there are, and who may
read them, is in `intake/desk/records.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from intake.causes import CAUSE_WORDS, Cause
from intake.client import Consent
from intake.formats import show_date
from intake.plaintext import clean_line
from intake.referral import Channel, Closure, Result, Step, Wish
from intake.registers import BREACH_WORDS, SUBJECT_WORDS, WHAT_WORDS, BreachKind, DraftKind, Subject, What
from intake.texts import N_, _
from intake.words import (
    CHANNEL_WORDS,
    CLOSURE_WORDS,
    CONSENT_WORDS,
    FIELD_WORDS,
    OUTCOME_WORDS,
    RESULT_WORDS,
    WISH_WORDS,
    result_words,
)


class Kind(StrEnum):
    """What an action is about."""

    VIEW = "view"
    EXPORT = "export"
    WORK = "work"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Action:
    """`words` is a message id."""

    kind: Kind
    words: str


_VIEWS = {
    "read": N_("Referral read"),
    "list": N_("Name seen on a list"),
    "quarantine-list": N_("Senders in quarantine seen"),
    "quarantine-read": N_("Message in quarantine read"),
    "subject-find": N_("Client searched for"),
    "breach-read": N_("Data breach read"),
}
_EXPORTS = {
    "export": N_("Exported"),
    "certificate": N_("Certificate of destruction made"),
}
_WORK = {
    "import": N_("Received"),
    "quarantine": N_("Put in quarantine"),
    "mail-missed": N_("Mail taken out of the inbox before it was read"),
    "quarantine-retry": N_("Message in quarantine tried again"),
    "quarantine-register": N_("Message in quarantine registered by hand"),
    "quarantine-reject": N_("Message in quarantine rejected"),
    "quarantine-gone": N_("Message in quarantine removed from the mailbox"),
    "register": N_("Registered by hand"),
    "quarantine-discarded": N_("Message in quarantine discarded"),
    Step.ASSIGN: N_("Assigned"),
    Step.TAKE: N_("Taken"),
    "unassign": N_("Nobody's any more"),
    Step.CONSENT: N_("Consent recorded"),
    Step.ATTEMPT: N_("Contact attempt"),
    Step.WISH: N_("Wish of the client"),
    Step.CASE_OPEN: N_("Case file opened"),
    Step.CASE_HAND_OVER: N_("Case file handed over"),
    Step.CASE_CONFIRM: N_("Hand-over confirmed"),
    Step.CASE_CLOSE: N_("Case file closed"),
    Step.CLOSE: N_("Closed"),
    Step.REOPEN: N_("Reopened"),
    "merge": N_("Merged with a duplicate"),
    Step.ASK: N_("Sender asked"),
    Step.INFORM: N_("Client informed"),
    Step.HOLD: N_("Kept longer"),
    Step.RELEASE: N_("Hold ended"),
    Step.QUALITY: N_("Notice of data quality"),
    "quality-answer": N_("Notice of data quality answered"),
    Step.DISCLOSE: N_("Disclosure to a partner"),
    "draft": N_("Draft made"),
    "draft-placed": N_("Draft put into the mailbox"),
    "destruction-propose": N_("Destruction list proposed"),
    "destruction-approve": N_("Destruction list approved"),
    "discard-begin": N_("Discard begun"),
    "discard-waits": N_("Discard waits"),
    "discard-again": N_("Discarded anew: the message came back"),
    "discard-verify": N_("Searched for what is left"),
    "discarded": N_("Discarded"),
    "breach-open": N_("Data breach registered"),
    "breach-update": N_("Data breach supplemented"),
    "breach-notice": N_("Data breach told to the data protection officers"),
    "breach-close": N_("Data breach closed"),
    "task-open": N_("Task opened"),
    "task-done": N_("Task done"),
}
_ADMIN = {
    "sign-in": N_("Signed in"),
    "unlock": N_("Screen unlocked"),
    "passphrase-changed": N_("Passphrase changed"),
    "secrecy-confirmed": N_("Professional secrecy confirmed"),
    "office-founded": N_("Office set up"),
    "settings": N_("Settings changed"),
    "passphrase-added": N_("Archive passphrase added"),
    "passphrase-ended": N_("Archive passphrase given its last day"),
    "user-invited": N_("Colleague invited"),
    "user-activated": N_("Account activated"),
    "user-reset": N_("Account given a new code"),
    "user-recovered": N_("Account recovered"),
    "user-disabled": N_("Account ended"),
    "absence": N_("Absence recorded"),
    "absence-ended": N_("Absence ended"),
    "backup": N_("Backup made"),
    "backup-failed": N_("Backup failed"),
    "restore": N_("Backup restored"),
    "store-accepted": N_("Store accepted as it is"),
}
ACTIONS: dict[str, Action] = {
    str(code): Action(kind, words)
    for kind, table in (
        (Kind.VIEW, _VIEWS),
        (Kind.EXPORT, _EXPORTS),
        (Kind.WORK, _WORK),
        (Kind.ADMIN, _ADMIN),
    )
    for code, words in table.items()
}
"""Every action that the program logs."""

REASON_WORDS = {
    "=worklist": N_("worklist"),
    "=assigned": N_("assigned"),
    "=unassigned": N_("not yet assigned"),
    "=substitute": N_("substitute"),
    "=team-lead": N_("team lead"),
    "=team": N_("team"),
    "=hand-over": N_("hand-over"),
    "=letter": N_("letter"),
    "=quarantine": N_("quarantine"),
    "=duplicate": N_("duplicate"),
    "=subject-request": N_("request of the client"),
    "=user-disabled": N_("account ended"),
    "=draft": N_("draft to the sender"),
}
LOGGED_FIELD_WORDS = {
    **FIELD_WORDS,
    "client": N_("Name of the client"),
    "notes": N_("Notes"),
    "attempts": N_("Contact attempts"),
    "timeline": N_("Timeline"),
    "superfluous": N_("Superfluous data"),
    "sender": N_("Sender"),
    "text": N_("Text"),
}
_EXPORTED = {
    "log": N_("the access log"),
    "statistics": N_("statistics"),
    "evidence": N_("the evidence"),
    "register": N_("the entry for the processing register"),
    "letter": N_("a letter"),
}
_DETAIL_WORDS = {
    "what": N_("what"),
    "part": N_("part"),
    "to": N_("to"),
    "on": N_("on"),
    "until": N_("until"),
    "channel": N_("channel"),
    "result": N_("result"),
    "wish": N_("wish"),
    "consent": N_("consent"),
    "because": N_("because"),
    "cause": N_("cause"),
    "outcome": N_("outcome"),
    "substitute": N_("substitute"),
    "method": N_("encryption"),
    "passphrase": N_("archive passphrase"),
    "partner": N_("partner"),
    "field": N_("field"),
    "rule": N_("rule"),
    "roles": N_("roles"),
    "referrals": N_("referrals"),
    "changed": N_("changed"),
    "generation": N_("version of the store"),
    "made_at": N_("made on"),
    "failed-before": N_("failed before"),
    "warning": N_("warning"),
    "searched": N_("searched"),
    "unsearched": N_("not searched"),
    "places": N_("places"),
    "found": N_("found"),
    "kind": N_("kind"),
    "subject": N_("about"),
    "label": N_("label"),
    "team": N_("team"),
    "request": N_("request"),
}
_DRAFTS = {
    DraftKind.QUALITY: N_("notice of data quality"),
    DraftKind.ASK: N_("question on the consent"),
    DraftKind.BREACH: N_("data breach"),
    DraftKind.REJECT: N_("rejection"),
}


_DRAFT_TO = {
    DraftKind.QUALITY: N_("Draft to the local team made"),
    DraftKind.ASK: N_("Draft to the local team made"),
    DraftKind.BREACH: N_("Draft to both DPOs made"),
    DraftKind.REJECT: N_("Draft to the sender made"),
}


def kind_of(code: str) -> Kind:
    """What an action is about; one that is not known counts as work."""
    return ACTIONS[code].kind if code in ACTIONS else Kind.WORK


def action_words(code: str) -> str:
    """What was done, in the user's language."""
    return _(ACTIONS[code].words) if code in ACTIONS else clean_line(code)


def entry_words(code: str, detail: Mapping[str, str | int]) -> str:
    """As `action_words`; of a draft also to whom it is, as far as the entry tells."""
    kind = detail.get("kind")
    if code == "draft" and kind in set(DraftKind):
        return _(_DRAFT_TO[DraftKind(kind)])
    return action_words(code)


def reason_words(reason: str | None) -> str:
    """The log's own coded reasons in words; what a user wrote as it stands."""
    return _(REASON_WORDS[reason]) if reason in REASON_WORDS else reason or ""


def field_words(code: str) -> str:
    """The field of which an entry tells."""
    return _(LOGGED_FIELD_WORDS[code]) if code in LOGGED_FIELD_WORDS else clean_line(code)


_VALUES: dict[str, Callable[[str], str]] = {
    "channel": lambda code: CHANNEL_WORDS[Channel(code)],
    "result": lambda code: RESULT_WORDS[Result(code)],
    "wish": lambda code: WISH_WORDS[Wish(code)],
    "consent": lambda code: CONSENT_WORDS[Consent(code)],
    "because": lambda code: CLOSURE_WORDS[Closure(code)],
    "outcome": lambda code: OUTCOME_WORDS[code],
    "cause": lambda code: CAUSE_WORDS[Cause(code)],
    "field": lambda code: LOGGED_FIELD_WORDS[code],
    "what": lambda code: _EXPORTED[code] if code in _EXPORTED else WHAT_WORDS[What(code)],
    "kind": lambda code: (
        _DRAFTS[DraftKind(code)] if code in set(DraftKind) else BREACH_WORDS[BreachKind(code)]
    ),
    "subject": lambda code: SUBJECT_WORDS[Subject(code)],
    "request": lambda code: {"erasure": N_("erasure")}[code],
}
_DAYS = frozenset({"on", "until"})
_PEOPLE = frozenset({"to", "substitute"})


def detail_words(detail: Mapping[str, str | int], names: Mapping[str, str]) -> list[str]:
    """Each detail of an entry as "what: value"; `names` are the staff's display names by account."""
    return [
        f"{_(_DETAIL_WORDS[key]) if key in _DETAIL_WORDS else clean_line(key)}: {_value(key, detail, names)}"
        for key in detail
    ]


def _value(key: str, detail: Mapping[str, str | int], names: Mapping[str, str]) -> str:
    text = str(detail[key])
    try:
        if key == "result" and "channel" in detail:
            return _(result_words(Channel(str(detail["channel"])), Result(text)))
        if key in _VALUES:
            return _(_VALUES[key](text))
        if key in _DAYS:
            return show_date(date.fromisoformat(text))
    except (KeyError, ValueError):
        pass
    return clean_line(names.get(text, text) if key in _PEOPLE else text)
