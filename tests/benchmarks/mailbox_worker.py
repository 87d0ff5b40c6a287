"""A mailbox with sample mails in a process of its own, so that its work does not count as the program's.

`python -m tests.benchmarks.mailbox_worker FOLDER COUNT` prints one line of JSON (port, certificate) and serves until its
standard input is closed. Of the sample mails `SAMPLES` are made; the rest are the same sent anew, each under its own
Message-ID and with another signature picture beside the archive, so that each is a message of its own to the program.
"""

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

from intake.demo.messages import SampleMessage, sample_messages
from intake.demo.server import DemoServer

USER, PASSWORD, PASSPHRASE = "box@ocmw.example", "paars tafelkleed", "vier rode tractoren"
SAMPLES = 40


def mails(count: int) -> Iterator[tuple[bytes, datetime]]:
    """So many mails, with when they were received."""
    samples = sample_messages(SAMPLES, 3, PASSPHRASE, datetime.now(UTC))
    for number in range(count):
        sample = samples[number % SAMPLES]
        yield (sample.raw if number < SAMPLES else _again(sample, number)), sample.received_at


def _again(sample: SampleMessage, number: int) -> bytes:
    raw = re.sub(rb"(?mi)^Message-ID: <", b"Message-ID: <%d." % number, sample.raw, count=1)
    boundary = message_from_bytes(raw, policy=SMTP).get_boundary()
    if boundary is None:
        return raw
    end = b"--" + boundary.encode() + b"--"
    picture = (
        b"--%s\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=logo.png\r\n"
        b"Content-Transfer-Encoding: 7bit\r\n\r\nlogo %d\r\n" % (boundary.encode(), number)
    )
    return raw.replace(end, picture + end, 1)


def main(folder: Path, count: int) -> None:
    with DemoServer(folder, USER, PASSWORD) as server:
        for raw, received_at in mails(count):
            server.deliver(raw, received_at)
        print(json.dumps({"port": server.port, "ca_file": str(server.ca_file)}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
