"""What runs in the process that reads: messages in, judgements out, under limits. It is started by `client.py`.

It gets the passphrases over its pipe, keeps the derived keys for its life, and has nothing else: no store, no mailbox, no
arguments, no words on the error stream. Requests are the program's own and are taken as they are (pickle); what goes
back is JSON, which the program doubts.
"""

import gc
import os
import pickle
import socket
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from intake.isolated.frames import ANSWER_LIMIT, READY, TWIN, TWIN_VARIABLE, read_frame, write_frame
from intake.isolated.limits import renew_cpu, restrict, restrict_processes

if TYPE_CHECKING:
    from collections.abc import Callable

    Frame = tuple[int, bytes]


def main(judge: "Callable[[Any, Any], Any] | None" = None) -> None:
    """Serve until the pipe ends. `judge` is another way to judge, for tests of what becomes of a reader that breaks."""
    answers, requests = _pipes()
    restrict()
    _load()
    gc.freeze()  # what is loaded by now stays: nothing to look through, and a twin shares it
    write_frame(answers, READY, b"")
    requests, answers, first = _twins(requests, answers)
    restrict_processes()
    from intake.receive import judge_content as by_rule

    serve(requests, answers, first, judge or by_rule)


def _load() -> None:
    """What nearly every message needs, loaded while the program still connects and downloads."""
    from importlib import import_module

    # Cryptodome, which py7zr loads, would load a parser of C with it where it can do without: a sixth of the start.
    sys.modules["cffi"] = None  # type: ignore[assignment]
    for name in (
        "archive.headers",
        "archive.streams",
        "form.assemble",
        "form.document",
        "form.docx",
        "form.superfluous",
    ):
        import_module(f"intake.{name}")
    import_module("py7zr.archiveinfo")


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, for us alone: what a library prints goes nowhere, and cannot be taken for an answer."""
    answers = os.fdopen(os.dup(1), "wb")
    requests = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)
    return answers, requests


def _twins(requests: BinaryIO, answers: BinaryIO) -> "tuple[BinaryIO, BinaryIO, Frame | None]":
    """Make the twin that is asked for before the first message; the pipes of whichever of the two returns, and that message."""
    line = os.environ.pop(TWIN_VARIABLE, "")
    spare = socket.socket(fileno=int(line)) if line else None
    frame = read_frame(requests)
    if sys.platform != "win32" and frame is not None and frame[0] == TWIN:
        assert spare is not None
        if os.fork() == 0:
            # The first one's pipes end with the first one: this one may not hold them open.
            requests.close()
            answers.close()
            requests, answers = spare.makefile("rb"), spare.makefile("wb")
            write_frame(answers, READY, str(os.getpid()).encode())
        frame = read_frame(requests)
    if spare is not None:
        spare.close()  # of the twin, when its files are closed
    return requests, answers, frame


def serve(
    requests: BinaryIO, answers: BinaryIO, first: "Frame | None", judge: "Callable[[Any, Any], Any]"
) -> None:
    """Answer each message in turn, from `first` on, until None: the end of the pipe.

    A request is a pair: the message, and the terms where they changed (None: as before).
    """
    from dataclasses import replace

    from intake.archive import KeyCache

    keys = KeyCache()
    terms: Any = None
    frame = first
    while frame is not None:
        number, body = frame
        incoming, changed = pickle.loads(body)  # noqa: S301 - from the program that started us, and from nobody else
        if changed is not None:
            terms = replace(changed, keys=keys)
        renew_cpu()
        write_frame(answers, number, _answer(judge, incoming, terms))
        frame = read_frame(requests)


def _answer(judge: "Callable[[Any, Any], Any]", incoming: Any, terms: Any) -> bytes:
    import orjson

    from intake.causes import Cause

    try:
        told = orjson.dumps(judge(incoming, terms))
    except Exception:  # noqa: BLE001 - MemoryError and RecursionError too; what was raised may quote the form
        told = orjson.dumps(stopped(Cause.READER_STOPPED))
    return told if len(told) <= ANSWER_LIMIT else orjson.dumps(stopped(Cause.OVER_LIMIT))


def stopped(cause: Any) -> Any:
    """The judgement of a message that was not read to its end."""
    from intake.receive import Judgement, Rejected

    return Judgement(rejected=(Rejected(cause),))


if __name__ == "__main__":
    main()
    sys.exit(0)
