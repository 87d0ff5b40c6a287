"""Which dialog a step asks for, and what is sent to the desk when it is filled in."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from intake.desk import Desk
from intake.desk.disclosures import Passed, no_partners
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Closure, Step
from intake.retention import goes_after_closing
from intake.staff import Right
from intake.texts import N_, _
from tui import asks, asks_board
from tui.bridge import Bridge
from tui.dialogs.assign import AssignDialog
from tui.dialogs.attempt import AttemptData, AttemptDialog
from tui.dialogs.base import Dialog
from tui.dialogs.case_open import CaseOpenDialog
from tui.dialogs.close import CloseData, CloseDialog
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.consent import ConsentData, ConsentDialog
from tui.dialogs.day import DayDialog, case_closing, informing
from tui.dialogs.disclose import DiscloseData, DiscloseDialog
from tui.dialogs.export import ExportDialog, Written
from tui.dialogs.hand_over import HandOverDialog
from tui.dialogs.hold import HoldData, HoldDialog
from tui.dialogs.quality import QualityData, QualityDialog
from tui.dialogs.why import WhyDialog
from tui.dialogs.wish import WishData, WishDialog


async def dialog_for(
    step: Step, opened: asks.Opened, bridge: Bridge, draft: Mapping[str, str]
) -> Dialog[Any]:
    """The dialog of a step, for the version of the referral that is on the screen now.

    Raises the errors of the desk when what it offers cannot be asked for.
    """
    referral = opened.view.referral
    reference, version = referral.reference, referral.version

    async def save(use: Any) -> None:
        await bridge.ask(use)

    match step:
        case Step.ATTEMPT:
            now = await bridge.ask(lambda desk: desk.office.now())
            channel = referral.attempts[-1].channel if referral.attempts else Channel.PHONE

            async def send_attempt(data: AttemptData) -> None:
                request = AttemptRequest(
                    reference, data.channel, data.result, data.at, data.note, version, data.informed
                )
                await save(lambda desk: desk.work.attempt(request))

            informed = referral.informed_on is not None
            return AttemptDialog(
                send_attempt, reference, now=now, channel=channel, informed=informed, draft=draft
            )
        case Step.WISH:

            async def send_wish(data: WishData) -> None:
                await save(
                    lambda desk: desk.work.wish(
                        reference, data.wish, version, data.note, informed=data.informed
                    )
                )

            return WishDialog(send_wish, reference, draft, informed=referral.informed_on is not None)
        case Step.CASE_OPEN:

            async def send_number(number: str) -> None:
                await save(lambda desk: desk.cases.open(reference, number, version))

            return CaseOpenDialog(send_number, reference, draft)
        case Step.CASE_HAND_OVER:

            async def send_folder(folder: Path) -> None:
                await save(lambda desk: desk.cases.hand_over(reference, folder, version))

            return HandOverDialog(send_folder, reference, folder=Path.home(), draft=draft)
        case Step.CASE_CLOSE:

            async def send_day(day: date) -> None:
                await save(lambda desk: desk.cases.close(reference, day, version))

            return DayDialog(send_day, case_closing(reference), today=opened.today, draft=draft)
        case Step.INFORM:

            async def send_informed(day: date) -> None:
                await save(lambda desk: desk.work.inform(reference, day, version))

            return DayDialog(send_informed, informing(reference), today=opened.today, draft=draft)
        case Step.QUALITY:

            async def send_notice(data: QualityData) -> None:
                await save(
                    lambda desk: desk.quality.open(reference, data.field, data.what, data.value, version)
                )

            return QualityDialog(send_notice, reference, draft)
        case Step.DISCLOSE:
            partners = await bridge.ask(lambda desk: desk.disclosures.partners())
            if not partners:
                raise no_partners()

            async def send_disclosure(data: DiscloseData) -> None:
                disclosing.passed = await bridge.ask(
                    partial(_disclose, reference=reference, data=data, version=version)
                )

            disclosing = DiscloseDialog(send_disclosure, reference, partners, today=opened.today, draft=draft)
            return disclosing
        case Step.LETTER:

            async def send_letter(file: Path) -> None:
                await save(lambda desk: desk.papers.letter(reference, file))

            return ExportDialog(send_letter, _letter(reference), folder=Path.home())
        case Step.HOLD:

            async def send_hold(data: HoldData) -> None:
                await save(lambda desk: desk.retention.hold(reference, data.until, data.why, version))

            return HoldDialog(send_hold, reference, today=opened.today, draft=draft)
        case Step.RELEASE:

            async def send_release(why: str) -> None:
                await save(lambda desk: desk.retention.release(reference, why, version))

            title = _("End the hold on %(reference)s") % {"reference": reference}
            return WhyDialog(send_release, title, N_("End the hold"), draft)
        case Step.ASSIGN:
            offer = await bridge.ask(lambda desk: asks_board.offer(desk, [reference]))
            names = opened.names

            async def send_worker(to: str) -> None:
                await save(lambda desk: desk.work.assign([reference], to, {reference: version}))

            return AssignDialog(send_worker, [reference], offer, names, referral.assigned_to, draft)
        case Step.CONSENT:

            async def send_consent(data: ConsentData) -> None:
                await save(lambda desk: desk.work.consent(reference, data.consent, data.why, version))

            return ConsentDialog(send_consent, reference, referral.consent, draft)
        case Step.CLOSE:
            closures = [
                closure
                for closure in Closure
                if closure is not Closure.UNREACHABLE or Right.CLOSE_UNREACHABLE in opened.me.rights
            ]

            async def send_close(data: CloseData) -> None:
                await save(partial(_close, reference=reference, data=data, version=version))

            periods = await bridge.ask(lambda desk: desk.office.settings.periods)

            def goes_on(because: Closure) -> date | None:
                return goes_after_closing(referral, because, opened.today, periods)

            return CloseDialog(
                send_close, reference, closures, opened.view.line.alike, draft, goes_on=goes_on
            )
        case Step.REOPEN:

            async def send_reopen(why: str) -> None:
                await save(lambda desk: desk.work.reopen(reference, why, version))

            return WhyDialog(
                send_reopen, _("Reopen %(reference)s") % {"reference": reference}, N_("Reopen"), draft
            )
    raise ValueError(f"the step {step.value} has no dialog")


def question_of(step: Step, reference: str) -> ConfirmDialog | None:
    """The question before a step that needs no more than a yes; None for one that has a form."""
    named = {"reference": reference}
    match step:
        case Step.CASE_CONFIRM:
            return ConfirmDialog(
                _("Confirm the hand-over of %(reference)s") % named,
                _(
                    "Does the OCMW's own system hold the case file? Then the copy here is discarded at the next run. (P3)"
                ),
                keep=_("Not yet"),
                go_on=_("It holds it"),
            )
        case Step.ASK:
            return ConfirmDialog(
                _("Ask the sender about %(reference)s") % named,
                _(
                    "A draft is put in the mailbox: whether the client consents, the client named only in its encrypted "
                    "archive. You read it and send it in the mail program."
                ),
                keep=_("Not now"),
                go_on=_("Make the draft"),
            )
        case Step.UNASSIGN:
            return ConfirmDialog(
                _("Take back the assignment of %(reference)s") % named,
                _(
                    "The referral is nobody's again, and its worker reads it no more. What was done on it stays."
                ),
                keep=_("Leave it assigned"),
                go_on=_("Take it back"),
            )
    return None


def directly(step: Step, reference: str, version: int) -> Callable[[Desk], object]:
    """What is sent to the desk when the question of a step is answered with yes."""
    if step is Step.CASE_CONFIRM:
        return lambda desk: desk.cases.confirm(reference, version)
    if step is Step.UNASSIGN:
        return lambda desk: desk.work.unassign([reference], {reference: version})
    return lambda desk: desk.quality.ask(reference, version)


def _letter(reference: str) -> Written:
    named = {"reference": reference}
    return Written(
        _("Neutral letter for %(reference)s") % named,
        _(
            "The letter is written as PDF, with the client's name and address and the OCMW's own data. It does not say "
            "why it comes. That it was written is logged. (P3)"
        ),
        _("letter-%(reference)s.pdf") % named,
        _("A new file, ending in .pdf; give its full path."),
    )


def _disclose(desk: Desk, reference: str, data: DiscloseData, version: int) -> Passed:
    return desk.disclosures.disclose(
        reference,
        data.partner,
        data.fields,
        data.why,
        client_agrees=data.client_agrees,
        agreed_on=data.agreed_on,
        version=version,
    )


def _close(desk: Desk, reference: str, data: CloseData, version: int) -> None:
    desk.work.close(reference, data.because, data.why, data.of, version, data.number)
