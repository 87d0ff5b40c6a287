"""The test server itself, as other programs start it."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from intake.mail.mailbox import Mailbox
from intake.mail.signin import MailboxSettings, Security
from tests.dovecot import Dovecot

ROOT = Path(__file__).parents[3]


def test_it_prints_how_to_reach_it_and_serves_until_told_to_stop(dovecot: Dovecot) -> None:
    command = [sys.executable, "-m", "tests.dovecot", "dienst"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        settings = MailboxSettings(
            host=facts["host"],
            port=facts["port"],
            security=Security.TLS,
            user=facts["user"],
            ca_file=Path(facts["ca_file"]),
        )
        with Mailbox.open(settings, facts["password"]) as mailbox:
            assert mailbox.scan("INBOX") == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert facts["user"] == "dienst"
    assert not Path(facts["ca_file"]).exists(), "its folder was left behind"
