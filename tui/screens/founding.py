"""Setting up a new office, step by step: back and forth, what was typed kept, and all of it made by the last step.

The dialogs of the steps are in `tui/dialogs/founding*.py`, what is made in `intake/desk/starting.py`.
"""

import secrets
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.desk.polling import reached_by
from intake.desk.settings import Founding
from intake.desk.staff import account_name
from intake.desk.starting import check_new_folder, set_up
from intake.errors import WrongUse
from intake.mail.check import MailboxCheck
from intake.texts import _, language
from intake.workdays import local_date
from storage.directory import check_names, check_passphrase
from storage.errors import Refusal
from storage.keys import STANDARD_COST, Argon2Cost, new_recovery_key
from tui.dialogs.founding import Agreed, AgreedStep, Box, BoxStep, Place, PlaceStep, StepDialog, settings_of
from tui.dialogs.founding_lead import KeyBackStep, KeyStep, Lead, LeadStep
from tui.dialogs.mailbox_check import MailboxCheckDialog

if TYPE_CHECKING:
    from tui.first_run import StartApp

COST: Argon2Cost = STANDARD_COST
GROUPS_ASKED = 2

Typed = dict[str, dict[str, str]]
"""What was typed in each step, by the step's class name."""


@dataclass
class _Given:
    """What the steps gave so far; the recovery key is made once, so that the paper stays good on the way back."""

    key: str
    asked: tuple[int, ...]
    place: Place | None = None
    box: Box | None = None
    tested: Box | None = None
    agreed: Agreed | None = None
    lead: Lead | None = None

    def __repr__(self) -> str:
        return "_Given(…)"


class Outcome(Enum):
    """Given up; made; made and its team lead signed in."""

    GIVEN_UP = "given-up"
    MADE = "made"
    SIGNED_IN = "signed-in"


async def found_an_office(app: "StartApp", config: Path, typed: Typed) -> Outcome:
    """Take the user through the steps.

    To be awaited in a worker. `typed` keeps what was typed for a next time.
    """
    key, _public = new_recovery_key()
    groups = range(1, len(key.split("-")) + 1)
    asked = tuple(sorted(secrets.SystemRandom().sample(groups, GROUPS_ASKED)))
    steps = _Steps(app, config, _Given(key, asked))
    order = (steps.place, steps.box, steps.agreed, steps.lead, steps.key, steps.back)
    at = 0
    while 0 <= at < len(order):
        dialog: StepDialog[Any] = order[at](typed)
        done = await app.push_screen_wait(dialog)
        if at < len(order) - 2:  # no group of the key is kept
            typed[type(dialog).__name__] = dialog.left_over
        at = at + 1 if done is not None else at - 1
    return steps.outcome


class _Steps:
    """Makes each step's dialog, and does what sending it means."""

    def __init__(self, app: "StartApp", config: Path, given: _Given) -> None:
        self._app = app
        self._config = config
        self._given = given
        self.outcome = Outcome.GIVEN_UP

    def place(self, typed: Typed) -> StepDialog[Place]:
        """The folder must be one in which a store can be made."""

        async def submit(place: Place) -> None:
            await self._app.bridge.apart(lambda: check_new_folder(place.folder))
            self._given.place = place

        return PlaceStep(submit, typed.get(PlaceStep.__name__))

    def box(self, typed: Typed) -> StepDialog[Box]:
        """Tested, unless it was with just these settings."""

        async def submit(box: Box) -> None:
            if box != self._given.tested:
                check = MailboxCheck(reached_by(box.config), box.password)
                if not await self._app.push_screen_wait(MailboxCheckDialog(check, go_on=True)):
                    raise WrongUse(problem=_("Change what is not right, or test once more."))
                self._given.tested = box
            self._given.box = box

        return BoxStep(submit, typed.get(BoxStep.__name__))

    def agreed(self, typed: Typed) -> StepDialog[Agreed]:
        """Whether all the settings go together."""

        async def submit(agreed: Agreed) -> None:
            given = self._given
            assert given.place is not None
            assert given.box is not None
            settings_of(given.place, given.box, agreed)
            given.agreed = agreed

        today = local_date(self._app._clock())
        return AgreedStep(submit, typed.get(AgreedStep.__name__), today)

    def lead(self, typed: Typed) -> StepDialog[Lead]:
        """A name that can be an account's, a passphrase that is not soon guessed."""

        async def submit(lead: Lead) -> None:
            def check() -> None:
                check_names(account_name(lead.name), lead.name)
                check_passphrase(lead.passphrase, account_name(lead.name), lead.name)

            await self._app.bridge.apart(check)
            self._given.lead = lead

        return LeadStep(submit, typed.get(LeadStep.__name__))

    def key(self, _typed: Typed) -> StepDialog[bool]:
        """Nothing to check."""

        async def submit(_seen: bool) -> None:
            return

        return KeyStep(submit, self._given.key)

    def back(self, _typed: Typed) -> StepDialog[bool]:
        """All is made now, and the team lead signed in."""

        async def submit(_right: bool) -> None:
            await self._make()

        return KeyBackStep(submit, self._given.key, self._given.asked)

    async def _make(self) -> None:
        app, given = self._app, self._given
        place, box, agreed, lead = given.place, given.box, given.agreed, given.lead
        assert place is not None
        assert box is not None
        assert agreed is not None
        assert lead is not None
        word = _("passphrase")
        founding = Founding(
            location=place.folder,
            lead=lead.name,
            passphrase=lead.passphrase,
            settings=settings_of(place, box, agreed),
            mailbox_password=box.password,
            archive_passphrases=[(f"{word} 1", box.archive)],
            recovery_key=given.key,
        )
        code, clock = language(), app._clock
        app.making = True
        try:
            app.workstation = await app.bridge.apart(
                lambda: set_up(founding, self._config, code, clock=clock, cost=COST)
            )
        finally:
            app.making = False
        self.outcome = Outcome.MADE
        try:
            await app.bridge.sign_in(app.workstation, account_name(lead.name), lead.passphrase)
        except Refusal as error:
            # The office is there; what stands in the way of signing in is told where one signs in.
            app.refuse(error)
        else:
            self.outcome = Outcome.SIGNED_IN
