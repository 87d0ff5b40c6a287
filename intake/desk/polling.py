"""One poll: from what lies in the mailbox to referrals and quarantine, and only then the mails out of the way.

Each batch is one transaction (referrals, quarantine, ledger, log). A program killed before the commit has done
nothing; killed after it, the next poll finds the messages known and moves them. Every poll ends with its proof:
found = imported + quarantined + known.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from intake.agreement import Standing
from intake.config import MailboxConfig
from intake.desk.access import MailboxAccess
from intake.desk.junk import Junk
from intake.desk.office import LEDGER_SECRET, Office
from intake.desk.passphrases import terms_of
from intake.desk.polled import BATCH_MESSAGES, FIRST_BATCH, PollResult, Progress, Tally, ahead, in_batches
from intake.desk.rereading import settle
from intake.desk.taking import Taking
from intake.desk.turns import Turns
from intake.desk.unread import Unread
from intake.errors import MailboxError, NotLawful
from intake.formats import show_date
from intake.isolated import reading_many
from intake.mail.check import MailboxCheck
from intake.mail.code import CodeSignIn
from intake.mail.ledger import LedgerKey
from intake.mail.mailbox import Location, Mailbox
from intake.mail.signin import MailboxSettings, Security
from intake.mail.tokens import Tokens
from intake.mail.ways import MailboxSecret, MicrosoftDevice
from intake.staff import Right
from intake.texts import _
from storage.errors import Refusal

if TYPE_CHECKING:
    from intake.desk.mailwatch import MailWatch, Told

__all__ = ["PollResult", "Polling", "Progress", "reached_by"]


def reached_by(box: MailboxConfig) -> MailboxSettings:
    """How a mailbox is reached, of the settings of an office."""
    return MailboxSettings(
        host=box.host,
        port=box.port,
        security=Security(box.security),
        user=box.user,
        inbox=box.inbox,
        processed=box.processed,
        quarantine=box.quarantine,
        ca_pem=box.ca_pem,
    )


class Polling:
    """Use cases on the mailbox."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._junk = Junk()
        self._access = MailboxAccess(office)
        self._turns = Turns(office)

    def settings(self) -> MailboxSettings:
        """The mailbox as the office set it."""
        return reached_by(self._office.settings.mailbox)

    def checkup(self, box: MailboxConfig | None = None, secret: MailboxSecret | None = None) -> MailboxCheck:
        """A test of the office's mailbox, to be run beside the desk: it touches no store.

        `box` and `secret` are those to be tried, where they are not the ones in force. Afterwards call `keep`.
        """
        self._office.require(Right.MAILBOX)
        credential = self._access.trial(box, secret)
        return MailboxCheck(reached_by(box) if box is not None else self.settings(), credential)

    def keep(self, check: MailboxCheck) -> MailboxSecret | None:
        """After a test: keep a refresh token that it renewed.

        Where the one it began with is in no store yet, the renewed one is returned, to be used in its place.
        """
        self._office.require(Right.MAILBOX)
        if not isinstance(check.credential, Tokens):
            return None
        self._access.keep(check.credential)
        return check.credential.changed

    def code(self, way: MicrosoftDevice) -> CodeSignIn:
        """A sign-in that a person confirms with a code, to be run beside the desk; its secret goes to `settings.change`."""
        self._office.require(Right.SETTINGS)
        return CodeSignIn(way)

    @contextmanager
    def connect(self) -> Iterator[Mailbox]:
        """The office's mailbox, signed in. Raises the errors of `intake.mail`."""
        self._office.require(Right.MAILBOX)
        with Mailbox.open(self.settings(), self._access.credential()) as mailbox:
            yield mailbox

    @property
    def token_seconds(self) -> float | None:
        """How long the token is good for with which the mailbox was last reached; None without one."""
        return self._access.seconds_left

    def check_agreement(self) -> None:
        """Raise `NotLawful` outside the agreement's dates (P1, P5, P8, P11): nothing is received then."""
        agreement = self._office.settings.agreement
        match agreement.standing(self._office.today()):
            case Standing.IN_FORCE:
                return
            case Standing.NOT_YET:
                problem = _("The agreement is in force from %(day)s. The messages were left untouched.") % {
                    "day": show_date(agreement.in_force_from)
                }
            case Standing.ENDED:
                problem = _("The agreement ended on %(day)s. The messages were left untouched.") % {
                    "day": show_date(agreement.ends_on)
                }
            case _:
                problem = _(
                    "No agreement is set. The messages were left untouched; an administrator sets its dates."
                )
        raise NotLawful(problem=problem, article="P5")

    def poll(
        self,
        progress: Callable[[Progress], None] = lambda _progress: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> PollResult:
        """Take in what lies in the inbox, as soon as nobody else polls. Can be stopped between batches without loss.

        Raises `PollerBusy` when another poll takes long, `NotLawful` outside the agreement, `MailboxError` when the mailbox
        cannot be reached or is lost.
        """
        self._office.require(Right.POLL)
        self.check_agreement()
        turns = self._turns
        turns.wait_and_take(self._office.settings.mailbox.poll_seconds, stop)
        failed: Refusal | None = None
        try:
            with self.connect() as mailbox:
                result = self.take_in(mailbox, progress, lambda: stop() or not turns.renew())
            turns.went_well(result.proof, watching=False)
            return result
        except MailboxError as error:
            failed = error
            raise
        finally:
            if failed is not None:
                turns.went_wrong(failed, watching=False)
            turns.leave()

    def watch(self, tell: "Callable[[Told], object]") -> "MailWatch":
        """Polls for as long as one likes, in the thread that runs it; see `intake.desk.mailwatch`."""
        from intake.desk.mailwatch import MailWatch

        self._office.require(Right.POLL)
        return MailWatch(self._office, self, tell)

    def take_in(
        self,
        mailbox: Mailbox,
        progress: Callable[[Progress], None] = lambda _progress: None,
        stop: Callable[[], bool] = lambda: False,
        broken: Callable[[PollResult], None] = lambda _result: None,
    ) -> PollResult:
        """One poll on a mailbox that is open; whoever calls has the turn.

        When it breaks off after something was made durable, `broken` is told that much before the error is raised.
        """
        office = self._office
        office.require(Right.POLL)
        self.check_agreement()
        started = time.monotonic()
        tally = Tally()
        try:
            return self._take_all(mailbox, progress, stop, tally, started)
        except Exception:
            if tally.imported or tally.quarantined:
                broken(tally.result(tally.accounted, started, stopped=True))
            raise

    def _take_all(
        self,
        mailbox: Mailbox,
        progress: Callable[[Progress], None],
        stop: Callable[[], bool],
        tally: Tally,
        started: float,
    ) -> PollResult:
        office = self._office
        terms = terms_of(office)
        key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
        box = office.settings.mailbox
        account = key.account(box.host, box.user)
        taking = Taking(office, mailbox, key, account, tally)
        stopped = False
        inbox = mailbox.scan(box.inbox)
        unread = Unread(office, key, account)
        unread.saw(mailbox.resolve(box.inbox), mailbox.uid_validity, inbox)
        found = [*inbox, *self._junk.ours(mailbox, box, terms.trusted_senders)]
        fresh, left = taking.sorted(found)
        progress(Progress(len(left), len(found)))
        taking.known(left)
        settle(office, mailbox, account)
        seen: set[Location] = set(left)
        if len(fresh) > BATCH_MESSAGES:
            unread.settle(seen)  # so that also a program that is killed meanwhile leaves word of them
        try:
            with reading_many(len(fresh)) as reader:
                if fresh:
                    reader.start()  # beside the download
                batches = in_batches(mailbox.fetch(fresh, batch=BATCH_MESSAGES, first=FIRST_BATCH))
                for batch, pending in ahead(batches, lambda messages: reader.begin(messages, terms)):
                    taking.take(batch, pending.wait())
                    seen.update(incoming.location for incoming in batch)
                    progress(Progress(tally.accounted, len(found)))
                    if stop():
                        stopped = True
                        break
        except MailboxError:
            unread.settle(seen)
            raise
        # What a colleague took away between the scan and the fetch is not ours to account for; what is still
        # there and was not fetched makes the proof fail, and so be seen.
        missed = set(found) - seen
        folders = {where.folder for where in missed} if not stopped else set()
        there = {where for folder in folders for where in mailbox.scan(folder, optional=True)}
        gone = missed - there
        count = unread.settle(seen, () if stopped else gone)
        return tally.result(len(found) - len(gone), started, stopped=stopped, missed=count)
