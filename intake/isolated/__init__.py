"""Reading messages in a process of its own: a crash in a reader of archives or forms costs one message and no more.

`reading()` gives the caller a `Reader`. `limits.py` says what the process may use, `worker.py` is what runs in it, `frames.py`
is how the two speak, `answers.py` doubts what it says. On the side of the program `launching.py` starts and ends a process,
`process.py` speaks with it, `client.py` sends messages and minds what becomes of each, `pool.py` lends processes out,
`beside.py` two for many messages.
What is judged, and how, is in `intake/receive.py`; nothing of it is decided here.
"""

from intake.isolated.beside import Beside, PendingBeside, reading_many
from intake.isolated.client import Pending, Reader, ReaderNotStarted
from intake.isolated.pool import kept, reading

__all__ = [
    "Beside",
    "Pending",
    "PendingBeside",
    "Reader",
    "ReaderNotStarted",
    "kept",
    "reading",
    "reading_many",
]
