"""The steps a referral may lawfully take: what each makes of it (P3, recital C). Pure.

Each step is a function that takes the referral and returns the next one, or raises `NotLawful` with the article that
forbids it; which steps are open when is in `lawful.py`.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from intake.client import Consent
from intake.errors import WrongUse
from intake.lawful import check_lawful, not_lawful
from intake.referral import (
    CONTACT_RESULTS,
    GONE_STATES,
    RESULTS_BY_CHANNEL,
    Attempt,
    Channel,
    Closure,
    Happening,
    Referral,
    Result,
    State,
    Step,
    Wish,
)
from intake.texts import _, ngettext
from intake.workdays import local_date


def _next(
    referral: Referral, at: datetime, by: str, step: Step, detail: str = "", **changes: object
) -> Referral:
    line = Happening(at, by, step.value, detail)
    return replace(
        referral,
        version=referral.version + 1,
        timeline=(*referral.timeline, line),
        **changes,  # type: ignore[arg-type]  # dataclasses.replace checks the names itself
    )


def assign(referral: Referral, to: str, by: str, at: datetime) -> Referral:
    """Give the referral to a worker; assigning to oneself is taking it."""
    step = Step.TAKE if to == by else Step.ASSIGN
    check_lawful(referral, step)
    state = State.ASSIGNED if referral.state is State.RECEIVED else referral.state
    return _next(referral, at, by, step, to, assigned_to=to, state=state)


def unassign(referral: Referral, by: str, at: datetime) -> Referral:
    """Take the assignment back: the referral is nobody's again, and its worker reads it no more (P4).

    What was done on it stays; one that only waited for a first contact is as it was received.
    """
    check_lawful(referral, Step.UNASSIGN)
    state = State.RECEIVED if referral.state is State.ASSIGNED else referral.state
    former = referral.assigned_to or ""
    return _next(referral, at, by, Step.UNASSIGN, former, assigned_to=None, state=state)


def set_consent(referral: Referral, consent: Consent, by: str, at: datetime) -> Referral:
    """Record what the sender or the client said about consent; disputed or withdrawn closes at once (recital C)."""
    check_lawful(referral, Step.CONSENT)
    if consent in (Consent.DISPUTED, Consent.WITHDRAWN):
        return _next(
            referral,
            at,
            by,
            Step.CONSENT,
            consent.value,
            consent=consent,
            state=State.CLOSED,
            closed_because=Closure.CONSENT_WITHDRAWN,
            closed_on=local_date(at),
        )
    return _next(referral, at, by, Step.CONSENT, consent.value, consent=consent)


def ask_sender(referral: Referral, by: str, at: datetime) -> Referral:
    """The sender was asked whether the client consents (recital C); the referral stays on hold."""
    check_lawful(referral, Step.ASK)
    return _next(referral, at, by, Step.ASK, asked_on=local_date(at))


def inform(referral: Referral, by: str, at: datetime, on: date | None = None) -> Referral:
    """The client was told what is held, and that Kind en Gezin sent it: at first contact, within a month (GDPR 14)."""
    check_lawful(referral, Step.INFORM)
    day = on or local_date(at)
    if day > local_date(at):
        raise WrongUse(
            problem=_("The day lies in the future. Give the day on which the client was informed.")
        )
    if day < local_date(referral.received_at):
        raise WrongUse(problem=_("The day lies before the referral was received. Check the date."))
    return _next(referral, at, by, Step.INFORM, day.isoformat(), informed_on=day)


def hold(referral: Referral, until: date, by: str, at: datetime) -> Referral:
    """Keep it from being discarded until the end of a day: a complaint or a question of the client is under way."""
    check_lawful(referral, Step.HOLD)
    today = local_date(at)
    if not today <= until <= today + relativedelta(years=1):
        raise WrongUse(problem=_("A hold ends on a day from today on, within a year. Give another day."))
    return _next(referral, at, by, Step.HOLD, until.isoformat(), hold_until=until)


def release(referral: Referral, by: str, at: datetime) -> Referral:
    """Take the hold away: the retention table alone decides again."""
    check_lawful(referral, Step.RELEASE)
    return _next(referral, at, by, Step.RELEASE, hold_until=None)


def report_quality(referral: Referral, notice: str, by: str, at: datetime) -> Referral:
    """A datum was reported to the sender as wrong, missing and so on, under the number of the notice (P7)."""
    check_lawful(referral, Step.QUALITY)
    return _next(referral, at, by, Step.QUALITY, notice)


def disclose(referral: Referral, disclosure: str, agreed_on: date, by: str, at: datetime) -> Referral:
    """Data were given to a partner under the number of the disclosure, as the client agreed on that day (P4)."""
    check_lawful(referral, Step.DISCLOSE)
    assert referral.contacted_at is not None
    if agreed_on > local_date(at):
        raise WrongUse(problem=_("The day lies in the future. Give the day on which the client agreed."))
    if agreed_on < local_date(referral.contacted_at):
        raise WrongUse(problem=_("The client cannot have agreed before the first contact. Check the date."))
    return _next(referral, at, by, Step.DISCLOSE, disclosure)


def attempt(referral: Referral, made: Attempt, now: datetime) -> Referral:
    """Record a contact attempt. An unassigned referral is taken by the one who made it.

    Raises `WrongUse` for a moment in the future, before receipt, or a result that the channel cannot have.
    """
    check_lawful(referral, Step.ATTEMPT)
    if made.at > now + timedelta(minutes=2):
        raise WrongUse(problem=_("The attempt lies in the future. Give the moment at which it was made."))
    if made.at < referral.received_at.replace(second=0, microsecond=0):
        raise WrongUse(
            problem=_("The attempt lies before the referral was received. Check the date and time.")
        )
    if made.result not in RESULTS_BY_CHANNEL[made.channel]:
        raise WrongUse(problem=_("This result does not go with this channel. Choose another result."))
    if referral.assigned_to is None:
        referral = assign(referral, made.by, made.by, now)
    state = referral.state
    contacted_at = referral.contacted_at
    if made.result in CONTACT_RESULTS:
        if state is State.ASSIGNED:
            state = State.CONTACTED
        contacted_at = contacted_at or made.at
    return _next(
        referral,
        now,
        made.by,
        Step.ATTEMPT,
        f"{made.channel}:{made.result}",
        attempts=tuple(sorted((*referral.attempts, made), key=lambda a: a.at)),
        state=state,
        contacted_at=contacted_at,
    )


def record_wish(referral: Referral, wish: Wish, by: str, at: datetime) -> Referral:
    """Record whether the client wants help; "no" ends the referral (P3)."""
    check_lawful(referral, Step.WISH)
    state = {Wish.YES: State.WANTS_HELP, Wish.NO: State.DECLINED, Wish.UNDECIDED: State.UNDECIDED}[wish]
    closed_on = local_date(at) if wish is Wish.NO else None
    return _next(
        referral, at, by, Step.WISH, wish.value, wish=wish, wish_at=at, state=state, closed_on=closed_on
    )


def open_case(referral: Referral, number: str, by: str, at: datetime) -> Referral:
    """Open a case file under the OCMW's own number (P3)."""
    check_lawful(referral, Step.CASE_OPEN)
    return _next(
        referral,
        at,
        by,
        Step.CASE_OPEN,
        state=State.CASE_OPEN,
        case_number=number,
        case_opened_on=local_date(at),
        case_opened_by=by,
    )


def hand_over(referral: Referral, by: str, at: datetime) -> Referral:
    """The hand-over sheet was given to the OCMW's own social-file system (P3, external case files)."""
    check_lawful(referral, Step.CASE_HAND_OVER)
    return _next(
        referral, at, by, Step.CASE_HAND_OVER, state=State.HANDED_OVER, handed_over_on=local_date(at)
    )


def confirm_hand_over(referral: Referral, by: str, at: datetime) -> Referral:
    """The OCMW's own system holds the case file: from here on the intake's copy is due to go (P3)."""
    check_lawful(referral, Step.CASE_CONFIRM)
    return _next(referral, at, by, Step.CASE_CONFIRM, hand_over_confirmed_on=local_date(at))


def close_case(referral: Referral, on: date, by: str, at: datetime) -> Referral:
    """Close a case file that is kept here; the ten years of P3 run from `on`."""
    check_lawful(referral, Step.CASE_CLOSE)
    if on > local_date(at):
        raise WrongUse(
            problem=_("The closing date lies in the future. Give the day on which the file was closed.")
        )
    if referral.case_opened_on is not None and on < referral.case_opened_on:
        raise WrongUse(problem=_("The closing date lies before the case file was opened. Check the date."))
    return _next(referral, at, by, Step.CASE_CLOSE, state=State.CASE_CLOSED, case_closed_on=on)


def tried_enough(referral: Referral, needed: int) -> bool:
    """Whether contact was sought `needed` times, on two parts of the day and by two channels (one where `needed` is one)."""
    return not _still_to_try(referral, needed)


def _still_to_try(referral: Referral, needed: int) -> list[str]:
    """What is missing for `tried_enough`, in the user's language; one attempt may fill in several of it."""
    spread, attempts = min(2, needed), referral.attempts
    if not attempts and spread > 1:
        return [_("%(count)d attempts, on two parts of the day and by two channels") % {"count": needed}]
    missing = []
    if (more := needed - len(attempts)) > 0:
        missing.append(ngettext("%(count)d more attempt", "%(count)d more attempts", more) % {"count": more})
    if 0 < len(referral.parts_of_day_tried) < spread:
        missing.append(_("an attempt on another part of the day"))
    if 0 < len({made.channel for made in attempts}) < spread:
        missing.append(_("an attempt by a second channel"))
    return missing


def letter_proposed(referral: Referral, needed: int) -> bool:
    """Whether a neutral letter is the next thing to try: not reached after `needed` attempts on two parts of the day.

    Practice (P3): a letter comes before a team lead closes the referral as unreachable.
    """
    return (
        referral.is_open
        and referral.contacted_at is None
        and len(referral.attempts) >= needed
        and len(referral.parts_of_day_tried) >= min(2, needed)
        and all(made.channel is not Channel.LETTER for made in referral.attempts)
    )


def report_proposed(referral: Referral) -> bool:
    """Whether the sender is to be told of a wrong number: one was found, and nothing was reported since (P7: at once)."""
    wrong = max((a.at for a in referral.attempts if a.result is Result.WRONG_NUMBER), default=None)
    reported = (line.at for line in referral.timeline if line.step == Step.QUALITY)
    return wrong is not None and referral.state not in GONE_STATES and all(at < wrong for at in reported)


def close(
    referral: Referral,
    because: Closure,
    by: str,
    at: datetime,
    *,
    attempts_needed: int,
    duplicate_of: str | None = None,
    known_number: str | None = None,
) -> Referral:
    """Close without a case file. P3 keeps the data until contact took place, save for the exceptions listed.

    `attempts_needed` is the office's number of attempts before *unreachable*; they must fall on at least two
    parts of the day and use at least two channels (one when a single attempt is enough). `known_number` is the number
    of the file under which the client is known already.
    """
    check_lawful(referral, Step.CLOSE)
    if because is Closure.UNREACHABLE:
        if referral.contacted_at is not None:
            raise not_lawful(
                _("The client was reached, so the referral cannot be closed as unreachable."), "P3"
            )
        if referral.on_hold:
            check_lawful(referral, Step.ATTEMPT)
        if missing := _still_to_try(referral, attempts_needed):
            raise not_lawful(_("Still missing: %(what)s.") % {"what": ", ".join(missing)}, "P3")
    if because is Closure.DUPLICATE and not duplicate_of:
        raise WrongUse(problem=_("Say of which referral this is a duplicate."))
    consent = Consent.WITHDRAWN if because is Closure.CONSENT_WITHDRAWN else referral.consent
    return _next(
        referral,
        at,
        by,
        Step.CLOSE,
        because.value,
        state=State.CLOSED,
        closed_because=because,
        closed_on=local_date(at),
        duplicate_of=duplicate_of,
        consent=consent,
        **({"case_number": known_number} if known_number else {}),
    )


def merge(referral: Referral, doubled: Referral, by: str, at: datetime) -> Referral:
    """Take over into the referral that stays what was done on its double: attempts, contact, informing, consent.

    Whoever merges has found both to be of the same client; the double is closed beside it (P3: kept once).
    """
    if not referral.is_open:
        raise WrongUse(problem=_("Give the open referral that this one doubles; it stays and is worked on."))
    contacts = [moment for moment in (referral.contacted_at, doubled.contacted_at) if moment is not None]
    informed = [day for day in (referral.informed_on, doubled.informed_on) if day is not None]
    contacted_at = min(contacts, default=None)
    state = referral.state
    if state is State.ASSIGNED and contacted_at is not None:
        state = State.CONTACTED
    consent = referral.consent
    if consent is Consent.NOT_STATED and doubled.consent is Consent.CONFIRMED:
        consent = Consent.CONFIRMED
    attempts = {(a.at, a.by, a.channel, a.result): a for a in (*referral.attempts, *doubled.attempts)}
    line = Happening(at, by, "merge", doubled.reference)
    return replace(
        referral,
        version=referral.version + 1,
        state=state,
        consent=consent,
        attempts=tuple(sorted(attempts.values(), key=lambda a: a.at)),
        contacted_at=contacted_at,
        informed_on=min(informed, default=None),
        timeline=(*referral.timeline, line),
    )


def reopen(referral: Referral, by: str, at: datetime) -> Referral:
    """Take a closed referral up again; possible until it is discarded.

    One that was closed for want of consent comes back on hold: the consent is asked again before any contact.
    """
    check_lawful(referral, Step.REOPEN)
    consent = referral.consent
    if consent in (Consent.DISPUTED, Consent.WITHDRAWN):
        consent = Consent.NOT_STATED
    if referral.state is State.DECLINED or referral.contacted_at is not None:
        state = State.CONTACTED
    else:
        state = State.ASSIGNED if referral.assigned_to else State.RECEIVED
    return _next(
        referral,
        at,
        by,
        Step.REOPEN,
        state=state,
        wish=None,
        wish_at=None,
        closed_because=None,
        closed_on=None,
        duplicate_of=None,
        case_number=None,
        consent=consent,
    )
