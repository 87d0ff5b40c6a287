"""Opening a referral: at once when one may, after a reason when it is a colleague's (A12)."""

from typing import TYPE_CHECKING

from intake.desk.reading import ReasonNeeded
from storage.errors import Refusal
from tui import asks
from tui.dialogs.reason import ReasonDialog

if TYPE_CHECKING:
    from tui.app import IntakeApp


async def open_with_reason(app: "IntakeApp", reference: str) -> tuple[asks.Opened, str | None] | None:
    """The opened referral and the reason given; None when it was refused (and said so) or given up.

    To be awaited in a worker.
    """
    try:
        return await app.bridge.ask(lambda desk: asks.opened(desk, reference, None)), None
    except ReasonNeeded as needed:
        worker = str(needed.values.get("worker", ""))
    except Refusal as error:
        app.refuse(error)
        return None
    got: list[asks.Opened] = []

    async def submit(reason: str) -> None:
        got.append(await app.bridge.ask(lambda desk: asks.opened(desk, reference, reason)))

    reason = await app.push_screen_wait(ReasonDialog(submit, reference, worker))
    return (got[-1], reason) if reason is not None else None
