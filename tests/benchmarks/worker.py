"""A workstation that polls and works until it is killed; it prints a line for each thing the store acknowledged.

`python -m tests.benchmarks.worker STORE USER PASSPHRASE SEED`
"""

import random
import sys
from pathlib import Path

from intake.desk import Desk, open_desk
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result


def work(desk: Desk, chance: random.Random) -> None:
    while True:
        for reference in desk.polling.poll().references:
            print("import", reference, 1, flush=True)
        lines = [line for line in desk.work.worklist() if len(line.referral.attempts) < 8]
        for line in chance.sample(lines, min(4, len(lines))):
            reference = line.referral.reference
            request = AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER, note="niemand thuis")
            print("step", reference, desk.work.attempt(request).version, flush=True)


if __name__ == "__main__":
    store, user, passphrase, seed = sys.argv[1:]
    signed_in = open_desk(Path(store), user, passphrase, memory=Path(store).with_name("memory"))
    print("ready", "-", 0, flush=True)
    work(signed_in, random.Random(int(seed)))
