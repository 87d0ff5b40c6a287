"""A reader that breaks as its message asks: run in a process of its own in place of `intake.isolated.worker`.

The word stands in the text of the message: no honest reader knows it.
"""

import ctypes
import os
import time
from pathlib import Path

from intake.archive import KeyCache
from intake.causes import Cause
from intake.isolated import limits
from intake.isolated.worker import main
from intake.mail.message import Incoming
from intake.receive import Judgement, Rejected, Terms
from intake.receive import judge_content as by_rule


def command() -> list[str]:
    """How the program starts it."""
    from intake.isolated.client import command as honest

    argv = honest()
    place = argv.index("-c") + 1
    own = argv[place].replace(
        "intake.isolated.worker import main; main()", "tests.intake.isolated.breaking import serve; serve()"
    )
    assert own != argv[place]
    argv[place] = own
    return argv


def told(text: str) -> Judgement:
    return Judgement(rejected=(Rejected(Cause.SCAN, text),))


def judge(incoming: Incoming, terms: Terms) -> object:
    word, _, rest = incoming.body_text.strip().partition(" ")
    if word == "segfault":
        ctypes.string_at(0)
    if word == "segfault-once":
        try:
            Path(rest).mkdir()
        except FileExistsError:
            return told("the second time")
        ctypes.string_at(0)
    if word == "exit":
        os._exit(0)
    if word == "memory":
        held = [bytearray(64 * 1024 * 1024) for _ in range(100)]
        return told(str(len(held)))
    if word == "raise":
        raise ValueError("Zwaantje Kwispelaere")
    if word == "sleep":
        time.sleep(600)
    if word == "spin":
        limits.CPU_SECONDS = 0
        limits.renew_cpu()
        while True:
            pass
    if word == "print":
        print("an answer that is none" * 100, flush=True)
        os.write(1, b"\0" * 1000)
        return told("printed")
    if word == "write":
        try:
            Path(rest).write_bytes(b"decrypted")
        except OSError as error:
            return told(type(error).__name__)
    if word == "fork":
        try:
            os.fork()
        except OSError as error:
            return told(type(error).__name__)
    if word == "lie":
        return {"accepted": [], "rejected": [{"cause": "no-such-cause", "text": "", "spot": ""}]}
    if word == "flood":
        return told("x" * 40_000_000)
    if word == "keys":
        assert isinstance(terms.keys, KeyCache)
        found = by_rule(incoming, terms)
        return told(f"{terms.keys.derivations} {len(found.rejected)}")
    if word == "pid":
        return told(str(os.getpid()))
    return by_rule(incoming, terms)


def serve() -> None:
    main(judge)
