"""The program's commands run in this process: what is printed and the exit status, without starting Python for each.

That the program itself starts, ends and is stopped rightly is shown by `tests/intake/cli/test_contract.py` and the journeys
from outside.
"""

import contextlib
import io
import os
import subprocess
import sys

from intake.cli.main import run
from intake.texts import language, set_language
from tui.main import list_keys


def run_inside(*arguments: object, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """One command, as if started with these words; `typed` comes on standard input, which is no terminal."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    own = {k: v for k, v in os.environ.items() if k.startswith(("OCMW_INTAKE", "CREDENTIALS"))}
    before, words = language(), list(map(str, arguments))
    with contextlib.ExitStack() as stack:
        stack.callback(set_language, before)
        for key in (*own, *environment):
            stack.callback(_set, key, os.environ.pop(key, None))
        os.environ.update(environment)
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        stack.callback(setattr, sys, "stdin", sys.stdin)
        sys.stdin = io.StringIO(typed)
        status = run(words, open_screen=lambda *_a, **_k: 0, list_keys=list_keys)
    texts = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err)]  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(words, status, *texts)


def _set(key: str, value: str | None) -> None:
    os.environ.pop(key, None)
    if value is not None:
        os.environ[key] = value
