"""What runs in the process that reads: messages in, judgements out, under limits. It is started by `client.py`.

It gets the passphrases over its pipe, keeps the derived keys for its life, and has nothing else: no store, no mailbox, no
arguments, no words on the error stream. Requests are the program's own and are taken as they are (pickle); what goes
back is JSON, which the program doubts.
"""

import os
import pickle
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from intake.isolated.frames import ANSWER_LIMIT, READY, read_frame, write_frame
from intake.isolated.limits import renew_cpu, restrict

if TYPE_CHECKING:
    from collections.abc import Callable


def main(judge: "Callable[[Any, Any], Any] | None" = None) -> None:
    """Serve until the pipe ends. `judge` is another way to judge, for tests of what becomes of a reader that breaks."""
    answers, requests = _pipes()
    restrict()
    _load()
    from intake.receive import judge_content as by_rule

    serve(requests, answers, judge or by_rule)


def _load() -> None:
    """What nearly every message needs, loaded while the program still connects and downloads."""
    from importlib import import_module

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


def serve(requests: BinaryIO, answers: BinaryIO, judge: "Callable[[Any, Any], Any]") -> None:
    """Answer each message in turn. A request is a pair: the message, and the terms where they changed (None: as before)."""
    import gc
    from dataclasses import replace

    from intake.archive import KeyCache

    gc.freeze()
    keys = KeyCache()
    terms: Any = None
    write_frame(answers, READY, b"")
    while (frame := read_frame(requests)) is not None:
        number, body = frame
        incoming, changed = pickle.loads(body)  # noqa: S301 - from the program that started us, and from nobody else
        if changed is not None:
            terms = replace(changed, keys=keys)
        renew_cpu()
        write_frame(answers, number, _answer(judge, incoming, terms))


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
