"""Removing messages from the open folder, and nobody else's: by UID EXPUNGE, or the next best safe way without UIDPLUS.

A plain EXPUNGE removes whatever anyone marked as deleted. So ours get a mark of their own beside it, and it is only sent
when a fresh look, and another directly before, shows that nothing else is marked. Until then ours stay marked, and the next
attempt goes for all of them.
"""

from collections.abc import Callable, Sequence

from intake.mail.connection import Connection
from intake.mail.errors import translated

__all__ = ["OWN_MARK", "remove"]

OWN_MARK = "OcmwIntakeRemoves"
"""A keyword (RFC 3501): which of the messages marked as deleted are ours. Shown by no mail program in use."""

_DELETED = rb"\Deleted"


def remove(
    connection: Connection, uids: Sequence[int], search: Callable[[str], list[int]], *, keeps_marks: bool
) -> None:
    """Mark these and expunge what may safely be; the caller looks what is left.

    `keeps_marks`: whether the folder keeps keywords; where it does not, only these `uids` count as ours.
    """
    if connection.has_capability("UIDPLUS"):
        with translated():
            connection.add_flags(uids, [_DELETED], silent=True)
            connection.uid_expunge(uids)
        return
    own = [OWN_MARK.encode("ascii")] if keeps_marks else []
    with translated():
        connection.add_flags(uids, [_DELETED, *own], silent=True)
    criteria = f"DELETED UNKEYWORD {OWN_MARK}" if keeps_marks else "DELETED"
    for _look in range(2):
        with translated():
            connection.noop()  # what others marked meanwhile is told now
        if set(search(criteria)) - set(uids):
            return
    with translated():
        connection.expunge()
